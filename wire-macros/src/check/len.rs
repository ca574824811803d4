//! Length expressions: only affine forms of `self`, so that emission can invert them.

use crate::model::Affine;
use crate::parse::expr::{Expr, Kind, Op};

const NOT_AFFINE: &str = "a length is `self` times a constant plus a constant, so that it can be \
    computed back when a packet is emitted";

/// `mul * self + add` of an expression.
pub(crate) fn affine(expr: &Expr) -> syn::Result<Affine> {
    let fail = |message: &str| Err(syn::Error::new(expr.span, message));
    let Some((mul, add)) = terms(expr) else {
        return fail(NOT_AFFINE);
    };
    match u64::try_from(mul) {
        Ok(0) => fail("this length does not depend on the field"),
        Ok(mul) => Ok(Affine { mul, add }),
        Err(_) => fail("this length becomes shorter as the field grows"),
    }
}

fn terms(expr: &Expr) -> Option<(i64, i64)> {
    match &expr.kind {
        Kind::Int(value) => Some((0, i64::try_from(*value).ok()?)),
        Kind::SelfValue => Some((1, 0)),
        Kind::Binary(op, left, right) => {
            let ((a, b), (c, d)) = (terms(left)?, terms(right)?);
            match op {
                Op::Add => Some((a.checked_add(c)?, b.checked_add(d)?)),
                Op::Sub => Some((a.checked_sub(c)?, b.checked_sub(d)?)),
                Op::Mul if a == 0 => Some((b.checked_mul(c)?, b.checked_mul(d)?)),
                Op::Mul if c == 0 => Some((a.checked_mul(d)?, b.checked_mul(d)?)),
                Op::Shl if a == 0 && c == 0 => Some((0, b.checked_shl(u32::try_from(d).ok()?)?)),
                _ => None,
            }
        }
        _ => None,
    }
}
