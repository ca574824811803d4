//! The zero-copy view: every length and constant checked once, accessors infallible by type.

use super::access::{Access, run_local, run_name};
use super::{Cx, body, docs, expr, field_docs};
use crate::check::header::Header;
use crate::model::{Extent, Member, Piece, Place};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The packet type with its inherent methods.
pub(crate) fn packet(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        vis,
        packet,
        lifetime,
        layout,
        ..
    } = header;
    let docs = docs::packet(header);
    let len = layout.fixed_len();
    let tails: Vec<&Ident> = tails(header).map(|m| &m.name).collect();
    let runs = runs(header).map(|(name, _, len)| quote!(#name: &#lifetime [u8; #len],));
    let bytes = header
        .has_bytes()
        .then(|| quote!(__bytes: &#lifetime [u8],));
    let whole = layout
        .needs_whole()
        .then(|| quote!(__whole: &#lifetime [u8],));
    let parse = parse(cx, header);
    let getters = getters(cx, header);
    let regions = regions(cx, header);
    let verify = verify(cx, header);
    let payload = layout.payload().map(|m| {
        let name = &m.name;
        quote! {
            #[doc(hidden)]
            #[inline(always)]
            pub fn __payload(&self) -> &#lifetime [u8] { self.#name }
        }
    });
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #packet<#lifetime> {
            __head: &#lifetime [u8; #len],
            #bytes
            #whole
            #(#runs)*
            #(#tails: &#lifetime [u8],)*
        }

        impl<#lifetime> #packet<#lifetime> {
            #parse
            #(#getters)*
            #regions
            #verify
            #payload
        }
    }
}

/// The members that are kept as slices: variable fields, the payload and what follows it.
pub(crate) fn tails(header: &Header) -> impl Iterator<Item = &Member> {
    let layout = &header.layout;
    let trailer = layout.trailer().map(|(member, _)| member);
    layout.vars().chain(layout.payload()).chain(trailer)
}

/// The runs after the first: field, local and length.
pub(crate) fn runs(header: &Header) -> impl Iterator<Item = (Ident, Ident, usize)> {
    let later = header.layout.runs.iter().enumerate().skip(1);
    later.map(|(run, one)| (run_name(run), run_local(run), one.len))
}

impl Header {
    /// Whether the view needs a slice of the whole packet.
    pub(crate) fn has_bytes(&self) -> bool {
        tails(self).next().is_some()
    }

    /// Whether the last field is the end of the packet, and there is always some octet before it.
    pub(crate) fn ends_itself(&self) -> bool {
        let layout = &self.layout;
        let open = layout.payload().is_some() || layout.regions.header.is_some();
        self.has_bytes() && !open && !self.bounded() && layout.min_len() > 0
    }

    /// Whether a length field bounds the packet.
    pub(crate) fn bounded(&self) -> bool {
        self.layout.regions.packet.is_some() || self.layout.regions.payload.is_some()
    }
}

fn parse(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        lifetime, packet, ..
    } = header;
    let rt = cx.rt;
    let in_whole = header.layout.needs_whole();
    let whole_bytes = in_whole.then(|| quote!(bytes,));
    let new_in = in_whole.then(|| {
        quote! {
            /// The same for a part of a message whose fields refer to octets of `whole`.
            #[inline]
            pub fn new_in(whole: &#lifetime [u8], bytes: &#lifetime [u8]) -> #rt::Result<Self> {
                Self::__new::<false>(whole, bytes)
            }
        }
    });
    let truncated = if header.bounded() {
        quote!(Self::__new::<true>(#whole_bytes bytes))
    } else {
        quote!(Self::new_checked(bytes))
    };
    let new = new(cx, header);
    let packet_name = packet.to_string();
    let doc = format!(
        "Checks every length and constant of `bytes` once, then views them as `{packet_name}`."
    );
    quote! {
        #[doc = #doc]
        #[inline]
        pub fn new_checked(bytes: &#lifetime [u8]) -> #rt::Result<Self> {
            Self::__new::<false>(#whole_bytes bytes)
        }
        #new_in

        /// The same for a packet that was cut short, as the quote in an ICMP error is: the header
        /// is complete, the payload may end early.
        #[inline]
        pub fn new_truncated(bytes: &#lifetime [u8]) -> #rt::Result<Self> {
            #truncated
        }

        #new
    }
}

/// The function behind all constructors, and one that gives what follows the packet too, where
/// that is at hand.
fn new(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, lifetime) = (cx.rt, &header.lifetime);
    let in_whole = header.layout.needs_whole();
    let whole_param = in_whole.then(|| quote!(whole: &#lifetime [u8],));
    let whole = in_whole.then(|| quote!(whole,));
    let view = view(cx, header);
    if !header.ends_itself() {
        return quote! {
            #[inline(always)]
            fn __new<const CUT: bool>(#whole_param bytes: &#lifetime [u8]) -> #rt::Result<Self> {
                #view
                ::core::result::Result::Ok(packet)
            }
        };
    }
    quote! {
        #[inline(always)]
        fn __new<const CUT: bool>(#whole_param bytes: &#lifetime [u8]) -> #rt::Result<Self> {
            let (packet, _) = Self::__first(#whole bytes)?;
            ::core::result::Result::Ok(packet)
        }

        #[inline(always)]
        fn __first(#whole_param bytes: &#lifetime [u8])
            -> #rt::Result<(Self, &#lifetime [u8])>
        {
            #view
            ::core::result::Result::Ok((packet, rest))
        }
    }
}

/// Statements that check the octets and bind `packet`.
fn view(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let len = layout.fixed_len();
    let short = cx.err("Truncated", "");
    let constants = body::constants(cx, layout, 0);
    let header_len = header_region(cx, header);
    let packet_len = packet_region(cx, header);
    let split = split(cx, header);
    let names: Vec<&Ident> = tails(header).map(|m| &m.name).collect();
    let locals = tails(header).map(body::local);
    let run_fields = runs(header).map(|(name, local, _)| quote!(#name: #local,));
    let bytes = header.has_bytes().then(|| quote!(__bytes: bytes,));
    let whole = layout.needs_whole().then(|| quote!(__whole: whole,));
    let checks = checks(cx, header);
    quote! {
        let ::core::option::Option::Some(head) = bytes.first_chunk::<#len>()
            else { return #short; };
        #constants
        #header_len
        #packet_len
        #split
        let packet = Self {
            __head: head, #bytes #whole #(#run_fields)* #(#names: #locals,)*
        };
        #checks
    }
}

/// Binds `vars`: the octets of the header after its fixed run.
fn header_region(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let Some((by, affine)) = layout.regions.header else {
        return TokenStream::new();
    };
    let len = layout.fixed_len();
    let name = body::name_of(layout, by);
    let stated = body::stated(cx, layout, by, affine);
    let bad = cx.err("Malformed", &name);
    let natural = crate::check::layout::largest(layout, by, affine);
    let limit = header
        .max_header
        .filter(|max| Some(*max) != natural)
        .map(|max| {
            let max = max as usize;
            quote!(if header_len > #max { return #bad; })
        });
    quote! {
        let ::core::option::Option::Some(header_len) = #stated else { return #bad; };
        let ::core::option::Option::Some(vars) = header_len.checked_sub(#len)
            else { return #bad; };
        #limit
    }
}

/// Trims `bytes` to the packet.
fn packet_region(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let len = layout.fixed_len();
    let max = header.max_packet.map(|max| {
        let (max, bad) = (max as usize, cx.err("Malformed", ""));
        quote!(if bytes.len() > #max { return #bad; })
    });
    let least = match layout.regions.header {
        Some(_) => quote!(header_len),
        None => quote!(#len),
    };
    let (by, stated) = match (layout.regions.packet, layout.regions.payload) {
        (Some((by, affine)), _) => (by, body::stated(cx, layout, by, affine)),
        (None, Some((by, affine))) => {
            // Only the fixed run and the header region can stand before the payload.
            let stated = body::stated(cx, layout, by, affine);
            (
                by,
                quote!((#stated).and_then(|len| len.checked_add(#least))),
            )
        }
        (None, None) => return max.unwrap_or_default(),
    };
    let name = body::name_of(layout, by);
    let (bad, short) = (cx.err("Malformed", &name), cx.err("Truncated", &name));
    quote! {
        let ::core::option::Option::Some(packet_len) = #stated else { return #bad; };
        if packet_len < #least { return #bad; }
        let bytes = match bytes.split_at_checked(packet_len) {
            ::core::option::Option::Some((bytes, _)) => bytes,
            ::core::option::Option::None if CUT => bytes,
            ::core::option::Option::None => return #short,
        };
        #max
    }
}

/// Splits the variable fields and the payload from `bytes`.
fn split(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let rt = cx.rt;
    let len = layout.fixed_len();
    if !header.has_bytes() {
        return TokenStream::new();
    }
    let short = cx.err("Truncated", "");
    let start = quote! {
        let ::core::option::Option::Some((head, rest)) = bytes.split_first_chunk::<#len>()
            else { return #short; };
    };
    let after = after(cx, header);
    if let Some((by, _)) = layout.regions.header {
        let split = body::split(cx, layout, "Malformed");
        let full = layout
            .vars()
            .any(|m| matches!(m.place, Place::Var(Extent::RestOfHeader)));
        let name = body::name_of(layout, by);
        let (bad, short) = (cx.err("Malformed", &name), cx.err("Truncated", &name));
        let leftover = (!full).then(|| quote!(if !rest.is_empty() { return #bad; }));
        let after = if after.is_empty() {
            quote! {
                let (bytes, _) = bytes.split_at_checked(header_len).unwrap_or((bytes, #rt::NONE));
            }
        } else {
            quote!(let rest = after; #after)
        };
        return quote! {
            #start
            let ::core::option::Option::Some((rest, after)) = rest.split_at_checked(vars)
                else { return #short; };
            #split
            #leftover
            #after
        };
    }
    let split = body::split(cx, layout, "Truncated");
    let after = if after.is_empty() {
        quote! {
            let used = bytes.len().wrapping_sub(rest.len());
            let (bytes, _) = bytes.split_at_checked(used).unwrap_or((bytes, #rt::NONE));
        }
    } else {
        after
    };
    quote!(#start #split #after)
}

/// Splits payload and trailer from `rest`, if there are such.
fn after(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let Some(payload) = layout.payload().map(body::local) else {
        return TokenStream::new();
    };
    let cut = layout
        .trailer()
        .filter(|_| layout.cut_after().is_none())
        .map(|(trailer, len)| body::cut(cx, layout, trailer, len));
    quote!(#cut let #payload = rest;)
}

/// Returns `Malformed` where a `#[check]` does not hold.
fn checks(cx: &Cx, header: &Header) -> TokenStream {
    let field = |name: &Ident| quote!(packet.#name());
    let item = header.checks.iter().map(|check| (check, String::new()));
    let fields = header
        .layout
        .members
        .iter()
        .filter_map(|m| m.check.as_ref().map(|check| (check, m.text())));
    let all = item.chain(fields).map(|(check, name)| {
        let condition = expr::condition(cx.rt, check, &field);
        let bad = cx.err("Malformed", &name);
        quote!(if !(#condition) { return #bad; })
    });
    quote!(#(#all)*)
}

fn getters(cx: &Cx, header: &Header) -> Vec<TokenStream> {
    let layout = &header.layout;
    let named = layout
        .members
        .iter()
        .filter(|m| !matches!(m.role, crate::model::Role::Reserved));
    let getter = |member: &Member| {
        let (name, docs) = (&member.name, field_docs(member, ""));
        let ty = cx.public_type(member);
        let value = Access::View.value(cx, layout, member);
        quote!(#docs #[inline] pub fn #name(&self) -> #ty { #value })
    };
    named.map(getter).collect()
}

fn regions(cx: &Cx, header: &Header) -> TokenStream {
    let rt = cx.rt;
    let Header {
        lifetime, layout, ..
    } = header;
    let vars = layout.vars().map(|m| {
        let name = &m.name;
        quote!(.wrapping_add(self.#name.len()))
    });
    let len = layout.min_len();
    let (bytes, header_bytes) = if header.has_bytes() {
        let split = quote!(self.__bytes.split_at_checked(self.header_len()));
        (
            quote!(self.__bytes),
            quote!(#split.unwrap_or((self.__bytes, #rt::NONE)).0),
        )
    } else {
        (quote!(self.__head), quote!(self.__head))
    };
    quote! {
        /// Length of the header in octets.
        #[inline]
        pub fn header_len(&self) -> usize { #len #(#vars)* }

        /// The octets of the packet, without what follows it in the buffer.
        #[inline]
        pub fn bytes(&self) -> &#lifetime [u8] { #bytes }

        /// The octets of the header.
        #[inline]
        pub fn header_bytes(&self) -> &#lifetime [u8] { #header_bytes }
    }
}

fn verify(cx: &Cx, header: &Header) -> TokenStream {
    let rt = cx.rt;
    let layout = &header.layout;
    let Some((member, spec)) = layout.checksum() else {
        return TokenStream::new();
    };
    let name = &member.name;
    let none = spec
        .zero_is_none
        .then(|| quote!(if self.#name() == 0 { return true; }));
    let none_doc = spec.zero_is_none.then(|| {
        quote!(#[doc = " A checksum of zero means that the sender computed none, and is right."])
    });
    if let Some(proto) = spec.pseudo {
        return quote! {
            /// Whether the checksum is right, with the addresses of `pseudo`.
            #none_doc
            #[inline]
            pub fn verify_checksum(&self, pseudo: &impl #rt::PseudoHeader) -> bool {
                #none
                let bytes = self.bytes();
                let pseudo = #rt::PseudoHeader::sum(pseudo, #proto, bytes.len() as u32);
                pseudo.add(#rt::Sum::of(bytes)).finish() == 0
            }
        };
    }
    let sum = if spec.packet {
        quote!(#rt::Sum::of(self.bytes()))
    } else {
        match layout.pieces().as_slice() {
            [] => quote!(#rt::Sum::of_array(self.__head)),
            [Piece::Var(var)] => {
                let (var, before) = (&var.name, layout.fixed_len());
                quote!(#rt::Sum::of_array(self.__head).concat(#before, #rt::Sum::of(self.#var)))
            }
            _ => quote!(#rt::Sum::of(self.header_bytes())),
        }
    };
    quote! {
        /// Whether the checksum is right.
        #none_doc
        #[inline]
        pub fn verify_checksum(&self) -> bool {
            #none
            #sum.finish() == 0
        }
    }
}
