//! Random octets made likely to be accepted: constants, lengths and counts that fit the buffer.

use super::{Cx, fixed};
use crate::check::header::Header;
use crate::model::{Member, Piece, Region, Role, max_of, storage};
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::TokenStream;
use quote::quote;

/// The statements, over `bytes`: the first run, and what follows as far as its place is known.
pub(crate) fn shape(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, layout) = (cx.rt, &header.layout);
    let len = layout.fixed_len();
    let first = run(cx, header, 0, &quote!(head));
    let mut later = TokenStream::new();
    for piece in layout.pieces() {
        match piece {
            Piece::Run(index) => {
                let (len, writes) = (layout.run_len(index), run(cx, header, index, &quote!(run)));
                later.extend(quote! {
                    let ::core::option::Option::Some((run, rest)) =
                        rest.split_first_chunk_mut::<#len>() else { return; };
                    let _ = &run;
                    #writes
                });
            }
            Piece::Var(member) => match &member.ty.kind {
                TyKind::Tail(Tail::Codec(lifetime, ty)) => {
                    let generics = lifetime.as_ref().map(|lifetime| quote!(<#lifetime>));
                    later.extend(quote! {
                        let sample = {
                            type Value #generics = #ty;
                            <Value as #rt::Codec<'_>>::SAMPLE
                        };
                        let ::core::result::Result::Ok(rest) = #rt::put(sample, rest, AT)
                            else { return; };
                    });
                }
                _ => break,
            },
        }
    }
    let site = (!later.is_empty())
        .then(|| quote!(const AT: &#rt::Site = &#rt::Site { header: "", field: "" };));
    quote! {
        #site
        let total = bytes.len();
        let ::core::option::Option::Some((head, rest)) = bytes.split_first_chunk_mut::<#len>()
            else { return; };
        let _ = (total, &head);
        #first
        #later
        let _ = rest;
    }
}

/// The statements for a run.
fn run(cx: &Cx, header: &Header, index: usize, octets: &TokenStream) -> TokenStream {
    let layout = &header.layout;
    let writes = layout.in_run(index).filter_map(|member| {
        let value = value(cx, header, member)?;
        let raw = fixed::raw_name(member);
        let replace = fixed::replace(cx, octets, layout.run_len(index), member);
        Some(quote!(let #raw = #value; #replace))
    });
    quote!(#(#writes)*)
}

/// The raw value that a field is given, if it is not left to chance.
fn value(cx: &Cx, header: &Header, member: &Member) -> Option<TokenStream> {
    let rt = cx.rt;
    let (total, target) = match &member.role {
        Role::Eq(value) => return Some(fixed::constant(cx, member, value)),
        Role::Count(target) => (quote!(total & 3), target),
        Role::Len(targets) => {
            let target = targets.first()?;
            let total = match target.region {
                Region::Packet => quote!(total),
                Region::Payload => {
                    let len = header.layout.fixed_len();
                    quote!(total.saturating_sub(#len))
                }
                Region::Field(_) => quote!(total & 7),
                Region::Header => return None,
            };
            (total, target)
        }
        _ => return None,
    };
    let bits = member.ty.bits()?;
    let (ty, max) = (storage(bits), max_of(bits));
    let (mul, add) = (target.affine.mul, target.affine.add);
    Some(quote!(#rt::inverse(#total, #mul, #add, #max).unwrap_or(0) as #ty))
}
