//! What we tell the peer of data that arrived out of order (RFC 2018 §4) or twice (RFC 2883): the
//! blocks of our next acknowledgments. What the peer tells us is the scoreboard's business.

use super::Assembler;
use super::seq::{SeqNumber, SeqRange};
use litz_wire::SackBlockRepr;
use litz_wire::rt::Array;

/// Blocks that fit in a header beside nothing else.
const MOST: usize = 4;

/// The blocks to report, the one of the newest segment first.
#[derive(Clone, Copy, Debug)]
pub(super) struct SackReport {
    /// Whether both sides want selective acknowledgments.
    pub(super) on: bool,
    /// A duplicate is to be reported, once.
    has_duplicate: bool,
    /// How many blocks follow the place of the duplicate.
    len: u8,
    /// The duplicate, and the blocks.
    blocks: [SackBlockRepr; MOST + 1],
}

const fn block(range: SeqRange) -> SackBlockRepr {
    SackBlockRepr {
        left: range.start,
        right: range.end,
    }
}

impl SackReport {
    pub(super) const fn new(on: bool) -> Self {
        Self {
            on,
            has_duplicate: false,
            len: 0,
            blocks: [block(SeqRange {
                start: SeqNumber(0),
                end: SeqNumber(0),
            }); MOST + 1],
        }
    }

    /// Whether an acknowledgment would report anything.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0 && !self.has_duplicate
    }

    fn places(&mut self) -> &mut [SackBlockRepr] {
        self.blocks
            .split_first_mut()
            .map_or(&mut [], |(_, rest)| rest)
    }

    /// `range`, as the assembler has it now, holds the newest segment: it comes first, what it has
    /// swallowed is dropped, and the others keep their order (RFC 2018 §4).
    pub(super) fn note(&mut self, range: SeqRange) {
        let mut kept = [block(range); MOST];
        let mut len = 1_usize;
        let known = usize::from(self.len);
        for old in self.places().iter().take(known) {
            let apart = old.right.before(range.start) || old.left.after(range.end);
            if apart && let Some(slot) = kept.get_mut(len) {
                *slot = *old;
                len = len.wrapping_add(1);
            }
        }
        for (place, kept) in self.places().iter_mut().zip(kept) {
            *place = kept;
        }
        self.len = len.min(MOST) as u8;
    }

    /// Everything before `next` has arrived: it is no longer reported.
    pub(super) fn advance(&mut self, next: SeqNumber) {
        let known = usize::from(self.len);
        let mut len = 0_usize;
        let places = self.places();
        for at in 0..known {
            let Some(old) = places.get(at).copied() else {
                break;
            };
            if old.left.after(next)
                && let Some(slot) = places.get_mut(len)
            {
                *slot = old;
                len = len.wrapping_add(1);
            }
        }
        self.len = len as u8;
    }

    /// `range` has arrived before (RFC 2883 §4): the next acknowledgment says so.
    pub(super) fn duplicate(&mut self, range: SeqRange) {
        if self.on && !range.is_empty() {
            self.has_duplicate = true;
            if let Some(first) = self.blocks.first_mut() {
                *first = block(range);
            }
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

    /// Which blocks go into the next acknowledgment, at most `room`; a duplicate is taken as
    /// reported. [`SackReport::option`] makes the option of it.
    pub(super) fn take(&mut self, room: usize) -> (usize, usize) {
        let from = usize::from(!core::mem::take(&mut self.has_duplicate));
        let end = usize::from(self.len).wrapping_add(1);
        (from, end.min(from.wrapping_add(room.min(MOST))))
    }

    /// The option with the blocks that [`SackReport::take`] said.
    pub(super) fn option(
        &self,
        (from, to): (usize, usize),
    ) -> Option<Array<'_, litz_wire::SackBlock>> {
        let blocks = self.blocks.get(from..to).filter(|some| !some.is_empty())?;
        Some(Array::from_values(blocks))
    }
}
