//! Implementations of traits of other crates, behind features of the runtime: `defmt::Format` and
//! `arbitrary::Arbitrary`. The runtime's macros drop them where the feature is off.

use super::{Cx, fixed};
use crate::check::header::Header;
use crate::model::{Member, max_of, storage};
use crate::parse::ty::TyKind;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `defmt::Format` by way of `Debug`; `generics` stand after `impl`.
pub(crate) fn format(rt: &TokenStream, generics: &TokenStream, ty: &TokenStream) -> TokenStream {
    quote! {
        #rt::format_with_defmt! {
            impl #generics #rt::defmt::Format for #ty {
                fn format(&self, f: #rt::defmt::Formatter<'_>) { #rt::format_debug(self, f); }
            }
        }
    }
}

/// `Arbitrary` with a body over `u`; `lifetime` is that of the octets that `u` gives.
pub(crate) fn arbitrary(
    rt: &TokenStream,
    lifetime: &syn::Lifetime,
    ty: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    quote! {
        #rt::with_arbitrary! {
            impl<#lifetime> #rt::arbitrary::Arbitrary<#lifetime> for #ty {
                fn arbitrary(u: &mut #rt::arbitrary::Unstructured<#lifetime>)
                    -> #rt::arbitrary::Result<Self>
                {
                    #body
                }
            }
        }
    }
}

/// Both for a header: its view, and its Repr with values that can be emitted.
pub(crate) fn header(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        rt,
        packet,
        repr,
        lifetime,
        ..
    } = header;
    let generics = header.repr_generics();
    let view = format(rt, &quote!(), &quote!(#packet<'_>));
    let value = format(rt, &generics, &quote!(#repr #generics));
    let body = match fields(cx, header) {
        Some(body) => body,
        None => {
            let name = &header.name;
            quote!(#rt::arbitrary_repr::<#name>(u))
        }
    };
    let arbitrary = arbitrary(rt, lifetime, &quote!(#repr #generics), &body);
    quote!(#view #value #arbitrary)
}

/// The Repr field by field, if no field depends on another; `Repr`s whose layout does come from
/// octets that can be parsed.
fn fields(cx: &Cx, header: &Header) -> Option<TokenStream> {
    let layout = &header.layout;
    let plain = header.checks.is_empty()
        && layout.regions.header.is_none()
        && layout.trailer().is_none()
        && layout.vars().next().is_none()
        && layout.members.iter().all(|m| m.check.is_none());
    if !plain {
        return None;
    }
    let values: Option<Vec<TokenStream>> = layout
        .values()
        .map(|member| {
            let (name, value) = (&member.name, value(cx, member)?);
            Some(quote!(#name: #value,))
        })
        .collect();
    let values = values?;
    let payload = match layout.payload() {
        Some(_) => {
            let most = Literal::u64_unsuffixed(most_payload(header)?);
            Some(quote!(payload_len: u.int_in_range(0..=#most)?,))
        }
        None => None,
    };
    Some(quote!(::core::result::Result::Ok(Self { #(#values)* #payload })))
}

/// Octets of payload that the lengths of a header without variable fields can state; `None` if not
/// every number up to that can be.
fn most_payload(header: &Header) -> Option<u64> {
    const ENOUGH: u64 = 1024;
    let layout = &header.layout;
    let len = layout.min_len() as u64;
    let limit = header
        .max_packet
        .map_or(ENOUGH, |max| max.saturating_sub(len));
    let (stated, before) = match (layout.regions.packet, layout.regions.payload) {
        (Some(packet), _) => (packet, len),
        (None, Some(payload)) => (payload, 0),
        (None, None) => return Some(limit.min(ENOUGH)),
    };
    let (by, affine) = stated;
    let least = u64::try_from(affine.add).unwrap_or(0);
    if affine.mul != 1 || least > before {
        return None;
    }
    let most = crate::check::layout::largest(layout, by, affine)?;
    Some(most.saturating_sub(before).min(limit).min(ENOUGH))
}

/// A value of a field of fixed width that fits its bits.
fn value(cx: &Cx, member: &Member) -> Option<TokenStream> {
    let rt = cx.rt;
    let raw = match &member.ty.kind {
        TyKind::Int(bits) | TyKind::AsInt(bits, _) => {
            let (ty, max) = (storage(*bits), Literal::u64_unsuffixed(max_of(*bits)));
            quote!(u.int_in_range::<#ty>(0..=#max)?)
        }
        TyKind::Bool => return Some(quote!(#rt::arbitrary::Arbitrary::arbitrary(u)?)),
        TyKind::Bytes(n) | TyKind::AsBytes(n, _) => {
            quote!(<[u8; #n] as #rt::arbitrary::Arbitrary>::arbitrary(u)?)
        }
        _ => return None,
    };
    Some(fixed::public(cx, member, quote!((#raw))))
}
