//! Compiler of the litz header language: attributes on ordinary items that declare what stands on
//! the wire. This page is the reference of the language; `litz_wire` re-exports the attributes,
//! and its front page shows them at work. Nothing here knows a protocol.
//!
//! The width of a field stands in its type, its role in an attribute. Every offset is known when
//! the macro expands, every mistake is reported on the token that makes it, several at once.
//!
//! # Types of fields
//!
//! | type | on the wire | value |
//! |---|---|---|
//! | `u1` … `u64` | so many bits, highest first | the smallest of `u8` … `u64` |
//! | `bool` | one bit | `bool` |
//! | `[u8; N]` | N octets | the array |
//! | `Ipv4Addr`, `Ipv6Addr` | 4, 16 octets | the types of `core::net` |
//! | `As<uN, T>`, `As<[u8; N], T>` | as the first | `T` |
//! | `&'a [u8]` | a run of octets | the slice |
//! | `Options<'a, T>` | a list of options | `rt::Options`, a view or items |
//! | `Array<'a, T>` | items of one size | `rt::Array`, a view or values |
//! | `Records<'a, H>` | headers `H`, each as long as it says | `rt::Records`, a view or values |
//! | `Nested<'a, H>` | a packet with header `H` | `rt::Nested`, looked at when asked |
//! | `Nested<'a, H, truncated>` | the same, perhaps cut short | as ICMP errors quote packets |
//! | `Option<T>` with `when` | whole octets, a header or a codec, or nothing | `Option` |
//! | any `T` with `form` | one of the encodings of a `#[forms]` enum | `T` |
//! | `Codec<T>` | what `T: rt::Codec` finds | `T` |
//!
//! The `T` of `As` implements `WireInt`, `Copy`, `PartialEq`, `Eq`, `Debug` and `Display`; the `T`
//! of `Array` is a number, an address or a header of fixed size.
//!
//! Fields of fixed width that follow one another make whole octets. Fields of variable length may
//! stand between them where something says how long they are; what takes the rest is last, then
//! the payload, then a trailer. With `be` bits are counted as RFC diagrams do: the first field has
//! the highest bits. With `le` the lowest octet of a number comes first and the first field has the
//! lowest bits; identifiers written `As<[u8; N], T>` stand in reverse. There is no third mode.
//!
//! # Roles of fields
//!
//! | attribute | parsing | emission | in the Repr |
//! |---|---|---|---|
//! | none | the value | the value, checked against its width | yes |
//! | a name `_like_this` | ignored | zero | no |
//! | `#[eq(E)]` | `Malformed` unless it is E | E | no |
//! | `#[skip(E)]` | ignored; there is an accessor | E | no |
//! | `#[len(region = E)]` | length of a region, in octets | computed back from the region | no |
//! | `#[checksum(…)]` | `verify_checksum` | zero; `fill_checksum` or `store_checksum` later | no |
//! | `#[count(f = E)]` | number of the items of `f` | counted | no |
//! | `#[when(E)]` on `Option<T>` | there if E holds | there if `Some`; E has to agree | yes |
//! | `#[from(E)]` | readable | E over the Repr | no |
//! | `#[form(t)]`, `#[tag_of(f)]` | `t` says which form `f` has | the tag of the form | yes, no |
//! | `#[payload]` | what follows the header | returned to the caller | as `payload_len` |
//! | `#[trailer(E)]` | the last E octets, after the payload | returned to the caller | no |
//! | `#[hdr(f)]` | field `f` of the shared header (messages) | written there | yes |
//!
//! Further attributes: `#[scale(k)]` multiplies the value by k, and refuses to emit what is not a
//! multiple. `#[at(N)]` pins a field to an octet when compiling. `#[check(E)]` on a field, on the
//! item or on a variant is a condition over values: `Malformed` when parsing and when emitting.
//!
//! `len` takes one or more of `header`, `packet` (header and payload), `payload` and names of
//! fields, each with an expression of `self` times a constant plus a constant, such as
//! `len(header = (self + 2) * 4)`; `len(sha, tha)` gives two fields one length. A packet may be
//! followed by padding of the link, which is cut off; a packet that states more than is there is
//! `Truncated`.
//!
//! `len(field = ceil(self / 8))` is for lengths in bits: they cannot be computed back, so the field
//! is a value, and a Repr in which the two disagree cannot be emitted. With `, relaxed` the field
//! takes what is left and is at least so long. `when(remaining >= N)` asks for the octets that are
//! left. Fields that a condition, a trailer or a tag depends on have no setters.
//!
//! `checksum(rfc1071, header)` or `checksum(rfc1071, packet [, pseudo = N] [, zero_is_none])`: N is
//! the protocol number in the pseudo header; with `zero_is_none` a zero on the wire means that
//! none was computed, and a computed zero is written as 0xffff (UDP). A checksum stands at an even
//! octet, before the first field of variable length.
//!
//! Expressions: integers, booleans, paths of constants, fields by name, `self` (in `len`),
//! `+ - * / << >> == != < <= > >= && || !`, `.method()` without arguments, `.0`, calls.
//! Arithmetic never overflows: a comparison with a number that does not exist is false.
//!
//! # Items
//!
//! - [`macro@header`]: a struct of fields. Arguments: `be` or `le` (required), `size = N`,
//!   `N..=M` or `N..` (octets of the fixed part, and the largest header), `max = N` (largest
//!   packet), `rfc = "…"`,
//!   `packet = Name` (name of the view), `line = "{field} …"` (form on one line),
//!   `next(field => payload: Enum [, if condition])`, `next(payload: Prefix [, if condition])` or
//!   `next(message: Enum)` (what printers follow), `crate = path`.
//! - [`macro@codes`]: names for numbers of a width. Open: every number is a value.
//! - [`macro@bits`]: a struct of `bool`, `uN` and `As<uN, T>` that makes one field together.
//! - [`macro@forms`]: an enum of encodings of fixed width. Arguments: `tag: uN` (at most 8 bits),
//!   `le`, `reserved(N, N..=M)` for tags that are malformed. Variants: `#[tag(N)]`, each tag once,
//!   without fields, with one in parentheses or with named ones.
//! - [`macro@options`]: an enum with a variant per kind. Arguments: `kind: u8` or `u16`,
//!   `len: u8` or `u16`, `= item` (the length counts the whole item), `= body` (only what follows
//!   the length) or `= item / N` (units of the whole item; slack is filled with zeros),
//!   `pad = Variant`, `padn = Variant` and `unit = N` (padding of the list), `offset = N` (octets
//!   of the header before the list), `set = Name`, `on_error = reject | stop` (what the set does
//!   with a list that ends in nonsense).
//!   Variants: `#[kind(N [, bare] [, end] [, once] [, last] [, required] [, first] [, all]
//!   [, align = Xn + Y] [, size = N])]`, one `#[unknown]`. In a set the first of a kind counts
//!   (`once`) or the last (`last`); `required` ones have to be there, and an end mark that is
//!   required is written; `first` ones are written before the others. `all` gives an iterator over
//!   the items of a kind: `NdiscOption::all_prefix(&options)`.
//! - [`macro@message`]: an enum with a variant per body behind a shared header. Arguments: `be`,
//!   `header = Name`, `tag = field`. Variants: `#[tag(1 | 2 | 5..=9 [, field = N])]` with fields
//!   of their own (one tag then) or another message of the same header in parentheses;
//!   `#[unknown]` with fields of the header by name and the octets. Without an unknown variant
//!   other tags are `Unsupported`. With `prefix` instead of header and tag it is a union of headers
//!   that their first bits tell apart, the longest match first: `#[tag(0b011)] Iphc(Iphc<'a>)`.
//! - [`macro@payloads`]: an enum with a variant per protocol that can follow:
//!   `#[tag(EtherType::Ipv4)] Ipv4(Ipv4<'a>)`, and one `#[unknown]`.
//!
//! # What a header gives
//!
//! For `struct Name<'a>`: the schema type `Name` (an empty enum with `rt::Header`, and
//! `CHECKSUM_OFFSET` and `store_checksum` if there is a checksum); `NamePacket<'a>`, a `Copy` view
//! that has checked every length and constant once and whose accessors cannot fail
//! (`new_checked`, `new_truncated`, a getter per field, `header_len`, `bytes`, `header_bytes`,
//! `verify_checksum`, `Debug`, `Display`); `NamePacketMut<'a>` with setters for fields that do not
//! steer the layout, which patch the checksum (RFC 1624) and return a `Result` only if the type can
//! hold what the field cannot; `NameRepr` (with a lifetime if it borrows), all that is not derived,
//! public, with `parse`, `header_len`, `buffer_len`, `emit`, `emit_split`, `Default` (zeros) and,
//! for a header of fixed size, `emit_fixed`.
//!
//! The order of checks is: octets for the fixed part (`Truncated`), constants and the header length
//! (`Malformed`), the packet length (`Malformed` if it is less than the header, `Truncated` if the
//! octets are not there), fields of variable length, conditions.
//!
//! # How it works
//!
//! `parse` turns tokens into syntax trees, `check` lays them out into the `model` and makes every
//! diagnostic, `emit` turns the model into tokens and cannot fail. Generated code indexes with
//! constants only, splits slices with checked methods, computes lengths with checked or saturating
//! operations, and calls `::litz_wire::rt` by absolute paths.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler on the few numbers of one declaration"
)]

