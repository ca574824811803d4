//! Everything that a `#[header]` gives, put together, and the schema type.

use super::{Cx, diagram, docs, extras, fixed, laws, packet, packet_mut, print, repr};
use crate::check::header::Header;
use crate::model::{Member, Role};
use proc_macro2::TokenStream;
use quote::quote;

/// The output of `#[header]`.
pub(crate) fn header(header: &Header) -> TokenStream {
    let cx = Cx {
        rt: &header.rt,
        item: header.name.to_string(),
        little: header.layout.little,
    };
    let schema = schema(&cx, header);
    let packet = packet::packet(&cx, header);
    let packet_mut = packet_mut::packet_mut(&cx, header);
    let repr = repr::repr(&cx, header);
    let print = print::header(&cx, header);
    let laws = laws::header(&cx, header);
    let extras = extras::header(&cx, header);
    quote!(#schema #packet #packet_mut #repr #print #laws #extras)
}

fn schema(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        rt,
        name,
        vis,
        docs,
        packet,
        lifetime,
        layout,
        repr,
        ..
    } = header;
    let text = name.to_string();
    let min = layout.min_len();
    let order = if layout.little {
        quote!(Lsb0)
    } else {
        quote!(Msb0)
    };
    let max = header.max_header.map_or(quote!(usize::MAX), |max| {
        let max = max as usize;
        quote!(#max)
    });
    let repr_generics = header.repr_generics();
    let fields = layout.members.iter().map(|member| field(rt, member));
    let store = store(cx, header);
    let element = element(cx, header);
    let functions = functions(header);
    let pins = docs::pins(header);
    let diagram = diagram::header(header);
    quote! {
        #(#docs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis enum #name {}

        impl #rt::Header for #name {
            const NAME: &'static str = #text;
            const MIN_LEN: usize = #min;
            const MAX_LEN: usize = #max;
            const ORDER: #rt::BitOrder = #rt::BitOrder::#order;
            const DIAGRAM: &'static str = #diagram;
            const FIELDS: &'static [#rt::Field] = &[#(#fields),*];
            type Packet<#lifetime> = #packet<#lifetime>;
            type Repr<#lifetime> = #repr #repr_generics;
            #functions
        }
        #store
        #element
        #pins
    }
}

/// The functions of the schema trait: calls of the inherent ones.
fn functions(header: &Header) -> TokenStream {
    let Header {
        rt,
        packet,
        lifetime,
        repr,
        ..
    } = header;
    let view_in = if header.layout.needs_whole() {
        quote!(#packet::new_in(whole, bytes))
    } else {
        quote!(let _ = whole; #packet::new_checked(bytes))
    };
    let view_first = header.ends_itself().then(|| {
        let whole = match header.layout.needs_whole() {
            true => quote!(whole,),
            false => TokenStream::new(),
        };
        quote! {
            #[inline]
            fn view_first<#lifetime>(whole: &#lifetime [u8], bytes: &#lifetime [u8])
                -> #rt::Result<(#packet<#lifetime>, &#lifetime [u8])>
            {
                let _ = whole;
                #packet::__first(#whole bytes)
            }
        }
    });
    quote! {
            #view_first
            #[inline]
            fn view<#lifetime>(bytes: &#lifetime [u8]) -> #rt::Result<#packet<#lifetime>> {
                #packet::new_checked(bytes)
            }
            #[inline]
            fn view_in<#lifetime>(whole: &#lifetime [u8], bytes: &#lifetime [u8])
                -> #rt::Result<#packet<#lifetime>>
            {
                #view_in
            }
            #[inline]
            fn view_truncated<#lifetime>(bytes: &#lifetime [u8])
                -> #rt::Result<#packet<#lifetime>>
            {
                #packet::new_truncated(bytes)
            }
            #[inline]
            fn parse<#lifetime>(packet: &Self::Packet<#lifetime>)
                -> #rt::Result<Self::Repr<#lifetime>>
            {
                #repr::parse(packet)
            }
            #[inline]
            fn emit<'buf>(repr: &Self::Repr<'_>, buf: &'buf mut [u8])
                -> #rt::Result<&'buf mut [u8]>
            {
                repr.emit(buf)
            }
            #[inline]
            fn lengths(repr: &Self::Repr<'_>) -> (usize, usize) {
                (repr.header_len(), repr.buffer_len())
            }
            #[inline]
            fn octets<#lifetime>(packet: &Self::Packet<#lifetime>) -> (&#lifetime [u8], usize) {
                (packet.bytes(), packet.header_len())
            }
    }
}

fn field(rt: &TokenStream, member: &Member) -> TokenStream {
    let name = member.text();
    let role = match &member.role {
        Role::Value | Role::Hdr(_) => quote!(Value),
        Role::Reserved => quote!(Reserved),
        Role::Eq(_) => quote!(Constant),
        Role::Skip(_) => quote!(Skipped),
        Role::Len(_) => quote!(Length),
        Role::Count(_) => quote!(Count),
        Role::From(_) | Role::TagOf(_) => quote!(Control),
        Role::Trailer(_) => quote!(Trailer),
        Role::Checksum(_) => quote!(Checksum),
        Role::Payload => quote!(Payload),
    };
    if member.is_in(0) {
        let (bit, bits) = member.position();
        quote!(#rt::Field::fixed(#name, #rt::FieldRole::#role, #bit, #bits))
    } else {
        quote!(#rt::Field::open(#name, #rt::FieldRole::#role))
    }
}

fn store(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, name, vis) = (cx.rt, &header.name, &header.vis);
    let Some((member, spec)) = header.layout.checksum() else {
        return TokenStream::new();
    };
    let offset = fixed::offset(member);
    let nonzero = spec
        .zero_is_none
        .then(|| quote!(let value = if value == 0 { 0xffff } else { value };));
    quote! {
        impl #name {
            /// Octet of the header at which the checksum stands.
            #vis const CHECKSUM_OFFSET: usize = #offset;

            /// Writes a finished checksum into an emitted header; nothing if it is too short.
            #[inline]
            #vis fn store_checksum(header: &mut [u8], value: u16) {
                #nonzero
                if let ::core::option::Option::Some(field) = #rt::slot::<#offset, 2>(header) {
                    *field = value.to_be_bytes();
                }
            }
        }
    }
}

/// A header of fixed size without payload can be an item of an array.
fn element(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        rt,
        name,
        packet,
        repr,
        layout,
        ..
    } = header;
    if header.has_bytes() {
        return TokenStream::new();
    }
    let len = layout.fixed_len();
    let short = cx.err("BufferTooSmall", "");
    quote! {
        impl #rt::Element for #name {
            type Value = #repr;
            const SIZE: usize = #len;
            #[inline]
            fn read(bytes: &[u8]) -> ::core::option::Option<#repr> {
                let packet = #packet::new_checked(bytes).ok()?;
                #repr::parse(&packet).ok()
            }
            #[inline]
            fn write<'buf>(value: &#repr, buf: &'buf mut [u8])
                -> #rt::Result<&'buf mut [u8]>
            {
                if buf.len() < #len { return #short; }
                value.emit(buf)
            }
        }
    }
}
