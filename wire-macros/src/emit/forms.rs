//! Enums of encodings that a tag chooses.

use super::{Cx, canon, diagram, extras, field_docs, fixed, print};
use crate::check::forms::{Form, Forms};
use crate::model::Member;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The output of `#[forms]`.
pub(crate) fn forms(forms: &Forms) -> TokenStream {
    let Forms {
        rt,
        name,
        vis,
        docs,
        bits,
        ..
    } = forms;
    let all = &forms.forms;
    let little = all.iter().any(|form| form.layout.little);
    let cx = Cx {
        rt,
        item: name.to_string(),
        little,
    };
    let variants = all.iter().map(|form| declare(&cx, form));
    let first = all.first().map(|form| first(&cx, form));
    let functions = functions(&cx, all);
    let shows = all.iter().map(|form| show(&cx, form));
    let title = name.to_string();
    let lifetime = syn::Lifetime::new("'a", proc_macro2::Span::call_site());
    let format = extras::format(rt, &quote!(), &quote!(#name));
    let arbitrary = extras::arbitrary(
        rt,
        &lifetime,
        &quote!(#name),
        &quote!(#rt::arbitrary_form(u)),
    );
    quote! {
        #format
        #arbitrary

        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name { #(#variants,)* }

        impl #rt::Form for #name {
            const NAME: &'static str = #title;
            const TAG_BITS: u32 = #bits;
            #[inline]
            fn first() -> Self { #first }
            #functions
        }

        impl ::core::default::Default for #name {
            /// The first form, all zeros.
            fn default() -> Self { <Self as #rt::Form>::first() }
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match *self { #(#shows)* }
            }
        }
    }
}

/// The functions that look at every form.
fn functions(cx: &Cx, all: &[Form]) -> TokenStream {
    let rt = cx.rt;
    let sizes = all.iter().map(|form| {
        let (tag, len) = (tag(form), form.layout.fixed_len());
        quote!(#tag => #len,)
    });
    let reads = all.iter().map(|form| read(cx, form));
    let tags = all.iter().map(|form| {
        let (tag, pattern) = (tag(form), ignoring(form));
        quote!(#pattern => #tag,)
    });
    let lens = all.iter().map(|form| {
        let (len, pattern) = (form.layout.fixed_len(), ignoring(form));
        quote!(#pattern => #len,)
    });
    let puts = all.iter().map(|form| put(cx, form));
    let canons = all.iter().filter_map(|form| canon(cx, form));
    quote! {
            #[inline]
            fn size(tag: u8) -> ::core::option::Option<usize> {
                ::core::option::Option::Some(match tag {
                    #(#sizes)*
                    _ => return ::core::option::Option::None,
                })
            }
            #[inline]
            fn read(tag: u8, octets: &[u8]) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match tag {
                    #(#reads)*
                    _ => return ::core::option::Option::None,
                })
            }
            #[inline]
            fn tag(&self) -> u8 { match *self { #(#tags)* } }
            #[inline]
            fn wire_len(&self) -> usize { match *self { #(#lens)* } }
            #[inline]
            fn put<'buf>(&self, buf: &'buf mut [u8], at: &'static #rt::Site)
                -> #rt::Result<&'buf mut [u8]>
            {
                match *self { #(#puts)* }
            }
            #[allow(clippy::match_single_binding)]
            fn canon(tag: u8, octets: &mut [u8]) {
                let _ = &octets;
                match tag { #(#canons)* _ => {} }
            }
    }
}

fn tag(form: &Form) -> Literal {
    Literal::u64_unsuffixed(form.tag)
}

fn declare(cx: &Cx, form: &Form) -> TokenStream {
    let (name, docs) = (&form.name, &form.docs);
    let text = format!("`{name}`.");
    let docs = if docs.is_empty() {
        quote!(#[doc = #text])
    } else {
        quote!(#(#docs)*)
    };
    let block = diagram::block(&diagram::body(&form.layout));
    let block = (!block.is_empty()).then(|| quote!(#[doc = #block]));
    let docs = quote!(#docs #block);
    let fields: Vec<TokenStream> = form
        .layout
        .values()
        .map(|member| {
            let (docs, name, ty) = (field_docs(member, ""), &member.name, cx.public_type(member));
            if form.tuple {
                quote!(#ty)
            } else {
                quote!(#docs #name: #ty)
            }
        })
        .collect();
    match (form.tuple, fields.is_empty()) {
        (_, true) => quote!(#docs #name),
        (true, _) => quote!(#docs #name(#(#fields),*)),
        (false, _) => quote!(#docs #name { #(#fields,)* }),
    }
}

fn local(member: &Member) -> Ident {
    format_ident!("v_{}", member.name)
}

/// The variant with `values` for its fields, in order.
fn build(form: &Form, values: &[TokenStream]) -> TokenStream {
    let name = &form.name;
    let names: Vec<&Ident> = form.layout.values().map(|m| &m.name).collect();
    match (form.tuple, names.is_empty()) {
        (_, true) => quote!(Self::#name),
        (true, _) => quote!(Self::#name(#(#values),*)),
        (false, _) => quote!(Self::#name { #(#names: #values),* }),
    }
}

/// The pattern that binds the fields to their locals.
fn pattern(form: &Form) -> TokenStream {
    let locals: Vec<TokenStream> = form
        .layout
        .values()
        .map(|member| {
            let local = local(member);
            quote!(#local)
        })
        .collect();
    build(form, &locals)
}

/// The pattern that takes any fields.
fn ignoring(form: &Form) -> TokenStream {
    let name = &form.name;
    quote!(Self::#name { .. })
}

/// The form with zeros.
fn first(cx: &Cx, form: &Form) -> TokenStream {
    let values: Vec<TokenStream> = form
        .layout
        .values()
        .map(|member| super::zero(cx, member))
        .collect();
    build(form, &values)
}

fn read(cx: &Cx, form: &Form) -> TokenStream {
    let (tag, len) = (tag(form), form.layout.fixed_len());
    let run = quote!(run);
    let values: Vec<TokenStream> = form
        .layout
        .values()
        .map(|member| fixed::get(cx, &run, len, member))
        .collect();
    let value = build(form, &values);
    if values.is_empty() {
        return quote!(#tag => #value,);
    }
    quote!(#tag => { let run = octets.first_chunk::<#len>()?; #value })
}

fn put(cx: &Cx, form: &Form) -> TokenStream {
    let rt = cx.rt;
    let (pattern, len) = (pattern(form), form.layout.fixed_len());
    if len == 0 {
        return quote!(#pattern => ::core::result::Result::Ok(buf),);
    }
    let mut raws = TokenStream::new();
    for member in form.layout.values() {
        let local = local(member);
        let (raw, _) = fixed::lower(cx, member, &quote!(#local), &fixed::raw_name(member));
        raws.extend(raw);
    }
    let store = fixed::store(cx, &quote!(run), &form.layout, 0);
    quote! {
        #pattern => {
            #raws
            let ::core::option::Option::Some((run, rest)) = buf.split_first_chunk_mut::<#len>()
            else {
                return ::core::result::Result::Err(
                    #rt::Error::new(#rt::ErrorKind::BufferTooSmall, at));
            };
            #store
            ::core::result::Result::Ok(rest)
        }
    }
}

/// Zeros the reserved bits of a form that has such.
fn canon(cx: &Cx, form: &Form) -> Option<TokenStream> {
    let (tag, len) = (tag(form), form.layout.fixed_len());
    let writes = canon::canon_run(cx, &form.layout, 0, &quote!(run));
    if writes.is_empty() {
        return None;
    }
    Some(quote!(#tag => {
        let ::core::option::Option::Some(run) = octets.first_chunk_mut::<#len>()
            else { return; };
        #writes
    }))
}

fn show(cx: &Cx, form: &Form) -> TokenStream {
    let (pattern, text) = (pattern(form), form.name.to_string());
    let values: Vec<&Member> = form.layout.values().collect();
    let shown = |member: &Member| {
        let local = local(member);
        print::shown(cx, member, &quote!(#local))
    };
    match values.as_slice() {
        [] => quote!(#pattern => f.write_str(#text),),
        [only] if form.tuple => {
            let shown = shown(only);
            quote!(#pattern => ::core::fmt::Display::fmt(&#shown, f),)
        }
        _ => {
            let fields = values.iter().map(|member| {
                let (shown, name) = (shown(member), format!(" {}=", member.text()));
                quote!(f.write_str(#name)?; ::core::fmt::Display::fmt(&#shown, f)?;)
            });
            quote! {
                #pattern => {
                    f.write_str(#text)?;
                    #(#fields)*
                    ::core::result::Result::Ok(())
                }
            }
        }
    }
}
