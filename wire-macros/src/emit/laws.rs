//! Hooks for the laws and for the link-time proof: fields by index, without `core::fmt`.
//!
//! The laws themselves are generic functions of the runtime; what is emitted here is only what
//! they cannot know of a layout.

use super::{Cx, canon, fixed, shape};
use crate::check::header::Header;
use crate::model::{Extent, Member, Place, Role, max_of, storage, storage_bits};
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The implementation of the hidden trait for a header.
pub(crate) fn header(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        rt,
        name,
        packet,
        packet_mut,
        layout,
        ..
    } = header;
    let open = layout.payload().is_some() && !header.bounded();
    let rest = layout
        .vars()
        .any(|m| matches!(m.place, Place::Var(Extent::Rest)));
    let open_header = open_header(cx, header, rest && !header.bounded());
    let members = || layout.members.iter().enumerate();
    let gets = members()
        .filter(|(_, m)| !matches!(m.role, Role::Reserved))
        .map(|(i, member)| {
            let field = &member.name;
            let value = touched(cx, member, quote!(packet.#field()));
            quote!(#i => #rt::laws::Touch::touch(&#value),)
        });
    let sets = members().filter_map(|(i, member)| Some((i, set(cx, header, member)?)));
    let sets = sets.map(|(i, tokens)| quote!(#i => #tokens));
    let overflows = members().filter_map(|(i, member)| Some((i, overflow(cx, member)?)));
    let overflows = overflows.map(|(i, tokens)| quote!(#i => { #tokens true }));
    let shape = shape::shape(cx, header);
    let canon = canon::canon(cx, header);
    let checksum = checksum(cx, header);
    let payload = change_payload(header);
    quote! {
        #rt::with_laws! {
            impl #rt::laws::Lawful for #name {
                const OPEN: bool = #open;
                fn open_header(packet: &#packet<'_>) -> bool {
                    let _ = packet;
                    #open_header
                }
                fn get(packet: &#packet<'_>, field: usize) -> u64 {
                    match field { #(#gets)* _ => 0 }
                }
                #[allow(clippy::match_single_binding, unreachable_code)]
                fn set(bytes: &mut [u8], field: usize, source: &[u8; 16])
                    -> ::core::option::Option<bool>
                {
                    let mut packet = #packet_mut::new_checked(bytes).ok()?;
                    let _ = (&mut packet, source);
                    ::core::option::Option::Some(match field {
                        #(#sets)*
                        _ => return ::core::option::Option::None,
                    })
                }
                #[allow(clippy::match_single_binding)]
                fn overflow(repr: &mut Self::Repr<'_>, field: usize) -> bool {
                    let _ = &repr;
                    match field { #(#overflows)* _ => false }
                }
                fn shape(bytes: &mut [u8]) { #shape }
                fn canon(header: &mut [u8]) { #canon }
                fn change(bytes: &mut [u8]) -> ::core::option::Option<bool> {
                    let mut packet = #packet_mut::new_checked(bytes).ok()?;
                    let _ = &mut packet;
                    #payload
                    #checksum
                }
            }
        }
    }
}

/// Changes an octet of the payload, if there is one.
fn change_payload(header: &Header) -> Option<TokenStream> {
    header.layout.payload().map(|_| {
        quote! {
            if let ::core::option::Option::Some(octet) = packet.payload_mut().first_mut() {
                *octet = octet.wrapping_add(1);
            }
        }
    })
}

/// Whether the header of `packet` reaches to the end of the buffer.
fn open_header(cx: &Cx, header: &Header, rest: bool) -> TokenStream {
    let rt = cx.rt;
    let codecs = header.layout.vars().filter_map(|member| {
        let name = &member.name;
        match &member.ty.kind {
            TyKind::Tail(Tail::Codec(..)) => Some(quote!(|| #rt::Codec::is_open(&packet.#name()))),
            TyKind::Optional(inner) if matches!(inner.kind, TyKind::Tail(_)) => {
                Some(quote!(|| packet.#name().is_some_and(|one| #rt::Codec::is_open(&one))))
            }
            _ => None,
        }
    });
    quote!(#rest #(#codecs)*)
}

/// A value in a form that `Touch` takes: types of the user as their raw bits.
fn touched(cx: &Cx, member: &Member, value: TokenStream) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            quote!(<#ty as #rt::WireInt<#int>>::into_raw(#value))
        }
        TyKind::AsBytes(n, ty) => quote!(<#ty as #rt::WireInt<[u8; #n]>>::into_raw(#value)),
        TyKind::Form(_) => {
            quote!(((#rt::Form::wire_len(&#value) as u64) << 8 | #rt::Form::tag(&#value) as u64))
        }
        TyKind::Optional(_) => quote!(#value.is_some()),
        TyKind::Tail(Tail::Codec(..)) => quote!(#rt::Codec::encoded_len(&#value)),
        _ => value,
    }
}

/// Sets a field from random octets and says whether it reads back.
fn set(cx: &Cx, header: &Header, member: &Member) -> Option<TokenStream> {
    let rt = cx.rt;
    if !member.is_fixed() {
        return None;
    }
    let field = &member.name;
    if !header.has_setter(member) {
        if matches!(member.role, Role::Reserved) {
            return None;
        }
        // No setter: the getter of the mutable view is called, so that the proof sees it.
        let value = touched(cx, member, quote!(packet.#field()));
        return Some(quote!({
            let _ = #rt::laws::Touch::touch(&#value);
            return ::core::option::Option::None
        },));
    }
    let set = format_ident!("set_{}", field);
    let raw = if member.ty.is_bytes() {
        let n = member.ty.bits()? as usize / 8;
        quote!(#rt::laws::octets::<#n>(source))
    } else {
        let bits = member.ty.bits()?;
        let (ty, max) = (storage(bits), Literal::u64_unsuffixed(max_of(bits)));
        quote!((#rt::laws::number(source) & #max) as #ty)
    };
    let value = fixed::public(cx, member, quote!(raw));
    let back = touched(cx, member, quote!(packet.#field()));
    let expected = touched(cx, member, quote!(value));
    let (_, fallible) = fixed::lower(cx, member, &quote!(value), &format_ident!("raw"));
    let stored = if fallible {
        quote!(packet.#set(value).is_ok())
    } else {
        quote!(({ packet.#set(value); true }))
    };
    Some(quote!({
        let raw = #raw;
        let value = #value;
        #stored && #back == #expected
    },))
}

/// Gives a field of the Repr the smallest value that does not fit.
fn overflow(cx: &Cx, member: &Member) -> Option<TokenStream> {
    let rt = cx.rt;
    let field = &member.name;
    if !matches!(member.role, Role::Value) || member.measure.is_some() {
        return None;
    }
    match &member.ty.kind {
        TyKind::Int(bits) if member.scale > 1 => {
            let max = max_of(*bits).saturating_mul(member.scale).saturating_add(1);
            let max = Literal::u64_unsuffixed(max);
            Some(quote!(repr.#field = #max;))
        }
        TyKind::Int(bits) if storage_bits(*bits) != *bits => {
            let over = Literal::u64_unsuffixed(max_of(*bits) + 1);
            Some(quote!(repr.#field = #over;))
        }
        TyKind::AsInt(bits, ty) if storage_bits(*bits) != *bits => {
            let (int, over) = (storage(*bits), Literal::u64_unsuffixed(max_of(*bits) + 1));
            Some(quote! {
                repr.#field = <#ty as #rt::WireInt<#int>>::from_raw(#over);
                // A type that cannot hold the value cannot overflow.
                if <#ty as #rt::WireInt<#int>>::into_raw(repr.#field) != #over { return false; }
            })
        }
        _ => None,
    }
}

/// Fills the checksum in every way and says whether it verifies.
fn checksum(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, packet) = (cx.rt, &header.packet);
    let Some((member, spec)) = header.layout.checksum() else {
        return quote!(::core::option::Option::None);
    };
    let (name, field) = (&header.name, &member.name);
    let (pseudo, partial) = match spec.pseudo {
        Some(_) => (
            quote!(&#rt::laws::PSEUDO),
            quote!(packet.fill_partial_checksum(&#rt::laws::PSEUDO);),
        ),
        None => (quote!(), quote!()),
    };
    quote! {
        #partial
        packet.fill_checksum(#pseudo);
        let sum = packet.#field();
        #name::store_checksum(bytes, sum);
        ::core::option::Option::Some(#packet::new_checked(bytes).ok()?.verify_checksum(#pseudo))
    }
}