mod check;
mod diag;
mod emit;
mod model;
mod parse;

use diag::Diag;
use proc_macro::TokenStream;
use syn::DeriveInput;

fn run<T>(
    item: TokenStream,
    check: impl FnOnce(DeriveInput, &mut Diag) -> Option<T>,
    emit: impl FnOnce(&T) -> proc_macro2::TokenStream,
) -> TokenStream {
    let mut diag = Diag::default();
    let item = diag.keep(syn::parse(item));
    let model = item.and_then(|item| check(item, &mut diag));
    match model {
        Some(model) if diag.is_clean() => emit(&model).into(),
        _ => diag.into_tokens().into(),
    }
}

/// Declares a header: a struct whose fields stand on the wire in this order.
///
/// ```text
/// /// UDP header.
/// #[header(be, size = 8, rfc = "768")]
/// pub struct Udp<'a> {
///     pub src_port: u16,
///     pub dst_port: u16,
///     #[len(packet)]
///     length: u16,
///     #[checksum(rfc1071, packet, pseudo = 17, zero_is_none)]
///     checksum: u16,
///     #[payload]
///     pub payload: &'a [u8],
/// }
/// ```
///
/// gives `Udp`, `UdpPacket`, `UdpPacketMut` and `UdpRepr`.
#[proc_macro_attribute]
pub fn header(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::header::header(args.into(), item, diag),
        emit::header::header,
    )
}

