//! Fields to members: which role the attributes give, and whether they fit the type.

use super::layout::Part;
use super::{int, len};
use crate::diag::Diag;
use crate::model::{
    Affine, ChecksumSpec, Extent, Measure, Member, Place, Region, Role, Target, max_of,
};
use crate::parse::expr::{Expr, Kind, Op};
use crate::parse::field::{Checksum, Field, FieldAttrs, LenTarget};
use crate::parse::ty::{Tail, Ty, TyKind};
use proc_macro2::Ident;
use syn::LitInt;

/// A field with its role; its place is found later.
pub(crate) fn member(field: Field, part: Part, diag: &mut Diag) -> Member {
    let reserved = field.is_reserved();
    let Field {
        name,
        vis,
        docs,
        ty,
        attrs,
    } = field;
    one_role(&name, &attrs, reserved, diag);
    let scale = attrs
        .scale
        .as_ref()
        .map_or(1, |literal| scale(literal, &ty, diag));
    let at = attrs
        .at
        .as_ref()
        .and_then(|literal| Some((int(literal, diag)?, literal.span())));
    let check = attrs.check.clone();
    let when = attrs.when.clone();
    let tag = attrs.form.clone();
    presence(&ty, when.as_ref(), diag);
    let measure = measure(&attrs, &ty, diag);
    let role = match &measure {
        Some(_) => Role::Value,
        None => role(attrs, &ty, reserved, part, diag),
    };
    let place = match (&role, ty.bits()) {
        (Role::Hdr(_), _) => Place::Header,
        (_, Some(bits)) => Place::Fixed {
            run: 0,
            bit: 0,
            bits,
        },
        (_, None) => Place::Var(Extent::Rest),
    };
    Member {
        name,
        vis,
        docs,
        ty,
        role,
        place,
        scale,
        at,
        check,
        when,
        tag,
        measure,
        steers: false,
    }
}

/// The attributes of a field exclude each other.
fn one_role(name: &Ident, attrs: &FieldAttrs, reserved: bool, diag: &mut Diag) {
    let roles = [
        attrs.eq.is_some(),
        attrs.skip.is_some(),
        attrs.len.is_some(),
        attrs.count.is_some(),
        attrs.from.is_some(),
        attrs.tag_of.is_some(),
        attrs.checksum.is_some(),
        attrs.payload.is_some(),
        attrs.trailer.is_some(),
        attrs.hdr.is_some(),
        reserved,
    ];
    if roles.iter().filter(|on| **on).count() > 1 {
        diag.error(
            name,
            "a field has one role: these attributes exclude each other",
        );
    }
}

/// An optional field has a condition, and no other field has one.
fn presence(ty: &Ty, when: Option<&Expr>, diag: &mut Diag) {
    match (&ty.kind, when) {
        (TyKind::Optional(_), None) => diag.error_at(
            ty.span,
            "an optional field needs a condition for its presence: `#[when(…)]`",
        ),
        (TyKind::Optional(_), Some(_)) | (_, None) => {}
        (_, Some(when)) => {
            diag.error_at(when.span, "a field that may be missing is an `Option<T>`")
        }
    }
}

/// `len(field = ceil(self / unit) [, relaxed])`: the value cannot be computed back from the octets,
/// so it stays a value.
fn measure(attrs: &FieldAttrs, ty: &Ty, diag: &mut Diag) -> Option<Measure> {
    let (_, targets) = attrs.len.as_ref()?;
    let target = targets.first()?;
    let Kind::Ceil(inner) = &target.expr.as_ref()?.kind else {
        return None;
    };
    let unit = match &inner.kind {
        Kind::Binary(Op::Div, left, right) => match (&left.kind, &right.kind) {
            (Kind::SelfValue, Kind::Int(unit @ 1..)) => *unit,
            _ => 0,
        },
        _ => 0,
    };
    if unit == 0 {
        diag.error_at(inner.span, "write `ceil(self / 8)`");
    }
    if !matches!(ty.kind, TyKind::Int(1..=32)) {
        diag.error_at(ty.span, "a length field is an integer of at most 32 bits");
    }
    let mut relaxed = false;
    for more in targets.iter().skip(1) {
        if more.name == "relaxed" && more.expr.is_none() {
            relaxed = true;
        } else {
            diag.error(&more.name, "a length in bits takes `relaxed` only");
        }
    }
    Some(Measure {
        name: target.name.clone(),
        unit: unit.max(1),
        relaxed,
    })
}

