//! The scoreboard: what is in flight, and what became of it (RFC 6675 §3), with the times that
//! RACK needs (RFC 8985 §6.1). It is kept as runs of octets that share their fate, in memory that
//! the caller sizes. When there are more runs than memory, neighbors are joined and details are
//! lost, always so that something may be sent again needlessly but nothing is forgotten.

use super::delivery::Delivery;
use super::rack::{Rack, is_later, is_sent_after};
use super::seq::{SeqNumber, SeqRange, later_of, octets_since};
use crate::storage::Storage;

/// A run of octets in flight. It begins where the one before it ends.
///
/// Memory for a connection's scoreboard is a slice of these; what they hold is its own business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentRange {
    /// The number after its last octet.
    pub(super) end: SeqNumber,
    /// When it was last sent, in microseconds of a clock that wraps; if its parts were sent at
    /// different times, when the last of them was.
    pub(super) sent_us: u32,
    /// How much earlier the first of its parts was sent, in units of [`SPAN_US`]; the largest value
    /// stands for any time.
    span: u16,
    pub(super) marks: u8,
}

/// The unit of spans, in microseconds.
const SPAN_US: u32 = 64;

/// The peer has it, out of order.
pub(super) const SACKED: u8 = 1;
/// It is lost, and not sent again yet.
pub(super) const LOST: u8 = 2;
/// It was sent more than once.
pub(super) const RESENT: u8 = 4;
/// The last part of a run was cut off: nothing in it needs to have been sent as late as it says.
const INEXACT: u8 = 8;

/// Marks that say what has to be done.
const FATE: u8 = SACKED | LOST | RESENT;

/// Memory for so few runs is used to the last one, with some work for each; larger memory is tidied
/// up all at once.
const FEW: usize = 32;

/// Runs that a connection can hold without memory from the caller.
const SMALL: usize = 4;

impl SentRange {
    /// The earliest time that a part of it may have been sent; `None` if nothing is known.
    #[inline]
    pub(super) fn earliest_us(&self) -> Option<u32> {
        let span = u32::from(self.span).wrapping_mul(SPAN_US);
        (self.span != u16::MAX).then(|| self.sent_us.wrapping_sub(span))
    }

    /// Whether its parts were sent at different times.
    #[inline]
    pub(super) const fn is_blurred(&self) -> bool {
        self.span != 0
    }

    /// From when the first part of this was sent until the last part of the next was.
    fn span_with(&self, next: &Self) -> u32 {
        let last = if is_later(self.sent_us, next.sent_us) {
            self.sent_us
        } else {
            next.sent_us
        };
        let [a, b] = [self, next].map(|run| {
            let first = run.earliest_us();
            first.map_or(u32::MAX, |first| last.wrapping_sub(first))
        });
        a.max(b)
    }
}

/// The runs, in order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Scoreboard<'a> {
    memory: Storage<'a, SentRange>,
    /// In the place of `memory` if that is smaller.
    small: [SentRange; SMALL],
    /// Index of the first run.
    head: u16,
    len: u16,
    /// Where the first run begins: SND.UNA.
    start: SeqNumber,
    sacked: u32,
    lost: u32,
}

impl<'a> Scoreboard<'a> {
    pub(super) fn new(memory: Storage<'a, SentRange>) -> Self {
        Self {
            memory,
            ..Self::default()
        }
    }

