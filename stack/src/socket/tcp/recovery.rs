//! The phases of loss recovery: fast recovery, and recovery after a timeout. How much may be sent
//! in the first is in `rate.rs`, taking either back when it turns out that nothing was lost in
//! `doubts.rs`. Which segments are lost is found elsewhere: by RACK, or without SACK by duplicate
//! acknowledgments (RFC 5681 §3.2, RFC 6582).

use super::doubts::Doubts;
use super::rate::Rate;
use super::seq::SeqNumber;

/// What is being repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing.
    Open,
    /// Losses that were found without a timeout.
    Fast,
    /// Everything, after a timeout.
    Timeout,
}

/// The state of recovery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    /// The next number to be sent when recovery was last begun.
    recover: SeqNumber,
    /// Duplicate acknowledgments in a row, without SACK.
    dup_acks: u16,
    phase: Phase,
    saw_partial: bool,
    rate: Rate,
    doubts: Doubts,
}

/// Windows to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prior {
    pub(super) window: u32,
    pub(super) threshold: u32,
}

/// Duplicate acknowledgments, or segments behind a gap, that tell of a loss.
pub(super) const THRESHOLD: u16 = 3;

impl Recovery {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self {
            recover: iss,
            dup_acks: 0,
            phase: Phase::Open,
            saw_partial: false,
            rate: Rate::new(0),
            doubts: Doubts::new(iss),
        }
    }

    #[inline]
    pub(super) const fn phase(&self) -> Phase {
        self.phase
    }

    #[inline]
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    #[inline]
    pub(super) const fn recover(&self) -> SeqNumber {
        self.recover
    }

    /// Whether an acknowledgment is of something first sent after recovery, or a timeout, had
    /// begun.
    #[inline]
    pub(super) const fn is_past(&self, una: SeqNumber) -> bool {
        una.after(self.recover)
    }

    /// Duplicate acknowledgments: as many segments have left the network (RFC 5681 §3.2).
    /// Before recovery only the first two let new segments out (RFC 3042).
    #[inline]
    pub(super) fn dup_acks(&self) -> u32 {
        match self.phase {
            Phase::Open => u32::from(self.dup_acks.min(THRESHOLD.wrapping_sub(1))),
            Phase::Fast => u32::from(self.dup_acks),
            Phase::Timeout => 0,
        }
    }

    /// A duplicate acknowledgment without SACK. Returns whether it tells of a loss: it is the
    /// third, and what it repeats is beyond what an earlier recovery was about (RFC 6582 §3.2,
    /// step 2).
    pub(super) fn on_duplicate(&mut self, una: SeqNumber) -> bool {
        self.dup_acks = self.dup_acks.saturating_add(1);
        self.is_open() && self.dup_acks == THRESHOLD && una.after(self.recover)
    }

    /// New data was acknowledged: `segments` of it. In fast recovery one of them is what was sent
    /// again, the others had sent duplicates.
    #[inline]
    pub(super) fn on_progress(&mut self, una: SeqNumber, segments: u32) {
        if self.dup_acks > 0 {
            let known = segments.saturating_sub(1).min(u32::from(u16::MAX)) as u16;
            self.dup_acks = match self.phase {
                Phase::Fast => self.dup_acks.saturating_sub(known),
                _ => 0,
            };
        }
        // Keep `recover` near, or it would seem to be ahead after 2³¹ octets.
        if self.is_open() && una.after(self.recover.wrapping_add(1_u32 << 30)) {
            self.recover = una.wrapping_sub(1_u32 << 29);
            self.doubts.forget();
        }
    }

    /// Whether the acknowledgment of more, but not all, is the first of this recovery.
    pub(super) fn first_partial(&mut self) -> bool {
        self.rate.owe();
        !core::mem::replace(&mut self.saw_partial, true)
    }

    /// Losses were found while `flight` octets are in flight and everything before `nxt` was sent.
    pub(super) fn begin_fast(&mut self, una: SeqNumber, nxt: SeqNumber, flight: u32, prior: Prior) {
        *self = Self {
            recover: nxt,
            dup_acks: self.dup_acks,
            phase: Phase::Fast,
            saw_partial: false,
            rate: Rate::new(flight),
            doubts: Doubts::of_loss(una, prior),
        };
    }

    /// The retransmission timer expired. A second timeout does not forget what was before the
    /// first.
    pub(super) fn begin_timeout(
        &mut self,
        una: SeqNumber,
        nxt: SeqNumber,
        prior: Prior,
        sack: bool,
    ) {
        // Not when something had been sent again before: its acknowledgment says nothing.
        let doubtful = sack && self.is_open();
        if self.phase == Phase::Timeout {
            self.doubts.timeout_again();
        } else {
            self.doubts = Doubts::of_timeout(una, prior, doubtful);
        }
        self.recover = nxt;
        self.dup_acks = 0;
        self.phase = Phase::Timeout;
        self.saw_partial = false;
        self.rate = Rate::new(0);
    }

    /// All that was in flight when it began has arrived. What was sent again arrived only once:
    /// duplicates from now on tell of another loss.
    pub(super) fn end(&mut self, una: SeqNumber) {
        self.phase = Phase::Open;
        self.doubts.settle();
        self.dup_acks = 0;
        self.recover = una.wrapping_sub(1_u32);
    }

    /// `octets` were sent again.
    pub(super) fn on_resent(&mut self, octets: u32, stamp: Option<u32>) {
        self.doubts.on_resent(octets, stamp);
    }

    /// Octets were sent, for the first time or again.
    #[inline]
    pub(super) fn on_sent(&mut self, octets: u32) {
        self.rate.on_sent(octets);
    }

    /// The window for the rest of fast recovery (`safe` if the acknowledgment moves SND.UNA and
    /// tells of no new loss). `delivered` octets have arrived, `pipe` are in flight.
    pub(super) fn reduced_window(
        &mut self,
        delivered: u32,
        pipe: u32,
        threshold: u32,
        mss: u32,
        safe: bool,
    ) -> u32 {
        self.rate.window(delivered, pipe, threshold, mss, safe)
    }

    /// The peer reports `octets` before `end` as received twice (RFC 2883). Returns what to go back
    /// to if that is everything that was sent again: nothing was lost (RFC 3708).
    pub(super) fn on_reported_twice(&mut self, end: SeqNumber, octets: u32) -> Option<Prior> {
        self.doubts
            .on_reported_twice(end, octets)
            .then(|| self.take_back())?
    }

    /// Whether a report of what was received twice, up to `end`, is about something that was sent
    /// again because it seemed lost, rather than because of a timeout: it came late.
    pub(super) fn repeated_early(&self, end: SeqNumber) -> bool {
        self.phase != Phase::Timeout && self.doubts.concerns(end)
    }

    /// An acknowledgment of new data echoes `echo`. If that was sent before anything was sent
    /// again, what was missing has come by itself (RFC 3522). If nothing else that was sent again
    /// is on its way, nothing was lost: what to go back to.
    pub(super) fn on_echo(&mut self, echo: u32, others: impl FnOnce() -> bool) -> Option<Prior> {
        let needless = !self.is_open() && self.doubts.on_echo(echo) && !others();
        needless.then(|| self.take_back())?
    }

    /// Whether repeating waits, until it is clear whether anything was lost.
    #[inline]
    pub(super) const fn holds_back(&self) -> bool {
        self.doubts.holds_back()
    }

    /// What an acknowledgment after a timeout says about it (RFC 5682 §3.1): `original` if
    /// something has arrived that was not sent again; `new_data` if there is some to send. Returns
    /// what to go back to if nothing was lost.
    pub(super) fn on_doubt(
        &mut self,
        original: bool,
        moved: bool,
        new_data: bool,
    ) -> Option<Prior> {
        self.doubts
            .on_ack(original, moved, new_data)
            .then(|| self.take_back())?
    }

    fn take_back(&mut self) -> Option<Prior> {
        self.phase = Phase::Open;
        self.dup_acks = 0;
        self.doubts.take_back()
    }
}
