//! Places of fields: bits of the fixed run, what follows it, and which field measures what.

use super::links;
use super::member::member;
use crate::diag::Diag;
use crate::model::{
    Affine, Extent, Group, Layout, Member, Place, Region, Regions, Role, Run, max_of,
};
use crate::parse::expr::{Expr, Kind};
use crate::parse::field::Field;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::Ident;

/// What a layout is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A `#[header]` struct.
    Header,
    /// A variant of `#[options]` or `#[message]`: its last field may take the rest.
    Body,
    /// A `#[bits]` struct: no regions at all.
    Bits,
}

/// Lays the fields of `item` out.
pub(crate) fn layout(
    item: &Ident,
    fields: Vec<Field>,
    part: Part,
    little: bool,
    diag: &mut Diag,
) -> Layout {
    let members = fields
        .into_iter()
        .map(|field| member(field, part, diag))
        .collect();
    let mut layout = Layout {
        members,
        runs: Vec::new(),
        regions: Regions::default(),
        little,
    };
    unique(&layout, diag);
    order(&layout, diag);
    let bits = place_fixed(&mut layout, diag);
    for (run, bits) in bits.into_iter().enumerate() {
        let mut made = Run::default();
        if part != Part::Bits {
            whole_octets(item, &layout, run, bits, diag);
            made = Run {
                len: usize::try_from(bits / 8).unwrap_or(0),
                groups: groups(&layout, run, diag),
            };
        }
        layout.runs.push(made);
    }
    regions(&mut layout, part, diag);
    extents(&mut layout, part, diag);
    links::links(&mut layout, diag);
    for member in &layout.members {
        if let Some(check) = &member.check {
            names(check, &layout, diag);
        }
    }
    layout
}

fn whole_octets(item: &Ident, layout: &Layout, run: usize, bits: u32, diag: &mut Diag) {
    if bits.is_multiple_of(8) {
        return;
    }
    let missing = 8 - bits % 8;
    let at = layout.in_run(run).last().map_or(item, |last| &last.name);
    let message = format!(
        "the fixed part ends {} into an octet: {missing} more would fill it (`_pad: u{missing}`)",
        plural(bits % 8)
    );
    diag.error(at, message);
}

fn plural(bits: u32) -> String {
    if bits == 1 {
        "1 bit".into()
    } else {
        format!("{bits} bits")
    }
}

fn unique(layout: &Layout, diag: &mut Diag) {
    for (index, member) in layout.members.iter().enumerate() {
        if layout
            .members
            .iter()
            .take(index)
            .any(|before| before.name == member.name)
        {
            diag.error(&member.name, "there is a field of this name already");
        }
    }
}

/// Nothing but a trailer follows the payload.
fn order(layout: &Layout, diag: &mut Diag) {
    let (mut payload, mut trailer) = (None::<&Member>, None::<&Member>);
    for member in &layout.members {
        if matches!(member.place, Place::Header) {
            continue;
        }
        if member.is_payload() {
            if payload.replace(member).is_some() {
                diag.error(&member.name, "there is a payload already");
            }
        } else if member.is_trailer() {
            if payload.is_none() {
                diag.error(&member.name, "a trailer follows the payload");
            }
            if trailer.replace(member).is_some() {
                diag.error(&member.name, "there is a trailer already");
            }
        } else if payload.is_some() {
            diag.error(
                &member.name,
                "nothing but a `#[trailer(…)]` follows the payload",
            );
        }
    }
}

/// Gives every fixed field its run and bit; returns the bits of each run.
fn place_fixed(layout: &mut Layout, diag: &mut Diag) -> Vec<u32> {
    let mut runs = vec![0_u32];
    let mut variable = false;
    for member in &mut layout.members {
        let Place::Fixed { bits, .. } = member.place else {
            if let Some((_, span)) = member.at {
                diag.error_at(span, "only a field of fixed width has a fixed place");
            }
            variable |= matches!(member.place, Place::Var(_));
            continue;
        };
        if std::mem::take(&mut variable) {
            runs.push(0);
        }
        let run = runs.len() - 1;
        let next = runs.last().copied().unwrap_or(0);
        let pad = misaligned(member, next, diag);
        let next = next + pad;
        if let Some((at, span)) = member.at {
            if run > 0 {
                diag.error_at(span, "this field follows one of variable length");
            } else if u64::from(next) != at.saturating_mul(8) {
                let message = match next % 8 {
                    0 => format!("this field starts at octet {}", next / 8),
                    bit => format!("this field starts at bit {bit} of octet {}", next / 8),
                };
                diag.error_at(span, message);
            }
        }
        member.place = Place::Fixed {
            run,
            bit: next,
            bits,
        };
        if let Some(end) = runs.last_mut() {
            *end = next.saturating_add(bits);
        }
    }
    runs
}

