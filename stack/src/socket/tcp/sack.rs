//! What we tell the peer of data that arrived out of order (RFC 2018 §4) or twice (RFC 2883): the
//! blocks of our next acknowledgments. What the peer tells us is the scoreboard's business.

use super::Assembler;
use super::seq::{SeqNumber, SeqRange};
use litz_wire::SackBlockRepr;
use litz_wire::rt::Array;

/// Blocks that fit in a header beside nothing else.
const MOST: usize = 4;
/// Ranges whose order is remembered.
const RECENT: usize = 3;

/// Room for the blocks of one acknowledgment, while it is made.
#[derive(Clone, Copy, Debug)]
pub struct SackBlocks([SackBlockRepr; MOST]);

impl Default for SackBlocks {
    fn default() -> Self {
        Self([block(SeqRange::default()); MOST])
    }
}

/// Whether both sides want selective acknowledgments; before the handshake is done, whether we do.
#[derive(Clone, Copy, Debug)]
pub(super) struct SackUse(bool);

impl SackUse {
    /// Whether this build has any.
    pub(super) const AVAILABLE: bool = true;

    pub(super) const fn new(on: bool) -> Self {
        Self(on)
    }

    #[inline]
    pub(super) const fn is_on(&self) -> bool {
        self.0
    }

    /// What was agreed on.
    pub(super) const fn set_on(&mut self, on: bool) {
        self.0 = on;
    }
}

/// What is to be reported, the range with the newest segment first.
#[derive(Clone, Copy, Debug)]
pub(super) struct SackReport {
    /// What has arrived twice, if anything has: to be reported once.
    duplicate: SeqRange,
    /// A number of each of the ranges of the assembler that changed last, the newest first.
    recent: [SeqNumber; RECENT],
}

const fn block(range: SeqRange) -> SackBlockRepr {
    SackBlockRepr {
        left: range.start,
        right: range.end,
    }
}

impl SackReport {
    pub(super) const fn new() -> Self {
        Self {
            duplicate: SeqRange {
                start: SeqNumber(0),
                end: SeqNumber(0),
            },
            recent: [SeqNumber(0); RECENT],
        }
    }

    /// `range`, as the assembler has it now, holds the newest segment: it comes first, what it has
    /// swallowed is forgotten, and the others keep their order (RFC 2018 §4).
    pub(super) fn note(&mut self, range: SeqRange) {
        let mut kept = [range.start; RECENT];
        let others = self.recent.iter().filter(|seq| !range.contains(**seq));
        for (slot, seq) in kept.iter_mut().skip(1).zip(others) {
            *slot = *seq;
        }
        self.recent = kept;
    }

    /// `range` has arrived before (RFC 2883 §4): the next acknowledgment says so.
    pub(super) fn duplicate(&mut self, range: SeqRange) {
        self.duplicate = range;
    }

    /// The same of another part of a segment: the first part is the one that is reported
    /// (RFC 2883 §4.2.2).
    pub(super) fn duplicate_too(&mut self, range: SeqRange) {
        if self.duplicate.is_empty() {
            self.duplicate = range;
        }
    }

    /// The part of `range` that is in the assembler already, up to the first octet that is not.
    pub(super) fn known_part(assembler: &Assembler<'_>, range: SeqRange) -> Option<SeqRange> {
        let ranges = assembler.ranges();
        let at = ranges.partition_point(|old| old.end.at_or_before(range.start));
        let old = ranges.get(at).filter(|old| old.start.before(range.end))?;
        let start = super::seq::later_of(old.start, range.start);
        let end = if old.end.before(range.end) {
            old.end
        } else {
            range.end
        };
        Some(SeqRange { start, end })
    }

    /// The option of the next acknowledgment, of at most `room` blocks; a duplicate is taken as
    /// reported.
    #[inline]
    pub(super) fn fill<'b>(
        &mut self,
        assembler: &Assembler<'_>,
        room: usize,
        blocks: &'b mut SackBlocks,
    ) -> Option<Array<'b, litz_wire::SackBlock>> {
        if assembler.is_empty() && self.duplicate.is_empty() {
            return None;
        }
        let len = self.write(assembler, room, &mut blocks.0);
        let blocks = blocks.0.get(..len).filter(|some| !some.is_empty())?;
        Some(Array::from_values(blocks))
    }

    /// The duplicate, the ranges that changed last, and others while there is room; how many.
    fn write(
        &mut self,
        assembler: &Assembler<'_>,
        room: usize,
        blocks: &mut [SackBlockRepr; MOST],
    ) -> usize {
        let duplicate = core::mem::take(&mut self.duplicate);
        let first = usize::from(!duplicate.is_empty());
        let mut len = 0_usize;
        let recent = self
            .recent
            .iter()
            .filter_map(|seq| assembler.range_of(*seq));
        let others = assembler.ranges().iter().rev().copied();
        let ranges = Some(duplicate).filter(|range| !range.is_empty());
        for range in ranges.into_iter().chain(recent).chain(others) {
            let known = blocks.get(first.min(len)..len).unwrap_or(&[]);
            if len >= room || known.contains(&block(range)) {
                continue;
            }
            if let Some(slot) = blocks.get_mut(len) {
                *slot = block(range);
                len = len.wrapping_add(1);
            }
        }
        len
    }
}
