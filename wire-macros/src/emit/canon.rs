//! What parsing ignores, written as emission would: reserved bits, checksums, skipped fields.

use super::access::Access;
use super::{Cx, fixed};
use crate::check::header::Header;
use crate::model::{Layout, Member, Piece, Role, storage};
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::TokenStream;
use quote::quote;

/// Writes what parsing ignores as emission would.
pub(crate) fn canon(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let len = layout.fixed_len();
    let head = canon_run(cx, layout, 0, &quote!(head));
    let item = &header.packet_mut;
    let later = layout.pieces().into_iter().any(|piece| match piece {
        Piece::Run(run) => !canon_run(cx, layout, run, &quote!(run)).is_empty(),
        Piece::Var(member) => !canon_var(cx, layout, member).is_empty(),
    });
    let later = later.then(|| {
        quote! {
            if let ::core::result::Result::Ok(mut packet) = #item::new_checked(header) {
                packet.__canon();
            }
        }
    });
    quote! {
        {
            let ::core::option::Option::Some(head) = header.first_chunk_mut::<#len>()
                else { return; };
            let _ = &head;
            #head
        }
        #later
    }
}

/// Writes what parsing ignores in a run as emission would.
pub(crate) fn canon_run(cx: &Cx, layout: &Layout, run: usize, octets: &TokenStream) -> TokenStream {
    let len = layout.run_len(run);
    let writes = layout.in_run(run).filter_map(|member| {
        let raw = fixed::raw_name(member);
        let value = match &member.role {
            Role::Reserved | Role::Checksum(_) if member.ty.is_bytes() => {
                let n = member.ty.bits()? as usize / 8;
                quote!([0; #n])
            }
            Role::Reserved | Role::Checksum(_) => quote!(0),
            Role::Skip(value) => fixed::constant(cx, member, value),
            _ => return None,
        };
        let ty = match member.ty.bits() {
            Some(bits) if member.ty.is_bytes() => {
                let n = bits as usize / 8;
                quote!([u8; #n])
            }
            bits => storage(bits.unwrap_or(8)),
        };
        let replace = fixed::replace(cx, octets, len, member);
        Some(quote!(let #raw: #ty = #value; #replace))
    });
    quote!(#(#writes)*)
}

/// The same for a field of variable length of the mutable view.
pub(crate) fn canon_var(cx: &Cx, layout: &Layout, member: &Member) -> TokenStream {
    let (rt, name) = (cx.rt, &member.name);
    match &member.ty.kind {
        TyKind::Form(ty) => {
            let Some(tag) = member.tag.as_ref().and_then(|tag| layout.named(tag)) else {
                return TokenStream::new();
            };
            let run = Access::Mut.run(tag.run());
            let raw = fixed::raw(cx, &run, layout.run_len(tag.run()), tag);
            quote!(<#ty as #rt::Form>::canon(#raw, self.#name);)
        }
        TyKind::Optional(inner) => match &inner.kind {
            TyKind::Header(embedded) => {
                let schema = &embedded.schema;
                quote!(if !self.#name.is_empty() {
                    <#schema as #rt::laws::Lawful>::canon(self.#name);
                })
            }
            _ => TokenStream::new(),
        },
        TyKind::Tail(Tail::Records(_, schema)) => {
            quote!(#rt::laws::canon_records::<#schema>(self.#name);)
        }
        _ => TokenStream::new(),
    }
}
