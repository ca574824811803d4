//! The mutable view: setters for fields that do not steer the layout, checksums kept right.

use super::access::{Access, run_local, run_name};
use super::{Cx, body, canon, field_docs, fixed};
use crate::check::header::Header;
use crate::model::{Member, Piece, Role};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The mutable packet type with its inherent methods.
pub(crate) fn packet_mut(cx: &Cx, header: &Header) -> TokenStream {
    let Header {
        vis,
        packet,
        packet_mut,
        lifetime,
        layout,
        rt,
        ..
    } = header;
    let len = layout.fixed_len();
    let doc = format!("Mutable view of the octets of [`{packet}`]: same length, changed fields.");
    let pieces = pieces(header);
    let short = cx.err("Truncated", "");
    let lens = pieces.iter().map(|piece| match piece {
        Kept::Run(..) => TokenStream::new(),
        Kept::Tail(name, local) => quote!(let #local = packet.#name.len();),
    });
    let splits = pieces.iter().map(|piece| match piece {
        Kept::Run(_, local, len) => quote! {
            let ::core::option::Option::Some((#local, rest)) =
                rest.split_first_chunk_mut::<#len>() else { return #short; };
        },
        Kept::Tail(_, local) => quote! {
            let ::core::option::Option::Some((#local, rest)) =
                rest.split_at_mut_checked(#local) else { return #short; };
        },
    });
    let declared = pieces.iter().map(|piece| match piece {
        Kept::Run(name, _, len) => quote!(#name: &#lifetime mut [u8; #len],),
        Kept::Tail(name, _) => quote!(#name: &#lifetime mut [u8],),
    });
    let fields = pieces.iter().map(|piece| match piece {
        Kept::Run(name, local, _) | Kept::Tail(name, local) => {
            let _: &Ident = local;
            quote!(#name: #local,)
        }
    });
    let accessors = layout.fixed().map(|member| accessor(cx, header, member));
    let payload = layout.payload().map(|m| payload(&m.name, lifetime));
    let checksum = checksum(cx, header);
    let canon = canon(cx, header);
    let (rest, unused) = if pieces.is_empty() {
        (quote!(_), None)
    } else {
        (quote!(rest), Some(quote!(let _ = rest;)))
    };
    quote! {
        #[doc = #doc]
        #vis struct #packet_mut<#lifetime> {
            __head: &#lifetime mut [u8; #len],
            #(#declared)*
        }

        impl<#lifetime> #packet_mut<#lifetime> {
            /// Checks the octets as the read-only view does.
            #[inline]
            pub fn new_checked(bytes: &#lifetime mut [u8]) -> #rt::Result<Self> {
                let packet = #packet::new_checked(bytes)?;
                let _ = &packet;
                #(#lens)*
                let ::core::option::Option::Some((head, #rest)) =
                    bytes.split_first_chunk_mut::<#len>() else { return #short; };
                #(#splits)*
                #unused
                ::core::result::Result::Ok(Self { __head: head, #(#fields)* })
            }
            #(#accessors)*
            #payload
            #checksum
        }
        #canon
    }
}

/// What the mutable view keeps beside the first run: name, local and, for a run, its length.
enum Kept {
    Run(Ident, Ident, usize),
    Tail(Ident, Ident),
}

fn pieces(header: &Header) -> Vec<Kept> {
    let layout = &header.layout;
    let before = layout.pieces().into_iter().map(|piece| match piece {
        Piece::Run(run) => Kept::Run(run_name(run), run_local(run), layout.run_len(run)),
        Piece::Var(member) => Kept::Tail(member.name.clone(), body::local(member)),
    });
    let trailer = layout.trailer().map(|(member, _)| member);
    let after = layout.payload().into_iter().chain(trailer);
    before
        .chain(after.map(|member| Kept::Tail(member.name.clone(), body::local(member))))
        .collect()
}

fn payload(name: &Ident, lifetime: &syn::Lifetime) -> TokenStream {
    quote! {
        /// The payload.
        #[inline]
        pub fn payload_mut(&mut self) -> &mut [u8] { self.#name }

        /// The payload, for as long as the buffer lives.
        #[inline]
        pub fn into_payload_mut(self) -> &#lifetime mut [u8] { self.#name }
    }
}

fn accessor(cx: &Cx, header: &Header, member: &Member) -> TokenStream {
    if matches!(member.role, Role::Reserved) {
        return TokenStream::new();
    }
    let layout = &header.layout;
    let len = layout.run_len(member.run());
    let (name, ty) = (&member.name, cx.public_type(member));
    let docs = field_docs(member, "");
    let value = Access::Mut.value(cx, layout, member);
    let getter = quote!(#docs #[inline] pub fn #name(&self) -> #ty { #value });
    if !header.has_setter(member) {
        return getter;
    }
    let run = run_name(member.run());
    let rt = cx.rt;
    let set = format_ident!("set_{}", name);
    let doc = format!(
        "Sets `{name}`{}.",
        if layout.checksum().is_some() {
            " and patches the checksum"
        } else {
            ""
        }
    );
    let (lower, fallible) = fixed::lower(cx, member, &quote!(value), &fixed::raw_name(member));
    let replace = fixed::replace(cx, &quote!(self.#run), len, member);
    let replace = if layout.checksum().is_some() {
        let (offset, count) = fixed::words(member, len);
        let sum = quote!(#rt::Sum::of_array(#rt::sub::<#offset, #count, #len>(self.__head)));
        quote!(let old = #sum; #replace self.__patch(old, #sum);)
    } else {
        replace
    };
    if fallible {
        quote! {
            #getter
            #[doc = #doc]
            #[inline]
            pub fn #set(&mut self, value: #ty) -> #rt::Result<()> {
                #lower
                #replace
                ::core::result::Result::Ok(())
            }
        }
    } else {
        quote! {
            #getter
            #[doc = #doc]
            #[inline]
            pub fn #set(&mut self, value: #ty) { #lower #replace }
        }
    }
}

impl Header {
    /// Whether a field can be set: it does not steer the layout, and a checksum can be patched.
    pub(crate) fn has_setter(&self, member: &Member) -> bool {
        let patched = member.is_in(0) || self.layout.checksum().is_none();
        let settable = matches!(member.role, Role::Value | Role::Skip(_));
        settable && member.is_fixed() && !member.steers && patched
    }
}

/// Writes what parsing ignores after the first run as emission would.
fn canon(cx: &Cx, header: &Header) -> TokenStream {
    let layout = &header.layout;
    let all = layout.pieces().into_iter().map(|piece| match piece {
        Piece::Run(run) => {
            let local = run_name(run);
            canon::canon_run(cx, layout, run, &quote!(self.#local))
        }
        Piece::Var(member) => canon::canon_var(cx, layout, member),
    });
    let all = quote!(#(#all)*);
    if all.is_empty() {
        return all;
    }
    let (rt, packet_mut) = (cx.rt, &header.packet_mut);
    quote! {
        #rt::with_laws! {
            impl #packet_mut<'_> {
                #[doc(hidden)]
                pub fn __canon(&mut self) { #all }
            }
        }
    }
}

fn checksum(cx: &Cx, header: &Header) -> TokenStream {
    let (rt, layout) = (cx.rt, &header.layout);
    let Some((member, spec)) = layout.checksum() else {
        return TokenStream::new();
    };
    let len = layout.fixed_len();
    let offset = fixed::offset(member);
    let name = &member.name;
    let set = quote!(#rt::set::<#offset, 2, #len>);
    let none = spec
        .zero_is_none
        .then(|| quote!(if self.#name() == 0 { return; }));
    let nonzero = spec
        .zero_is_none
        .then(|| quote!(let sum = if sum == 0 { 0xffff } else { sum };));
    let covered: Vec<Ident> = pieces(header)
        .into_iter()
        .map(|piece| match piece {
            Kept::Run(name, ..) | Kept::Tail(name, _) => name,
        })
        .filter(|name| spec.packet || layout.payload().is_none_or(|m| m.name != *name))
        .collect();
    let parts = quote! {
        let (sum, at) = (#rt::Sum::of_array(self.__head), #len);
        #(let (sum, at) = (sum.concat(at, #rt::Sum::of(&*self.#covered)),
            at.wrapping_add(self.#covered.len()));)*
    };
    let patch = quote! {
        #[inline]
        fn __patch(&mut self, old: #rt::Sum, new: #rt::Sum) {
            #none
            let sum = #rt::Sum::patch(self.#name(), old, new);
            #nonzero
            #set(self.__head, sum.to_be_bytes());
        }
    };
    let Some(proto) = spec.pseudo else {
        return quote! {
            /// Computes the checksum and writes it.
            #[inline]
            pub fn fill_checksum(&mut self) {
                #set(self.__head, [0; 2]);
                #parts
                let _ = at;
                let sum = sum.finish();
                #nonzero
                #set(self.__head, sum.to_be_bytes());
            }
            #patch
        };
    };
    quote! {
        /// Computes the checksum with the addresses of `pseudo` and writes it.
        #[inline]
        pub fn fill_checksum(&mut self, pseudo: &impl #rt::PseudoHeader) {
            #set(self.__head, [0; 2]);
            #parts
            let sum = #rt::PseudoHeader::sum(pseudo, #proto, at as u32).add(sum).finish();
            #nonzero
            #set(self.__head, sum.to_be_bytes());
        }

        /// Writes the sum of the pseudo header alone, for a device that adds the rest.
        #[inline]
        pub fn fill_partial_checksum(&mut self, pseudo: &impl #rt::PseudoHeader) {
            let len = #len #(.wrapping_add(self.#covered.len()))*;
            let sum = #rt::PseudoHeader::sum(pseudo, #proto, len as u32);
            #set(self.__head, sum.folded().to_be_bytes());
        }
        #patch
    }
}
