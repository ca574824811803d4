//! Documentation: the diagram and the table of fields, and pins of what is taken on trust.

use super::diagram;
use crate::check::header::Header;
use crate::model::{Member, Role};
use crate::parse::ty::TyKind;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// The documentation of the packet type.
pub(crate) fn packet(header: &Header) -> TokenStream {
    let name = &header.name;
    let title = match &header.rfc {
        Some(rfc) if rfc.starts_with(char::is_numeric) => {
            format!("Zero-copy view of [`{name}`] (RFC {rfc}).")
        }
        Some(rfc) => format!("Zero-copy view of [`{name}`] ({rfc})."),
        None => format!("Zero-copy view of [`{name}`]."),
    };
    let little = if header.layout.little {
        "\nBits are counted from the lowest of each octet.\n"
    } else {
        ""
    };
    let mut text = title + &diagram::block(&diagram::header(header)) + little;
    text.push_str("\n| bits | field | meaning |\n|---|---|---|\n");
    for member in &header.layout.members {
        text.push_str(&row(member));
    }
    quote!(#[doc = #text])
}

/// Compile-time pins of types whose width the macro takes on trust.
pub(crate) fn pins(header: &Header) -> TokenStream {
    let rt = &header.rt;
    let pins = header.layout.members.iter().filter_map(|member| {
        let bits = member.ty.bits()?;
        let (ty, raw) = match &member.ty.kind {
            TyKind::AsInt(bits, ty) => (ty, crate::model::storage(*bits)),
            TyKind::AsBytes(n, ty) => (ty, quote!([u8; #n])),
            _ => return None,
        };
        let message = format!(
            "`As` gives `{}` {bits} bits, its type has another width",
            member.name
        );
        Some(quote_spanned!(ty.span()=>
            ::core::assert!(<#ty as #rt::WireInt<#raw>>::BITS == #bits, #message);))
    });
    let tags = header.layout.members.iter().filter_map(|member| {
        let TyKind::Form(ty) = &member.ty.kind else {
            return None;
        };
        let tag = header.layout.named(member.tag.as_ref()?)?;
        let bits = tag.ty.bits()?;
        let message = format!(
            "the tag `{}` has {bits} bits, its forms have another",
            tag.name
        );
        Some(quote_spanned!(tag.ty.span=>
            ::core::assert!(<#ty as #rt::Form>::TAG_BITS == #bits, #message);))
    });
    quote!(const _: () = { #(#pins)* #(#tags)* };)
}

fn row(member: &Member) -> String {
    let place = if member.is_in(0) {
        let (bit, bits) = member.position();
        match bits {
            1 => format!("{bit}"),
            _ => format!("{bit}..{}", bit + bits),
        }
    } else {
        "…".into()
    };
    let role = match &member.role {
        Role::Value | Role::Hdr(_) if member.scale > 1 => format!("value × {}", member.scale),
        Role::Value if member.when.is_some() => "value, if it is there".into(),
        Role::Value | Role::Hdr(_) => "value".into(),
        Role::Reserved => "reserved: written as zero, ignored".into(),
        Role::Eq(_) => "constant, checked".into(),
        Role::Skip(_) => "written as a constant, not in the Repr".into(),
        Role::Len(targets) => {
            let names: Vec<_> = targets.iter().map(|t| format!("`{}`", t.name)).collect();
            format!("length of {}", names.join(" and "))
        }
        Role::Count(target) => format!("number of `{}`", target.name),
        Role::From(_) => "follows from the values".into(),
        Role::TagOf(form) => format!("form of `{form}`"),
        Role::Trailer(_) => "after the payload".into(),
        Role::Checksum(spec) if spec.packet => "checksum over the packet".into(),
        Role::Checksum(_) => "checksum over the header".into(),
        Role::Payload => "payload".into(),
    };
    format!("| {place} | `{}` | {role} |\n", member.name)
}
