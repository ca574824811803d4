//! The set of a family: a struct with the kinds that stand at most once in a list.

use super::{Cx, options as items, variant};
use crate::check::options::{OptionKind, Options};
use crate::model::Member;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The set type with its inherent methods, and a struct per kind of several fields.
pub(crate) fn set(cx: &Cx, options: &Options, name: &Ident) -> TokenStream {
    let Options {
        rt,
        vis,
        lifetime,
        name: family,
        ..
    } = options;
    let kinds: Vec<&OptionKind> = options.kinds.iter().filter(|kind| kind.once).collect();
    let borrows = kinds.iter().any(|kind| kind.layout.borrows());
    let generics = if borrows {
        quote!(<#lifetime>)
    } else {
        TokenStream::new()
    };
    let family_generics = options.generics();
    let family_options = options.generic.then(|| quote!(<'options>));
    let groups = kinds.iter().map(|kind| group(cx, options, kind));
    let fields = kinds.iter().map(|kind| field(cx, options, kind));
    let from_options = from_options(cx, options, &kinds);
    let writers = writers(cx, options, &kinds, name);
    let doc = format!("The options of [`{family}`] that stand at most once, by name.");
    let format = super::extras::format(rt, &generics, &quote!(#name #generics));
    quote! {
        #format
        #(#groups)*

        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug, ::core::default::Default)]
        #vis struct #name #generics {
            #(#fields,)*
            /// Options that stood there again and were left out: the first one counts.
            pub duplicates: u8,
        }

        impl<#lifetime> #name #generics {
            #from_options

            #writers
        }

        impl<'options, #lifetime> #rt::OptionSet<#family #family_options> for #name #generics {
            #[inline]
            fn list_len(&self) -> usize { self.encoded_len() }
            #[inline]
            fn fill(&self, exact: &mut [u8]) -> #rt::Result<()> {
                #rt::fill_padded::<#family>(exact, |buf| self.__items(buf))
            }
            #[inline]
            fn put<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                self.emit(buf)
            }
        }

        #rt::with_laws! {
            impl<#lifetime> #rt::laws::Set<#lifetime> for #name #generics {
                type Item = #family #family_generics;
                fn fold(options: &#rt::Options<#lifetime, Self::Item>) -> #rt::Result<Self> {
                    Self::from_options(options)
                }
                fn refold(&mut self, options: &#rt::Options<#lifetime, Self::Item>)
                    -> #rt::Result<()>
                {
                    self.refill(options)
                }
                fn write<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                    self.emit(buf)
                }
                fn wire_len(&self) -> usize { self.encoded_len() }
                fn first_only(self) -> Self { Self { duplicates: 0, ..self } }
            }
        }
    }
}

