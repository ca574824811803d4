//! Which octets beyond the next expected one have arrived: a few ranges of sequence numbers in
//! fixed memory. Data that arrives in order never depends on it. When it is full, what lies
//! farthest ahead is forgotten, because it is needed last; the peer sends it again.

use super::seq::{SeqNumber, SeqRange};

/// Up to `N` ranges, in order, that neither overlap nor touch.
#[derive(Clone, Copy, Debug)]
pub struct Assembler<const N: usize = 8> {
    ranges: [SeqRange; N],
    len: u8,
}

impl<const N: usize> Default for Assembler<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize> Assembler<N> {
    const NONE: SeqRange = SeqRange {
        start: SeqNumber(0),
        end: SeqNumber(0),
    };

    /// Without ranges.
    pub const EMPTY: Self = Self {
        ranges: [Self::NONE; N],
        len: 0,
    };

    /// The ranges, in order.
    #[inline]
    #[must_use]
    pub fn ranges(&self) -> &[SeqRange] {
        self.ranges
            .split_at_checked(usize::from(self.len))
            .map_or(&[], |(used, _)| used)
    }

    /// Whether nothing waits.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forget everything.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// The octets of `range` have arrived. Returns whether they are remembered: not if there are
    /// `N` ranges already and all of them are nearer. Every range must lie within 2³⁰ octets of the
    /// others, as a receive window does.
    pub fn insert(&mut self, range: SeqRange) -> bool {
        if range.is_empty() {
            return true;
        }
        let mut merged = range;
        let mut kept = Self::EMPTY;
        let mut placed = false;
        for old in self.ranges() {
            if old.end.before(merged.start) {
                kept.push(*old);
            } else if old.start.after(merged.end) {
                if !placed {
                    placed = kept.push(merged);
                }
                kept.push(*old);
            } else {
                if old.start.before(merged.start) {
                    merged.start = old.start;
                }
                if old.end.after(merged.end) {
                    merged.end = old.end;
                }
            }
        }
        if !placed {
            placed = kept.push(merged);
        }
        *self = kept;
        placed
    }

    /// Everything before `next` has arrived in order; returns what follows it without a gap: the
    /// number up to which the data is complete, at or after `next`.
    pub fn advance(&mut self, next: SeqNumber) -> SeqNumber {
        let mut reached = next;
        let mut kept = Self::EMPTY;
        for range in self.ranges() {
            if range.start.after(reached) {
                kept.push(*range);
            } else if range.end.after(reached) {
                reached = range.end;
            }
        }
        *self = kept;
        reached
    }

    fn push(&mut self, range: SeqRange) -> bool {
        match self.ranges.get_mut(usize::from(self.len)) {
            Some(slot) => {
                *slot = range;
                self.len = self.len.wrapping_add(1);
                true
            }
            None => false,
        }
    }
}
