//! TCP sequence numbers (RFC 9293 §3.4): a circle, on which nothing is greater than everything.

use crate::rt::WireInt;
use core::fmt;

/// A TCP sequence number. It has no order, only positions relative to another one that is less
/// than 2³¹ away; no operation on it panics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeqNumber(pub u32);

/// A count of octets that a sequence number can move by: `u32`, `usize` or `i32`, modulo 2³².
pub trait SeqOffset: Copy {
    /// The count modulo 2³².
    fn modulo(self) -> u32;
}

impl SeqOffset for u32 {
    #[inline(always)]
    fn modulo(self) -> u32 {
        self
    }
}

impl SeqOffset for usize {
    #[inline(always)]
    fn modulo(self) -> u32 {
        self as u32
    }
}

impl SeqOffset for i32 {
    #[inline(always)]
    fn modulo(self) -> u32 {
        self as u32
    }
}

impl SeqNumber {
    /// The number `count` after this one.
    #[inline]
    #[must_use]
    pub fn wrapping_add(self, count: impl SeqOffset) -> Self {
        Self(self.0.wrapping_add(count.modulo()))
    }

    /// The number `count` before this one.
    #[inline]
    #[must_use]
    pub fn wrapping_sub(self, count: impl SeqOffset) -> Self {
        Self(self.0.wrapping_sub(count.modulo()))
    }

    /// How far this number is after `other`; negative if it is before.
    #[inline]
    #[must_use]
    pub const fn since(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// How far `other` is after this number; negative if it is before.
    #[inline]
    #[must_use]
    pub const fn distance_to(self, other: Self) -> i32 {
        other.since(self)
    }

    /// Whether this number comes before `other`.
    #[inline]
    #[must_use]
    pub const fn before(self, other: Self) -> bool {
        self.since(other) < 0
    }

    /// Whether this number comes after `other`.
    #[inline]
    #[must_use]
    pub const fn after(self, other: Self) -> bool {
        self.since(other) > 0
    }

    /// Whether this number is `other` or comes before it.
    #[inline]
    #[must_use]
    pub const fn at_or_before(self, other: Self) -> bool {
        self.since(other) <= 0
    }

    /// Whether this number is `other` or comes after it.
    #[inline]
    #[must_use]
    pub const fn at_or_after(self, other: Self) -> bool {
        self.since(other) >= 0
    }
}

impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<u32> for SeqNumber {
    const BITS: u32 = 32;

    #[inline(always)]
    fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests;
