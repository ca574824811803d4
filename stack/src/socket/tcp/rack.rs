//! RACK: losses found by time (RFC 8985 §6). What was sent a round trip before something that has
//! arrived, and a window for reordering earlier, is lost. It sees lost retransmissions and lost
//! tails where counting duplicate acknowledgments does not. The runs themselves are in the
//! scoreboard.

use super::delivery::Delivery;
use super::seq::SeqNumber;

/// Whether `a` is a later time than `b`, on a clock of microseconds that wraps.
#[inline]
pub(super) const fn is_later(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

/// RACK_sent_after of RFC 8985 §6.2: whether a segment was sent after another, by their times and
/// the numbers after them.
#[inline]
pub(super) const fn is_sent_after(a_us: u32, a: SeqNumber, b_us: u32, b: SeqNumber) -> bool {
    is_later(a_us, b_us) || (a_us == b_us && a.after(b))
}

/// The state of RACK.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rack {
    /// Of the segment sent last among those that have arrived: when it was sent, the number after
    /// it, and its round-trip time, which is 0 until something has arrived.
    sent_us: u32,
    end: SeqNumber,
    rtt_us: u32,
    min_rtt_us: u32,
    /// When that was measured.
    min_at_us: u32,
    /// The highest number that has arrived.
    highest: SeqNumber,
    /// A round trip has to pass before another duplicate widens the window: it ends here.
    round: SeqNumber,
    in_round: bool,
    reordering: bool,
    /// Quarters of the minimal round-trip time that reordering may take.
    quarters: u8,
    /// Recoveries for which a wide window stays.
    persist: u8,
}

/// How long the shortest round trip is believed, in microseconds.
const MIN_RTT_LASTS_US: u32 = 300_000_000;
/// Recoveries without a duplicate after which the window narrows.
const PERSIST: u8 = 16;

impl Rack {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self {
            sent_us: 0,
            end: iss,
            rtt_us: 0,
            min_rtt_us: u32::MAX,
            min_at_us: 0,
            highest: iss,
            round: iss,
            in_round: false,
            reordering: false,
            quarters: 1,
            persist: PERSIST,
        }
    }

    #[inline]
    pub(super) const fn min_rtt_us(&self) -> u32 {
        self.min_rtt_us
    }

    #[inline]
    pub(super) const fn rtt_us(&self) -> u32 {
        self.rtt_us
    }

    #[inline]
    pub(super) const fn highest(&self) -> SeqNumber {
        self.highest
    }

    /// Whether segments have been seen to overtake each other.
    pub(super) const fn reordering(&self) -> bool {
        self.reordering
    }

    /// A round trip took so long. The shortest of the last five minutes is what the path takes at
    /// least (RFC 8985 §6.2, step 1); an older one may be that of another path.
    #[inline]
    pub(super) fn measured(&mut self, rtt_us: u32, now_us: u32) {
        let outdated = now_us.wrapping_sub(self.min_at_us) > MIN_RTT_LASTS_US;
        if rtt_us <= self.min_rtt_us || outdated {
            self.min_rtt_us = rtt_us.max(1);
            self.min_at_us = now_us;
        }
    }

    /// Whether something sent at that time, with that number after it, was sent before what has
    /// arrived.
    #[inline]
    pub(super) const fn is_past(&self, sent_us: u32, end: SeqNumber) -> bool {
        self.rtt_us != 0 && is_sent_after(self.sent_us, self.end, sent_us, end)
    }

    /// Steps 1 to 3 of RFC 8985 §6.2.
    #[inline]
    pub(super) fn on_delivery(&mut self, seen: &Delivery, now_us: u32) {
        self.highest = seen.highest;
        self.reordering |= seen.reordered;
        if let Some((sent_us, end)) = seen.newest
            && (self.rtt_us == 0 || is_sent_after(sent_us, end, self.sent_us, self.end))
        {
            self.sent_us = sent_us;
            self.end = end;
            self.rtt_us = now_us.wrapping_sub(sent_us).max(1);
        }
    }

    /// Step 3 for what was sent again: its original has arrived, late.
    pub(super) const fn overtaken(&mut self) {
        self.reordering = true;
    }

    /// Step 4, the adaptation: a duplicate means that something was sent again needlessly, at most
    /// once a round trip.
    pub(super) fn on_duplicate(&mut self, una: SeqNumber, nxt: SeqNumber) {
        if self.in_round && una.before(self.round) {
            return;
        }
        self.in_round = true;
        self.round = nxt;
        self.quarters = self.quarters.saturating_add(1);
        self.persist = PERSIST;
    }

    /// Step 4: a recovery has ended.
    pub(super) fn on_recovered(&mut self) {
        self.persist = self.persist.saturating_sub(1);
        if self.persist == 0 {
            self.quarters = 1;
        }
    }

    /// The reordering window, in microseconds. `sure` if a loss is known already, or three segments
    /// have arrived behind the gap.
    pub(super) fn window_us(&self, smoothed_us: u32, sure: bool) -> u32 {
        if self.min_rtt_us == u32::MAX || (!self.reordering && sure) {
            return 0;
        }
        let window = (self.min_rtt_us >> 2).saturating_mul(u32::from(self.quarters));
        window.min(smoothed_us)
    }
}
