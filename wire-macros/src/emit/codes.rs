//! Open enums as newtypes over the wire integer, and groups of bits as plain structs.

use super::{Cx, extras, field_docs, fixed};
use crate::check::codes::{Bits, Codes};
use crate::model::{Member, max_of, storage, storage_bits};
use crate::parse::ty::TyKind;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The output of `#[codes]`.
pub(crate) fn codes(codes: &Codes) -> TokenStream {
    let Codes {
        rt,
        name,
        vis,
        attrs,
        bits,
        ..
    } = codes;
    let raw = storage(*bits);
    let names: Vec<_> = codes.codes.iter().map(|code| &code.name).collect();
    let texts: Vec<_> = names.iter().map(|name| name.to_string()).collect();
    let values: Vec<_> = codes
        .codes
        .iter()
        .map(|code| Literal::u64_unsuffixed(code.value))
        .collect();
    let docs = codes.codes.iter().map(|code| match code.attrs.as_slice() {
        [] => {
            let text = format!("The value {}.", code.value);
            quote!(#[doc = #text])
        }
        attrs => quote!(#(#attrs)*),
    });
    let title = name.to_string();
    let conversions = conversions(name, &raw, &title);
    let max = Literal::u64_unsuffixed(max_of(*bits));
    let extras = both(
        rt,
        name,
        &quote!(u.int_in_range::<#raw>(0..=#max).map(Self)),
    );
    quote! {
        #(#attrs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash,
            ::core::default::Default)]
        #vis struct #name(
            /// The number on the wire.
            pub #raw
        );

        #[allow(non_upper_case_globals)]
        impl #name {
            #(#docs pub const #names: Self = Self(#values);)*

            /// The declared name of the number.
            pub const fn name(self) -> ::core::option::Option<&'static str> {
                match self.0 {
                    #(#values => ::core::option::Option::Some(#texts),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl #rt::Declared<#raw> for #name {
            const BITS: u32 = #bits;
            #[inline(always)]
            fn from_raw(raw: #raw) -> Self { Self(raw) }
            #[inline(always)]
            fn into_raw(self) -> #raw { self.0 }
        }

        #conversions
        #extras

        impl #rt::laws::Raw for #name {
            const NAME: &'static str = #title;
            const BITS: u32 = #bits;
            fn round(raw: u64) -> u64 {
                <Self as #rt::WireInt<#raw>>::from_raw(raw as #raw).0 as u64
            }
        }

        impl #rt::Codes for #name {
            const NAME: &'static str = #title;
            const CODES: &'static [(u64, &'static str)] = &[#((#values, #texts)),*];
        }
    }
}

