//! Families of options: the enum, how one item is read and written.

use super::{Cx, diagram, extras, set, variant};
use crate::check::options::{OptionKind, Options};
use crate::model::Member;
use crate::parse::args::ItemLen;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The output of `#[options]`.
pub(crate) fn options(options: &Options) -> TokenStream {
    let Options {
        rt,
        name,
        vis,
        docs,
        lifetime,
        kinds,
        unit,
        pad,
        offset,
        ..
    } = options;
    let cx = Cx {
        rt,
        item: name.to_string(),
        little: false,
    };
    let generics = options.generics();
    let variants = variants(&cx, options);
    let title = name.to_string();
    let take = take(&cx, options);
    let aligned = aligned(&cx, options, *offset);
    let ends = kinds
        .iter()
        .filter(|kind| kind.end)
        .map(|kind| &kind.variant);
    let lens = lens(&cx, options);
    let emit = emit(&cx, options);
    let set = options
        .set
        .as_ref()
        .map(|set_name| set::set(&cx, options, set_name));
    let all = all(options);
    let format = extras::format(rt, &generics, &quote!(#name #generics));
    let body = quote!(#rt::arbitrary_option(u));
    let arbitrary = extras::arbitrary(rt, lifetime, &quote!(#name #generics), &body);
    quote! {
        #format
        #arbitrary

        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name #generics { #(#variants,)* }

        impl<#lifetime> #rt::OptionItem<#lifetime> for #name #generics {
            const NAME: &'static str = #title;
            const UNIT: usize = #unit;
            const PAD: u8 = #pad;
            #aligned
            #[inline]
            fn take(region: &#lifetime [u8])
                -> #rt::Result<(#rt::Taken<Self>, &#lifetime [u8])>
            {
                #take
            }
            #[inline]
            fn is_end(&self) -> bool { match self { #(Self::#ends => true,)* _ => false } }
            #[inline]
            fn wire_len(&self) -> usize { match *self { #lens } }
            #[inline]
            fn emit<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                match *self { #emit }
            }
        }
        #all
        #set
    }
}

/// An iterator for each kind that may stand in a list several times.
fn all(options: &Options) -> TokenStream {
    let Options {
        rt, name, lifetime, ..
    } = options;
    let generics = options.generics();
    let each = options.kinds.iter().filter(|kind| kind.all).map(|kind| {
        let variant = &kind.variant;
        let function = quote::format_ident!("all_{}", set::snake(variant));
        let doc = format!(
            "Every [`{name}::{variant}`] of a list, in order, up to an option that is malformed."
        );
        quote! {
            #[doc = #doc]
            #[inline]
            pub fn #function(options: &#rt::Options<#lifetime, Self>)
                -> impl ::core::iter::Iterator<Item = Self> + use<#lifetime>
            {
                options
                    .iter()
                    .map_while(::core::result::Result::ok)
                    .filter(|item| ::core::matches!(item, Self::#variant { .. }))
            }
        }
    });
    let each: Vec<TokenStream> = each.collect();
    if each.is_empty() {
        return TokenStream::new();
    }
    quote!(impl<#lifetime> #name #generics { #(#each)* })
}

/// The variants with public types.
fn variants(cx: &Cx, options: &Options) -> Vec<TokenStream> {
    let kinds = options.kinds.iter().map(|kind| {
        let diagram = diagram::option(kind, options.widths);
        variant::declare(cx, &kind.variant, &kind.docs, &kind.layout, &diagram)
    });
    let unknown = options
        .unknown
        .iter()
        .map(|one| variant::declare(cx, &one.variant, &one.docs, &one.layout, ""));
    kinds.chain(unknown).collect()
}

impl Options {
    /// `<'a>` if the enum borrows.
    pub(crate) fn generics(&self) -> TokenStream {
        let lifetime = &self.lifetime;
        if self.generic {
            quote!(<#lifetime>)
        } else {
            TokenStream::new()
        }
    }

    /// How the length counts: octets it leaves out, and its unit.
    fn counting(&self) -> (usize, usize) {
        let header = self.widths.0 + self.widths.1;
        match self.len {
            ItemLen::Item => (0, 1),
            ItemLen::Body => (header, 1),
            ItemLen::ItemUnits(unit) => (0, unit as usize),
        }
    }
}

/// What items that have to be aligned say of themselves.
fn aligned(cx: &Cx, options: &Options, offset: usize) -> TokenStream {
    let rt = cx.rt;
    let Some(padn) = options.padn else {
        return TokenStream::new();
    };
    let arms = options.kinds.iter().filter_map(|kind| {
        let (multiple, rest) = kind.align?;
        let (name, multiple, rest) = (&kind.variant, multiple as usize, rest as usize);
        Some(quote!(Self::#name { .. } => (#multiple, #rest),))
    });
    let padn = padn as u8;
    quote! {
        const ALIGNED: ::core::option::Option<#rt::Alignment> =
            ::core::option::Option::Some(#rt::Alignment { offset: #offset, padn: #padn });
        #[inline]
        fn align(&self) -> (usize, usize) { match self { #(#arms)* _ => (1, 0) } }
    }
}

/// A number as wide as the kinds of the family.
fn number(options: &Options, kind: u16) -> Literal {
    match options.widths.0 {
        1 => Literal::u8_suffixed(kind as u8),
        _ => Literal::u16_suffixed(kind),
    }
}

fn take(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let bare = options.kinds.iter().filter(|kind| kind.bare).map(|kind| {
        let (number, variant) = (number(options, kind.number), &kind.variant);
        match (kind.end, kind.pad) {
            (true, _) => {
                quote!(#number => return ::core::result::Result::Ok((#rt::Taken::End, rest)),)
            }
            (_, true) => {
                quote!(#number => return ::core::result::Result::Ok((#rt::Taken::Pad, rest)),)
            }
            _ => quote!(#number => return
                ::core::result::Result::Ok((#rt::Taken::Item(Self::#variant), rest)),),
        }
    });
    let arms = options.kinds.iter().filter(|kind| !kind.bare).map(|kind| {
        let number = number(options, kind.number);
        let read = read_of(cx, options, kind);
        let value = variant::pattern(&kind.variant, &kind.layout);
        quote!(#number => { #read #value })
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, kind, data) = (&unknown.variant, &unknown.kind, &unknown.data);
        quote!(_ => Self::#variant { #kind: kind, #data: body })
    });
    let (kind, body) = item_of(cx, options);
    quote! {
        #kind
        match kind { #(#bare)* _ => {} }
        #body
        let item = match kind { #(#arms)* #(#unknown)* };
        ::core::result::Result::Ok((#rt::Taken::Item(item), after))
    }
}

/// Statements that bind `kind` and what follows it, `rest`, at the start of `region`; and those
/// that bind `body` and what follows the item, `after`.
fn item_of(cx: &Cx, options: &Options) -> (TokenStream, TokenStream) {
    let rt = cx.rt;
    let (skip, unit) = options.counting();
    let short = cx.err("Malformed", "");
    let (kind, body) = match options.widths {
        (1, 1) => (
            quote! {
                let ::core::option::Option::Some((&kind, rest)) = region.split_first()
                    else { return ::core::result::Result::Ok((#rt::Taken::End, region)); };
            },
            quote!(#rt::option_body(rest, #skip, #unit)),
        ),
        (k, l) => (
            quote! {
                if region.is_empty() {
                    return ::core::result::Result::Ok((#rt::Taken::End, region));
                }
                let ::core::option::Option::Some((kind, rest)) = #rt::option_number::<#k>(region)
                    else { return #short; };
                let kind = kind as _;
            },
            quote!(#rt::option_body_wide::<#k, #l>(rest, #skip, #unit)),
        ),
    };
    let body = quote! {
        let ::core::option::Option::Some((body, after)) = #body
            else { return #short; };
    };
    (kind, body)
}

/// Statements that read the values of a kind from `body` into their locals.
fn read_of(cx: &Cx, options: &Options, kind: &OptionKind) -> TokenStream {
    let (_, unit) = options.counting();
    let slack = if unit > 1 && kind.layout.vars().next().is_none() {
        unit
    } else {
        0
    };
    let none = |_: &proc_macro2::Ident| TokenStream::new();
    variant::read(
        cx,
        &kind.layout,
        &kind.checks,
        "Malformed",
        slack,
        &none,
        &kind.variant.to_string(),
    )
}

/// The same as `take`, but what a kind that `keep` knows has is kept, by its statements, and
/// nothing is made of the others: a set reads a list faster so than through items.
pub(crate) fn take_into(
    cx: &Cx,
    options: &Options,
    keep: &dyn Fn(&OptionKind) -> Option<TokenStream>,
) -> TokenStream {
    let rt = cx.rt;
    let bare = options.kinds.iter().filter(|kind| kind.bare).map(|kind| {
        let number = number(options, kind.number);
        let (keep, taken) = match (kind.end, keep(kind)) {
            (true, _) => (None, quote!(#rt::Taken::End)),
            (_, keep) => (keep, quote!(#rt::Taken::Pad)),
        };
        quote!(#number => { #keep return ::core::result::Result::Ok((#taken, rest)); })
    });
    let arms = options.kinds.iter().filter(|kind| !kind.bare).map(|kind| {
        let (number, read) = (number(options, kind.number), read_of(cx, options, kind));
        let keep = keep(kind).unwrap_or_else(|| {
            let unused = unused(kind);
            quote!(#unused)
        });
        quote!(#number => { #read #keep })
    });
    let (kind, body) = item_of(cx, options);
    quote! {
        #kind
        match kind { #(#bare)* _ => {} }
        #body
        match kind { #(#arms)* _ => {} }
        ::core::result::Result::Ok((#rt::Taken::Item(()), after))
    }
}

fn lens(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let (_, unit) = options.counting();
    let header = options.widths.0 + options.widths.1;
    let kinds = options.kinds.iter().map(|kind| {
        let pattern = variant::pattern(&kind.variant, &kind.layout);
        let len = len_of(cx, options, kind);
        quote!(#pattern => #len,)
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, data) = (&unknown.variant, &unknown.data);
        quote!(Self::#variant { #data: data, .. } =>
            #rt::option_len(data.len(), #header, #unit),)
    });
    quote!(#(#kinds)* #(#unknown)*)
}

/// Binds values whose length does not matter to nothing.
fn unused(kind: &OptionKind) -> TokenStream {
    let locals = kind.layout.values().map(variant::local);
    quote!(#(let _ = #locals;)*)
}

/// Octets of an item, from the locals of its values.
pub(crate) fn len_of(cx: &Cx, options: &Options, kind: &OptionKind) -> TokenStream {
    let rt = cx.rt;
    let (_, unit) = options.counting();
    let (header, kind_octets) = (options.widths.0 + options.widths.1, options.widths.0);
    if kind.bare {
        return quote!(#kind_octets);
    }
    let len = variant::len(cx, &kind.layout);
    let unused = unused(kind);
    quote!({ #unused #rt::option_len(#len, #header, #unit) })
}

/// The function that writes kind and length, and the cast of a kind for it.
fn start(cx: &Cx, options: &Options) -> (TokenStream, TokenStream) {
    let rt = cx.rt;
    match options.widths {
        (1, 1) => (quote!(#rt::option_start), quote!()),
        (k, l) => (quote!(#rt::option_start_wide::<#k, #l>), quote!(as u16)),
    }
}

/// The field of a kind that is octets and nothing else.
fn octets_alone<'k>(options: &Options, kind: &'k OptionKind) -> Option<&'k Member> {
    match (kind.layout.members.as_slice(), options.widths) {
        ([member], (1, 1)) if !kind.bare => {
            matches!(member.ty.kind, TyKind::Tail(Tail::Slice(_))).then_some(member)
        }
        _ => None,
    }
}

/// The field of a kind that is an array and nothing else.
fn array_alone<'k>(options: &Options, kind: &'k OptionKind) -> Option<&'k Member> {
    match (kind.layout.members.as_slice(), options.widths) {
        ([member], (1, 1)) if !kind.bare => {
            matches!(member.ty.kind, TyKind::Tail(Tail::Array(..))).then_some(member)
        }
        _ => None,
    }
}

/// The same as `write_of` for a kind that is octets alone, from the field `name` of a set, which is
/// looked at in one place for all such kinds.
pub(crate) fn write_some(
    cx: &Cx,
    options: &Options,
    kind: &OptionKind,
    name: &Ident,
) -> Option<TokenStream> {
    let rt = cx.rt;
    let member = octets_alone(options, kind)?;
    if !kind.checks.is_empty() || member.check.is_some() {
        return None;
    }
    let (skip, unit) = options.counting();
    let (number, item) = (number(options, kind.number), options.name.to_string());
    let text = kind.variant.to_string();
    let site = quote!(&#rt::Site { header: #item, field: #text });
    Some(quote!(#rt::put_some(&self.#name, buf, #number, #skip, #unit, #site)?))
}

/// A block that writes an item to `buf`, from the locals of its values, and gives what follows.
pub(crate) fn write_of(cx: &Cx, options: &Options, kind: &OptionKind) -> TokenStream {
    let rt = cx.rt;
    let (skip, unit) = options.counting();
    let (start, wide) = start(cx, options);
    let (number, name) = (number(options, kind.number), kind.variant.to_string());
    let item = options.name.to_string();
    let site = quote!(&#rt::Site { header: #item, field: #name });
    if kind.bare {
        return quote!({ #rt::put(&#number.to_be_bytes(), buf, #site)? });
    }
    let checks = variant::conditions(cx, &kind.layout, &kind.checks, &name);
    if let Some(member) = octets_alone(options, kind) {
        let octets = variant::local(member);
        return quote!({ #checks #rt::put_option(#octets, buf, #number, #skip, #unit, #site)? });
    }
    if let Some(member) = array_alone(options, kind) {
        let list = variant::local(member);
        return quote!({
            #rt::Tail::put_option(&#list, buf, #number, #skip, #unit, #site, |#list| {
                let _ = #list;
                #checks
                ::core::result::Result::Ok(())
            })?
        });
    }
    let len = variant::len(cx, &kind.layout);
    let write = variant::write(cx, &kind.layout, &name);
    // Where the length counts octets, hooks alone could leave some.
    let is_codec = |m: &Member| matches!(m.ty.kind, TyKind::Tail(Tail::Codec(..)));
    let slack = if unit > 1 || kind.layout.vars().any(is_codec) {
        quote!(#rt::zeros(rest);)
    } else {
        quote!(let _ = rest;)
    };
    quote!({
        #checks
        let (rest, after) = #start(buf, #number #wide, #len, #skip, #unit, #site)?;
        #write
        #slack
        after
    })
}

fn emit(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let (skip, unit) = options.counting();
    let (start, wide) = start(cx, options);
    let kinds = options.kinds.iter().map(|kind| {
        let pattern = variant::pattern(&kind.variant, &kind.layout);
        let write = write_of(cx, options, kind);
        quote!(#pattern => ::core::result::Result::Ok(#write),)
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, kind, data) = (&unknown.variant, &unknown.kind, &unknown.data);
        let (item, name) = (&cx.item, variant.to_string());
        let site = quote!(&#rt::Site { header: #item, field: #name });
        quote! {
            Self::#variant { #kind: kind, #data: data } => {
                let (rest, after) =
                    #start(buf, kind #wide, data.len(), #skip, #unit, #site)?;
                #rt::zeros(#rt::put(data, rest, #site)?);
                ::core::result::Result::Ok(after)
            }
        }
    });
    quote!(#(#kinds)* #(#unknown)*)
}
