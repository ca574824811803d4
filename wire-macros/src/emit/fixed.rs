//! Reading and writing fields of a fixed run: constant offsets into an array of known length.

use super::{Cx, expr};
use crate::model::{Group, Layout, Member, Role, max_of, storage, storage_bits};
use crate::parse::ty::TyKind;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A length or offset without its type.
fn n(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}

/// Octets that a field touches: first octet and count.
fn cover(member: &Member) -> (usize, usize) {
    let (bit, bits) = member.position();
    let first = bit / 8;
    let end = bit.saturating_add(bits).div_ceil(8);
    (first as usize, (end - first) as usize)
}

/// An integer from `count` octets at `offset` of `run`, as the smallest type that holds them.
fn load(cx: &Cx, run: &TokenStream, len: usize, offset: usize, count: usize) -> TokenStream {
    let rt = cx.rt;
    let (at, size, all) = (n(offset), n(count), n(len));
    let sub = quote!(#rt::sub::<#at, #size, #all>(#run));
    let from = if cx.little {
        quote!(from_le_bytes)
    } else {
        quote!(from_be_bytes)
    };
    match count {
        1 => quote!(#sub[0]),
        2 | 4 | 8 => {
            let ty = storage(count as u32 * 8);
            quote!(#ty::#from(*#sub))
        }
        _ => {
            let (ty, zeros, octets) = wide(count);
            let all = if cx.little {
                quote!([#(octets[#octets],)* #(#zeros),*])
            } else {
                quote!([#(#zeros,)* #(octets[#octets]),*])
            };
            quote!({ let octets = #sub; #ty::#from(#all) })
        }
    }
}

/// How far a field is shifted in a word of `have` bits that starts at bit `start` of the run.
fn shift(cx: &Cx, member: &Member, start: u32, have: u32) -> u32 {
    let (bit, bits) = member.position();
    let from_low = bit.saturating_sub(start);
    if cx.little {
        from_low
    } else {
        have.saturating_sub(from_low).saturating_sub(bits)
    }
}

/// Whether the octets of the type stand in reverse on the wire: identifiers in headers whose
/// lowest octet comes first.
fn is_reversed(cx: &Cx, ty: &TyKind) -> bool {
    let TyKind::AsBytes(_, ty) = ty else {
        return false;
    };
    let text = quote!(#ty).to_string();
    cx.little && !["Ipv4Addr", "Ipv6Addr"].contains(&text.as_str())
}

/// The integer type for an odd count of octets, its leading zeros and the octets' indices.
fn wide(count: usize) -> (TokenStream, Vec<Literal>, Vec<Literal>) {
    let bits = storage_bits(count as u32 * 8);
    let zeros = (count..bits as usize / 8)
        .map(|_| Literal::u8_unsuffixed(0))
        .collect();
    let octets = (0..count).map(Literal::usize_unsuffixed).collect();
    (storage(bits), zeros, octets)
}

/// The raw value of a fixed field: an integer of the smallest type, or an array by value.
pub(crate) fn raw(cx: &Cx, run: &TokenStream, len: usize, member: &Member) -> TokenStream {
    let rt = cx.rt;
    let (bit, bits) = member.position();
    let (offset, count) = cover(member);
    if member.ty.is_bytes() {
        let (at, size, all) = (n(offset), n(count), n(len));
        return quote!(*#rt::sub::<#at, #size, #all>(#run));
    }
    let word = load(cx, run, len, offset, count);
    let have = count as u32 * 8;
    let shift = shift(cx, member, bit - bit % 8, have);
    let shifted = if shift == 0 {
        word
    } else {
        let shift = Literal::u32_unsuffixed(shift);
        quote!((#word >> #shift))
    };
    let top = shift + bits == have;
    let masked = if top && storage_bits(have) == have {
        shifted
    } else {
        let mask = Literal::u64_unsuffixed(max_of(bits));
        quote!((#shifted & #mask))
    };
    if storage_bits(bits) == storage_bits(have) {
        masked
    } else {
        let ty = storage(bits);
        quote!((#masked as #ty))
    }
}

/// The public value of a field from its raw value.
pub(crate) fn public(cx: &Cx, member: &Member, raw: TokenStream) -> TokenStream {
    let rt = cx.rt;
    match &member.ty.kind {
        TyKind::Bool => quote!(#raw != 0),
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            quote!(<#ty as #rt::WireInt<#int>>::from_raw(#raw))
        }
        TyKind::AsBytes(n, ty) => {
            let raw = if is_reversed(cx, &member.ty.kind) {
                quote!(#rt::reversed(#raw))
            } else {
                raw
            };
            quote!(<#ty as #rt::WireInt<[u8; #n]>>::from_raw(#raw))
        }
        TyKind::Int(_) if member.scale > 1 => {
            let ty = member.public_int();
            let scale = Literal::u64_unsuffixed(member.scale);
            quote!(<#ty>::wrapping_mul(#raw as #ty, #scale))
        }
        _ => raw,
    }
}

/// The public value of a fixed field.
pub(crate) fn get(cx: &Cx, run: &TokenStream, len: usize, member: &Member) -> TokenStream {
    public(cx, member, raw(cx, run, len, member))
}

/// Statements that bind `raw` to the raw value of `value` or return an error, and whether they
/// can return one.
pub(crate) fn lower(
    cx: &Cx,
    member: &Member,
    value: &TokenStream,
    raw: &Ident,
) -> (TokenStream, bool) {
    let rt = cx.rt;
    let name = member.text();
    let range = cx.err("OutOfRange", &name);
    match &member.ty.kind {
        TyKind::Bool => (quote!(let #raw = #value as u8;), false),
        TyKind::Bytes(_) => (quote!(let #raw = #value;), false),
        TyKind::AsBytes(n, ty) => {
            let octets = quote!(<#ty as #rt::WireInt<[u8; #n]>>::into_raw(#value));
            let octets = if is_reversed(cx, &member.ty.kind) {
                quote!(#rt::reversed(#octets))
            } else {
                octets
            };
            (quote!(let #raw = #octets;), false)
        }
        TyKind::Int(bits) if member.scale > 1 => {
            let (scale, max) = (member.scale, max_of(*bits));
            let ty = storage(*bits);
            let binding = quote! {
                let ::core::option::Option::Some(#raw) =
                    #rt::unscale(#value as u64, #scale, #max) else { return #range; };
                let #raw = #raw as #ty;
            };
            (binding, true)
        }
        TyKind::Int(bits) => bounded(quote!(#value), *bits, raw, &range),
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            let value = quote!(<#ty as #rt::WireInt<#int>>::into_raw(#value));
            bounded(value, *bits, raw, &range)
        }
        TyKind::Tail(_) | TyKind::Optional(_) | TyKind::Header(_) | TyKind::Form(_) => {
            (TokenStream::new(), false)
        }
    }
}

fn bounded(value: TokenStream, bits: u32, raw: &Ident, range: &TokenStream) -> (TokenStream, bool) {
    if storage_bits(bits) == bits {
        return (quote!(let #raw = #value;), false);
    }
    let max = Literal::u64_unsuffixed(max_of(bits));
    (
        quote!(let #raw = #value; if #raw > #max { return #range; }),
        true,
    )
}

/// The raw value of a constant.
pub(crate) fn constant(cx: &Cx, member: &Member, value: &crate::parse::expr::Expr) -> TokenStream {
    let rt = cx.rt;
    let value = expr::constant(value);
    match &member.ty.kind {
        TyKind::Bool => quote!((#value as u8)),
        TyKind::AsInt(bits, ty) => {
            let int = storage(*bits);
            quote!(<#ty as #rt::WireInt<#int>>::into_raw(#value))
        }
        TyKind::AsBytes(n, ty) => {
            let octets = quote!(<#ty as #rt::WireInt<[u8; #n]>>::into_raw(#value));
            if is_reversed(cx, &member.ty.kind) {
                quote!(#rt::reversed(#octets))
            } else {
                octets
            }
        }
        _ => quote!(#value),
    }
}

/// Name of the local variable that holds the raw value of a member.
pub(crate) fn raw_name(member: &Member) -> Ident {
    format_ident!("raw_{}", member.text().trim_start_matches('_'))
}

/// One store into a run per group; the raw values are in the variables of `raw_name`.
pub(crate) fn store(cx: &Cx, run: &TokenStream, layout: &Layout, index: usize) -> TokenStream {
    let groups = layout.runs.get(index).map(|run| run.groups.as_slice());
    let len = layout.run_len(index);
    let stores = groups
        .unwrap_or_default()
        .iter()
        .map(|group| store_group(cx, run, layout, len, group));
    quote!(#(#stores)*)
}

fn store_group(
    cx: &Cx,
    run: &TokenStream,
    layout: &Layout,
    len: usize,
    group: &Group,
) -> TokenStream {
    let rt = cx.rt;
    let (offset, count) = (group.byte, group.bytes);
    let have = count as u32 * 8;
    let bits = storage_bits(have);
    let ty = storage(bits);
    let mut terms = Vec::new();
    for member in group
        .members
        .iter()
        .filter_map(|index| layout.members.get(*index))
    {
        let raw = match &member.role {
            Role::Reserved | Role::Checksum(_) if member.ty.is_bytes() => {
                quote!([0; #count])
            }
            Role::Reserved | Role::Checksum(_) => continue,
            Role::Eq(value) | Role::Skip(value) => constant(cx, member, value),
            _ => {
                let raw = raw_name(member);
                quote!(#raw)
            }
        };
        if member.ty.is_bytes() {
            let (at, size, all) = (n(offset), n(count), n(len));
            return quote!(#rt::set::<#at, #size, #all>(#run, #raw););
        }
        let (_, width) = member.position();
        let shift = shift(cx, member, offset as u32 * 8, have);
        let raw = if storage_bits(width) == bits {
            raw
        } else {
            quote!((#raw as #ty))
        };
        terms.push(match shift {
            0 => raw,
            _ => {
                let shift = Literal::u32_unsuffixed(shift);
                quote!((#raw << #shift))
            }
        });
    }
    let word = match terms.as_slice() {
        [] => quote!(0),
        [first, rest @ ..] => quote!(#first #(| #rest)*),
    };
    let word = match terms.as_slice() {
        [_] => word,
        _ => quote!({ let word: #ty = #word; word }),
    };
    let octets = to_octets(cx, &word, count, &ty);
    let (at, size, all) = (n(offset), n(count), n(len));
    quote!(#rt::set::<#at, #size, #all>(#run, #octets);)
}

/// The low `count` octets of a word, in the order of the wire.
fn to_octets(cx: &Cx, word: &TokenStream, count: usize, ty: &TokenStream) -> TokenStream {
    let size = storage_bits(count as u32 * 8) as usize / 8;
    let to = if cx.little {
        quote!(to_le_bytes)
    } else {
        quote!(to_be_bytes)
    };
    if size == count {
        return quote!(#ty::#to(#word));
    }
    let first = if cx.little { 0 } else { size - count };
    let octets = (first..first + count).map(Literal::usize_unsuffixed);
    quote!({ let octets = #ty::#to(#word); [#(octets[#octets]),*] })
}

/// Statements that replace one field of the run by the value in its `raw_name` variable.
pub(crate) fn replace(cx: &Cx, run: &TokenStream, len: usize, member: &Member) -> TokenStream {
    let rt = cx.rt;
    let raw = raw_name(member);
    let (offset, count) = cover(member);
    if member.ty.is_bytes() {
        let (at, size, all) = (n(offset), n(count), n(len));
        return quote!(#rt::set::<#at, #size, #all>(#run, #raw););
    }
    let (bit, bits) = member.position();
    let have = count as u32 * 8;
    let shift = shift(cx, member, bit - bit % 8, have);
    let ty = storage(have);
    let word = if bits == have {
        quote!(#raw)
    } else {
        let old = load(cx, &quote!(&*#run), len, offset, count);
        let keep = Literal::u64_unsuffixed(max_of(have) & !(max_of(bits) << shift));
        let shift = Literal::u32_unsuffixed(shift);
        quote!((#old & #keep) | ((#raw as #ty) << #shift))
    };
    let octets = to_octets(cx, &word, count, &ty);
    let (at, size, all) = (n(offset), n(count), n(len));
    quote!(#rt::set::<#at, #size, #all>(#run, #octets);)
}

/// The octets around a field that a checksum sees as whole words: offset and count.
pub(crate) fn words(member: &Member, len: usize) -> (usize, usize) {
    let (offset, count) = cover(member);
    let start = offset & !1;
    let end = (offset + count).next_multiple_of(2).min(len);
    (start, end - start)
}

/// Offset in octets of a field.
pub(crate) fn offset(member: &Member) -> usize {
    cover(member).0
}
