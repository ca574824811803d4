//! The checked model to tokens. Nothing here can fail: every mistake was reported before.

pub(crate) mod access;
pub(crate) mod body;
pub(crate) mod canon;
pub(crate) mod codes;
pub(crate) mod diagram;
pub(crate) mod docs;
pub(crate) mod expr;
pub(crate) mod extras;
pub(crate) mod fixed;
pub(crate) mod forms;
pub(crate) mod header;
pub(crate) mod laws;
pub(crate) mod message;
pub(crate) mod options;
pub(crate) mod packet;
pub(crate) mod packet_mut;
pub(crate) mod prefix;
pub(crate) mod print;
pub(crate) mod repr;
pub(crate) mod set;
pub(crate) mod shape;
pub(crate) mod variant;

use crate::model::{Member, storage};
use crate::parse::ty::{Tail, Ty, TyKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What emission needs everywhere: the path of the runtime and the name for error sites.
pub(crate) struct Cx<'m> {
    pub(crate) rt: &'m TokenStream,
    pub(crate) item: String,
    /// Integers have their lowest octet first.
    pub(crate) little: bool,
}

impl Cx<'_> {
    /// `Err(Error { kind, at: item.field })`.
    pub(crate) fn err(&self, kind: &str, field: &str) -> TokenStream {
        let (rt, item) = (self.rt, &self.item);
        let kind = Ident::new(kind, proc_macro2::Span::call_site());
        quote!(#rt::fail!(#kind, #item, #field))
    }

    /// The public type of a field.
    pub(crate) fn public_type(&self, member: &Member) -> TokenStream {
        match (&member.ty.kind, member.public_int()) {
            (TyKind::Int(_), Some(int)) => int,
            _ => self.value_type(&member.ty),
        }
    }

    /// The type of a value of this kind.
    fn value_type(&self, ty: &Ty) -> TokenStream {
        let rt = self.rt;
        match &ty.kind {
            TyKind::Int(bits) => storage(*bits),
            TyKind::Bool => quote!(bool),
            TyKind::Bytes(n) => quote!([u8; #n]),
            TyKind::AsBytes(_, ty) | TyKind::AsInt(_, ty) => quote!(#ty),
            TyKind::Tail(Tail::Slice(a)) => quote!(&#a [u8]),
            TyKind::Tail(Tail::Options(a, item)) => quote!(#rt::Options<#a, #item>),
            TyKind::Tail(Tail::Array(a, item)) => quote!(#rt::Array<#a, #item>),
            TyKind::Tail(Tail::Nested(a, header, true)) => {
                quote!(#rt::Nested<#a, #header, #rt::Truncated>)
            }
            TyKind::Tail(Tail::Nested(a, header, false)) => quote!(#rt::Nested<#a, #header>),
            TyKind::Tail(Tail::Records(a, header)) => quote!(#rt::Records<#a, #header>),
            TyKind::Tail(Tail::Codec(_, ty)) | TyKind::Form(ty) => quote!(#ty),
            TyKind::Optional(inner) => {
                let inner = self.value_type(inner);
                quote!(::core::option::Option<#inner>)
            }
            TyKind::Header(embedded) => {
                let repr = &embedded.repr;
                quote!(#repr)
            }
        }
    }
}

/// The value of a field whose octets are all zero, or that has none.
pub(crate) fn zero(cx: &Cx, member: &Member) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::Int(_) => quote!(0),
        TyKind::Bool => quote!(false),
        TyKind::Bytes(n) => quote!([0; #n]),
        TyKind::AsBytes(n, ty) => quote!(<#ty as #rt::WireInt<[u8; #n]>>::from_raw([0; #n])),
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            quote!(<#ty as #rt::WireInt<#int>>::from_raw(0))
        }
        TyKind::Tail(Tail::Codec(_, ty)) => quote!(<#ty as #rt::Codec<'_>>::EMPTY),
        TyKind::Tail(_) => {
            let ty = cx.public_type(member);
            quote!(<#ty as #rt::Tail<'_>>::EMPTY)
        }
        TyKind::Form(ty) => quote!(<#ty as #rt::Form>::first()),
        TyKind::Optional(_) | TyKind::Header(_) => quote!(::core::option::Option::None),
    }
}

/// The documentation of a field, or a sentence made from its name.
pub(crate) fn field_docs(member: &Member, prefix: &str) -> TokenStream {
    if member.docs.is_empty() {
        let text = format!("{prefix}Field `{}`.", member.name);
        quote!(#[doc = #text])
    } else {
        let docs = &member.docs;
        quote!(#(#docs)*)
    }
}
