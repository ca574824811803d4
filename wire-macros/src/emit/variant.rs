//! Variants with a body, as options and messages have them: declared, read and written.

use super::access::Access;
use super::{Cx, body, expr, field_docs, fixed};
use crate::model::{Layout, Member, Region, Role};
use crate::parse::expr::Expr;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Attribute;

/// The local variable that holds the value of a member.
pub(crate) fn local(member: &Member) -> Ident {
    format_ident!("v_{}", member.name)
}

fn local_value(member: &Member) -> TokenStream {
    let local = local(member);
    quote!(#local)
}

/// The variant with public types; `diagram` shows it.
pub(crate) fn declare(
    cx: &Cx,
    name: &Ident,
    docs: &[Attribute],
    layout: &Layout,
    diagram: &str,
) -> TokenStream {
    let text = format!("`{name}`.");
    let docs = if docs.is_empty() {
        quote!(#[doc = #text])
    } else {
        quote!(#(#docs)*)
    };
    let block = super::diagram::block(diagram);
    let block = (!block.is_empty()).then(|| quote!(#[doc = #block]));
    let docs = quote!(#docs #block);
    let fields: Vec<TokenStream> = layout
        .values()
        .map(|member| {
            let (docs, name, ty) = (field_docs(member, ""), &member.name, cx.public_type(member));
            quote!(#docs #name: #ty)
        })
        .collect();
    if fields.is_empty() {
        quote!(#docs #name)
    } else {
        quote!(#docs #name { #(#fields,)* })
    }
}

/// The pattern, or the expression, that binds all values to their locals.
pub(crate) fn pattern(name: &Ident, layout: &Layout) -> TokenStream {
    let names: Vec<_> = layout.values().map(|m| &m.name).collect();
    let locals: Vec<_> = layout.values().map(local).collect();
    if names.is_empty() {
        quote!(Self::#name)
    } else {
        quote!(Self::#name { #(#names: #locals),* })
    }
}

/// Statements that read the members from the slice `body` into their locals. `shared` gives the
/// value of a member of the shared header.
pub(crate) fn read(
    cx: &Cx,
    layout: &Layout,
    checks: &[Expr],
    short: &str,
    slack: usize,
    shared: &dyn Fn(&Ident) -> TokenStream,
    name: &str,
) -> TokenStream {
    let len = layout.fixed_len();
    let error = cx.err(short, name);
    let head = if len == 0 {
        quote!(let rest = body;)
    } else {
        quote! {
            let ::core::option::Option::Some((head, rest)) = body.split_first_chunk::<#len>()
                else { return #error; };
        }
    };
    let constants = body::constants(cx, layout, 0);
    let split = body::split(cx, layout, short);
    let whole = layout.needs_whole().then(|| quote!(let whole = body;));
    let bad = cx.err("Malformed", name);
    let leftover = match slack {
        usize::MAX => quote!(let _ = rest;),
        0 => quote!(if !rest.is_empty() { return #bad; }),
        _ => quote!(if rest.len() >= #slack { return #bad; }),
    };
    let values = layout.values().map(|member| {
        let local = local(member);
        let value = match &member.role {
            Role::Hdr(field) => fixed::public(cx, member, shared(field)),
            _ => Access::Local.value(cx, layout, member),
        };
        quote!(let #local = #value;)
    });
    let checks = conditions(cx, layout, checks, name);
    quote!(#whole #head #constants #split #leftover #(#values)* #checks)
}

/// Returns `Malformed` where a check does not hold for the locals.
pub(crate) fn conditions(cx: &Cx, layout: &Layout, checks: &[Expr], name: &str) -> TokenStream {
    let field = |name: &Ident| {
        let local = format_ident!("v_{}", name);
        quote!(#local)
    };
    let bad = cx.err("Malformed", name);
    let fields = layout.members.iter().filter_map(|m| m.check.as_ref());
    let all = checks.iter().chain(fields).map(|check| {
        let condition = expr::condition(cx.rt, check, &field);
        quote!(if !(#condition) { return #bad; })
    });
    quote!(#(#all)*)
}

/// Octets of the body, from the locals.
pub(crate) fn len(cx: &Cx, layout: &Layout) -> TokenStream {
    body::pieces_len(cx, layout, &local_value)
}

/// Statements that write the body, from the locals, to the slice `rest`, which becomes what
/// follows it.
pub(crate) fn write(cx: &Cx, layout: &Layout, name: &str) -> TokenStream {
    let fixed = layout.fixed_len();
    let lens = |region: &Region| body::field_len(cx, layout, region, &local_value);
    let (raws, _) = body::raws(cx, layout, 0, &local_value, &lens);
    let (presence, _) = body::presence(cx, layout, &local_value);
    let short = cx.err("BufferTooSmall", name);
    let head = (fixed > 0).then(|| {
        let stores = fixed::store(cx, &quote!(head), layout, 0);
        quote! {
            let ::core::option::Option::Some((head, rest)) =
                rest.split_first_chunk_mut::<#fixed>() else { return #short; };
            #raws
            #presence
            #stores
        }
    });
    let pieces = body::pieces_emit(cx, layout, &local_value, &lens);
    quote!(#head #pieces)
}
