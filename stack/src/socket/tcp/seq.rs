//! Sequence numbers and ranges of them (RFC 9293 §3.4). The number itself is the wire's
//! [`SeqNumber`]: a position on a circle, without an order. A [`SeqRange`] is a half-open arc.

pub use litz_wire::SeqNumber;

/// The sequence numbers from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeqRange {
    /// The first number.
    pub start: SeqNumber,
    /// The number after the last.
    pub end: SeqNumber,
}

impl SeqRange {
    /// The `len` numbers from `start` on.
    #[inline]
    #[must_use]
    pub fn new(start: SeqNumber, len: u32) -> Self {
        Self {
            start,
            end: start.wrapping_add(len),
        }
    }

    /// How many numbers it holds.
    #[inline]
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.0.wrapping_sub(self.start.0)
    }

    /// Whether it holds none.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start.0 == self.end.0
    }

    /// Whether `seq` lies in it.
    #[inline]
    #[must_use]
    pub const fn contains(self, seq: SeqNumber) -> bool {
        self.start.at_or_before(seq) && seq.before(self.end)
    }
}

/// How many octets `later` is past `earlier`; 0 if it is not past it.
#[inline]
pub(super) const fn octets_since(later: SeqNumber, earlier: SeqNumber) -> u32 {
    let distance = later.since(earlier);
    if distance > 0 {
        distance.unsigned_abs()
    } else {
        0
    }
}

/// The later of two.
#[inline]
pub(super) const fn later_of(a: SeqNumber, b: SeqNumber) -> SeqNumber {
    if a.after(b) { a } else { b }
}
