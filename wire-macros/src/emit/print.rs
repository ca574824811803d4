//! Printing: one visitor over the fields serves `Debug`, the one-line form and the tree.

use super::{Cx, expr};
use crate::check::header::Header;
use crate::model::{Layout, Member, Role};
use crate::parse::args::Next;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// The printing of a packet view.
pub(crate) fn header(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, layout) = (cx.rt, &header.layout);
    let name = header.name.to_string();
    let shown = layout
        .members
        .iter()
        .filter(|m| !matches!(m.role, Role::Reserved | Role::Payload | Role::Trailer(_)));
    let visits = shown.map(|member| {
        let field = &member.name;
        visit(cx, member, &quote_spanned!(member.ty.span=> self.#field()))
    });
    let line = header.line.as_ref().map(|line| template(cx, layout, line));
    let next = header.next.as_ref().map(|next| follow(cx, next));
    let packet = &header.packet;
    let rest = match (&next, layout.payload()) {
        (Some(next), _) => quote!(#next),
        (None, Some(member)) => {
            let payload = &member.name;
            quote!(then(#rt::print::Next::Data(self.#payload())))
        }
        (None, None) => quote!(then(#rt::print::Next::Nothing)),
    };
    let formats = formats(rt, &quote!(#packet<'_>));
    quote! {
        impl #rt::print::Layer for #packet<'_> {
            fn name(&self) -> &'static str { #name }
            fn fields(&self, visit: &mut #rt::print::Visit<'_>) -> ::core::fmt::Result {
                #(#visits)*
                ::core::result::Result::Ok(())
            }
            #line
            fn next(&self, then: &mut #rt::print::Then<'_>) -> ::core::fmt::Result { #rest }
        }
        #formats
    }
}

/// `Debug` and `Display` of a type that is a layer.
pub(crate) fn formats(rt: &TokenStream, ty: &TokenStream) -> TokenStream {
    quote! {
        impl ::core::fmt::Debug for #ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #rt::print::debug(self, f)
            }
        }
        impl ::core::fmt::Display for #ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #rt::print::Layer::line(self, f)
            }
        }
    }
}

/// Gives one field to the visitor.
pub(crate) fn visit(cx: &Cx, member: &Member, value: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    let name = member.text();
    let shown = shown(cx, member, value);
    let derived = !member.in_repr();
    quote_spanned!(member.ty.span=> visit(#rt::print::Shown {
        name: #name, value: &#shown, derived: #derived
    })?;)
}

/// A field as something that has `Display`.
pub(crate) fn shown(cx: &Cx, member: &Member, value: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::Bytes(_) => quote!(#rt::print::Hex(#value.as_slice())),
        TyKind::Tail(Tail::Slice(_)) => quote!(#rt::print::Hex(#value)),
        TyKind::Optional(inner) => match &inner.kind {
            TyKind::Header(_) => {
                quote!(#rt::print::Maybe((#value).as_ref().map(#rt::print::Shape)))
            }
            TyKind::Bytes(_) => {
                quote!(#rt::print::Maybe((#value).as_ref().map(|octets| #rt::print::Hex(octets))))
            }
            _ => quote!(#rt::print::Maybe((#value).as_ref())),
        },
        _ => value.clone(),
    }
}

/// The one-line form that `line = "…"` describes; the names were checked.
fn template(cx: &Cx, layout: &Layout, line: &syn::LitStr) -> TokenStream {
    let rt = cx.rt;
    let text = line.value();
    let parts = pieces(&text).into_iter().map(|piece| match piece {
        Piece::Text(text) => quote!(f.write_str(#text)?;),
        Piece::Field(name) => {
            let name = Ident::new(&name, line.span());
            let value = quote!(self.#name());
            let value = match layout.named(&name) {
                Some(member) => shown(cx, member, &value),
                None => value,
            };
            quote!(::core::fmt::Display::fmt(&#value, f)?;)
        }
    });
    quote! {
        fn line(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.write_str(#rt::print::Layer::name(self))?;
            f.write_str(" ")?;
            #(#parts)*
            ::core::result::Result::Ok(())
        }
    }
}

/// A piece of a one-line template.
pub(crate) enum Piece {
    Text(String),
    Field(String),
}

/// Cuts `"{src_addr} > {dst_addr}"` into its pieces.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Text(before.into()));
        }
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Field(name.into()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.into()));
    }
    pieces
}

/// What follows the header.
fn follow(cx: &Cx, next: &Next) -> TokenStream {
    let rt = cx.rt;
    let target = &next.target;
    let (walk, payload) = match &next.payload {
        Some(payload) => {
            let field = &next.field;
            let walk = quote!(#target::walk(self.#field(), self.#payload(), then));
            (walk, payload)
        }
        None if next.field == "message" => {
            return quote! {
                match #target::parse(self) {
                    ::core::result::Result::Ok(message) => then(#rt::print::Next::Layer(&message)),
                    ::core::result::Result::Err(error) => then(#rt::print::Next::Bad(error)),
                }
            };
        }
        None => {
            let payload = &next.field;
            let walk = quote!(<#target as #rt::Follow>::walk(self.#payload(), then));
            (walk, payload)
        }
    };
    match &next.condition {
        Some(condition) => {
            let condition = expr::condition(rt, condition, &|name| quote!(self.#name()));
            quote! {
                if #condition { #walk } else { then(#rt::print::Next::Data(self.#payload())) }
            }
        }
        None => walk,
    }
}
