//! Where the octets of fields are: in locals while parsing, in the view afterwards. One function
//! gives the value of any field from there.

use super::{Cx, body, fixed};
use crate::model::{Layout, Member};
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// Where octets are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// In locals, while parsing.
    Local,
    /// In the fields of the read-only view.
    View,
    /// In the fields of the mutable view.
    Mut,
}

/// The name under which a run is kept.
pub(crate) fn run_name(run: usize) -> Ident {
    match run {
        0 => format_ident!("__head"),
        _ => format_ident!("__run{}", run),
    }
}

/// The local that holds a run while parsing and emitting.
pub(crate) fn run_local(run: usize) -> Ident {
    match run {
        0 => format_ident!("head"),
        _ => format_ident!("run{}", run),
    }
}

impl Access {
    /// A reference to a run.
    pub(crate) fn run(self, run: usize) -> TokenStream {
        let (name, local) = (run_name(run), run_local(run));
        match self {
            Self::Local => quote!(#local),
            Self::View => quote!(self.#name),
            Self::Mut => quote!(&*self.#name),
        }
    }

    /// The octets of a field of variable length.
    pub(crate) fn tail(self, member: &Member) -> TokenStream {
        let (name, local) = (&member.name, body::local(member));
        match self {
            Self::Local => quote!(#local),
            Self::View => quote!(self.#name),
            Self::Mut => quote!(&*self.#name),
        }
    }

    /// The octets that back-references count from.
    fn whole(self) -> TokenStream {
        match self {
            Self::Local => quote!(whole),
            _ => quote!(self.__whole),
        }
    }

    /// The value of a field of any kind but a reserved one.
    pub(crate) fn value(self, cx: &Cx, layout: &Layout, member: &Member) -> TokenStream {
        if member.is_fixed() {
            let run = self.run(member.run());
            return fixed::get(cx, &run, layout.run_len(member.run()), member);
        }
        let tail = self.tail(member);
        let rt = cx.rt;
        match &member.ty.kind {
            TyKind::Form(ty) => {
                let tag = member.tag.as_ref().and_then(|tag| layout.named(tag));
                let tag = tag.map(|tag| {
                    let run = self.run(tag.run());
                    fixed::raw(cx, &run, layout.run_len(tag.run()), tag)
                });
                quote!(#rt::form::<#ty>(#tag, #tail))
            }
            TyKind::Optional(inner) => match &inner.kind {
                TyKind::Header(embedded) => {
                    let schema = &embedded.schema;
                    quote!(#rt::embedded::<#schema>(#tail))
                }
                TyKind::Tail(Tail::Codec(_, ty)) => {
                    let whole = self.whole();
                    quote!(#rt::optional_codec::<#ty>(#whole, #tail))
                }
                _ => {
                    let alone = member.alone(inner);
                    let len = alone.position().1 as usize / 8;
                    let value = fixed::get(cx, &quote!(run), len, &alone);
                    quote!(#tail.first_chunk::<#len>().map(|run| #value))
                }
            },
            TyKind::Tail(Tail::Codec(_, ty)) => {
                let whole = self.whole();
                quote!(<#ty as #rt::Codec<'_>>::get(#tail, #whole))
            }
            TyKind::Tail(Tail::Records(_, header)) => {
                let whole = self.whole();
                quote!(#rt::Records::<#header>::view(#whole, #tail))
            }
            _ if member.is_payload() || member.is_trailer() => tail,
            _ => {
                let ty = cx.public_type(member);
                quote!(<#ty as #rt::Tail<'_>>::view(#tail))
            }
        }
    }
}
