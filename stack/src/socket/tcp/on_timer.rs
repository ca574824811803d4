//! What happens when a timer expires. Nothing is sent here: what is to be sent again becomes what
//! the output decides on next.

use super::counters::{TcpCounters, count};
use super::state::{Event, State};
use super::timer::Timer;
use super::{CloseReason, Instant, Tcb};
use crate::parts::{ERRORS, FAST_RETRANSMIT, TCP_EXTRAS};

//= RFC 9293: SHLD-10
/// How often data is sent again before something may be wrong on the way: R1 of RFC 9293 §3.8.3,
/// SHLD-9.
pub(super) const R1: u8 = 3;
/// How often the data of a released connection is sent again, or its closed window probed: about a
/// minute and a half with the shortest timeout.
const ORPHAN_RETRIES: u8 = 8;

impl Tcb<'_> {
    /// Serve every timer that is due. To be called when [`Tcb::deadline`] has come; calling it
    /// early does nothing.
    pub fn on_timer(&mut self, now: Instant, counters: &mut TcpCounters) {
        self.tell(now);
        if self.late {
            self.settle();
        }
        if self.timers.take_due(Timer::Linger, now) {
            return self.on_linger(counters);
        }
        if TCP_EXTRAS && self.timers.take_due(Timer::User, now) {
            return self.on_user_timeout(counters);
        }
        if self.timers.take_due(Timer::DelayedAck, now) {
            self.marks.ack_now = true;
        }
        self.timers.take_due(Timer::Pace, now);
        if self.timers.take_due(Timer::Loss, now) {
            if self.has_no_gap() {
                self.on_tail();
            } else {
                self.on_reorder(counters);
            }
        }
        if self.timers.take_due(Timer::Retransmit, now) {
            self.on_retransmit(counters);
        }
        if self.timers.take_due(Timer::Persist, now) {
            self.on_persist(counters);
        }
        if self.timers.take_due(Timer::KeepAlive, now) {
            self.on_keep_alive(counters);
        }
        self.settle();
    }

    /// Something was unacknowledged for too long, or closing took too long: then the peer is told.
    fn on_user_timeout(&mut self, counters: &mut TcpCounters) {
        if !self.settings.lingers() {
            return self.give_up(CloseReason::TimedOut, counters);
        }
        let opened = self.state() != State::SynSent;
        self.give_up(CloseReason::Lingered, counters);
        self.reset_pending = opened;
    }

    /// TIME-WAIT is over, or the patience with a peer that does not finish.
    fn on_linger(&mut self, counters: &mut TcpCounters) {
        if self.state() == State::TimeWait {
            self.end(Event::TimeWaitOver, CloseReason::Finished);
        } else {
            self.give_up(CloseReason::TimedOut, counters);
        }
    }

    /// How often something is sent again: fewer times for a connection that nobody holds, whatever
    /// its peer answers, or whoever opens and abandons many would hold their memory.
    fn patience(&self) -> u8 {
        let retries = self.settings.limits().data_retries;
        if self.forgotten {
            retries.min(ORPHAN_RETRIES)
        } else {
            retries
        }
    }

    pub(super) fn give_up(&mut self, reason: CloseReason, counters: &mut TcpCounters) {
        count(&mut counters.timeouts);
        self.end(Event::GiveUp, reason);
    }

    /// The reordering window is over for what was missing (RFC 8985 §6.2, step 5).
    fn on_reorder(&mut self, counters: &mut TcpCounters) {
        self.find_losses();
        if self.recovery.is_open() && self.sent.lost() > 0 {
            self.begin_fast_recovery(0, counters);
        }
    }

    //= RFC 9293: MUST-19
    /// Retransmission timer (RFC 6298 §5.4–5.6): everything unacknowledged is to be sent again,
    /// beginning with the first, as fast as slow start allows.
    fn on_retransmit(&mut self, counters: &mut TcpCounters) {
        if self.state().transmits() && self.snd.wnd == 0 {
            // The peer has closed its window on data in flight: ask, rather than send again.
            self.snd.nxt = self.snd.una;
            self.sent.clear(self.snd.una);
            self.tail.stop();
            return self.on_persist(counters);
        }
        count(&mut counters.retransmit_timeouts);
        let first = self.retries == 0;
        self.retries = self.retries.saturating_add(1);
        //= RFC 9293: MUST-22
        let limit = match self.state() {
            State::SynSent => self.settings.limits().syn_retries,
            State::SynReceived => self.settings.syn_ack_retries(),
            _ => self.patience(),
        };
        //= RFC 9293: MUST-20, SHLD-9
        if self.retries == R1 {
            count(&mut counters.troubled);
        }
        if self.retries > limit {
            return self.give_up(CloseReason::TimedOut, counters);
        }
        self.rtt.back_off();
        if self.state().is_synchronized() {
            if ERRORS {
                self.suspect_size(counters);
            }
            self.begin_timeout_recovery(first);
        } else {
            // Our SYN again.
            self.snd.nxt = self.snd.una;
        }
        // It runs on even if nothing can be sent now, so that an end comes in any case.
        self.start_retransmit();
    }

    /// Everything that could have been acknowledged by now is lost (RFC 8985 §6.3); without SACK,
    /// everything.
    fn begin_timeout_recovery(&mut self, first: bool) {
        if self.sent.is_reneged() {
            self.sent.forget_sacks();
        }
        let (flight, mss) = (self.flight(), u32::from(self.snd.mss));
        let prior = self.congestion.prior();
        let sack = self.rcv.sack_use.is_on();
        self.recovery
            .begin_timeout(self.snd.una, self.snd.nxt, prior, sack);
        self.congestion.on_timeout(flight, mss, first);
        let patience_us = if sack {
            // Before any data has arrived the handshake says how long a round trip is.
            let rtt_us = match self.rack.rtt_us() {
                0 => self.rtt.smoothed().unwrap_or(0),
                measured => measured,
            };
            rtt_us.saturating_add(self.reordering_window())
        } else {
            0
        };
        self.lose_all(patience_us);
        self.congestion
            .set_window(self.pipe().saturating_add(mss), mss);
        self.tail.stop();
        self.timers.stop(Timer::Loss);
    }

    /// Everything in flight that was sent longer ago is lost.
    pub(super) fn lose_all(&mut self, patience_us: u32) {
        let now_us = self.now_us();
        self.sent.lose_on_timeout(patience_us, now_us);
        if !FAST_RETRANSMIT {
            self.snd.nxt = self.snd.una;
        }
    }

    //= RFC 9293: MUST-35, MUST-36, MUST-37, SHLD-17, SHLD-29, SHLD-30
    /// Window probe (RFC 9293 §3.8.6.1), at growing intervals, for as long as the peer answers.
    fn on_persist(&mut self, counters: &mut TcpCounters) {
        let tired = self.forgotten && self.probes >= self.patience();
        if tired || self.unanswered > self.settings.limits().data_retries {
            // Nobody waits for this any more; the peer, if it is there, should not either.
            self.give_up(CloseReason::TimedOut, counters);
            self.reset_pending = self.forgotten;
            return;
        }
        self.unanswered = self.unanswered.saturating_add(1);
        self.probes = self.probes.saturating_add(1);
        self.marks.probe = true;
        let wait = self.rtt.probe_after(self.probes);
        self.start(Timer::Persist, wait);
    }

    /// A released connection does not wait for ever for the peer's FIN.
    pub(super) fn limit_fin_wait_2(&mut self) {
        self.linger(self.settings.limits().fin_wait_2);
    }
}
