//! In the place of the assembler where selective acknowledgment is left out: the peer is told of no
//! gap, and repairs one a round trip; so one range is kept, the first that came out of order and
//! what joins it.

use core::marker::PhantomData;

use super::seq::{SeqNumber, SeqRange};
use crate::storage::Storage;

/// The range that is kept, empty if there is none.
#[derive(Debug, Default)]
pub struct Assembler<'a> {
    range: SeqRange,
    memory: PhantomData<&'a ()>,
}

impl<'a> Assembler<'a> {
    /// Whether what comes after a gap is kept.
    pub(super) const KEEPS: bool = true;

    /// No range. The memory is not needed.
    pub fn new(_: impl Into<Storage<'a, SeqRange>>) -> Self {
        Self::default()
    }

    /// No memory.
    pub fn take_storage(&mut self) -> Storage<'a, SeqRange> {
        self.clear();
        Storage::default()
    }

    /// How many ranges it can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        1
    }

    /// The range, if there is one.
    #[must_use]
    pub fn ranges(&self) -> &[SeqRange] {
        if self.is_empty() {
            &[]
        } else {
            core::slice::from_ref(&self.range)
        }
    }

    /// Whether nothing waits.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Forget everything.
    pub fn clear(&mut self) {
        self.range = SeqRange::default();
    }

    /// The range that holds an octet.
    #[must_use]
    pub fn range_of(&self, seq: SeqNumber) -> Option<SeqRange> {
        let holds = !self.is_empty() && self.range.contains(seq);
        holds.then_some(self.range)
    }

    /// Whether any octet of `range` has arrived.
    #[must_use]
    pub fn overlaps(&self, range: SeqRange) -> bool {
        !self.is_empty() && self.range.start.before(range.end) && range.start.before(self.range.end)
    }

    /// The octets of `range` have arrived. Returns the range that they are part of now, or `None`
    /// if they are part of another.
    pub fn insert(&mut self, range: SeqRange) -> Option<SeqRange> {
        if range.is_empty() {
            return None;
        }
        if self.is_empty() {
            self.range = range;
        } else if range.start.after(self.range.end) || range.end.before(self.range.start) {
            return None;
        }
        if range.start.before(self.range.start) {
            self.range.start = range.start;
        }
        if range.end.after(self.range.end) {
            self.range.end = range.end;
        }
        Some(self.range)
    }

    /// Everything before `next` has arrived in order; returns what follows it without a gap: the
    /// number up to which the data is complete, at or after `next`.
    pub fn advance(&mut self, next: SeqNumber) -> SeqNumber {
        if self.is_empty() || self.range.start.after(next) {
            return next;
        }
        let end = self.range.end;
        self.clear();
        if end.after(next) { end } else { next }
    }
}