/// The constructors that fold a list.
fn from_options(cx: &Cx, options: &Options, kinds: &[&OptionKind]) -> TokenStream {
    let Options {
        rt,
        lifetime,
        name: family,
        ..
    } = options;
    let generics = options.generics();
    let take = items::take_into(cx, options, &|kind| {
        let mut all = kinds.iter().enumerate();
        all.find(|(_, one)| one.variant == kind.variant)
            .map(|one| keep(options, one))
    });
    let marks = marks(kinds);
    let fold_list = fold_list(options, kinds);
    let result = |call: TokenStream| match certain(options, kinds) {
        true => quote!({ #call; ::core::result::Result::Ok(()) }),
        false => call,
    };
    let fold_view = result(quote!(self.__fold(region)));
    let keep_items = result(quote!(self.__keep(options.as_items())));
    quote! {
            /// Folds a list once.
            #[inline]
            pub fn from_options(options: &#rt::Options<#lifetime, #family #generics>)
                -> #rt::Result<Self>
            {
                let mut set = <Self as ::core::default::Default>::default();
                set.__add(options)?;
                ::core::result::Result::Ok(set)
            }

            /// The same into a set that stands already, which is not moved then; what it had is
            /// forgotten, and what an error leaves in it means nothing.
            #[inline]
            pub fn refill(&mut self, options: &#rt::Options<#lifetime, #family #generics>)
                -> #rt::Result<()>
            {
                *self = <Self as ::core::default::Default>::default();
                self.__add(options)
            }

            /// Keeps what the list has, in an empty set. A view and a list of items are walked
            /// apart, as who reads packets has no lists of items.
            #[inline]
            fn __add(&mut self, options: &#rt::Options<#lifetime, #family #generics>)
                -> #rt::Result<()>
            {
                match options.as_bytes() {
                    ::core::option::Option::Some(region) => #fold_view,
                    ::core::option::Option::None => #keep_items,
                }
            }

            #fold_list

            /// Keeps the first item of a region that is not empty.
            #[inline(always)]
            fn __take(&mut self, seen: &mut #marks, region: &#lifetime [u8])
                -> #rt::Result<(#rt::Taken<()>, &#lifetime [u8])>
            {
                #take
            }

            /// Counts an option that stood there before.
            #[inline]
            fn __again(&mut self) { self.duplicates = self.duplicates.saturating_add(1); }
    }
}

/// The method that keeps what a list has.
fn fold_list(options: &Options, kinds: &[&OptionKind]) -> TokenStream {
    let Options {
        rt,
        lifetime,
        name: family,
        ..
    } = options;
    let generics = options.generics();
    let folds = kinds.iter().enumerate().map(|one| fold(options, one));
    let required = kinds.iter().enumerate();
    let required = required.filter(|(_, kind)| kind.required).map(|one| {
        let (item, text) = (family.to_string(), one.1.variant.to_string());
        let seen = seen(one);
        quote! {
            if !#seen { return #rt::fail!(Malformed, #item, #text); }
        }
    });
    let failed = if options.stop {
        quote!(break)
    } else {
        quote!(return ::core::result::Result::Err(error))
    };
    let marks = marks(kinds);
    let (result, complete) = if certain(options, kinds) {
        (quote!(), quote!())
    } else {
        (
            quote!(-> #rt::Result<()>),
            quote! {
                #(#required)*
                let _ = seen;
                ::core::result::Result::Ok(())
            },
        )
    };
    quote! {
            /// Keeps what a view has, in an empty set; apart, so that the set is filled where it
            /// stands.
            #[inline(never)]
            fn __fold(&mut self, mut region: &#lifetime [u8]) #result {
                // A bit for each kind that was there, so that no field is read again.
                let mut seen: #marks = 0;
                while !region.is_empty() {
                    match self.__take(&mut seen, region) {
                        ::core::result::Result::Ok((#rt::Taken::End, _)) => break,
                        ::core::result::Result::Ok((_, rest)) => region = rest,
                        ::core::result::Result::Err(error) => { let _ = error; #failed }
                    }
                }
                let seen = &seen;
                let _ = seen;
                #complete
            }

            /// The same of items.
            #[inline(never)]
            fn __keep(&mut self, items: &[#family #generics]) #result {
                let mut marks: #marks = 0;
                let seen = &mut marks;
                for item in items {
                    if #rt::OptionItem::is_end(item) { break; }
                    match *item {
                        #(#folds)*
                        _ => {}
                    }
                }
                #complete
            }
    }
}

/// Whether there are no errors: a list ends where it cannot be read, and may be empty.
fn certain(options: &Options, kinds: &[&OptionKind]) -> bool {
    options.stop && !kinds.iter().any(|kind| kind.required)
}

/// The integer with a bit for each kind.
fn marks(kinds: &[&OptionKind]) -> TokenStream {
    crate::model::storage(kinds.len().clamp(32, MARKS) as u32)
}

/// Kinds that have a bit; that the others were there is seen from their fields.
const MARKS: usize = 64;

/// Whether a kind was there before.
fn seen((at, kind): (usize, &&OptionKind)) -> TokenStream {
    let name = snake(&kind.variant);
    match (mark(at), kind.layout.values().next()) {
        (Some(bit), _) => quote!((*seen & #bit != 0)),
        (None, None) => quote!(self.#name),
        (None, Some(_)) => quote!(self.#name.is_some()),
    }
}

/// The bit of a kind.
fn mark(at: usize) -> Option<Literal> {
    (at < MARKS).then(|| Literal::u64_unsuffixed(1 << at))
}

/// The methods that measure and write a list.
fn writers(cx: &Cx, options: &Options, kinds: &[&OptionKind], name: &Ident) -> TokenStream {
    let Options {
        rt, name: family, ..
    } = options;
    let family_generics_buf = options.generic.then(|| quote!(<'buf>));
    let (item, text) = (name.to_string(), "");
    let mut kinds: Vec<&OptionKind> = kinds.to_vec();
    kinds.sort_by_key(|kind| !kind.first);
    let mark = options.kinds.iter().find(|kind| kind.end && kind.required);
    let mark_len = mark.map(|_| {
        let octets = options.widths.0;
        quote!(len = len.saturating_add(#octets);)
    });
    let mark_emit = mark.map(|kind| {
        let write = items::write_of(cx, options, kind);
        quote!(let buf = #write;)
    });
    let lens = kinds.iter().map(|kind| {
        let (pattern, len) = (some(options, kind), items::len_of(cx, options, kind));
        quote!(if let #pattern { len = len.saturating_add(#len); })
    });
    let emits = kinds.iter().map(|kind| {
        if let Some(write) = items::write_some(cx, options, kind, &snake(&kind.variant)) {
            let name = snake(&kind.variant);
            return quote!(let buf = if self.#name.is_some() { #write } else { buf };);
        }
        let (pattern, write) = (some(options, kind), items::write_of(cx, options, kind));
        quote!(let buf = if let #pattern { #write } else { buf };)
    });
    quote! {
            /// Octets of the list on the wire, padded.
            #[inline]
            pub fn encoded_len(&self) -> usize {
                let mut len = 0_usize;
                #(#lens)*
                #mark_len
                #rt::padded_len::<#family>(len)
            }

            /// Writes the list in the order of the declaration, padded, and returns the rest.
            #[inline]
            pub fn emit<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                let (_, rest) = self.__split(buf)?;
                ::core::result::Result::Ok(rest)
            }

            /// Writes the list to `buf` and views it, as a header takes it.
            #[inline]
            pub fn encode<'buf>(&self, buf: &'buf mut [u8])
                -> #rt::Result<#rt::Options<'buf, #family #family_generics_buf>>
            {
                let (list, _) = self.__split(buf)?;
                ::core::result::Result::Ok(#rt::Options::raw(list))
            }

            #[inline]
            fn __split<'buf>(&self, buf: &'buf mut [u8])
                -> #rt::Result<(&'buf mut [u8], &'buf mut [u8])>
            {
                const AT: &#rt::Site = &#rt::Site { header: #item, field: #text };
                #rt::split_padded::<#family>(buf, AT, |buf| self.__items(buf))
            }

            #[inline]
            fn __items<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                #(#emits)*
                #mark_emit
                ::core::result::Result::Ok(buf)
            }
    }
}

/// `window_scale` of `WindowScale`.
pub(super) fn snake(name: &Ident) -> Ident {
    let mut text = String::new();
    for (index, letter) in name.to_string().chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    let span = name.span();
    match syn::parse_str::<Ident>(&text) {
        Ok(_) => Ident::new(&text, span),
        // A keyword; of these a few cannot be raw identifiers.
        Err(_) if ["self", "super", "crate"].contains(&text.as_str()) => {
            format_ident!("{}_", text, span = span)
        }
        Err(_) => Ident::new_raw(&text, span),
    }
}

fn group_name(options: &Options, kind: &OptionKind) -> Ident {
    format_ident!("{}{}", options.name, kind.variant)
}

fn values(kind: &OptionKind) -> Vec<&Member> {
    kind.layout.values().collect()
}

/// The struct of a kind of several fields.
fn group(cx: &Cx, options: &Options, kind: &OptionKind) -> TokenStream {
    let values = values(kind);
    if values.len() < 2 {
        return TokenStream::new();
    }
    let (vis, lifetime) = (&options.vis, &options.lifetime);
    let name = group_name(options, kind);
    let generics = kind.layout.borrows().then(|| quote!(<#lifetime>));
    let doc = format!("The fields of [`{}::{}`].", options.name, kind.variant);
    let fields = values.iter().map(|member| {
        let (docs, name) = (super::field_docs(member, ""), &member.name);
        let ty = cx.public_type(member);
        quote!(#docs pub #name: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis struct #name #generics { #(#fields,)* }
    }
}

/// The field of a kind in the set.
fn field(cx: &Cx, options: &Options, kind: &OptionKind) -> TokenStream {
    let name = snake(&kind.variant);
    let doc = format!("[`{}::{}`].", options.name, kind.variant);
    let docs = if kind.docs.is_empty() {
        quote!(#[doc = #doc])
    } else {
        let docs = &kind.docs;
        quote!(#(#docs)*)
    };
    match values(kind).as_slice() {
        [] => quote!(#docs pub #name: bool),
        [only] => {
            let ty = cx.public_type(only);
            quote!(#docs pub #name: ::core::option::Option<#ty>)
        }
        _ => {
            let (group, lifetime) = (group_name(options, kind), &options.lifetime);
            let generics = kind.layout.borrows().then(|| quote!(<#lifetime>));
            quote!(#docs pub #name: ::core::option::Option<#group #generics>)
        }
    }
}

/// The arm that keeps an item.
fn fold(options: &Options, one: (usize, &&OptionKind)) -> TokenStream {
    let (family, variant) = (&options.name, &one.1.variant);
    let values = values(one.1);
    let names: Vec<_> = values.iter().map(|m| &m.name).collect();
    let locals: Vec<_> = values.iter().map(|m| variant::local(m)).collect();
    let keep = keep(options, one);
    match names.as_slice() {
        [] => quote!(#family::#variant => { #keep }),
        _ => quote!(#family::#variant { #(#names: #locals),* } => { #keep }),
    }
}

/// Statements that keep the locals of a kind, and count them if there were some before.
fn keep(options: &Options, one: (usize, &&OptionKind)) -> TokenStream {
    let (at, kind) = one;
    let name = snake(&kind.variant);
    let values = values(kind);
    let names: Vec<_> = values.iter().map(|m| &m.name).collect();
    let locals: Vec<_> = values.iter().map(|m| variant::local(m)).collect();
    let mark = mark(at).map(|bit| quote!(*seen |= #bit;));
    let seen = seen(one);
    let new = match names.as_slice() {
        [] => quote!(true),
        [_] => quote!(::core::option::Option::Some(#(#locals)*)),
        _ => {
            let group = group_name(options, kind);
            quote!(::core::option::Option::Some(#group { #(#names: #locals),* }))
        }
    };
    let new = quote!(#mark self.#name = #new;);
    if kind.last {
        quote!(if #seen { self.__again(); } #new)
    } else {
        quote!(if #seen { self.__again(); } else { #new })
    }
}

/// The pattern for a kind that is set, with the value that it is matched against.
fn some(options: &Options, kind: &OptionKind) -> TokenStream {
    let name = snake(&kind.variant);
    let values = values(kind);
    let names: Vec<_> = values.iter().map(|m| &m.name).collect();
    let locals: Vec<_> = values.iter().map(|m| variant::local(m)).collect();
    match names.as_slice() {
        [] => quote!(true = self.#name),
        [_] => quote!(::core::option::Option::Some(#(#locals)*) = self.#name),
        _ => {
            let group = group_name(options, kind);
            quote!(::core::option::Option::Some(#group { #(#names: #locals),* }) = self.#name)
        }
    }
}
