//! Checked arithmetic of expressions: what overflows has no value.

/// A field value that takes part in arithmetic.
pub trait Number {
    /// The value as a number.
    fn number(self) -> Option<u64>;
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Number for $ty {
            #[inline(always)]
            fn number(self) -> Option<u64> {
                Some(self as u64)
            }
        }
    )*};
}

number!(u8, u16, u32, u64, usize, bool);

macro_rules! operation {
    ($($name:ident, $method:ident, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[inline(always)]
        #[must_use]
        pub const fn $name(left: Option<u64>, right: Option<u64>) -> Option<u64> {
            match (left, right) {
                (Some(left), Some(right)) => left.$method(right),
                _ => None,
            }
        }
    )*};
}

operation! {
    add, checked_add, "The sum.";
    sub, checked_sub, "The difference.";
    mul, checked_mul, "The product.";
    div, checked_div, "The quotient, rounded down.";
}

/// `left << right`, if no bit is lost.
#[inline(always)]
#[must_use]
pub const fn shl(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right @ 0..64)) => left.checked_mul(1 << right),
        _ => None,
    }
}

/// `left >> right`.
#[inline(always)]
#[must_use]
pub const fn shr(left: Option<u64>, right: Option<u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right @ 0..64)) => Some(left >> right),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
