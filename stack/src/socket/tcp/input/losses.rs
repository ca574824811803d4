//! What an acknowledgment tells about losses, and what follows: recovery begins, goes on, ends, or
//! is taken back. With SACK, losses are found by RACK (RFC 8985 §6.2); without, by duplicate and
//! partial acknowledgments (RFC 5681 §3.2, RFC 6582).

use super::super::congestion::Ack;
use super::super::counters::{TcpCounters, count};
use super::super::delivery::Delivery;
use super::super::recovery::{Phase, Prior};
use super::super::seq::{SeqRange, octets_since};
use super::super::timer::Timer;
use super::super::{Segment, Tcb, clock};
use crate::parts::FAST_RETRANSMIT;

/// Octets of an acknowledgment's SACK option that are looked at: a header has room for no more.
const BLOCKS: usize = 4;

/// Segments by which slow start grows at most for one acknowledgment, the L of RFC 3465. Where all
/// is sent again after a timeout it is one, always (§2.3, and RFC 5681 §3.1).
const BURST: u32 = if FAST_RETRANSMIT { 8 } else { 1 };

impl Tcb<'_> {
    /// New data was acknowledged: `acked` octets, when `flight` were in flight. Returns whether the
    /// retransmission timer starts anew.
    #[inline]
    pub(super) fn learn(
        &mut self,
        segment: &Segment<'_>,
        seen: &mut Delivery,
        flight: u32,
        acked: u32,
        counters: &mut TcpCounters,
    ) -> bool {
        let quiet = !FAST_RETRANSMIT
            || (self.recovery.is_open()
                && segment.options.sack.is_none()
                && self.sent.sacked() == 0
                && self.recovery.dup_acks() == 0);
        if self.rcv.sack_use.is_on() {
            let now_us = self.now_us();
            self.rack.on_delivery(seen, now_us);
            self.ask_tail(segment, false, false, counters);
        }
        if quiet {
            self.recovery.on_progress(self.snd.una, 0);
            if !(segment.flags.ece && self.hear_of_congestion(flight, counters)) {
                self.grow(seen, flight, BURST);
            }
            return true;
        }
        self.learn_of_losses(segment, seen, flight, acked, counters)
    }

    /// The peer has seen a mark of congestion (RFC 3168 §6.1.2): the window is reduced as for a
    /// loss, though nothing is lost. Returns whether it is news.
    fn hear_of_congestion(&mut self, flight: u32, counters: &mut TcpCounters) -> bool {
        let news = self.ecn.on_echo(self.snd.una, self.snd.nxt);
        if news && self.recovery.is_open() {
            count(&mut counters.congestion_echoes);
            let mss = self.send_mss();
            self.congestion.on_loss(flight, mss);
            self.congestion.settle(mss);
        }
        news
    }

    /// As [`learn`](Self::learn), where there is something to repair or hear.
    fn learn_of_losses(
        &mut self,
        segment: &Segment<'_>,
        seen: &mut Delivery,
        flight: u32,
        acked: u32,
        counters: &mut TcpCounters,
    ) -> bool {
        let mss = self.send_mss();
        self.read_blocks(segment, seen, counters);
        if segment.flags.ece {
            self.hear_of_congestion(flight, counters);
        }
        self.recovery
            .on_progress(self.snd.una, acked.div_ceil(mss.max(1)));
        if let Some(stamp) = segment.options.timestamp.filter(|_| self.stamps.is_on())
            && let Some(prior) = self
                .recovery
                .on_echo(stamp.tsecr, || self.sent.has_resent())
        {
            self.rack.overtaken();
            self.nothing_was_lost(prior, counters);
        }
        self.decide_doubt(seen, true, counters);
        let ends = !self.recovery.is_open() && self.snd.una.at_or_after(self.recovery.recover());
        if ends {
            self.end_recovery();
        }
        let mut restart = true;
        let lost_before = self.sent.lost();
        if self.rcv.sack_use.is_on() {
            self.find_losses();
        } else if self.recovery.phase() == Phase::Fast {
            // RFC 6582 §3.2, step 3: only the first partial acknowledgment restarts the timer.
            restart = self.recovery.first_partial();
            self.sent.lose_first(mss);
            count(&mut counters.fast_retransmits);
        }
        let new_loss = self.sent.lost() > lost_before;
        // What ends recovery lets no window grow.
        self.proceed(seen, flight, (!ends, new_loss), counters);
        restart
    }

    /// The acknowledgment number is as before; `bare` if there is nothing else in the segment.
    pub(super) fn learn_from_same(
        &mut self,
        segment: &Segment<'_>,
        seen: &mut Delivery,
        bare: bool,
        counters: &mut TcpCounters,
    ) {
        if !self.rcv.sack_use.is_on() {
            if bare {
                self.duplicate_acknowledgment(counters);
            }
            return;
        }
        let lost_before = self.sent.lost();
        let twice = self.read_blocks(segment, seen, counters);
        self.ask_tail(segment, twice, bare, counters);
        if seen.octets == 0 && !twice && segment.options.sack.is_none() {
            return;
        }
        self.decide_doubt(seen, false, counters);
        self.find_losses();
        let new_loss = self.sent.lost() > lost_before;
        let flight = self.flight();
        if seen.octets > 0 || new_loss {
            self.proceed(seen, flight, (false, new_loss), counters);
        }
    }

    /// A duplicate acknowledgment without SACK (RFC 5681 §3.2): the third tells of a loss, each
    /// tells of a segment that has left the network.
    fn duplicate_acknowledgment(&mut self, counters: &mut TcpCounters) {
        let mss = self.send_mss();
        let begins = self.recovery.on_duplicate(self.snd.una);
        if begins {
            self.sent.lose_first(mss);
            self.begin_fast_recovery(mss, counters);
        } else if self.recovery.phase() == Phase::Fast {
            self.reduce_rate(mss, false);
        }
    }

    /// Read what has arrived out of order or twice. Returns whether something is reported twice
    /// (RFC 2883 §4).
    fn read_blocks(
        &mut self,
        segment: &Segment<'_>,
        seen: &mut Delivery,
        counters: &mut TcpCounters,
    ) -> bool {
        let Some(option) = segment.options.sack.filter(|_| self.rcv.sack_use.is_on()) else {
            return false;
        };
        let mut blocks = option.iter().take(BLOCKS).map(|block| SeqRange {
            start: block.left,
            end: block.right,
        });
        let Some(first) = blocks.next() else {
            return false;
        };
        let mut rest = blocks.clone();
        let twice = first.end.at_or_before(segment.ack)
            || rest.next().is_some_and(|second| {
                first.start.at_or_after(second.start) && first.end.at_or_before(second.end)
            });
        if twice {
            self.hear_of_duplicate(first, counters);
        } else {
            self.sent.sack(first, seen);
        }
        for block in blocks {
            self.sent.sack(block, seen);
        }
        let now_us = self.now_us();
        self.rack.on_delivery(seen, now_us);
        // What was sent once measures the path in whatever order it arrives, and ends back-off
        // (RFC 6298 §5.7) before the gap is filled.
        let clear = !seen.ambiguous && !twice;
        if let Some(rtt_us) = seen
            .sacked_rtt_us
            .filter(|_| clear && self.rtt.is_backed_off())
        {
            self.rtt.sample(rtt_us);
        }
        twice
    }

    fn hear_of_duplicate(&mut self, range: SeqRange, counters: &mut TcpCounters) {
        // Nobody reports what is older than a window, or was never sent.
        let sensible = range.end.at_or_before(self.snd.max)
            && octets_since(self.snd.una, range.start) <= self.snd.max_wnd.max(1 << 16)
            && range.start.before(range.end);
        if !sensible {
            return;
        }
        count(&mut counters.reported_twice);
        self.rack.on_duplicate(self.snd.una, self.snd.nxt);
        if self.recovery.repeated_early(range.end) {
            self.rack.overtaken();
        }
        if let Some(prior) = self.recovery.on_reported_twice(range.end, range.len()) {
            self.nothing_was_lost(prior, counters);
        }
    }

    /// Whether an acknowledgment is one of a tail loss probe, and what that says.
    #[inline]
    fn ask_tail(
        &mut self,
        segment: &Segment<'_>,
        twice: bool,
        bare: bool,
        counters: &mut TcpCounters,
    ) {
        if self.tail.is_idle() {
            return;
        }
        let sacked = segment.options.sack.is_some();
        let twice = twice || self.is_reported_twice(segment);
        if self.tail.on_ack(segment.ack, twice, bare && !sacked) && self.recovery.is_open() {
            // RFC 8985 §7.4: the probe has repaired a loss; the window shows it.
            count(&mut counters.fast_retransmits);
            let mss = self.send_mss();
            let flight = octets_since(self.snd.max, segment.ack).max(self.congestion.window());
            self.congestion.on_loss(flight, mss);
            self.congestion.settle(mss);
        }
    }

    fn is_reported_twice(&self, segment: &Segment<'_>) -> bool {
        let first = segment.options.sack.and_then(|blocks| blocks.get(0));
        first.is_some_and(|block| block.right.at_or_before(segment.ack))
    }

    /// Whether nothing has arrived out of order and nothing is being repaired.
    #[inline]
    pub(in super::super) fn has_no_gap(&self) -> bool {
        self.sent.sacked() == 0 && self.recovery.is_open()
    }

    /// How long RACK waits for what may be reordered, in microseconds.
    pub(in super::super) fn reordering_window(&self) -> u32 {
        let sure =
            !self.recovery.is_open() || self.sent.sacked() > self.send_mss().saturating_mul(2);
        let smoothed = self.rtt.smoothed().unwrap_or(u32::MAX);
        self.rack.window_us(smoothed, sure)
    }

    /// Mark what is lost (RFC 8985 §6.2, step 5), and set the timer for what may be.
    pub(in super::super) fn find_losses(&mut self) {
        if self.has_no_gap() {
            return;
        }
        let (window_us, now_us) = (self.reordering_window(), self.now_us());
        let behind = self.send_mss().saturating_mul(2);
        let behind = (!self.rack.reordering()).then_some(behind);
        match self.sent.find_losses(&self.rack, window_us, now_us, behind) {
            Some(wait_us) => {
                let due = clock::after_micros(self.clock, wait_us.max(1));
                self.timers.set(Timer::Loss, due);
            }
            None => self.timers.stop(Timer::Loss),
        }
    }

    /// Begin, go on with, or do without recovery.
    fn proceed(
        &mut self,
        seen: &Delivery,
        flight: u32,
        (moved, new_loss): (bool, bool),
        counters: &mut TcpCounters,
    ) {
        match self.recovery.phase() {
            Phase::Open if self.sent.lost() > 0 => {
                self.begin_fast_recovery(seen.octets, counters);
            }
            Phase::Open if moved => self.grow(seen, flight, BURST),
            Phase::Open => {}
            Phase::Fast => {
                let delivered = if self.rcv.sack_use.is_on() {
                    seen.octets
                } else {
                    // The others have been counted by the duplicates they sent.
                    seen.octets.min(self.send_mss())
                };
                self.reduce_rate(delivered, moved && !new_loss);
            }
            // RFC 3465 §2.3: after a timeout not more than one segment for each acknowledgment.
            Phase::Timeout if moved => self.grow(seen, u32::MAX, 1),
            Phase::Timeout => {}
        }
    }

    /// Losses were found (RFC 6675 §5, RFC 6937 §3). `delivered` octets have just arrived.
    pub(in super::super) fn begin_fast_recovery(
        &mut self,
        delivered: u32,
        counters: &mut TcpCounters,
    ) {
        count(&mut counters.fast_retransmits);
        let (flight, mss) = (self.flight(), self.send_mss());
        let prior = self.congestion.prior();
        self.recovery
            .begin_fast(self.snd.una, self.snd.nxt, flight, prior);
        self.congestion.on_loss(flight, mss);
        self.tail.hold();
        self.reduce_rate(delivered, false);
    }

    /// What fast recovery allows to be sent now.
    fn reduce_rate(&mut self, delivered: u32, safe: bool) {
        let (pipe, mss) = (self.pipe(), self.send_mss());
        let threshold = self.congestion.threshold();
        let window = self
            .recovery
            .reduced_window(delivered, pipe, threshold, mss, safe);
        self.congestion.set_window(window, mss);
    }

    /// All that was in flight when a loss was found has arrived.
    fn end_recovery(&mut self) {
        let mss = self.send_mss();
        let fast = self.recovery.phase() == Phase::Fast;
        if fast {
            // RFC 6582 §3.2, step 3, full, option 1: no burst. With SACK less than the whole
            // window is in flight only if data or the peer's window was short; half of it is a
            // burst that the network has just proved to bear.
            let threshold = self.congestion.threshold();
            let burst = if self.rcv.sack_use.is_on() {
                threshold >> 1
            } else {
                mss
            };
            let window = self.pipe().max(mss).saturating_add(burst.max(mss));
            self.congestion.set_window(threshold.min(window), mss);
        }
        self.recovery.end(self.snd.una);
        self.rack.on_recovered();
    }

    /// Whether a timeout was one (F-RTO).
    fn decide_doubt(&mut self, seen: &Delivery, moved: bool, counters: &mut TcpCounters) {
        let flight = self.flight();
        let new_data = self.tx.len() as u32 > flight && self.snd.wnd > flight;
        if let Some(prior) = self.recovery.on_doubt(seen.original, moved, new_data) {
            self.nothing_was_lost(prior, counters);
        }
    }

    /// Recovery was begun for nothing: back to the window of before (RFC 4015 §3, without its
    /// adaptation of the timeout).
    fn nothing_was_lost(&mut self, prior: Prior, counters: &mut TcpCounters) {
        count(&mut counters.spurious_recoveries);
        self.congestion.undo(prior, self.snd.nxt);
        self.sent.lose_nothing();
        self.rtt.end_back_off();
    }

    /// The window may grow, if it was used: one that is not says nothing about the path.
    #[inline]
    fn grow(&mut self, seen: &Delivery, flight: u32, burst: u32) {
        let mss = u32::from(self.snd.mss);
        let window = self.congestion.window();
        let used = if self.congestion.is_slow_start() {
            flight.saturating_mul(2) >= window
        } else {
            flight.saturating_add(mss.saturating_mul(3)) >= window
        };
        if !used {
            return;
        }
        self.congestion.on_ack(&Ack {
            octets: seen.octets,
            mss,
            now_us: self.now_us(),
            smoothed_us: self.rtt.smoothed().unwrap_or(0),
            rtt_us: seen.round_trip_us(),
            una: self.snd.una,
            nxt: self.snd.nxt,
            burst,
        });
    }
}
