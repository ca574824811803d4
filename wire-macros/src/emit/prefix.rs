//! Unions of headers that their first bits tell apart.

use crate::check::prefix::Prefix;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The output of `#[message(be, prefix)]`.
pub(crate) fn prefix(prefix: &Prefix) -> TokenStream {
    let Prefix {
        rt,
        name,
        vis,
        docs,
        ..
    } = prefix;
    let packet = format_ident!("{}Packet", name);
    let names: Vec<_> = prefix.rows.iter().map(|row| &row.name).collect();
    let headers: Vec<_> = prefix.rows.iter().map(|row| &row.header).collect();
    let row_docs = prefix.rows.iter().map(|row| {
        let width = row.bits as usize;
        let text = format!("`{}`: the first bits are {:0width$b}.", row.name, row.value);
        let docs = &row.docs;
        if docs.is_empty() {
            quote!(#[doc = #text])
        } else {
            quote!(#(#docs)*)
        }
    });
    let conditions = conditions(prefix);
    let unknown_variant = prefix.unknown.as_ref().map(|unknown| {
        quote! {
            /// Other first bits: the octets.
            #unknown(&'a [u8]),
        }
    });
    let (item, text) = (name.to_string(), "");
    let otherwise = match &prefix.unknown {
        Some(unknown) => quote!(_ => #packet::#unknown(bytes),),
        None => quote!(_ => return #rt::fail!(Unsupported, #item, #text),),
    };
    let follow = follow(prefix, &packet);
    let doc = format!("What the first bits of [`{name}`] say the octets are.");
    quote! {
        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name {}

        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #vis enum #packet<'a> {
            #(#row_docs #names(<#headers as #rt::Header>::Packet<'a>),)*
            #unknown_variant
        }

        impl<'a> #packet<'a> {
            /// Views octets as the header that their first bits tell.
            #[inline]
            pub fn new_checked(bytes: &'a [u8]) -> #rt::Result<Self> {
                let ::core::option::Option::Some(&first) = bytes.first()
                    else { return #rt::fail!(Truncated, #item, #text); };
                ::core::result::Result::Ok(match first {
                    #(#conditions => #packet::#names(<#headers as #rt::Header>::view(bytes)?),)*
                    #otherwise
                })
            }
        }

        #follow
    }
}

/// The patterns of an octet, the longest first.
fn conditions(prefix: &Prefix) -> Vec<TokenStream> {
    prefix
        .rows
        .iter()
        .map(|row| {
            let value = Literal::u8_unsuffixed(row.value);
            match 8 - row.bits {
                0 => quote!(first if first == #value),
                shift => {
                    let shift = Literal::u32_unsuffixed(shift);
                    quote!(first if first >> #shift == #value)
                }
            }
        })
        .collect()
}

/// The union as what follows another header.
fn follow(prefix: &Prefix, packet: &Ident) -> TokenStream {
    let Prefix { rt, name, .. } = prefix;
    let headers = prefix.rows.iter().map(|row| &row.header);
    let conditions = conditions(prefix);
    quote! {
        impl #rt::Follow for #name {
            type View<'a> = #packet<'a>;
            #[inline]
            fn look<'a>(bytes: &'a [u8]) -> #rt::Result<#packet<'a>> {
                #packet::new_checked(bytes)
            }
            fn walk(bytes: &[u8], then: &mut #rt::print::Then<'_>) -> ::core::fmt::Result {
                let ::core::option::Option::Some(&first) = bytes.first()
                    else { return then(#rt::print::Next::Nothing); };
                match first {
                    #(#conditions => #rt::print::follow::<#headers>(bytes, then),)*
                    _ => then(#rt::print::Next::Data(bytes)),
                }
            }
        }
    }
}