/// Declares an open enum: a newtype over the number on the wire, with a constant per name.
///
/// ```text
/// #[codes(u16)]
/// pub enum EtherType {
///     Ipv4 = 0x0800,
///     Arp = 0x0806,
/// }
/// ```
///
/// `EtherType::Arp` stands in patterns; `EtherType(0x1234)` is a value as good as the others.
#[proc_macro_attribute]
pub fn codes(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::codes::codes(args.into(), item, diag),
        emit::codes::codes,
    )
}

/// Declares a group of bits that is one field: a plain struct with `from_raw` and `into_raw`.
///
/// ```text
/// #[bits(u3)]
/// pub struct Flags {
///     _reserved: u1,
///     pub dont_frag: bool,
///     pub more_frags: bool,
/// }
/// ```
#[proc_macro_attribute]
pub fn bits(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::codes::bits(args.into(), item, diag),
        emit::codes::bits,
    )
}

/// Declares an enum of encodings of fixed width: a tag elsewhere in the header says which it is.
///
/// ```text
/// #[forms(tag: u2, le)]
/// pub enum MacAddr {
///     #[tag(0b00)]
///     Absent,
///     #[tag(0b10)]
///     Short(As<[u8; 2], ShortAddr>),
///     #[tag(0b11)]
///     Extended(As<[u8; 8], Eui64>),
/// }
/// ```
///
/// A tag without a variant has to be named in `reserved(…)`: octets with it are `Malformed`.
#[proc_macro_attribute]
pub fn forms(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::forms::forms(args.into(), item, diag),
        emit::forms::forms,
    )
}

/// Declares a family of options in type-length-value form.
///
/// ```text
/// #[options(kind: u8, len: u8 = item, pad = End, unit = 4, set = TcpOptionSet)]
/// pub enum TcpOption<'a> {
///     #[kind(0, bare, end)]
///     End,
///     #[kind(2, once)]
///     Mss { mss: u16 },
///     #[unknown]
///     Unknown { kind: u8, data: &'a [u8] },
/// }
/// ```
///
/// The set has an `Option` per kind that is `once`: of the value if the kind has one field, of a
/// struct `TcpOptionTimestamp` if it has several; a kind without fields is a `bool`.
#[proc_macro_attribute]
pub fn options(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::options::options(args.into(), item, diag),
        emit::options::options,
    )
}

/// Declares a tagged union of bodies behind a shared header.
///
/// ```text
/// #[message(be, header = Icmpv4Header, tag = msg_type)]
/// pub enum Icmpv4<'a> {
///     #[tag(8, code = 0)]
///     EchoRequest {
///         ident: u16,
///         seq_no: u16,
///         #[payload]
///         data: &'a [u8],
///     },
///     #[unknown]
///     Unknown { msg_type: u8, code: u8, body: &'a [u8] },
/// }
/// ```
///
/// gives the enum with `parse`, `buffer_len` and `emit`; octets after the last field are ignored.
#[proc_macro_attribute]
pub fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::message::message(args.into(), item, diag),
        |message| match message {
            check::message::Union::Shared(message) => emit::message::message(message),
            check::message::Union::Prefix(prefix) => emit::prefix::prefix(prefix),
        },
    )
}

/// Declares what can follow a header, told by a code.
///
/// ```text
/// #[payloads(EtherType)]
/// pub enum EthPayload<'a> {
///     #[tag(EtherType::Ipv4)]
///     Ipv4(Ipv4<'a>),
///     #[unknown]
///     Unknown(&'a [u8]),
/// }
/// ```
///
/// gives the enum over packet views, with `select(tag, payload)`.
#[proc_macro_attribute]
pub fn payloads(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::message::payloads(args.into(), item, diag),
        emit::message::payloads,
    )
}

#[cfg(test)]
mod tests;
