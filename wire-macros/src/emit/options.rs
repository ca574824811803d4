//! Families of options: the enum, how one item is read and written.

use super::{Cx, set, variant};
use crate::check::options::{OptionKind, Options};
use crate::parse::args::ItemLen;
use proc_macro2::TokenStream;
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
        ..
    } = options;
    let cx = Cx {
        rt,
        item: name.to_string(),
    };
    let generics = options.generics();
    let variants = kinds
        .iter()
        .map(|kind| variant::declare(&cx, &kind.variant, &kind.docs, &kind.layout));
    let unknown = options
        .unknown
        .iter()
        .map(|unknown| variant::declare(&cx, &unknown.variant, &unknown.docs, &unknown.layout));
    let title = name.to_string();
    let take = take(&cx, options);
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
    quote! {
        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name #generics { #(#variants,)* #(#unknown,)* }

        impl<#lifetime> #rt::OptionItem<#lifetime> for #name #generics {
            const NAME: &'static str = #title;
            const UNIT: usize = #unit;
            const PAD: u8 = #pad;
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
        #set
    }
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

    /// How the length octet counts: octets it leaves out, and its unit.
    fn counting(&self) -> (usize, usize) {
        match self.len {
            ItemLen::Item => (0, 1),
            ItemLen::Body => (2, 1),
            ItemLen::ItemUnits(unit) => (0, unit as usize),
        }
    }
}

fn take(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let (skip, unit) = options.counting();
    let bare = options.kinds.iter().filter(|kind| kind.bare).map(|kind| {
        let (number, variant) = (kind.number, &kind.variant);
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
    let short = cx.err("Malformed", "");
    let arms = options.kinds.iter().filter(|kind| !kind.bare).map(|kind| {
        let number = kind.number;
        let name = kind.variant.to_string();
        let slack = if unit > 1 && kind.layout.vars().next().is_none() {
            unit
        } else {
            0
        };
        let none = |_: &proc_macro2::Ident| TokenStream::new();
        let read = variant::read(
            cx,
            &kind.layout,
            &kind.checks,
            "Malformed",
            slack,
            &none,
            &name,
        );
        let value = variant::pattern(&kind.variant, &kind.layout);
        quote!(#number => { #read #value })
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, kind, data) = (&unknown.variant, &unknown.kind, &unknown.data);
        quote!(_ => Self::#variant { #kind: kind, #data: body })
    });
    quote! {
        let ::core::option::Option::Some((&kind, rest)) = region.split_first()
            else { return ::core::result::Result::Ok((#rt::Taken::End, region)); };
        match kind { #(#bare)* _ => {} }
        let ::core::option::Option::Some((body, after)) = #rt::option_body(rest, #skip, #unit)
            else { return #short; };
        let item = match kind { #(#arms)* #(#unknown)* };
        ::core::result::Result::Ok((#rt::Taken::Item(item), after))
    }
}

fn lens(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let (_, unit) = options.counting();
    let kinds = options.kinds.iter().map(|kind| {
        let pattern = variant::pattern(&kind.variant, &kind.layout);
        if kind.bare {
            return quote!(#pattern => 1,);
        }
        let len = variant::len(cx, &kind.layout);
        let unused = unused(kind);
        quote!(#pattern => { #unused #rt::option_len(#len, #unit) })
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, data) = (&unknown.variant, &unknown.data);
        quote!(Self::#variant { #data: data, .. } => #rt::option_len(data.len(), #unit),)
    });
    quote!(#(#kinds)* #(#unknown)*)
}

/// Binds values whose length does not matter to nothing.
fn unused(kind: &OptionKind) -> TokenStream {
    let locals = kind.layout.values().map(variant::local);
    quote!(#(let _ = #locals;)*)
}

fn emit(cx: &Cx, options: &Options) -> TokenStream {
    let rt = cx.rt;
    let (skip, unit) = options.counting();
    let kinds = options.kinds.iter().map(|kind| {
        let (number, name) = (kind.number, kind.variant.to_string());
        let pattern = variant::pattern(&kind.variant, &kind.layout);
        let item = &cx.item;
        let site = quote!(&#rt::Site { header: #item, field: #name });
        if kind.bare {
            return quote!(#pattern => #rt::put(&[#number], buf, #site),);
        }
        let checks = variant::conditions(cx, &kind.layout, &kind.checks, &name);
        let len = variant::len(cx, &kind.layout);
        let write = variant::write(cx, &kind.layout, &name);
        quote! {
            #pattern => {
                #checks
                let (rest, after) = #rt::option_start(buf, #number, #len, #skip, #unit, #site)?;
                #write
                #rt::zeros(rest);
                ::core::result::Result::Ok(after)
            }
        }
    });
    let unknown = options.unknown.iter().map(|unknown| {
        let (variant, kind, data) = (&unknown.variant, &unknown.kind, &unknown.data);
        let (item, name) = (&cx.item, variant.to_string());
        let site = quote!(&#rt::Site { header: #item, field: #name });
        quote! {
            Self::#variant { #kind: kind, #data: data } => {
                let (rest, after) =
                    #rt::option_start(buf, kind, data.len(), #skip, #unit, #site)?;
                #rt::zeros(#rt::put(data, rest, #site)?);
                ::core::result::Result::Ok(after)
            }
        }
    });
    quote!(#(#kinds)* #(#unknown)*)
}
