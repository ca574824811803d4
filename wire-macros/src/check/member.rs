//! Fields to members: which role the attributes give, and whether they fit the type.

use super::layout::Part;
use super::{int, len};
use crate::diag::Diag;
use crate::model::{Affine, ChecksumSpec, Extent, Member, Place, Region, Role, Target, max_of};
use crate::parse::expr::{Expr, Kind};
use crate::parse::field::{Checksum, Field, FieldAttrs, LenTarget};
use crate::parse::ty::{Tail, Ty, TyKind};
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
    let roles = [
        attrs.eq.is_some(),
        attrs.skip.is_some(),
        attrs.len.is_some(),
        attrs.checksum.is_some(),
        attrs.payload.is_some(),
        attrs.hdr.is_some(),
        reserved,
    ];
    if roles.iter().filter(|on| **on).count() > 1 {
        diag.error(
            &name,
            "a field has one role: these attributes exclude each other",
        );
    }
    let scale = attrs
        .scale
        .as_ref()
        .map_or(1, |literal| scale(literal, &ty, diag));
    let at = attrs
        .at
        .as_ref()
        .and_then(|literal| Some((int(literal, diag)?, literal.span())));
    let check = attrs.check.clone();
    let role = role(attrs, &ty, reserved, part, diag);
    let place = match (&role, ty.bits()) {
        (Role::Hdr(_), _) => Place::Header,
        (_, Some(bits)) => Place::Fixed { bit: 0, bits },
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
    }
}

fn role(attrs: FieldAttrs, ty: &Ty, reserved: bool, part: Part, diag: &mut Diag) -> Role {
    let bits = ty.bits();
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
        if matches!(ty.kind, TyKind::Tail(_)) {
            diag.error_at(ty.span, "a reserved field has a fixed width");
        }
        Role::Reserved
    } else {
        Role::Value
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
