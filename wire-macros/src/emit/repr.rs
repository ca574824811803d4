//! The lossless representation: what is not derived, parsed from a view and emitted to a buffer.

use super::{Cx, body, expr, field_docs, fixed};
use crate::check::header::Header;
use crate::check::layout::largest;
use crate::model::{Member, Piece, Region, Role};
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The Repr type with its inherent methods.
pub(crate) fn repr(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        vis,
        name,
        packet,
        repr,
        layout,
        rt,
        ..
    } = header;
    let values: Vec<&Member> = layout.values().collect();
    let names: Vec<&Ident> = values.iter().map(|m| &m.name).collect();
    let fields = values.iter().map(|member| {
        let (docs, vis, name) = (field_docs(member, ""), &member.vis, &member.name);
        let ty = cx.public_type(member);
        quote!(#docs #vis #name: #ty)
    });
    let zeros = values.iter().map(|member| super::zero(cx, member));
    let payload = layout.payload().map(|m| &m.name);
    let payload_field = payload.map(|_| {
        quote!(
            /// Octets of payload that follow the header.
            pub payload_len: usize,
        )
    });
    let payload_parse = payload.map(|name| quote!(payload_len: packet.#name().len(),));
    let payload_zero = payload.map(|_| quote!(payload_len: 0,));
    let generics = header.repr_generics();
    let doc = format!("What a header of [`{name}`] says, without what its layout derives.");
    let header_len = body::pieces_len(cx, layout, &of_self);
    let trailer = trailer(cx, header);
    let after = trailer
        .as_ref()
        .map(|_| quote!(.saturating_add(self.trailer_len())));
    let buffer_len = match payload {
        Some(_) => quote!(self.header_len().saturating_add(self.payload_len) #after),
        None => quote!(self.header_len()),
    };
    let buffer_doc = match trailer {
        Some(_) => " Length of header, payload and trailer in octets.",
        None => " Length of header and payload in octets.",
    };
    let emit = emit(cx, header);
    let parse_lifetime = header.view_lifetime();
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
            ::core::cmp::Eq, ::core::fmt::Debug)]
        #vis struct #repr #generics { #(#fields,)* #payload_field }

        impl #generics #repr #generics {
            /// What the header of `packet` says; the view has checked everything.
            #[inline]
            pub fn of(packet: &#packet<#parse_lifetime>) -> Self {
                Self { #(#names: packet.#names(),)* #payload_parse }
            }

            /// The same, as all parsing is called.
            ///
            /// # Errors
            /// None.
            #[inline]
            pub fn parse(packet: &#packet<#parse_lifetime>) -> #rt::Result<Self> {
                ::core::result::Result::Ok(Self::of(packet))
            }

            /// Length of the header in octets.
            #[inline]
            pub fn header_len(&self) -> usize { #header_len }

            #[doc = #buffer_doc]
            #[inline]
            pub fn buffer_len(&self) -> usize { #buffer_len }
            #trailer
            #emit
        }

        impl #generics ::core::default::Default for #repr #generics {
            /// Every field zero or empty.
            fn default() -> Self { Self { #(#names: #zeros,)* #payload_zero } }
        }
    }
}

/// The method that says how long the trailer is.
fn trailer(cx: &Cx, header: &Header) -> Option<TokenStream> {
    let (rt, layout) = (cx.rt, &header.layout);
    layout.trailer().map(|(member, len)| {
        let len = body::derived(cx, layout, len, &of_self);
        let doc = format!("Octets of `{}` that follow the payload.", member.name);
        quote! {
            #[doc = #doc]
            #[inline]
            pub fn trailer_len(&self) -> usize {
                #rt::Number::number(#len).unwrap_or(0) as usize
            }
        }
    })
}

impl Header {
    /// The lifetime of the view that a representation is made of.
    fn view_lifetime(&self) -> TokenStream {
        let lifetime = &self.lifetime;
        if self.layout.borrows() {
            quote!(#lifetime)
        } else {
            quote!('_)
        }
    }

    /// `<'a>` if the Repr borrows.
    pub(crate) fn repr_generics(&self) -> TokenStream {
        let lifetime = &self.lifetime;
        if self.layout.borrows() {
            quote!(<#lifetime>)
        } else {
            TokenStream::new()
        }
    }
}

fn of_self(member: &Member) -> TokenStream {
    let name = &member.name;
    quote!(self.#name)
}

fn emit(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, layout) = (cx.rt, &header.layout);
    let len = layout.fixed_len();
    let (fill, fallible) = fill(cx, header);
    let (call, result, ok) = if fallible {
        let result = quote!(-> #rt::Result<()>);
        (
            quote!(self.__fill(head, header_len)?;),
            result,
            quote!(::core::result::Result::Ok(())),
        )
    } else {
        (
            quote!(self.__fill(head, header_len);),
            TokenStream::new(),
            TokenStream::new(),
        )
    };
    let fixed = layout.pieces().is_empty().then(|| {
        quote! {
            /// Writes the header to a buffer of exactly its size.
            #[inline]
            pub fn emit_fixed(&self, head: &mut [u8; #len]) #result { self.__fill(head, #len) }
        }
    });
    let with = emit_with(cx, header, &call);
    let writers = if measured(header) {
        emit_measured(cx, header, &call)
    } else {
        emit_through(cx, header, &call)
    };
    quote! {
        #with
        #writers
        #fixed
        #[inline]
        fn __fill(&self, head: &mut [u8; #len], header_len: usize) #result { #fill #ok }
    }
}

/// Whether the length of the header is needed before it is written: some field states it, or it is
/// known anyway.
fn measured(header: &Header) -> bool {
    let layout = &header.layout;
    let states = |member: &Member| match &member.role {
        Role::Len(targets) => targets
            .iter()
            .any(|one| matches!(one.region, Region::Header | Region::Packet)),
        _ => false,
    };
    layout.pieces().is_empty() || layout.members.iter().any(states)
}

/// The methods of a header that is cut off the buffer before it is written.
fn emit_measured(cx: &Cx, header: &Header, call: &TokenStream) -> TokenStream {
    let (rt, layout, name) = (cx.rt, &header.layout, &header.name);
    let len = layout.fixed_len();
    let lens = |region: &Region| self::lens(cx, header, region);
    let tails = if body::is_one_tail(layout) {
        body::tail_fill(cx, layout, &of_self)
    } else {
        let pieces = body::pieces_emit(cx, layout, &of_self, &lens);
        quote!(#pieces let _ = rest;)
    };
    let has_vars = !layout.pieces().is_empty();
    let rest = if has_vars { quote!(rest) } else { quote!(_) };
    let tails = has_vars.then(|| quote!(#tails));
    quote! {
        /// Writes every octet of the header, its checksum as zero, and returns the rest of the
        /// buffer: the payload first.
        #[inline]
        pub fn emit<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
            let (_, rest) = self.emit_split(buf)?;
            ::core::result::Result::Ok(rest)
        }

        /// The same, and returns the octets of the header too.
        #[inline]
        pub fn emit_split<'buf>(&self, buf: &'buf mut [u8])
            -> #rt::Result<(&'buf mut [u8], &'buf mut [u8])>
        {
            let header_len = self.header_len();
            #rt::emit_header::<#name, #len>(buf, header_len, |head, #rest| {
                #call
                #tails
                ::core::result::Result::Ok(())
            })
        }
    }
}

/// The methods of a header whose end is found by writing it.
fn emit_through(cx: &Cx, header: &Header, call: &TokenStream) -> TokenStream {
    let (rt, layout) = (cx.rt, &header.layout);
    let len = layout.fixed_len();
    let lens = |region: &Region| self::lens(cx, header, region);
    let pieces = body::pieces_emit(cx, layout, &of_self, &lens);
    let short = cx.err("BufferTooSmall", "");
    let limit = header.max_packet.map(|max| {
        let (max, bad) = (max as usize, cx.err("OutOfRange", ""));
        let payload = layout
            .payload()
            .map(|_| quote!(.saturating_add(self.payload_len)));
        let after = layout
            .trailer()
            .map(|_| quote!(.saturating_add(self.trailer_len())));
        quote! {
            let header_len = room.wrapping_sub(rest.len());
            if header_len #payload #after > #max { return #bad; }
        }
    });
    let room = limit.is_some().then(|| quote!(let room = buf.len();));
    quote! {
        /// Writes every octet of the header, its checksum as zero, and returns the rest of the
        /// buffer: the payload first. What an error leaves in the buffer means nothing.
        #[inline]
        pub fn emit<'buf>(&self, buf: &'buf mut [u8]) -> #rt::Result<&'buf mut [u8]> {
            let header_len = 0;
            #room
            let ::core::option::Option::Some((head, rest)) = buf.split_first_chunk_mut::<#len>()
                else { return #short; };
            #call
            #pieces
            #limit
            ::core::result::Result::Ok(rest)
        }

        /// The same, and returns the octets of the header too.
        #[inline]
        pub fn emit_split<'buf>(&self, buf: &'buf mut [u8])
            -> #rt::Result<(&'buf mut [u8], &'buf mut [u8])>
        {
            let left = self.emit(buf)?.len();
            let header_len = buf.len().wrapping_sub(left);
            let ::core::option::Option::Some(parts) = buf.split_at_mut_checked(header_len)
                else { return #short; };
            ::core::result::Result::Ok(parts)
        }
    }
}

/// The method that writes a set of options in the place of a list, for headers that end in options
/// and state no other length of them than the header's.
fn emit_with(cx: &Cx, header: &Header, call: &TokenStream) -> Option<TokenStream> {
    let (rt, layout) = (cx.rt, &header.layout);
    let pieces = layout.pieces();
    let [Piece::Var(member)] = pieces.as_slice() else {
        return None;
    };
    let TyKind::Tail(Tail::Options(_, item)) = &member.ty.kind else {
        return None;
    };
    let states = |member: &Member| match &member.role {
        Role::Len(targets) => targets
            .iter()
            .any(|one| matches!(one.region, Region::Field(_))),
        _ => false,
    };
    if layout.members.iter().any(states) || header.max_packet.is_some() {
        return None;
    }
    let (len, name) = (layout.fixed_len(), &header.name);
    let doc = format!(
        " The same as `emit_split`, with the options of a set in the place of `{}`, which is not \
         looked at.",
        member.name
    );
    let short = cx.err("BufferTooSmall", "");
    let body = if measured(header) {
        quote! {
            let header_len = options.list_len().saturating_add(#len);
            #rt::emit_header::<#name, #len>(buf, header_len, |head, rest| {
                #call
                options.fill(rest)
            })
        }
    } else {
        quote! {
            let header_len = 0;
            let ::core::option::Option::Some((head, rest)) = buf.split_first_chunk_mut::<#len>()
                else { return #short; };
            #call
            let left = options.put(rest)?.len();
            let header_len = buf.len().wrapping_sub(left);
            let ::core::option::Option::Some(parts) = buf.split_at_mut_checked(header_len)
                else { return #short; };
            ::core::result::Result::Ok(parts)
        }
    };
    Some(quote! {
        #[doc = #doc]
        #[inline]
        pub fn emit_with<'buf>(&self, options: &impl #rt::OptionSet<#item>, buf: &'buf mut [u8])
            -> #rt::Result<(&'buf mut [u8], &'buf mut [u8])>
        { #body }
    })
}

/// The length of a region.
fn lens(cx: &Cx, header: &Header, region: &Region) -> TokenStream {
    let layout = &header.layout;
    let after = layout
        .trailer()
        .map(|_| quote!(.saturating_add(self.trailer_len())));
    match region {
        Region::Header => quote!(header_len),
        Region::Packet => match layout.payload() {
            Some(_) => quote!(header_len.saturating_add(self.payload_len) #after),
            None => quote!(header_len),
        },
        Region::Payload => quote!(self.payload_len),
        Region::Field(_) => body::field_len(cx, layout, region, &of_self),
    }
}

/// The statements that write the first run, and whether they can return an error.
fn fill(cx: &Cx, header: &Header) -> (TokenStream, bool) {
    let layout = &header.layout;
    let lens = |region: &Region| self::lens(cx, header, region);
    let (raws, fails) = body::raws(cx, layout, 0, &of_self, &lens);
    let (presence, refuses) = body::presence(cx, layout, &of_self);
    let field = |name: &Ident| quote!(self.#name);
    let fields = layout
        .members
        .iter()
        .filter_map(|m| Some((m.check.as_ref()?, m.text())));
    let checks: Vec<TokenStream> = header
        .checks
        .iter()
        .map(|check| (check, String::new()))
        .chain(fields)
        .map(|(check, name)| {
            let condition = expr::condition(cx.rt, check, &field);
            let bad = cx.err("Malformed", &name);
            quote!(if !(#condition) { return #bad; })
        })
        .collect();
    let limit = header.max_packet.filter(|_| measured(header)).map(|max| {
        let (max, bad) = (max as usize, cx.err("OutOfRange", ""));
        quote!(if self.buffer_len() > #max { return #bad; })
    });
    let natural = layout
        .regions
        .header
        .and_then(|(by, affine)| largest(layout, by, affine));
    let limit_of_size = header.max_header.filter(|max| Some(*max) != natural);
    let header_limit = layout.regions.header.and(limit_of_size).map(|max| {
        let (max, bad) = (max as usize, cx.err("OutOfRange", ""));
        quote!(if header_len > #max { return #bad; })
    });
    let fallible =
        fails || refuses || !checks.is_empty() || limit.is_some() || header_limit.is_some();
    let stores = fixed::store(cx, &quote!(head), layout, 0);
    (
        quote!(#(#checks)* #limit #header_limit #raws #presence #stores),
        fallible,
    )
}
