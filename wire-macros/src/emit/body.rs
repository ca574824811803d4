//! What headers, options and messages share: constants checked, variable fields split and written.

use super::{Cx, fixed};
use crate::model::{Affine, Extent, Layout, Member, Place, Region, Role, max_of, storage};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// Returns `Malformed` where a constant of the run differs.
pub(crate) fn constants(cx: &Cx, run: &TokenStream, layout: &Layout) -> TokenStream {
    let checks = layout.fixed().filter_map(|member| {
        let Role::Eq(value) = &member.role else {
            return None;
        };
        let raw = fixed::raw(cx, run, layout.fixed_len, member);
        let value = fixed::constant(cx, member, value);
        let error = cx.err("Malformed", &member.text());
        Some(quote!(if #raw != #value { return #error; }))
    });
    quote!(#(#checks)*)
}

/// An `Option<usize>` of the octets that a length field states.
pub(crate) fn stated(
    cx: &Cx,
    run: &TokenStream,
    layout: &Layout,
    by: usize,
    affine: Affine,
) -> TokenStream {
    let rt = cx.rt;
    let Some(member) = layout.members.get(by) else {
        return TokenStream::new();
    };
    let raw = fixed::raw(cx, run, layout.fixed_len, member);
    let Affine { mul, add } = affine;
    let (mul, add) = (mul as usize, add as isize);
    if mul == 1 && add == 0 {
        return quote!(::core::option::Option::Some(#raw as usize));
    }
    quote!(#rt::region(#raw as usize, #mul, #add))
}

/// Name of a member by index.
pub(crate) fn name_of(layout: &Layout, index: usize) -> String {
    layout
        .members
        .get(index)
        .map(|m| m.text())
        .unwrap_or_default()
}

/// Statements that split the variable fields from the slice `rest`, each into a local of its name.
/// `short` is the kind of error when the octets end.
pub(crate) fn split(cx: &Cx, run: &TokenStream, layout: &Layout, short: &str) -> TokenStream {
    let rt = cx.rt;
    let mut all = TokenStream::new();
    for member in layout.vars() {
        let Place::Var(extent) = member.place else {
            continue;
        };
        let name = &member.name;
        let text = name.to_string();
        let local = local(member);
        if let Extent::Len(by, affine) = extent {
            let stated = stated(cx, run, layout, by, affine);
            let (bad, short) = (
                cx.err("Malformed", &name_of(layout, by)),
                cx.err(short, &text),
            );
            all.extend(quote! {
                let ::core::option::Option::Some(len) = #stated else { return #bad; };
                let ::core::option::Option::Some((#local, rest)) = rest.split_at_checked(len)
                    else { return #short; };
            });
        } else {
            all.extend(quote!(let (#local, rest) = (rest, #rt::NONE);));
        }
        let ty = cx.public_type(member);
        let bad = cx.err("Malformed", &text);
        all.extend(quote!(if !<#ty as #rt::Tail<'_>>::check(#local) { return #bad; }));
    }
    all
}

/// The local variable of a variable field while parsing.
pub(crate) fn local(member: &Member) -> Ident {
    format_ident!("tail_{}", member.name)
}

/// Statements that bind the raw values of all members of the fixed run; `value` gives the value
/// of a member and `lens` the length of a region. Also whether they can return an error.
pub(crate) fn raws(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
    lens: &dyn Fn(&Region) -> TokenStream,
) -> (TokenStream, bool) {
    let mut all = TokenStream::new();
    let mut fallible = false;
    for member in layout.fixed() {
        match &member.role {
            Role::Value => {
                let (tokens, fails) =
                    fixed::lower(cx, member, &value(member), &fixed::raw_name(member));
                all.extend(tokens);
                fallible |= fails;
            }
            Role::Len(targets) => {
                fallible = true;
                let raw = fixed::raw_name(member);
                let bits = member.ty.bits().unwrap_or(0);
                let (ty, max) = (storage(bits), max_of(bits));
                let error = cx.err("OutOfRange", &member.text());
                for (index, target) in targets.iter().enumerate() {
                    let (len, rt) = (lens(&target.region), cx.rt);
                    let (mul, add) = (target.affine.mul, target.affine.add);
                    let bind = quote!(let ::core::option::Option::Some(len) =
                        #rt::inverse(#len, #mul, #add, #max) else { return #error; };);
                    all.extend(match index {
                        0 => quote!(#bind let #raw = len as #ty;),
                        _ => quote!(#bind if len as #ty != #raw { return #error; }),
                    });
                }
            }
            _ => {}
        }
    }
    (all, fallible)
}

/// The sum of the lengths of the variable fields.
pub(crate) fn tails_len(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let rt = cx.rt;
    let fixed = layout.fixed_len;
    let lens = layout.vars().map(|member| {
        let value = value(member);
        quote!(.saturating_add(#rt::Tail::wire_len(&#value)))
    });
    quote!(#fixed #(#lens)*)
}

/// Statements that write the variable fields to the slice `rest`, which becomes what follows.
pub(crate) fn tails_emit(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let rt = cx.rt;
    let puts = layout.vars().map(|member| {
        let value = value(member);
        let (item, name) = (&cx.item, member.text());
        quote!(let rest = #rt::Tail::put(&#value, rest,
            &#rt::Site { header: #item, field: #name })?;)
    });
    quote!(#(#puts)*)
}

/// The statement that writes the only variable field to the slice `rest`, which is as long.
pub(crate) fn tail_fill(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let rt = cx.rt;
    let fills = layout.vars().map(|member| {
        let value = value(member);
        let (item, name) = (&cx.item, member.text());
        quote!(#rt::Tail::fill(&#value, rest, &#rt::Site { header: #item, field: #name })?;)
    });
    quote!(#(#fills)*)
}

/// The length of a named variable field in the values that `value` gives.
pub(crate) fn field_len(
    cx: &Cx,
    layout: &Layout,
    region: &Region,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let rt = cx.rt;
    let Region::Field(name) = region else {
        return quote!(0);
    };
    match layout.members.iter().find(|m| m.name == *name) {
        Some(member) => {
            let value = value(member);
            quote!(#rt::Tail::wire_len(&#value))
        }
        None => quote!(0),
    }
}