    /// The memory, and nothing in its place.
    pub(super) fn take_storage(&mut self) -> Storage<'a, SentRange> {
        self.clear(SeqNumber(0));
        core::mem::take(&mut self.memory)
    }

    /// Nothing is in flight; the next octet sent is `start`.
    pub(super) fn clear(&mut self, start: SeqNumber) {
        self.head = 0;
        self.len = 0;
        self.start = start;
        self.sacked = 0;
        self.lost = 0;
    }

    /// Octets that the peer has out of order.
    #[inline]
    pub(super) const fn sacked(&self) -> u32 {
        self.sacked
    }

    /// Octets that are lost and not sent again yet.
    #[inline]
    pub(super) const fn lost(&self) -> u32 {
        self.lost
    }

    #[inline]
    fn slots(&mut self) -> &mut [SentRange] {
        if self.memory.len() > SMALL {
            &mut self.memory
        } else {
            &mut self.small
        }
    }

    fn capacity(&self) -> usize {
        self.memory.len().clamp(SMALL, usize::from(u16::MAX))
    }

    #[inline]
    fn bounds(&self) -> core::ops::Range<usize> {
        let head = usize::from(self.head);
        head..head.wrapping_add(usize::from(self.len))
    }

    /// The runs.
    #[inline]
    pub(super) fn runs(&self) -> &[SentRange] {
        let slots: &[SentRange] = if self.memory.len() > SMALL {
            &self.memory
        } else {
            &self.small
        };
        slots.get(self.bounds()).unwrap_or(&[])
    }

    #[inline]
    fn runs_mut(&mut self) -> &mut [SentRange] {
        let bounds = self.bounds();
        self.slots().get_mut(bounds).unwrap_or(&mut [])
    }

    /// Where a run begins.
    fn start_of(&self, at: usize) -> SeqNumber {
        let before = at.checked_sub(1).and_then(|before| self.runs().get(before));
        before.map_or(self.start, |before| before.end)
    }

    /// Octets up to `end` were sent, for the first time or (after SND.NXT went back) again.
    #[inline]
    pub(super) fn sent(&mut self, end: SeqNumber, now_us: u32, again: bool) {
        let marks = if again { RESENT } else { 0 };
        if let Some(last) = self.runs_mut().last_mut()
            && last.sent_us == now_us
            && last.marks & FATE == marks
        {
            last.end = end;
            return;
        }
        let run = SentRange {
            end,
            sent_us: now_us,
            span: 0,
            marks,
        };
        if self.bounds().end >= self.capacity() {
            self.make_room(1);
        }
        let at = self.bounds().end;
        if let Some(slot) = self.slots().get_mut(at) {
            *slot = run;
            self.len = self.len.wrapping_add(1);
        }
    }

    /// Everything before `ack` has arrived.
    #[inline]
    pub(super) fn acknowledge(&mut self, ack: SeqNumber, _: u32, seen: &mut Delivery) {
        while let Some(run) = self.runs().first().copied() {
            let whole = run.end.at_or_before(ack);
            let end = if whole { run.end } else { ack };
            let octets = octets_since(end, self.start);
            if octets > 0 {
                if run.marks & SACKED != 0 {
                    self.sacked = self.sacked.saturating_sub(octets);
                } else {
                    seen.delivered(&run, end, octets, whole, true);
                }
                if run.marks & LOST != 0 {
                    self.lost = self.lost.saturating_sub(octets);
                }
                self.start = end;
            }
            if !whole {
                return;
            }
            self.head = self.head.wrapping_add(1);
            self.len = self.len.wrapping_sub(1);
        }
        self.head = 0;
        self.start = ack;
    }

    /// The peer has `block` (RFC 2018 §5). What is not in flight is ignored.
    pub(super) fn sack(&mut self, block: SeqRange, seen: &mut Delivery) {
        let Some(last) = self.runs().last() else {
            return;
        };
        let believable = block.start.at_or_after(self.start)
            && block.end.at_or_before(last.end)
            && block.start.before(block.end);
        if !believable || self.all_sacked(block) {
            return;
        }
        if !self.has_room_for(block) {
            // It counts as in flight. But that something has arrived tells of what has not.
            self.witness(block, seen);
            return;
        }
        self.split(block.start);
        self.split(block.end);
        let mut start = self.start;
        let mut sacked = 0_u32;
        let mut lost = 0_u32;
        for run in self.runs_mut() {
            let inside = start.at_or_after(block.start) && run.end.at_or_before(block.end);
            if inside && run.marks & SACKED == 0 {
                let octets = octets_since(run.end, start);
                seen.delivered(run, run.end, octets, true, false);
                sacked = sacked.wrapping_add(octets);
                if run.marks & LOST != 0 {
                    lost = lost.wrapping_add(octets);
                }
                run.marks = SACKED;
            }
            start = run.end;
        }
        self.sacked = self.sacked.wrapping_add(sacked);
        self.lost = self.lost.saturating_sub(lost);
        self.join_sacked();
    }

    /// Note the times of what has arrived, without remembering that it has.
    fn witness(&self, block: SeqRange, seen: &mut Delivery) {
        let runs = self.runs();
        let at = runs.partition_point(|run| run.end.before(block.end));
        if let Some(run) = runs.get(at)
            && run.marks & SACKED == 0
        {
            let whole = run.end == block.end;
            seen.delivered(run, block.end, 0, whole, false);
        }
    }

    /// Whether `block` can be told from its neighbors without forgetting what is known of others.
    fn has_room_for(&mut self, block: SeqRange) -> bool {
        loop {
            let [a, b] = [block.start, block.end].map(|seq| usize::from(self.splits(seq)));
            let more = a.wrapping_add(b);
            if usize::from(self.len).wrapping_add(more) <= self.capacity() {
                self.make_room(more);
                return true;
            }
            if !self.join_closest() {
                return false;
            }
        }
    }

    /// Whether `seq` lies within a run.
    fn splits(&self, seq: SeqNumber) -> bool {
        let runs = self.runs();
        let at = runs.partition_point(|run| run.end.at_or_before(seq));
        at < runs.len() && self.start_of(at).before(seq)
    }

    /// Whether nothing of `block` is new. Runs that the peer has are never neighbors.
    fn all_sacked(&self, block: SeqRange) -> bool {
        let runs = self.runs();
        let at = runs.partition_point(|run| run.end.at_or_before(block.start));
        let run = runs.get(at);
        run.is_some_and(|run| run.marks & SACKED != 0 && run.end.at_or_after(block.end))
    }

    /// Whether the first octet in flight is one that the peer said it had: it has thrown away what
    /// it had (RFC 2018 §8).
    pub(super) fn is_reneged(&self) -> bool {
        self.runs()
            .first()
            .is_some_and(|run| run.marks & SACKED != 0)
    }

    /// Believe nothing of what the peer said it had.
    pub(super) fn forget_sacks(&mut self) {
        for run in self.runs_mut() {
            run.marks &= !SACKED;
        }
        self.sacked = 0;
    }

    /// Mark what RACK takes for lost (RFC 8985 §6.2, step 5). Returns how long to wait until more
    /// would be, in microseconds.
    ///
    /// Where times are blurred they may not tell which of two was sent first. There it is counted,
    /// if nothing arrives out of order: a run that was sent once is lost if more than `behind`
    /// octets have arrived behind it (RFC 6675 §4, IsLost).
    pub(super) fn find_losses(
        &mut self,
        rack: &Rack,
        window_us: u32,
        now_us: u32,
        behind: Option<u32>,
    ) -> Option<u32> {
        let mut wait = None;
        let mut start = self.start;
        let mut lost = 0_u32;
        let mut above = self.sacked;
        for run in self.runs_mut() {
            let octets = octets_since(run.end, start);
            start = run.end;
            if run.marks & SACKED != 0 {
                above = above.saturating_sub(octets);
            }
            if run.marks & (SACKED | LOST) != 0 {
                continue;
            }
            if run.is_blurred()
                && run.marks & RESENT == 0
                && behind.is_some_and(|behind| above > behind)
            {
                run.marks |= LOST;
                lost = lost.wrapping_add(octets);
                continue;
            }
            if !rack.is_past(run.sent_us, run.end) {
                continue;
            }
            let patience = rack.rtt_us().saturating_add(window_us);
            let age = now_us.wrapping_sub(run.sent_us);
            if age >= patience {
                run.marks |= LOST;
                lost = lost.wrapping_add(octets);
            } else {
                let left = patience.saturating_sub(age);
                wait = Some(wait.map_or(left, |wait: u32| wait.max(left)));
            }
        }
        self.lost = self.lost.wrapping_add(lost);
        wait
    }

    /// The retransmission timer expired: what could have been acknowledged by now is lost
    /// (RFC 8985 §6.3), the first octet in any case.
    pub(super) fn lose_on_timeout(&mut self, patience_us: u32, now_us: u32) {
        let mut start = self.start;
        let mut lost = 0_u32;
        let mut first = true;
        for run in self.runs_mut() {
            let octets = octets_since(run.end, start);
            start = run.end;
            let late = first || now_us.wrapping_sub(run.sent_us) >= patience_us;
            first = false;
            if late && run.marks & (SACKED | LOST) == 0 {
                run.marks |= LOST;
                lost = lost.wrapping_add(octets);
            }
        }
        self.lost = self.lost.wrapping_add(lost);
    }

    /// The first `octets` in flight are lost: what duplicate acknowledgments tell without SACK.
    pub(super) fn lose_first(&mut self, octets: u32) {
        self.make_room(1);
        self.split(self.start.wrapping_add(octets));
        let start = self.start;
        if let Some(first) = self.runs_mut().first_mut()
            && first.marks & (SACKED | LOST) == 0
        {
            first.marks |= LOST;
            let octets = octets_since(first.end, start);
            self.lost = self.lost.wrapping_add(octets);
        }
    }

    /// Whether something that was sent again is on its way: neither has it arrived as far as is
    /// known, nor is it lost again.
    pub(super) fn has_resent(&self) -> bool {
        let fate = |run: &SentRange| run.marks & FATE == RESENT;
        self.runs().iter().any(fate)
    }

    /// Nothing is lost after all.
    pub(super) fn lose_nothing(&mut self) {
        for run in self.runs_mut() {
            run.marks &= !LOST;
        }
        self.lost = 0;
    }

    /// The first run that is to be sent again.
    #[inline]
    pub(super) fn first_lost(&self) -> Option<SeqRange> {
        if self.lost == 0 {
            return None;
        }
        let runs = self.runs();
        let at = runs.iter().position(|run| run.marks & LOST != 0)?;
        Some(SeqRange {
            start: self.start_of(at),
            end: runs.get(at)?.end,
        })
    }

    /// `range` was sent again.
    pub(super) fn resent(&mut self, range: SeqRange, now_us: u32) {
        self.make_room(2);
        self.split(range.start);
        self.split(range.end);
        let mut start = self.start;
        let mut found = 0_u32;
        for run in self.runs_mut() {
            let inside = start.at_or_after(range.start) && run.end.at_or_before(range.end);
            if inside && run.marks & SACKED == 0 {
                if run.marks & LOST != 0 {
                    found = found.wrapping_add(octets_since(run.end, start));
                }
                run.marks = RESENT;
                run.sent_us = now_us;
                run.span = 0;
            }
            start = run.end;
        }
        self.lost = self.lost.saturating_sub(found);
        self.join(|a, b| a.sent_us == b.sent_us && a.marks == RESENT && b.marks == RESENT);
    }

    /// Make a run end at `seq`, if one holds it; there must be room.
    fn split(&mut self, seq: SeqNumber) {
        let runs = self.runs();
        let at = runs.partition_point(|run| run.end.at_or_before(seq));
        let Some(run) = runs.get(at).copied() else {
            return;
        };
        if self.start_of(at).at_or_after(seq) {
            return;
        }
        let mut front = SentRange { end: seq, ..run };
        if front.is_blurred() {
            front.marks |= INEXACT;
        }
        if self.bounds().end >= self.capacity() {
            return;
        }
        self.len = self.len.wrapping_add(1);
        if let Some(moved) = self.runs_mut().get_mut(at..) {
            moved.rotate_right(1);
            if let Some(slot) = moved.first_mut() {
                *slot = front;
            }
        }
    }

    /// Make room for `more` runs behind the last one.
    fn make_room(&mut self, more: usize) {
        let capacity = self.capacity();
        let len = usize::from(self.len);
        if capacity <= FEW {
            while usize::from(self.len).wrapping_add(more) > capacity && self.join_closest() {}
        } else if len.wrapping_add(more) > capacity.saturating_sub(capacity >> 2) {
            self.join_pairs();
        }
        while usize::from(self.len).wrapping_add(more) > capacity && self.len > 1 {
            self.join_last();
        }
        if self.bounds().end.wrapping_add(more) > capacity {
            let bounds = self.bounds();
            self.slots().copy_within(bounds, 0);
            self.head = 0;
        }
    }

    /// Join neighbors of which `same` says that they may be.
    fn join(&mut self, same: impl Fn(&SentRange, &SentRange) -> bool) {
        let runs = self.runs_mut();
        let mut kept = 0_usize;
        for at in 0..runs.len() {
            let Some(run) = runs.get(at).copied() else {
                break;
            };
            let last = kept.checked_sub(1).and_then(|last| runs.get_mut(last));
            match last {
                Some(last) if same(last, &run) => *last = joined(last, &run),
                _ => {
                    if let Some(slot) = runs.get_mut(kept) {
                        *slot = run;
                    }
                    kept = kept.wrapping_add(1);
                }
            }
        }
        self.len = kept as u16;
    }

    fn join_sacked(&mut self) {
        self.join(|a, b| a.marks == SACKED && b.marks == SACKED);
    }

    /// Halve the number of runs, where neighbors share their fate.
    fn join_pairs(&mut self) {
        let odd = core::cell::Cell::new(false);
        self.join(|a, b| {
            let join = a.marks & FATE == b.marks & FATE && !odd.get();
            odd.set(join);
            join
        });
    }

    /// Join the two neighbors that share their fate and were sent in the shortest time. Returns
    /// whether there were any.
    fn join_closest(&mut self) -> bool {
        let runs = self.runs_mut();
        let mut best: Option<(usize, u32)> = None;
        for (at, pair) in runs.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let span = a.span_with(b);
            let closer = best.is_none_or(|(_, least)| span < least);
            if a.marks & FATE == b.marks & FATE && closer {
                best = Some((at, span));
            }
        }
        let Some((at, _)) = best else {
            return false;
        };
        let Some([a, b, ..]) = runs.get_mut(at..) else {
            return false;
        };
        *b = joined(a, b);
        if let Some(rest) = runs.get_mut(at..) {
            rest.rotate_left(1);
        }
        self.len = self.len.wrapping_sub(1);
        true
    }

    /// Join two runs although their fates differ: the last two of which the peer has neither, or
    /// the last that the peer has with the one before it, as if the peer did not have it. What is
    /// lost of them is taken for sent again: time will show that it was not.
    fn join_last(&mut self) {
        let runs = self.runs_mut();
        let open = |pair: &[SentRange]| pair.iter().all(|run| run.marks & SACKED == 0);
        let pair = runs.windows(2).rposition(open);
        let sacked = || runs.iter().rposition(|run| run.marks & SACKED != 0);
        let before = pair.or_else(|| sacked()?.checked_sub(1)).unwrap_or(0);
        let at = before.wrapping_add(1);
        let (Some(a), Some(b)) = (runs.get(before).copied(), runs.get(at).copied()) else {
            return;
        };
        if let Some(slot) = runs.get_mut(before) {
            *slot = joined(&a, &b);
            slot.marks &= !(SACKED | LOST);
            slot.marks |= a.marks & b.marks & LOST;
            // It says nothing any more about when it was sent, or that it was sent once.
            slot.marks |= INEXACT | RESENT;
            slot.span = u16::MAX;
        }
        if let Some(rest) = runs.get_mut(at..) {
            rest.rotate_left(1);
        }
        self.len = self.len.wrapping_sub(1);
        self.count_again();
    }

    fn count_again(&mut self) {
        let mut start = self.start;
        let (mut sacked, mut lost) = (0_u32, 0_u32);
        for run in self.runs() {
            let octets = octets_since(run.end, start);
            start = run.end;
            if run.marks & SACKED != 0 {
                sacked = sacked.wrapping_add(octets);
            }
            if run.marks & LOST != 0 {
                lost = lost.wrapping_add(octets);
            }
        }
        self.sacked = sacked;
        self.lost = lost;
    }
}