fn role(mut attrs: FieldAttrs, ty: &Ty, reserved: bool, part: Part, diag: &mut Diag) -> Role {
    let bits = ty.bits();
    if let Some(role) = derived_role(&mut attrs, ty, part, diag) {
        return role;
    }
    if let Some(value) = attrs.eq {
        constant_fits(&value, bits, diag);
        Role::Eq(value)
    } else if let Some(value) = attrs.skip {
        constant_fits(&value, bits, diag);
        Role::Skip(value)
    } else if let Some((span, targets)) = attrs.len {
        if !matches!(ty.kind, TyKind::Int(1..=32)) {
            diag.error_at(ty.span, "a length field is an integer of at most 32 bits");
        }
        if targets.is_empty() {
            diag.error_at(
                span,
                "say what is measured: `len(header = self * 4)`, `len(field)`",
            );
        }
        Role::Len(
            targets
                .into_iter()
                .filter_map(|one| target(one, diag))
                .collect(),
        )
    } else if let Some(checksum) = attrs.checksum {
        Role::Checksum(checksum_spec(&checksum, ty, diag))
    } else if let Some(span) = attrs.payload {
        if !matches!(ty.kind, TyKind::Tail(Tail::Slice(_))) {
            diag.error_at(span, "a payload is `&'a [u8]`");
        }
        if part == Part::Header {
            Role::Payload
        } else {
            Role::Value
        }
    } else if let Some(header) = attrs.hdr {
        Role::Hdr(header)
    } else if reserved {
        if ty.bits().is_none() {
            diag.error_at(ty.span, "a reserved field has a fixed width");
        }
        Role::Reserved
    } else {
        Role::Value
    }
}

/// The roles that follow from other fields.
fn derived_role(attrs: &mut FieldAttrs, ty: &Ty, part: Part, diag: &mut Diag) -> Option<Role> {
    if let Some(count) = attrs.count.take() {
        if !matches!(ty.kind, TyKind::Int(1..=32)) {
            diag.error_at(ty.span, "a count is an integer of at most 32 bits");
        }
        Some(target(count, diag).map_or(Role::Reserved, Role::Count))
    } else if let Some(value) = attrs.from.take() {
        if !matches!(ty.kind, TyKind::Int(_) | TyKind::Bool) {
            let message = "what follows from other fields is a `bool` or a number";
            diag.error_at(ty.span, message);
        }
        Some(Role::From(value))
    } else if let Some(field) = attrs.tag_of.take() {
        if !matches!(ty.kind, TyKind::Int(1..=8)) {
            diag.error_at(ty.span, "a tag is an integer of at most 8 bits");
        }
        Some(Role::TagOf(field))
    } else if let Some(len) = attrs.trailer.take() {
        if !matches!(ty.kind, TyKind::Tail(Tail::Slice(_))) {
            diag.error_at(ty.span, "a trailer is `&'a [u8]`");
        }
        if part != Part::Header {
            diag.error_at(len.span, "only a header has a trailer");
        }
        Some(Role::Trailer(len))
    } else {
        None
    }
}

fn scale(literal: &LitInt, ty: &Ty, diag: &mut Diag) -> u64 {
    let message = match (int(literal, diag), &ty.kind) {
        (Some(scale @ 2..), TyKind::Int(bits)) => match max_of(*bits).checked_mul(scale) {
            Some(_) => return scale,
            None => "the scaled value does not fit 64 bits",
        },
        (Some(2..), _) => "only an integer can be scaled",
        (Some(_), _) => "a scale is at least 2",
        (None, _) => return 1,
    };
    diag.error(literal, message);
    1
}

/// A literal constant must fit the bits of its field.
fn constant_fits(value: &Expr, bits: Option<u32>, diag: &mut Diag) {
    match (&value.kind, bits) {
        (_, None) => diag.error_at(value.span, "a constant needs a field of fixed width"),
        (Kind::Int(number), Some(bits)) if bits <= 64 && *number > max_of(bits) => {
            let message = format!("{number} does not fit u{bits}");
            diag.error_at(value.span, message);
        }
        (Kind::Int(_) | Kind::Bool(_) | Kind::Const(_), _) => {}
        _ => diag.error_at(value.span, "expected a constant"),
    }
}

fn target(target: LenTarget, diag: &mut Diag) -> Option<Target> {
    let affine = match &target.expr {
        Some(expr) => diag.keep(len::affine(expr))?,
        None => Affine { mul: 1, add: 0 },
    };
    let region = match target.name.to_string().as_str() {
        "header" => Region::Header,
        "packet" => Region::Packet,
        "payload" => Region::Payload,
        _ => Region::Field(target.name.clone()),
    };
    Some(Target {
        name: target.name,
        region,
        affine,
    })
}

fn checksum_spec(checksum: &Checksum, ty: &Ty, diag: &mut Diag) -> ChecksumSpec {
    if checksum.algorithm != "rfc1071" {
        diag.error(&checksum.algorithm, "the checksum known here is `rfc1071`");
    }
    if !matches!(ty.kind, TyKind::Int(16)) {
        diag.error_at(ty.span, "an internet checksum is a `u16`");
    }
    let packet = match checksum.region.to_string().as_str() {
        "packet" => true,
        "header" => false,
        _ => {
            diag.error(&checksum.region, "a checksum covers `header` or `packet`");
            false
        }
    };
    if let (Some(pseudo), false) = (&checksum.pseudo, packet) {
        diag.error(
            pseudo,
            "a pseudo header goes with a checksum over the packet",
        );
    }
    let pseudo = checksum
        .pseudo
        .as_ref()
        .and_then(|number| diag.keep(number.base10_parse()));
    ChecksumSpec {
        packet,
        pseudo,
        zero_is_none: checksum.zero_is_none,
    }
}