/// What features add to a type without a lifetime.
fn both(rt: &TokenStream, name: &proc_macro2::Ident, body: &TokenStream) -> TokenStream {
    let lifetime = syn::Lifetime::new("'a", proc_macro2::Span::call_site());
    let format = extras::format(rt, &quote!(), &quote!(#name));
    let arbitrary = extras::arbitrary(rt, &lifetime, &quote!(#name), body);
    quote!(#format #arbitrary)
}

/// Conversions with the integer, and the printing of the name or the number.
fn conversions(name: &proc_macro2::Ident, raw: &TokenStream, title: &str) -> TokenStream {
    quote! {
        impl ::core::convert::From<#raw> for #name {
            fn from(raw: #raw) -> Self { Self(raw) }
        }

        impl ::core::convert::From<#name> for #raw {
            fn from(code: #name) -> Self { code.0 }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.name() {
                    ::core::option::Option::Some(name) => f.write_str(name),
                    ::core::option::Option::None => ::core::fmt::Display::fmt(&self.0, f),
                }
            }
        }

        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.name() {
                    ::core::option::Option::Some(name) => f.write_str(name),
                    ::core::option::Option::None =>
                        f.debug_tuple(#title).field(&self.0).finish(),
                }
            }
        }
    }
}

/// The output of `#[bits]`.
pub(crate) fn bits(bits: &Bits) -> TokenStream {
    let Bits {
        rt,
        name,
        vis,
        attrs,
        bits: width,
        layout,
    } = bits;
    let cx = Cx {
        rt,
        item: name.to_string(),
        little: false,
    };
    let raw = storage(*width);
    let title = name.to_string();
    let values: Vec<&Member> = layout.values().collect();
    let fields = values.iter().map(|member| {
        let (docs, vis, name) = (field_docs(member, ""), &member.vis, &member.name);
        let ty = cx.public_type(member);
        quote!(#docs #vis #name: #ty)
    });
    let gets = values.iter().map(|member| {
        let name = &member.name;
        let value = unpack(&cx, member, *width);
        quote!(#name: #value)
    });
    let puts = values.iter().map(|member| pack(&cx, member, *width));
    let flags = values.iter().map(|member| flag(member));
    let max = Literal::u64_unsuffixed(max_of(*width));
    let extras = both(
        rt,
        name,
        &quote!(u.int_in_range::<#raw>(0..=#max).map(Self::from_raw)),
    );
    quote! {
        #extras

        #(#attrs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::hash::Hash, ::core::default::Default, ::core::fmt::Debug)]
        #vis struct #name { #(#fields,)* }

        impl #name {
            /// The flags that the bits on the wire stand for.
            #[inline]
            pub fn from_raw(raw: #raw) -> Self { Self { #(#gets,)* } }

            /// The bits on the wire; a value that is too wide is cut to its bits.
            #[inline]
            pub fn into_raw(self) -> #raw { 0 #(| #puts)* }
        }

        impl #rt::Declared<#raw> for #name {
            const BITS: u32 = #width;
            #[inline(always)]
            fn from_raw(raw: #raw) -> Self { Self::from_raw(raw) }
            #[inline(always)]
            fn into_raw(self) -> #raw { Self::into_raw(self) }
        }

        impl #rt::laws::Raw for #name {
            const NAME: &'static str = #title;
            const BITS: u32 = #width;
            fn round(raw: u64) -> u64 { Self::from_raw(raw as #raw).into_raw() as u64 }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut flags = #rt::print::Flags::new(f);
                #(#flags)*
                flags.finish()
            }
        }
    }
}

fn unpack(cx: &Cx, member: &Member, width: u32) -> TokenStream {
    let (bit, bits) = member.position();
    let shift = width.saturating_sub(bit).saturating_sub(bits);
    let mask = Literal::u64_unsuffixed(max_of(bits));
    let raw = match shift {
        0 => quote!((raw & #mask)),
        _ => {
            let shift = Literal::u32_unsuffixed(shift);
            quote!(((raw >> #shift) & #mask))
        }
    };
    let raw = if storage_bits(bits) == storage_bits(width) {
        raw
    } else {
        let ty = storage(bits);
        quote!((#raw as #ty))
    };
    fixed::public(cx, member, raw)
}

fn pack(cx: &Cx, member: &Member, width: u32) -> TokenStream {
    let rt = cx.rt;
    let (bit, bits) = member.position();
    let name = &member.name;
    let ty = storage(width);
    let shift = width.saturating_sub(bit).saturating_sub(bits);
    let mask = Literal::u64_unsuffixed(max_of(bits));
    let raw = match &member.ty.kind {
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            quote!(<#ty as #rt::WireInt<#int>>::into_raw(self.#name))
        }
        _ => quote!(self.#name),
    };
    let raw = match member.ty.kind {
        TyKind::Bool => quote!((#raw as #ty)),
        _ => quote!(((#raw as #ty) & #mask)),
    };
    match shift {
        0 => raw,
        _ => {
            let shift = Literal::u32_unsuffixed(shift);
            quote!((#raw << #shift))
        }
    }
}

/// Gives one sub-field to the printer.
fn flag(member: &Member) -> TokenStream {
    let (name, text) = (&member.name, member.text());
    match member.ty.kind {
        TyKind::Bool => quote!(flags.flag(#text, self.#name)?;),
        _ => quote!(flags.value(#text, &self.#name)?;),
    }
}