impl Delivery {
    /// `octets` of a run, the last before `end`, have arrived; the `whole` of it if its end is
    /// among them. `in_order` if they are acknowledged, rather than reported out of order.
    #[inline]
    fn delivered(
        &mut self,
        run: &SentRange,
        end: SeqNumber,
        octets: u32,
        whole: bool,
        in_order: bool,
    ) {
        self.octets = self.octets.wrapping_add(octets);
        let once = run.marks & RESENT == 0;
        self.ambiguous |= !once;
        if once {
            self.original |= end.at_or_before(self.recover);
            // What one acknowledgment reports together may have arrived in any order.
            self.reordered |= end.before(self.highest_before);
        }
        self.highest = later_of(self.highest, end);
        // Of a part of a run it is only known when it was not sent earlier than.
        let exact = !run.is_blurred() || (whole && run.marks & INEXACT == 0);
        let sent_us = if exact {
            Some(run.sent_us)
        } else {
            run.earliest_us()
        };
        let Some(sent_us) = sent_us else { return };
        let rtt_us = self.now_us.wrapping_sub(sent_us);
        // RFC 8985 §6.2, step 2: so soon after it was sent again, it was the first that arrived.
        if !once && rtt_us < self.min_rtt_us {
            return;
        }
        if once && exact {
            if in_order {
                self.rtt_us = Some(rtt_us);
            } else {
                self.sacked_rtt_us = Some(rtt_us);
            }
        }
        let newer = self
            .newest
            .is_none_or(|(newest_us, seq)| is_sent_after(sent_us, end, newest_us, seq));
        if newer {
            self.newest = Some((sent_us, end));
        }
    }
}

/// Two neighbors as one.
fn joined(a: &SentRange, b: &SentRange) -> SentRange {
    // The time has to be the last one, and it is exact only if it is that of the last octet.
    let (sent_us, inexact) = if is_later(a.sent_us, b.sent_us) {
        (a.sent_us, INEXACT)
    } else {
        (b.sent_us, b.marks & INEXACT)
    };
    let span = a.span_with(b).div_ceil(SPAN_US);
    SentRange {
        end: b.end,
        sent_us,
        span: u16::try_from(span).unwrap_or(u16::MAX),
        marks: (a.marks | b.marks) & !INEXACT | inexact,
    }
}