/// Bits that are missing before octets can start.
fn misaligned(member: &Member, next: u32, diag: &mut Diag) -> u32 {
    if !member.ty.is_bytes() || next.is_multiple_of(8) {
        return 0;
    }
    let pad = 8 - next % 8;
    let message = format!(
        "octets start at an octet, but this is {} into one: insert `_pad: u{pad}`",
        plural(next % 8)
    );
    diag.error_at(member.ty.span, message);
    pad
}

/// Cuts a run where a field ends at the end of an octet.
fn groups(layout: &Layout, run: usize, diag: &mut Diag) -> Vec<Group> {
    let mut groups = Vec::new();
    let (mut start, mut members) = (0, Vec::new());
    for (index, member) in layout.members.iter().enumerate() {
        if !member.is_in(run) {
            continue;
        }
        let (bit, bits) = member.position();
        members.push(index);
        let end = bit.saturating_add(bits);
        if end % 8 != 0 {
            continue;
        }
        let (byte, bytes) = (start / 8, (end - start) / 8);
        if bytes > 8 && !member.ty.is_bytes() {
            diag.error(
                &member.name,
                "more than 64 bits without a field that ends at the end of an octet",
            );
        }
        groups.push(Group {
            byte: usize::try_from(byte).unwrap_or(0),
            bytes: usize::try_from(bytes).unwrap_or(0),
            members: std::mem::take(&mut members),
        });
        start = end;
    }
    groups
}

/// Finds which members measure the regions and the fields.
fn regions(layout: &mut Layout, part: Part, diag: &mut Diag) {
    let mut found = Regions::default();
    for (index, member) in layout.members.iter().enumerate() {
        let Role::Len(targets) = &member.role else {
            continue;
        };
        for target in targets {
            let slot = match target.region {
                Region::Header => &mut found.header,
                Region::Packet => &mut found.packet,
                Region::Payload => &mut found.payload,
                Region::Field(_) => continue,
            };
            if part != Part::Header {
                diag.error(&target.name, "only a header has this region; name a field");
            }
            if slot.replace((index, target.affine)).is_some() {
                let message = format!("the length of `{}` is stated twice", target.name);
                diag.error(&target.name, message);
            }
        }
    }
    if let (Some(_), Some((index, _))) = (&found.packet, &found.payload)
        && let Some(member) = layout.members.get(*index)
    {
        diag.error(
            &member.name,
            "`packet` and `payload` both bound the payload",
        );
    }
    if found.payload.is_some()
        && layout.payload().is_none()
        && let Some((index, _)) = found.payload
        && let Some(member) = layout.members.get(index)
    {
        diag.error(&member.name, "there is no `#[payload]` to measure");
    }
    layout.regions = found;
}

/// A field whose length another member states.
struct Stated {
    name: Ident,
    extent: Extent,
}

/// Finds where every field of variable length ends.
fn extents(layout: &mut Layout, part: Part, diag: &mut Diag) {
    let stated = stated(layout, diag);
    let in_header = part == Part::Header && layout.regions.header.is_some();
    let has_payload = layout.payload().is_some();
    let last = layout
        .members
        .iter()
        .rposition(|m| !m.is_payload() && !m.is_trailer() && !matches!(m.place, Place::Header));
    let mut open: Option<Ident> = None;
    for (index, member) in layout.members.iter_mut().enumerate() {
        if let (Some(other), true) = (&open, member.is_fixed()) {
            let message =
                format!("`{other}` takes what is left: no field of fixed width can follow it");
            diag.error(&member.name, message);
        }
        if !member.is_var() {
            continue;
        }
        let by = stated.iter().find(|one| one.name == member.name);
        if let Some(extent) = own_extent(member, by, diag) {
            member.place = Place::Var(extent);
            continue;
        }
        if let Some(other) = &open {
            let message = format!("where does `{other}` end and this field begin? One needs `len`");
            diag.error(&member.name, message);
        }
        let slice = matches!(member.ty.kind, TyKind::Tail(Tail::Slice(_)));
        if in_header {
            member.place = Place::Var(Extent::RestOfHeader);
        } else if part == Part::Bits {
            diag.error_at(
                member.ty.span,
                "a group of bits has fields of fixed width only",
            );
        } else if has_payload || (part == Part::Header && slice) {
            diag.error_at(
                member.ty.span,
                "where does this field end? A length field says so with `len`, \
                or it is the `#[payload]`",
            );
        } else if last != Some(index) {
            diag.error(
                &member.name,
                "only the last field may take the rest; this needs `len`",
            );
        }
        open = Some(member.name.clone());
    }
}

