//! The checks of a `#[header]` struct as a whole: sizes, regions, names, lifetimes.

use super::layout::{Part, largest, layout, names};
use super::{int, lifetime_only, links, named_fields};
use crate::diag::Diag;
use crate::model::{Layout, Member, Role};
use crate::parse::args::{HeaderArgs, Next, SizeMax, runtime};
use crate::parse::expr::Expr;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::{Attribute, Data, DeriveInput, Lifetime, Visibility};

/// A checked header.
pub(crate) struct Header {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) lifetime: Lifetime,
    pub(crate) packet: Ident,
    pub(crate) packet_mut: Ident,
    pub(crate) repr: Ident,
    pub(crate) layout: Layout,
    pub(crate) checks: Vec<Expr>,
    /// Largest header in octets, if there is a limit.
    pub(crate) max_header: Option<u64>,
    /// Largest packet in octets, if there is a limit.
    pub(crate) max_packet: Option<u64>,
    pub(crate) rfc: Option<String>,
    pub(crate) next: Option<Next>,
    pub(crate) line: Option<syn::LitStr>,
}

/// Checks a `#[header]` item.
pub(crate) fn header(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Header> {
    let args = HeaderArgs::parse(args, diag);
    if args.order.is_none() {
        let message = "say the byte order: `#[header(be)]` or `#[header(le)]`";
        diag.error(&item.ident, message);
    }
    let little = args.order.as_ref().is_some_and(|order| order == "le");
    let (docs, checks) = item_attributes(item.attrs, diag);
    let lifetime = lifetime_only(&item.generics, diag);
    let Data::Struct(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[header]` declares a struct; a union of bodies is a `#[message]`",
        );
        return None;
    };
    let fields = named_fields(&item.ident, data.fields, diag);
    let layout = layout(&item.ident, fields, Part::Header, little, diag);
    if layout.min_len() == 0 && layout.vars().next().is_none() && diag.is_clean() {
        diag.error(&item.ident, "a header has fields");
    }
    members(&item.ident, &layout, lifetime.as_ref(), diag);
    for check in &checks {
        names(check, &layout, diag);
    }
    let max_header = sizes(&args, &layout, &item.ident, diag);
    let max_packet = args.max.as_ref().and_then(|max| {
        let value = int(max, diag)?;
        if value < u64::try_from(layout.min_len()).unwrap_or(u64::MAX) {
            diag.error(max, "this is less than the fixed part");
        }
        Some(value)
    });
    if let Some(next) = &args.next {
        next_names(next, &layout, diag);
    }
    if let Some(line) = &args.line {
        line_names(line, &layout, diag);
    }
    let name = item.ident;
    Some(Header {
        rt: runtime(args.krate.as_ref()),
        packet_mut: match &args.packet {
            Some(packet) => format_ident!("{packet}Mut"),
            None => format_ident!("{name}PacketMut"),
        },
        packet: args.packet.unwrap_or_else(|| format_ident!("{name}Packet")),
        repr: format_ident!("{name}Repr"),
        name,
        vis: item.vis,
        docs,
        lifetime: lifetime.unwrap_or_else(|| Lifetime::new("'a", Span::call_site())),
        layout,
        checks,
        max_header,
        max_packet,
        rfc: args.rfc.map(|rfc| rfc.value()),
        next: args.next,
        line: args.line,
    })
}

/// What is wrong with single fields of a header.
fn members(item: &Ident, layout: &Layout, lifetime: Option<&Lifetime>, diag: &mut Diag) {
    for member in &layout.members {
        taken(member, diag);
        lifetime_known(member, lifetime, diag);
        if let TyKind::Optional(inner) = &member.ty.kind
            && let TyKind::Header(embedded) = &inner.kind
            && *item == embedded.schema.to_string()
        {
            diag.error_at(
                inner.span,
                "a header cannot hold itself: it would never end",
            );
        }
        if let (true, Role::Checksum(_)) = (layout.little, &member.role) {
            let message = "an internet checksum is in network order: this header is `le`";
            diag.error(&member.name, message);
        }
        if matches!(member.role, Role::Checksum(_)) && !sums_as_a_word(member) {
            let message = "a checksum stands at an even octet, before what has no fixed place";
            diag.error(&member.name, message);
        }
    }
}

/// Whether a field is one of the words that a checksum adds.
fn sums_as_a_word(member: &Member) -> bool {
    member.is_in(0) && member.position().0.is_multiple_of(16)
}

