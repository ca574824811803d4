//! What headers, options and messages share: constants checked, what follows the first run split,
//! raw values computed.

use super::access::{Access, run_local};
use super::{Cx, expr, fixed};
use crate::check::links::REMAINING;
use crate::model::{
    Affine, Extent, Layout, Member, Piece, Place, Region, Role, Target, max_of, storage,
};
use crate::parse::expr::Expr;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// Returns `Malformed` where a constant of a run differs.
pub(crate) fn constants(cx: &Cx, layout: &Layout, run: usize) -> TokenStream {
    let octets = Access::Local.run(run);
    let checks = layout.in_run(run).filter_map(|member| {
        let Role::Eq(value) = &member.role else {
            return None;
        };
        let raw = fixed::raw(cx, &octets, layout.run_len(run), member);
        let value = fixed::constant(cx, member, value);
        let error = cx.err("Malformed", &member.text());
        Some(quote!(if #raw != #value { return #error; }))
    });
    quote!(#(#checks)*)
}

/// An `Option<usize>` of the octets, or items, that a member states; its run is a local.
pub(crate) fn stated(cx: &Cx, layout: &Layout, by: usize, affine: Affine) -> TokenStream {
    let rt = cx.rt;
    let Some(member) = layout.members.get(by) else {
        return TokenStream::new();
    };
    let run = Access::Local.run(member.run());
    let raw = fixed::raw(cx, &run, layout.run_len(member.run()), member);
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

/// The local variable of a variable field while parsing.
pub(crate) fn local(member: &Member) -> Ident {
    format_ident!("tail_{}", member.name)
}

/// Statements that split everything before the payload from the slice `rest`, each piece into a
/// local. `short` is the kind of error when the octets end.
pub(crate) fn split(cx: &Cx, layout: &Layout, short: &str) -> TokenStream {
    let pieces = layout.pieces().into_iter().map(|piece| match piece {
        Piece::Run(run) => split_run(cx, layout, run, short),
        Piece::Var(member) => {
            let split = split_var(cx, layout, member, short);
            let cut = layout
                .trailer()
                .filter(|_| {
                    layout
                        .cut_after()
                        .is_some_and(|last| last.name == member.name)
                })
                .map(|(trailer, len)| cut(cx, layout, trailer, len));
            quote!(#split #cut)
        }
    });
    quote!(#(#pieces)*)
}

/// Cuts the trailer from the end of `rest`.
pub(crate) fn cut(cx: &Cx, layout: &Layout, trailer: &Member, len: &Expr) -> TokenStream {
    let rt = cx.rt;
    let local = local(trailer);
    let len = condition(cx, layout, len, Access::Local);
    let short = cx.err("Truncated", &trailer.text());
    quote! {
        let ::core::option::Option::Some((rest, #local)) =
            #rt::split_end(rest, #rt::Number::number(#len)) else { return #short; };
    }
}

fn split_run(cx: &Cx, layout: &Layout, run: usize, short: &str) -> TokenStream {
    let (local, len) = (run_local(run), layout.run_len(run));
    let first = layout.in_run(run).next().map(Member::text);
    let error = cx.err(short, &first.unwrap_or_default());
    let constants = constants(cx, layout, run);
    quote! {
        let ::core::option::Option::Some((#local, rest)) = rest.split_first_chunk::<#len>()
            else { return #error; };
        #constants
    }
}

/// The pattern of a splitting statement.
fn take(local: &Ident, len: &TokenStream, otherwise: &TokenStream) -> TokenStream {
    quote! {
        let ::core::option::Option::Some((#local, rest)) = rest.split_at_checked(#len)
            else { return #otherwise; };
    }
}

fn split_var(cx: &Cx, layout: &Layout, member: &Member, short: &str) -> TokenStream {
    let Place::Var(extent) = member.place else {
        return TokenStream::new();
    };
    let rt = cx.rt;
    let (text, local) = (member.text(), local(member));
    let bad = cx.err("Malformed", &text);
    let short = cx.err(short, &text);
    let split = match extent {
        Extent::Len(by, affine) => {
            let stated = stated(cx, layout, by, affine);
            let bad = cx.err("Malformed", &name_of(layout, by));
            let take = take(&local, &quote!(len), &short);
            quote! {
                let ::core::option::Option::Some(len) = #stated else { return #bad; };
                #take
            }
        }
        Extent::Bits(by, unit) => {
            let stated = stated(cx, layout, by, Affine { mul: 1, add: 0 });
            let unit = unit as usize;
            let take = take(&local, &quote!(len), &short);
            quote! {
                let len = #stated.unwrap_or(0).div_ceil(#unit);
                #take
            }
        }
        Extent::Count(by, affine) => {
            let stated = stated(cx, layout, by, affine);
            let counted = counted(cx, member);
            let bad = cx.err("Malformed", &name_of(layout, by));
            let take = take(&local, &quote!(len), &short);
            quote! {
                let ::core::option::Option::Some(count) = #stated else { return #bad; };
                #counted
                #take
            }
        }
        Extent::Own => own(cx, layout, member, &short),
        Extent::RestOfHeader | Extent::Rest => quote!(let (#local, rest) = (rest, #rt::NONE);),
    };
    let check = check(cx, layout, member, &bad);
    quote!(#split #check)
}

/// Binds `len` to the octets of `count` items.
fn counted(cx: &Cx, member: &Member) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::Tail(Tail::Records(_, header)) => {
            quote!(let len = #rt::Records::<#header>::measure(whole, rest, count)?;)
        }
        TyKind::Tail(Tail::Array(_, item)) => {
            quote!(let len = <#item as #rt::Element>::SIZE.saturating_mul(count);)
        }
        _ => TokenStream::new(),
    }
}

/// Returns `Malformed` where the octets of a tail cannot be viewed.
fn check(cx: &Cx, layout: &Layout, member: &Member, bad: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    let local = local(member);
    let ty = cx.public_type(member);
    let view = match &member.ty.kind {
        TyKind::Tail(Tail::Records(..) | Tail::Codec(..)) => TokenStream::new(),
        TyKind::Tail(_) => {
            quote!(if !<#ty as #rt::Tail<'_>>::check(#local) { return #bad; })
        }
        _ => TokenStream::new(),
    };
    let relaxed = layout.members.iter().enumerate().find_map(|(by, other)| {
        let measure = other.measure.as_ref()?;
        (measure.relaxed && measure.name == member.name).then_some((by, measure.unit as usize))
    });
    let least = relaxed.map(|(by, unit)| {
        let stated = stated(cx, layout, by, Affine { mul: 1, add: 0 });
        quote!(if #local.len() < #stated.unwrap_or(0).div_ceil(#unit) { return #bad; })
    });
    quote!(#view #least)
}

/// Splits a field that finds its end itself.
fn own(cx: &Cx, layout: &Layout, member: &Member, short: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    let local = local(member);
    match &member.ty.kind {
        TyKind::Form(ty) => {
            let Some(tag) = member.tag.as_ref().and_then(|tag| layout.named(tag)) else {
                return TokenStream::new();
            };
            let run = Access::Local.run(tag.run());
            let raw = fixed::raw(cx, &run, layout.run_len(tag.run()), tag);
            let bad = cx.err("Malformed", &tag.text());
            let take = take(&local, &quote!(len), short);
            quote! {
                let ::core::option::Option::Some(len) = <#ty as #rt::Form>::size(#raw)
                    else { return #bad; };
                #take
            }
        }
        TyKind::Tail(Tail::Codec(_, ty)) => {
            let take = take(&local, &quote!(len), short);
            quote! {
                let len = <#ty as #rt::Codec<'_>>::measure(rest, whole)?;
                #take
            }
        }
        TyKind::Optional(inner) => {
            let there = member
                .when
                .as_ref()
                .map(|when| condition(cx, layout, when, Access::Local));
            let len = match &inner.kind {
                TyKind::Header(embedded) => {
                    let schema = &embedded.schema;
                    quote!(#rt::embedded_len::<#schema>(rest)?)
                }
                TyKind::Tail(Tail::Codec(_, ty)) => {
                    quote!(<#ty as #rt::Codec<'_>>::measure(rest, whole)?)
                }
                _ => {
                    let len = inner.bits().unwrap_or(0) as usize / 8;
                    quote!(#len)
                }
            };
            let take = take(&local, &quote!(len), short);
            quote! {
                let len = if #there { #len } else { 0 };
                #take
            }
        }
        _ => TokenStream::new(),
    }
}

/// A condition over fields whose octets `access` gives.
pub(crate) fn condition(cx: &Cx, layout: &Layout, when: &Expr, access: Access) -> TokenStream {
    expr::condition(cx.rt, when, &|name| match layout.named(name) {
        Some(member) => access.value(cx, layout, member),
        None if name == REMAINING => quote!(rest.len()),
        None => TokenStream::new(),
    })
}

/// Statements that bind the raw values of all members of a run; `value` gives the value of a
/// member and `lens` the length of a region. Also whether they can return an error.
pub(crate) fn raws(
    cx: &Cx,
    layout: &Layout,
    run: usize,
    value: &dyn Fn(&Member) -> TokenStream,
    lens: &dyn Fn(&Region) -> TokenStream,
) -> (TokenStream, bool) {
    let rt = cx.rt;
    let mut all = TokenStream::new();
    let mut fallible = false;
    for member in layout.in_run(run) {
        let raw = fixed::raw_name(member);
        match &member.role {
            Role::Value => {
                let (tokens, fails) = fixed::lower(cx, member, &value(member), &raw);
                all.extend(tokens);
                fallible |= fails;
            }
            Role::Len(targets) => {
                fallible = true;
                all.extend(lengths(cx, member, targets, lens));
            }
            Role::Count(target) => {
                fallible = true;
                let counted = layout.named(&target.name).map(value);
                let count = quote!(#counted.len());
                all.extend(inverse(cx, member, target, &count, true));
            }
            Role::From(from) => {
                let from = derived(cx, layout, from, value);
                let (tokens, fails) = match member.ty.kind {
                    TyKind::Bool => (quote!(let #raw = (#from) as u8;), false),
                    _ => fixed::lower(cx, member, &from, &raw),
                };
                all.extend(tokens);
                fallible |= fails;
            }
            Role::TagOf(form) => {
                let form = layout.named(form).map(value);
                all.extend(quote!(let #raw = #rt::Form::tag(&#form);));
            }
            _ => {}
        }
    }
    (all, fallible)
}

/// An expression over values.
pub(crate) fn derived(
    cx: &Cx,
    layout: &Layout,
    from: &Expr,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    expr::condition(cx.rt, from, &|name| match layout.named(name) {
        Some(member) => value(member),
        None => TokenStream::new(),
    })
}

fn lengths(
    cx: &Cx,
    member: &Member,
    targets: &[Target],
    lens: &dyn Fn(&Region) -> TokenStream,
) -> TokenStream {
    let mut all = TokenStream::new();
    for (index, target) in targets.iter().enumerate() {
        all.extend(inverse(
            cx,
            member,
            target,
            &lens(&target.region),
            index == 0,
        ));
    }
    all
}

/// Binds, or compares, the raw value that states `len`.
fn inverse(
    cx: &Cx,
    member: &Member,
    target: &Target,
    len: &TokenStream,
    bind: bool,
) -> TokenStream {
    let rt = cx.rt;
    let raw = fixed::raw_name(member);
    let bits = member.ty.bits().unwrap_or(0);
    let (ty, max) = (storage(bits), max_of(bits));
    let error = cx.err("OutOfRange", &member.text());
    let (mul, add) = (target.affine.mul, target.affine.add);
    let found = quote!(let ::core::option::Option::Some(len) =
        #rt::inverse(#len, #mul, #add, #max) else { return #error; };);
    if bind {
        quote!(#found let #raw = len as #ty;)
    } else {
        quote!(#found if len as #ty != #raw { return #error; })
    }
}

/// Returns an error where an optional field is there and should not, or the reverse, and where a
/// field is not as long as a count of bits says.
pub(crate) fn presence(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
) -> (TokenStream, bool) {
    let mut all = TokenStream::new();
    for member in &layout.members {
        let error = cx.err("OutOfRange", &member.text());
        let asked = |when: &&Expr| !crate::check::links::asks_remaining(when);
        if let Some(when) = member.when.as_ref().filter(asked) {
            let condition = expr::condition(cx.rt, when, &|name| match layout.named(name) {
                Some(other) => emitted(cx, other, value),
                None => TokenStream::new(),
            });
            let is = value(member);
            all.extend(quote!(if (#condition) != #is.is_some() { return #error; }));
        }
        if let Some(measure) = &member.measure
            && let Some(field) = layout.named(&measure.name)
        {
            let (bits, unit) = (value(member), measure.unit as usize);
            let field = value(field);
            let relation = if measure.relaxed {
                quote!(<)
            } else {
                quote!(!=)
            };
            all.extend(quote! {
                if #field.len() #relation (#bits as usize).div_ceil(#unit) { return #error; }
            });
        }
    }
    let fallible = !all.is_empty();
    (all, fallible)
}

/// The value of a field while emitting: control bits are in raw locals.
fn emitted(cx: &Cx, member: &Member, value: &dyn Fn(&Member) -> TokenStream) -> TokenStream {
    if member.in_repr() {
        return value(member);
    }
    let raw = fixed::raw_name(member);
    fixed::public(cx, member, quote!(#raw))
}

/// Octets of everything before the payload.
pub(crate) fn pieces_len(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let fixed = layout.min_len();
    let lens = layout.vars().map(|member| {
        let len = var_len(cx, member, &value(member));
        quote!(.saturating_add(#len))
    });
    quote!(#fixed #(#lens)*)
}

/// Octets of a field of variable length.
pub(crate) fn var_len(cx: &Cx, member: &Member, value: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::Form(_) => quote!(#rt::Form::wire_len(&#value)),
        TyKind::Tail(Tail::Codec(..)) => quote!(#rt::Codec::encoded_len(&#value)),
        TyKind::Optional(inner) => match &inner.kind {
            TyKind::Header(embedded) => {
                let schema = &embedded.schema;
                quote!(#value.map_or(0, |one| <#schema as #rt::Header>::lengths(&one).0))
            }
            TyKind::Tail(_) => quote!(#value.map_or(0, |one| #rt::Codec::encoded_len(&one))),
            _ => {
                let len = inner.bits().unwrap_or(0) as usize / 8;
                quote!((if #value.is_some() { #len } else { 0 }))
            }
        },
        _ => quote!(#rt::Tail::wire_len(&#value)),
    }
}

/// Statements that write what follows the first run to the slice `rest`, which becomes what
/// follows it.
pub(crate) fn pieces_emit(
    cx: &Cx,
    layout: &Layout,
    value: &dyn Fn(&Member) -> TokenStream,
    lens: &dyn Fn(&Region) -> TokenStream,
) -> TokenStream {
    let puts = layout.pieces().into_iter().map(|piece| match piece {
        Piece::Run(run) => {
            let (local, len) = (run_local(run), layout.run_len(run));
            let (raws, _) = raws(cx, layout, run, value, lens);
            let stores = fixed::store(cx, &quote!(#local), layout, run);
            let short = cx.err("BufferTooSmall", "");
            quote! {
                let ::core::option::Option::Some((#local, rest)) =
                    rest.split_first_chunk_mut::<#len>() else { return #short; };
                #raws
                #stores
            }
        }
        Piece::Var(member) => var_put(cx, layout.little, member, &value(member)),
    });
    quote!(#(#puts)*)
}

/// The statement that writes a field of variable length to the slice `rest`.
fn var_put(cx: &Cx, little: bool, member: &Member, value: &TokenStream) -> TokenStream {
    let rt = cx.rt;
    let (item, name) = (&cx.item, member.text());
    let site = quote!(&#rt::Site { header: #item, field: #name });
    match &member.ty.kind {
        TyKind::Form(_) => quote!(let rest = #rt::Form::put(&#value, rest, #site)?;),
        TyKind::Tail(Tail::Codec(..)) => {
            quote!(let rest = #rt::Codec::put(&#value, rest, #site)?;)
        }
        TyKind::Optional(inner) => {
            let put = match &inner.kind {
                TyKind::Header(embedded) => {
                    let schema = &embedded.schema;
                    quote!(<#schema as #rt::Header>::emit(&one, rest)?)
                }
                TyKind::Tail(_) => quote!(#rt::Codec::put(&one, rest, #site)?),
                _ => optional_put(cx, little, &member.alone(inner)),
            };
            quote! {
                let rest = match #value {
                    ::core::option::Option::Some(one) => #put,
                    ::core::option::Option::None => rest,
                };
            }
        }
        _ => quote!(let rest = #rt::Tail::put(&#value, rest, #site)?;),
    }
}

/// An expression that writes the value `one` to `rest` and gives what follows.
fn optional_put(cx: &Cx, little: bool, alone: &Member) -> TokenStream {
    let layout = Layout::of_one(alone.alone(&alone.ty), little);
    let len = layout.fixed_len();
    let (raw, _) = fixed::lower(cx, alone, &quote!(one), &fixed::raw_name(alone));
    let store = fixed::store(cx, &quote!(run), &layout, 0);
    let short = cx.err("BufferTooSmall", &alone.text());
    quote!({
        #raw
        let ::core::option::Option::Some((run, rest)) = rest.split_first_chunk_mut::<#len>()
            else { return #short; };
        #store
        rest
    })
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

/// Whether the only thing that follows the first run is a tail that can be filled in one go.
pub(crate) fn is_one_tail(layout: &Layout) -> bool {
    match layout.pieces().as_slice() {
        [Piece::Var(member)] => matches!(
            &member.ty.kind,
            TyKind::Tail(tail) if !matches!(tail, Tail::Codec(..))
        ),
        _ => false,
    }
}

/// The length of a named variable field in the values that `value` gives.
pub(crate) fn field_len(
    cx: &Cx,
    layout: &Layout,
    region: &Region,
    value: &dyn Fn(&Member) -> TokenStream,
) -> TokenStream {
    let Region::Field(name) = region else {
        return quote!(0);
    };
    match layout.named(name) {
        Some(member) => var_len(cx, member, &value(member)),
        None => quote!(0),
    }
}
