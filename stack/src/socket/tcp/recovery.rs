//! The phases of loss recovery, and how much may be sent in each: fast recovery with proportional
//! rate reduction (RFC 6937), recovery after a timeout, and taking both back when it turns out that
//! nothing was lost (RFC 3522, RFC 3708, RFC 5682). Which segments are lost is found elsewhere: by
//! RACK, or without SACK by duplicate acknowledgments (RFC 5681 §3.2, RFC 6582).

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

/// How sure we are that a timeout was one (F-RTO, RFC 5682 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It was.
    None,
    /// The first segment was sent again; what is acknowledged next tells more.
    First,
    /// New data was sent instead of repeating more; what is acknowledged next decides.
    Second,
}

/// The state of recovery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    /// The next number to be sent when recovery was last begun.
    recover: SeqNumber,
    /// SND.UNA when it was.
    began: SeqNumber,
    /// Duplicate acknowledgments in a row, without SACK.
    dup_acks: u16,
    phase: Phase,
    doubt: Doubt,
    saw_partial: bool,
    /// Whether `stamp` is one.
    stamped: bool,
    /// What congestion control knew before, as long as it can be given back; else a window of 0.
    prior: Prior,
    /// Octets sent again and not reported as duplicates.
    resent: u32,
    /// Our clock when something was first sent again, for the peer to echo.
    stamp: u32,
    /// RFC 6937: octets delivered and sent since the beginning, and in flight at it.
    delivered: u32,
    out: u32,
    flight: u32,
}

/// Windows to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prior {
    pub(super) window: u32,
    pub(super) threshold: u32,
}

impl Prior {
    const NONE: Self = Self {
        window: 0,
        threshold: 0,
    };
}

/// Duplicate acknowledgments, or segments behind a gap, that tell of a loss.
pub(super) const THRESHOLD: u16 = 3;

impl Recovery {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self {
            recover: iss,
            began: iss,
            dup_acks: 0,
            phase: Phase::Open,
            doubt: Doubt::None,
            saw_partial: false,
            stamped: false,
            prior: Prior::NONE,
            resent: 0,
            stamp: 0,
            delivered: 0,
            out: 0,
            flight: 0,
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
            self.prior = Prior::NONE;
        }
    }

    /// Whether the acknowledgment of more, but not all, is the first of this recovery.
    pub(super) fn first_partial(&mut self) -> bool {
        !core::mem::replace(&mut self.saw_partial, true)
    }

    /// Losses were found while `flight` octets are in flight and everything before `nxt` was sent.
    pub(super) fn begin_fast(&mut self, una: SeqNumber, nxt: SeqNumber, flight: u32, prior: Prior) {
        *self = Self {
            recover: nxt,
            began: una,
            dup_acks: self.dup_acks,
            phase: Phase::Fast,
            prior,
            flight: flight.max(1),
            ..Self::new(nxt)
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
        let again = self.phase == Phase::Timeout;
        *self = Self {
            recover: nxt,
            began: if again { self.began } else { una },
            phase: Phase::Timeout,
            // Not when something had been sent again before: its acknowledgment says nothing.
            doubt: if sack && self.is_open() {
                Doubt::First
            } else {
                Doubt::None
            },
            prior: if again { self.prior } else { prior },
            resent: if again { self.resent } else { 0 },
            stamp: self.stamp,
            stamped: again && self.stamped,
            ..Self::new(nxt)
        };
    }

    /// All that was in flight when it began has arrived. What was sent again arrived only once:
    /// duplicates from now on tell of another loss.
    pub(super) fn end(&mut self, una: SeqNumber) {
        self.phase = Phase::Open;
        self.doubt = Doubt::None;
        self.dup_acks = 0;
        self.recover = una.wrapping_sub(1_u32);
    }

    /// `octets` were sent again.
    pub(super) fn on_resent(&mut self, octets: u32, stamp: Option<u32>) {
        self.resent = self.resent.saturating_add(octets);
        if let Some(stamp) = stamp.filter(|_| !self.stamped) {
            self.stamp = stamp;
            self.stamped = true;
        }
    }

    /// Octets were sent, for the first time or again.
    #[inline]
    pub(super) fn on_sent(&mut self, octets: u32) {
        self.out = self.out.saturating_add(octets);
    }

    /// The window for the rest of fast recovery (RFC 6937 §3, with the slow start reduction bound;
    /// `safe` if the acknowledgment moves SND.UNA and tells of no new loss). `delivered` octets
    /// have arrived, `pipe` are in flight.
    pub(super) fn reduced_window(
        &mut self,
        delivered: u32,
        pipe: u32,
        threshold: u32,
        mss: u32,
        safe: bool,
    ) -> u32 {
        self.delivered = self.delivered.saturating_add(delivered);
        let may = if pipe > threshold {
            let share = u64::from(self.delivered).wrapping_mul(u64::from(threshold));
            let share = share.div_ceil(u64::from(self.flight.max(1)));
            u32::try_from(share)
                .unwrap_or(u32::MAX)
                .saturating_sub(self.out)
        } else {
            let owed = self.delivered.saturating_sub(self.out).max(delivered);
            let limit = owed.saturating_add(if safe { mss } else { 0 });
            threshold.wrapping_sub(pipe).min(limit)
        };
        // What could not be sent for want of data or of the peer's window adds up. All of it at
        // once would be a burst that overflows the queue which has just been relieved.
        let may = may.min((threshold >> 1).max(mss));
        // What was found lost first goes out at once (RFC 6937 §3, "sndcnt = MAX(…, 1)"); and if
        // nothing else is in flight the next as well, or nothing would tell of the loss of the
        // first (RFC 8985 §3.5).
        let least = match (self.out, pipe) {
            (0, 0) => mss.saturating_mul(2),
            (0, _) => mss,
            _ => 0,
        };
        pipe.saturating_add(may.max(least))
    }

    /// The peer reports `octets` before `end` as received twice (RFC 2883). Returns what to go back
    /// to if that is everything that was sent again: nothing was lost (RFC 3708).
    pub(super) fn on_reported_twice(&mut self, end: SeqNumber, octets: u32) -> Option<Prior> {
        if self.prior.window == 0 || self.resent == 0 || end.at_or_before(self.began) {
            return None;
        }
        self.resent = self.resent.saturating_sub(octets);
        if self.resent > 0 {
            return None;
        }
        self.take_back()
    }

    /// An acknowledgment of new data echoes `echo`. If that was sent before anything was sent
    /// again, nothing was lost (RFC 3522): what to go back to.
    pub(super) fn on_echo(&mut self, echo: u32) -> Option<Prior> {
        if !self.stamped || self.is_open() {
            return None;
        }
        if (echo.wrapping_sub(self.stamp) as i32) < 0 {
            self.take_back()
        } else {
            self.stamped = false;
            None
        }
    }

    /// Whether repeating waits, until it is clear whether anything was lost.
    #[inline]
    pub(super) const fn holds_back(&self) -> bool {
        matches!(self.doubt, Doubt::Second)
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
        match self.doubt {
            Doubt::None => None,
            _ if original => self.take_back(),
            Doubt::First if moved && new_data => {
                self.doubt = Doubt::Second;
                None
            }
            _ => {
                self.doubt = Doubt::None;
                None
            }
        }
    }

    fn take_back(&mut self) -> Option<Prior> {
        self.phase = Phase::Open;
        self.doubt = Doubt::None;
        self.dup_acks = 0;
        self.stamped = false;
        self.resent = 0;
        let prior = core::mem::replace(&mut self.prior, Prior::NONE);
        (prior.window > 0).then_some(prior)
    }
}
