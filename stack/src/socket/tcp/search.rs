//! How large a segment the path takes, found by trying (RFC 4821 §7): now and then a segment of the
//! stream is larger than those around it. If it arrives, all may be as large; if it alone does not,
//! that says nothing of congestion. Sizes between what has arrived and what has not are halved;
//! when they are close the search rests, and begins anew later with the largest of all.

use super::output::Plan;
use super::{Instant, SeqNumber, Tcb};

/// The state of the search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// The number after the segment that is tried.
    end: SeqNumber,
    /// Payload that a segment could have.
    most: u16,
    /// Payload of the one that is tried; 0 if none is on its way.
    trial: u16,
    /// This much did not arrive; 0 if nothing is known.
    failed: u16,
    /// When to try next, in units of 65,536 µs; 0: not.
    at: u16,
}

impl Search {
    /// Nothing is looked for; a segment could have `most` octets.
    pub(super) const fn new(most: u16) -> Self {
        Self {
            end: SeqNumber(0),
            most,
            trial: 0,
            failed: 0,
            at: 0,
        }
    }
}

/// When to try next, in units of 65,536 µs: half a minute after a black hole, so that what it held
/// has been sent first; a second after a size that did not arrive; ten minutes after a search, or
/// where a router has spoken (RFC 1191 §6.3).
const AFTER_HOLE: u16 = 458;
const AFTER_FAILURE: u16 = 16;
const LATER: u16 = 9_155;
/// A search ends when there is no more than this to gain, in octets (RFC 4821 §7.3).
const CLOSE: u16 = 16;

/// The time in units of 65,536 µs.
const fn tick(now: Instant) -> u16 {
    (now.total_micros() >> 16) as u16
}

impl Tcb<'_> {
    fn search_after(&mut self, ticks: u16) {
        self.snd.path.search.trial = 0;
        self.snd.path.search.at = tick(self.clock).wrapping_add(ticks).max(1);
    }

    /// The path may have become wider some time from now.
    pub(super) fn search_later(&mut self) {
        self.snd.path.search.failed = 0;
        self.search_after(LATER);
    }

    /// Segments with `failed` octets do not arrive, those that are sent now do: there may be sizes
    /// between.
    pub(super) fn search_below(&mut self, failed: u16) {
        self.snd.path.search.failed = failed;
        self.search_after(AFTER_HOLE);
    }

    /// A segment that is larger than those of late, if it is time to try one.
    #[inline]
    pub(super) fn trial(&self) -> Option<u32> {
        if self.snd.mss >= self.snd.path.search.most {
            return None;
        }
        self.trial_if_due()
    }

    fn trial_if_due(&self) -> Option<u32> {
        let search = &self.snd.path.search;
        let due = search.at != 0 && (tick(self.clock).wrapping_sub(search.at) as i16) >= 0;
        let size = u32::from(self.next_size());
        let ready = due && search.trial == 0 && self.recovery.is_open() && self.sent.lost() == 0;
        let flight = self.flight();
        let queued = (self.tx.len() as u32).saturating_sub(flight);
        let room = self.snd.wnd.min(self.congestion.window());
        // What follows tells soon whether it has arrived.
        let enough = size.saturating_add(self.send_mss().saturating_mul(3));
        (ready && queued >= enough && flight.saturating_add(enough) <= room).then_some(size)
    }

    /// Half way between what arrives and what does not, or all that is possible.
    fn next_size(&self) -> u16 {
        let (known, search) = (self.snd.mss, &self.snd.path.search);
        match search.failed {
            0 => search.most,
            failed => known.saturating_add(failed.saturating_sub(known) >> 1),
        }
    }

    /// A larger segment than usual, if data is what would be sent.
    pub(super) fn plan_trial(&mut self, len: u32, max: u32) -> Option<Plan> {
        let plan = self.plan(max);
        if !matches!(plan, Some(Plan::Data { probe: false, .. })) {
            return plan;
        }
        let end = self.snd.nxt.wrapping_add(len);
        let search = &mut self.snd.path.search;
        search.end = end;
        search.trial = u16::try_from(len).unwrap_or(u16::MAX);
        Some(Plan::Data {
            len,
            fin: false,
            probe: false,
        })
    }

    /// `una` has moved: perhaps the larger segment has arrived.
    #[inline]
    pub(super) fn trial_arrived(&mut self) {
        let search = self.snd.path.search;
        if search.trial == 0 || self.snd.una.before(search.end) {
            return;
        }
        self.snd.mss = search.trial.min(self.snd.path.search.most);
        self.snd.path.untold = true;
        self.narrow(0);
    }

    /// Something from `seq` on is sent again: the larger segment has not arrived.
    pub(super) fn trial_resent(&mut self, seq: SeqNumber) {
        let search = &mut self.snd.path.search;
        if search.trial != 0 && seq.before(search.end) {
            search.failed = search.trial;
            self.narrow(AFTER_FAILURE);
        }
    }

    /// A router says that a segment may have `payload` octets, which is no less than those that are
    /// sent: then it is about the one that was tried. Returns whether it is.
    pub(super) fn trial_too_big(&mut self, payload: u16) -> bool {
        let search = self.snd.path.search;
        if search.trial == 0 || payload >= search.trial {
            return false;
        }
        self.snd.mss = payload;
        self.search_later();
        self.send_all_again();
        true
    }

    /// The next trial, if there is something left to gain.
    fn narrow(&mut self, ticks: u16) {
        let gain = match self.snd.path.search.failed {
            0 => 0,
            failed => failed.saturating_sub(self.snd.mss),
        };
        if gain > CLOSE {
            self.search_after(ticks);
        } else {
            self.search_later();
        }
    }
}