/// Splits the attributes of an item into documentation and `#[check(…)]`.
pub(crate) fn item_attributes(
    attributes: Vec<Attribute>,
    diag: &mut Diag,
) -> (Vec<Attribute>, Vec<Expr>) {
    let (mut docs, mut checks) = (Vec::new(), Vec::new());
    for attribute in attributes {
        if attribute.path().is_ident("check") {
            checks.extend(diag.keep(attribute.parse_args()));
        } else if attribute.path().is_ident("derive") {
            diag.error(
                &attribute,
                "the types that are generated derive what makes sense for them",
            );
        } else {
            docs.push(attribute);
        }
    }
    (docs, checks)
}

const TAKEN: [&str; 11] = [
    "new_in",
    "new_checked",
    "new_truncated",
    "bytes",
    "header_bytes",
    "header_len",
    "verify_checksum",
    "fill_checksum",
    "fill_partial_checksum",
    "payload_mut",
    "into_payload_mut",
];

fn taken(member: &Member, diag: &mut Diag) {
    let name = member.name.to_string();
    if TAKEN.contains(&name.as_str()) {
        diag.error(
            &member.name,
            format!("`{name}` is a method of every packet; use another name"),
        );
    }
    if name == "payload_len" && member.in_repr() {
        diag.error(
            &member.name,
            "`payload_len` is a field of every Repr; use another name",
        );
    }
}

fn lifetime_known(member: &Member, known: Option<&Lifetime>, diag: &mut Diag) {
    let Some(used) = member.ty.lifetime() else {
        return;
    };
    match known {
        Some(known) if known == used => {}
        Some(known) => diag.error(used, format!("the lifetime of this header is `{known}`")),
        None => diag.error(
            used,
            format!("this field borrows: declare `<{used}>` on the header"),
        ),
    }
}

/// Compares `size` with the layout; returns the largest header.
fn sizes(args: &HeaderArgs, layout: &Layout, name: &Ident, diag: &mut Diag) -> Option<u64> {
    let fixed = u64::try_from(layout.min_len()).unwrap_or(u64::MAX);
    let stated = layout
        .regions
        .header
        .and_then(|(by, affine)| largest(layout, by, affine));
    let natural = if layout.vars().next().is_none() {
        Some(fixed)
    } else {
        stated
    };
    if let Some((by, _)) = layout.regions.header
        && let (most, Some(member)) = (stated.unwrap_or(0), layout.members.get(by))
        && most < fixed
    {
        let message =
            format!("this field states {most} octets at most, the fixed part has {fixed}");
        diag.error(&member.name, message);
    }
    let Some(size) = &args.size else {
        return natural;
    };
    let min = int(&size.min, diag)?;
    if diag.is_clean() && min != fixed {
        diag.error(
            &size.min,
            format!("the fields of fixed width make {fixed} octets"),
        );
    }
    let max = match &size.max {
        SizeMax::Same | SizeMax::Open => return natural,
        SizeMax::At(max) => max,
    };
    let value = int(max, diag)?;
    if value < min {
        diag.error(max, "the largest size is less than the smallest");
    } else if let Some(stated) = stated
        && value > stated
    {
        let message = format!("the length field of `{name}` can state {stated} octets at most");
        diag.error(max, message);
    }
    Some(value)
}

fn next_names(next: &Next, layout: &Layout, diag: &mut Diag) {
    let is_payload = |name: &Ident| layout.payload().is_some_and(|m| m.name == *name);
    match &next.payload {
        None if next.field == "message" || is_payload(&next.field) => {}
        None => diag.error(
            &next.field,
            "write `next(field => payload: Enum)`, `next(payload: Prefix)` or \
            `next(message: Enum)`",
        ),
        Some(payload) => {
            if layout.named(&next.field).is_none() {
                diag.error(&next.field, format!("there is no field `{}`", next.field));
            }
            if !is_payload(payload) {
                diag.error(payload, format!("`{payload}` is not the `#[payload]`"));
            }
        }
    }
    if let Some(condition) = &next.condition {
        links::any_field(condition, layout, diag);
    }
}

/// The fields that a one-line template names must be there and be printable as they are.
fn line_names(line: &syn::LitStr, layout: &Layout, diag: &mut Diag) {
    for piece in crate::emit::print::pieces(&line.value()) {
        let crate::emit::print::Piece::Field(name) = piece else {
            continue;
        };
        let member = layout.members.iter().find(|m| m.name == name);
        match member {
            Some(m) if matches!(m.ty.kind, TyKind::Bytes(_) | TyKind::Tail(Tail::Slice(_))) => {
                diag.error(line, format!("`{name}` is octets: too long for a line"));
            }
            Some(m) if !matches!(m.role, Role::Reserved) => {}
            _ => diag.error(line, format!("there is no field `{name}`")),
        }
    }
}
