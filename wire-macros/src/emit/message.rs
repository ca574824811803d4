//! Unions of bodies behind a shared header, and tables of what follows a header.

use super::{Cx, diagram, extras, fixed, print, variant};
use crate::check::message::{Body, Message, MessageVariant, Payloads, quoted};
use crate::model::Role;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Path, Type};

/// The output of `#[message]`.
pub(crate) fn message(message: &Message) -> TokenStream {
    let Message {
        rt,
        name,
        vis,
        docs,
        lifetime,
        header,
        ..
    } = message;
    let cx = Cx {
        rt,
        item: name.to_string(),
        little: message.little,
    };
    let generics = if message.generic {
        quote!(<#lifetime>)
    } else {
        TokenStream::new()
    };
    let variants = message.variants.iter().map(|one| declare(&cx, one));
    let parse = parse(&cx, message);
    let lens = message.variants.iter().map(|one| len(&cx, message, one));
    let emits = message.variants.iter().map(|one| emit(&cx, message, one));
    let layer = layer(&cx, message);
    let format = extras::format(rt, &generics, &quote!(#name #generics));
    let body = quote!(#rt::arbitrary_message(u));
    let arbitrary = extras::arbitrary(rt, lifetime, &quote!(#name #generics), &body);
    quote! {
        #format
        #arbitrary

        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name #generics { #(#variants,)* }

        impl<#lifetime> #name #generics {
            /// The message behind the header `packet`.
            #[inline]
            pub fn parse(packet: &<#header as #rt::Header>::Packet<#lifetime>)
                -> #rt::Result<Self>
            {
                #parse
            }

            /// Octets of header and body.
            #[inline]
            pub fn buffer_len(&self) -> usize {
                match *self { #(#lens)* }
            }

            /// Writes header, its checksum as zero, and body; returns the rest of the buffer.
            #[inline]
            pub fn emit<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                match *self { #(#emits)* }
            }
        }

        #rt::with_laws! {
            impl<#lifetime> #rt::laws::Message<#lifetime> for #name #generics {
                type Header = #header;
                fn read(packet: &<#header as #rt::Header>::Packet<#lifetime>)
                    -> #rt::Result<Self>
                {
                    Self::parse(packet)
                }
                fn write<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
                    self.emit(buf)
                }
                fn wire_len(&self) -> usize { self.buffer_len() }
            }
        }
        #layer
    }
}

fn declare(cx: &Cx, one: &MessageVariant) -> TokenStream {
    match &one.body {
        Body::Fields { layout, .. } => {
            let diagram = diagram::body(layout);
            variant::declare(cx, &one.name, &one.docs, layout, &diagram)
        }
        Body::Unknown { layout, .. } => variant::declare(cx, &one.name, &one.docs, layout, ""),
        Body::Inner(ty) => {
            let (name, docs) = (&one.name, &one.docs);
            let text = format!("`{name}`.");
            let docs = if docs.is_empty() {
                quote!(#[doc = #text])
            } else {
                quote!(#(#docs)*)
            };
            quote!(#docs #name(#ty))
        }
    }
}

fn parse(cx: &Cx, message: &Message) -> TokenStream {
    let Message { tag, .. } = message;
    let arms = message.variants.iter().map(|one| {
        let name = &one.name;
        let patterns = one.tags.ranges.iter().map(|(low, high)| {
            let (from, to) = (
                Literal::u64_unsuffixed(*low),
                Literal::u64_unsuffixed(*high),
            );
            if low == high {
                quote!(#from)
            } else {
                quote!(#from..=#to)
            }
        });
        let conditions = one.tags.fields.iter().map(|(field, value)| {
            let value = Literal::u64_unsuffixed(*value);
            quote!(packet.#field() == #value)
        });
        let guard = (!one.tags.fields.is_empty()).then(|| quote!(if #(#conditions)&&*));
        match &one.body {
            Body::Fields { layout, checks } => {
                let shared = |field: &Ident| quote!(packet.#field());
                let text = name.to_string();
                let read =
                    variant::read(cx, layout, checks, "Truncated", usize::MAX, &shared, &text);
                let value = variant::pattern(name, layout);
                quote!(#(#patterns)|* #guard => { #read #value })
            }
            Body::Inner(ty) => {
                let inner = inner(cx, message, name, ty);
                quote!(#(#patterns)|* #guard => { #inner })
            }
            Body::Unknown { .. } => TokenStream::new(),
        }
    });
    let unknown = message.variants.iter().find_map(|one| match &one.body {
        Body::Unknown { layout, data } => {
            let name = &one.name;
            let fields = layout.values().filter(|m| m.name != *data).map(|member| {
                let field = &member.name;
                let value = fixed::public(cx, member, quote!(packet.#field()));
                quote!(#field: #value)
            });
            Some(quote!(_ => Self::#name { #(#fields,)* #data: body }))
        }
        _ => None,
    });
    let unsupported = cx.err("Unsupported", &tag.to_string());
    let unknown = unknown.unwrap_or_else(|| quote!(_ => return #unsupported));
    quote! {
        let body = packet.__payload();
        let message = match packet.#tag() { #(#arms)* #unknown };
        ::core::result::Result::Ok(message)
    }
}

/// A union inside of this one is read by a function of its own: where the compiler makes one of
/// both, every message pays for the fields of all.
fn inner(cx: &Cx, message: &Message, name: &Ident, ty: &Type) -> TokenStream {
    let Message {
        name: outer,
        header,
        lifetime,
        generic,
        ..
    } = message;
    let (rt, generics) = (cx.rt, generic.then(|| quote!(<#lifetime>)));
    quote! {
        #[inline(never)]
        fn inner<#lifetime>(packet: &<#header as #rt::Header>::Packet<#lifetime>)
            -> #rt::Result<#outer #generics>
        {
            <#ty>::parse(packet).map(#outer::#name)
        }
        return inner(packet);
    }
}

fn len(cx: &Cx, message: &Message, one: &MessageVariant) -> TokenStream {
    let (rt, header, name) = (cx.rt, &message.header, &one.name);
    let start = quote!(<#header as #rt::Header>::MIN_LEN);
    match &one.body {
        Body::Fields { layout, .. } => {
            let pattern = variant::pattern(name, layout);
            let len = variant::len(cx, layout);
            let locals = layout.values().map(variant::local);
            quote!(#pattern => { #(let _ = #locals;)* #start.saturating_add(#len) })
        }
        Body::Inner(_) => quote!(Self::#name(inner) => inner.buffer_len(),),
        Body::Unknown { data, .. } => {
            quote!(Self::#name { #data: data, .. } => #start.saturating_add(data.len()),)
        }
    }
}

/// `Icmpv6HeaderRepr` of `Icmpv6Header`.
fn repr_path(header: &Path) -> Path {
    let mut path = header.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!("{}Repr", last.ident);
    }
    path
}

fn emit(cx: &Cx, message: &Message, one: &MessageVariant) -> TokenStream {
    let rt = cx.rt;
    let repr = repr_path(&message.header);
    let (name, tag, text) = (&one.name, &message.tag, one.name.to_string());
    let rest = quote!(..<#repr as ::core::default::Default>::default());
    match &one.body {
        Body::Fields { layout, checks } => {
            let pattern = variant::pattern(name, layout);
            let conditions = variant::conditions(cx, layout, checks, &text);
            let len = variant::len(cx, layout);
            let first = one.tags.ranges.first().map_or(0, |(low, _)| *low);
            let number = Literal::u64_unsuffixed(first);
            let fixed_fields = one.tags.fields.iter().map(|(field, value)| {
                let value = Literal::u64_unsuffixed(*value);
                quote!(#field: #value,)
            });
            let mut lowers = TokenStream::new();
            let mut bound = TokenStream::new();
            for member in layout.members.iter() {
                let Role::Hdr(field) = &member.role else {
                    continue;
                };
                let (local, raw) = (variant::local(member), fixed::raw_name(member));
                let (lower, _) = fixed::lower(cx, member, &quote!(#local), &raw);
                lowers.extend(lower);
                bound.extend(quote!(#field: #raw,));
            }
            let write = variant::write(cx, layout, &text);
            quote! {
                #pattern => {
                    #conditions
                    #lowers
                    #[allow(clippy::needless_update)]
                    let header = #repr {
                        #tag: #number, #(#fixed_fields)* #bound payload_len: #len, #rest
                    };
                    let rest = header.emit(buf)?;
                    #write
                    ::core::result::Result::Ok(rest)
                }
            }
        }
        Body::Inner(_) => quote!(Self::#name(inner) => inner.emit(buf),),
        Body::Unknown { layout, data } => {
            let pattern = variant::pattern(name, layout);
            let item = &cx.item;
            let fields: Vec<_> = layout.values().filter(|m| m.name != *data).collect();
            let mut lowers = TokenStream::new();
            let mut bound = TokenStream::new();
            for member in fields {
                let (local, raw) = (variant::local(member), fixed::raw_name(member));
                let (lower, _) = fixed::lower(cx, member, &quote!(#local), &raw);
                let field = &member.name;
                lowers.extend(lower);
                bound.extend(quote!(#field: #raw,));
            }
            let data = format_ident!("v_{}", data);
            quote! {
                #pattern => {
                    #lowers
                    #[allow(clippy::needless_update)]
                    let header = #repr { #bound payload_len: #data.len(), #rest };
                    let rest = header.emit(buf)?;
                    #rt::put(#data, rest, &#rt::Site { header: #item, field: #text })
                }
            }
        }
    }
}

/// The printing of a union: its variant is the layer.
fn layer(cx: &Cx, message: &Message) -> TokenStream {
    let rt = cx.rt;
    let name = &message.name;
    let lifetime = message.generic.then(|| quote!(<'_>));
    let mut names = TokenStream::new();
    let mut fields = TokenStream::new();
    let mut nexts = TokenStream::new();
    for one in &message.variants {
        let (variant, text) = (&one.name, one.name.to_string());
        let layout = match &one.body {
            Body::Inner(_) => {
                names.extend(quote!(Self::#variant(inner) => #rt::print::Layer::name(inner),));
                fields.extend(
                    quote!(Self::#variant(inner) => #rt::print::Layer::fields(inner, visit)?,),
                );
                nexts
                    .extend(quote!(Self::#variant(inner) => #rt::print::Layer::next(inner, then),));
                continue;
            }
            Body::Fields { layout, .. } | Body::Unknown { layout, .. } => layout,
        };
        let pattern = variant::pattern(variant, layout);
        let is_data =
            |kind: &TyKind| matches!(kind, TyKind::Tail(Tail::Slice(_) | Tail::Nested(..)));
        let visits = layout
            .values()
            .filter(|m| !is_data(&m.ty.kind))
            .map(|member| {
                let local = variant::local(member);
                print::visit(cx, member, &quote!(#local))
            });
        names.extend(quote!(Self::#variant { .. } => #text,));
        let locals: Vec<_> = layout.values().map(variant::local).collect();
        fields.extend(quote!(#pattern => { #(let _ = #locals;)* #(#visits)* }));
        let data = layout
            .values()
            .find(|m| is_data(&m.ty.kind))
            .map(variant::local);
        let next = match (quoted(layout), data) {
            (Some(member), _) => {
                let local = variant::local(member);
                quote!(#rt::print::nested(#local, then))
            }
            (None, Some(local)) => quote!(then(#rt::print::Next::Data(#local))),
            (None, None) => quote!(then(#rt::print::Next::Nothing)),
        };
        nexts.extend(quote!(#pattern => { #(let _ = #locals;)* #next }));
    }
    quote! {
        impl #rt::print::Layer for #name #lifetime {
            fn name(&self) -> &'static str { match self { #names } }
            fn fields(&self, visit: &mut #rt::print::Visit<'_>) -> ::core::fmt::Result {
                match self { #fields }
                ::core::result::Result::Ok(())
            }
            fn next(&self, then: &mut #rt::print::Then<'_>) -> ::core::fmt::Result {
                match self { #nexts }
            }
        }

        impl ::core::fmt::Display for #name #lifetime {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #rt::print::Layer::line(self, f)
            }
        }
    }
}

/// The output of `#[payloads]`.
pub(crate) fn payloads(payloads: &Payloads) -> TokenStream {
    let Payloads {
        rt,
        name,
        vis,
        docs,
        lifetime,
        tag,
        rows,
        ..
    } = payloads;
    let names: Vec<_> = rows.iter().map(|row| &row.name).collect();
    let tags: Vec<_> = rows.iter().map(|row| &row.tag).collect();
    let headers: Vec<_> = rows.iter().map(|row| &row.header).collect();
    let row_docs = rows.iter().map(|row| {
        let text = format!("`{}`.", row.name);
        let docs = &row.docs;
        if docs.is_empty() {
            quote!(#[doc = #text])
        } else {
            quote!(#(#docs)*)
        }
    });
    let (unknown, unknown_docs) = match &payloads.unknown {
        Some((unknown, docs)) => (quote!(#unknown), quote!(#(#docs)*)),
        None => (quote!(Unknown), TokenStream::new()),
    };
    quote! {
        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #vis enum #name<#lifetime> {
            #(#row_docs #names(<#headers as #rt::Follow>::View<#lifetime>),)*
            /// A protocol without a declaration: its octets.
            #unknown_docs
            #unknown(&#lifetime [u8]),
        }

        impl<#lifetime> #name<#lifetime> {
            /// Views `payload` as the protocol that `tag` names.
            #[inline]
            pub fn select(tag: #tag, payload: &#lifetime [u8]) -> #rt::Result<Self> {
                ::core::result::Result::Ok(match tag {
                    #(#tags => Self::#names(<#headers as #rt::Follow>::look(payload)?),)*
                    _ => Self::#unknown(payload),
                })
            }

            #[doc(hidden)]
            pub fn walk(tag: #tag, payload: &[u8], then: &mut #rt::print::Then<'_>)
                -> ::core::fmt::Result
            {
                match tag {
                    #(#tags => <#headers as #rt::Follow>::walk(payload, then),)*
                    _ => then(#rt::print::Next::Data(payload)),
                }
            }
        }
    }
}