/// The end of a field that its type or another member gives.
fn own_extent(member: &Member, by: Option<&Stated>, diag: &mut Diag) -> Option<Extent> {
    let own = matches!(
        member.ty.kind,
        TyKind::Optional(_) | TyKind::Form(_) | TyKind::Tail(Tail::Codec(..))
    );
    let items = matches!(
        member.ty.kind,
        TyKind::Tail(Tail::Array(..) | Tail::Records(..))
    );
    match by.map(|one| one.extent) {
        Some(Extent::Count(..)) if !items => diag.error_at(
            member.ty.span,
            "only the items of an `Array` or of `Records` can be counted",
        ),
        Some(_) if own => {
            let message = format!("the length of `{}` follows from its type", member.name);
            diag.error(&member.name, message);
        }
        None if own => {}
        stated => return stated,
    }
    Some(Extent::Own)
}

/// The fields whose length another member states.
fn stated(layout: &Layout, diag: &mut Diag) -> Vec<Stated> {
    let mut all: Vec<Stated> = Vec::new();
    let mut state = |name: &Ident, extent: Extent| {
        if !layout.vars().any(|var| var.name == *name) {
            let message = match layout.named(name) {
                Some(_) => format!("the length of `{name}` is fixed by its type"),
                None => format!("there is no field `{name}`"),
            };
            diag.error(name, message);
        } else if all.iter().any(|other| other.name == *name) {
            diag.error(name, format!("the length of `{name}` is stated twice"));
        } else {
            all.push(Stated {
                name: name.clone(),
                extent,
            });
        }
    };
    for (index, member) in layout.members.iter().enumerate() {
        match &member.role {
            Role::Len(targets) => {
                for target in targets {
                    if matches!(target.region, Region::Field(_)) {
                        state(&target.name, Extent::Len(index, target.affine));
                    }
                }
            }
            Role::Count(target) => state(&target.name, Extent::Count(index, target.affine)),
            _ => {}
        }
        if let Some(measure) = member.measure.as_ref().filter(|m| !m.relaxed) {
            state(&measure.name, Extent::Bits(index, measure.unit));
        }
    }
    all
}

/// Every field that an expression names must be a value of the Repr.
pub(crate) fn names(expr: &Expr, layout: &Layout, diag: &mut Diag) {
    match &expr.kind {
        Kind::Field(name) => match layout.members.iter().find(|m| m.name == *name) {
            Some(member) if member.in_repr() => {}
            Some(_) => diag.error(
                name,
                "this field is computed or constant: it needs no check",
            ),
            None => diag.error(name, format!("there is no field `{name}`")),
        },
        Kind::SelfValue => diag.error_at(expr.span, "`self` stands in `len` only: name the field"),
        Kind::Not(inner) | Kind::Method(inner, _) | Kind::Index(inner, _) | Kind::Ceil(inner) => {
            names(inner, layout, diag);
        }
        Kind::Binary(_, left, right) => {
            names(left, layout, diag);
            names(right, layout, diag);
        }
        Kind::Call(_, arguments) => arguments.iter().for_each(|a| names(a, layout, diag)),
        Kind::Int(_) | Kind::Bool(_) | Kind::Const(_) => {}
    }
}

/// The largest length that a length field can state.
pub(crate) fn largest(layout: &Layout, by: usize, affine: Affine) -> Option<u64> {
    let bits = layout.members.get(by)?.ty.bits()?;
    max_of(bits)
        .checked_mul(affine.mul)?
        .checked_add_signed(affine.add)
}
