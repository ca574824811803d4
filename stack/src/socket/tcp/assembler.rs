//! Which octets beyond the next expected one have arrived: ranges of sequence numbers in memory
//! that the caller sizes. Data that arrives in order never depends on it. What it holds is never
//! forgotten, since the peer was told of it (RFC 2018 §8): when it is full, a new gap is refused,
//! and the peer sends again what lies behind it.

use super::seq::{SeqNumber, SeqRange};
use crate::storage::Storage;

/// Ranges that a connection can hold without memory from the caller.
const SMALL: usize = 4;

/// Ranges, in order, that neither overlap nor touch.
#[derive(Debug, Default)]
pub struct Assembler<'a> {
    memory: Storage<'a, SeqRange>,
    /// In the place of `memory` if that is smaller.
    small: [SeqRange; SMALL],
    len: u16,
}

impl<'a> Assembler<'a> {
    /// Whether what comes after a gap is kept.
    pub(super) const KEEPS: bool = true;

    /// No ranges, and memory for as many as `memory` has elements; at least four. Without the
    /// feature `sack` there is one, whatever the memory.
    pub fn new(memory: impl Into<Storage<'a, SeqRange>>) -> Self {
        Self {
            memory: memory.into(),
            small: [SeqRange::default(); SMALL],
            len: 0,
        }
    }

    /// The memory, and nothing in its place.
    pub fn take_storage(&mut self) -> Storage<'a, SeqRange> {
        self.clear();
        core::mem::take(&mut self.memory)
    }

    fn slots(&mut self) -> &mut [SeqRange] {
        if self.memory.len() > SMALL {
            &mut self.memory
        } else {
            &mut self.small
        }
    }

    /// How many ranges it can hold.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.memory.len().clamp(SMALL, usize::from(u16::MAX))
    }

    /// The ranges, in order.
    #[inline]
    #[must_use]
    pub fn ranges(&self) -> &[SeqRange] {
        let slots: &[SeqRange] = if self.memory.len() > SMALL {
            &self.memory
        } else {
            &self.small
        };
        slots
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

    /// The range that holds an octet.
    #[must_use]
    pub fn range_of(&self, seq: SeqNumber) -> Option<SeqRange> {
        let ranges = self.ranges();
        let at = ranges.partition_point(|range| range.end.at_or_before(seq));
        ranges.get(at).copied().filter(|range| range.contains(seq))
    }

    /// Whether any octet of `range` has arrived.
    #[inline]
    #[must_use]
    pub fn overlaps(&self, range: SeqRange) -> bool {
        let ranges = self.ranges();
        let at = ranges.partition_point(|old| old.end.at_or_before(range.start));
        ranges
            .get(at)
            .is_some_and(|old| old.start.before(range.end))
    }

    /// The octets of `range` have arrived. Returns the range that they are part of now, or `None`
    /// if there is no memory for one more. Every range must lie within 2³⁰ octets of the others, as
    /// a receive window does.
    pub fn insert(&mut self, range: SeqRange) -> Option<SeqRange> {
        if range.is_empty() {
            return None;
        }
        let ranges = self.ranges();
        // What overlaps or touches it.
        let from = ranges.partition_point(|old| old.end.before(range.start));
        let to = ranges.partition_point(|old| old.start.at_or_before(range.end));
        let touched = ranges.get(from..to).unwrap_or(&[]);
        let (Some(first), Some(last)) = (touched.first(), touched.last()) else {
            return self.insert_at(from, range).then_some(range);
        };
        let mut merged = range;
        if first.start.before(merged.start) {
            merged.start = first.start;
        }
        if last.end.after(merged.end) {
            merged.end = last.end;
        }
        self.remove(from.wrapping_add(1), to);
        if let Some(slot) = self.slots().get_mut(from) {
            *slot = merged;
        }
        Some(merged)
    }

    /// Everything before `next` has arrived in order; returns what follows it without a gap: the
    /// number up to which the data is complete, at or after `next`.
    pub fn advance(&mut self, next: SeqNumber) -> SeqNumber {
        let ranges = self.ranges();
        let joined = ranges.partition_point(|range| range.start.at_or_before(next));
        let last = joined.checked_sub(1).and_then(|last| ranges.get(last));
        let reached = match last {
            Some(range) if range.end.after(next) => range.end,
            _ => next,
        };
        self.remove(0, joined);
        reached
    }

    fn insert_at(&mut self, at: usize, range: SeqRange) -> bool {
        let len = usize::from(self.len);
        if len >= self.capacity() {
            return false;
        }
        let slots = self.slots();
        if let Some(moved) = slots.get_mut(at..=len) {
            crate::storage::move_up(moved);
        }
        if let Some(slot) = slots.get_mut(at) {
            *slot = range;
        }
        self.len = self.len.wrapping_add(1);
        true
    }

    /// Remove the ranges from index `from` up to but not including `to`.
    fn remove(&mut self, from: usize, to: usize) {
        let removed = to.saturating_sub(from);
        if removed == 0 {
            return;
        }
        let len = usize::from(self.len);
        if let Some(rest) = self.slots().get_mut(from..len) {
            crate::storage::move_down(rest, removed);
        }
        self.len = self.len.saturating_sub(removed as u16);
    }
}
