//! Keep-alive (RFC 9293 §3.8.4): a peer that has been silent for long is asked whether it is there.
//! Off unless the application wants it.

use super::counters::{TcpCounters, count};
use super::extras::{NEVER, at_least_some};
use super::timer::Timer;
use super::{CloseReason, Duration, Instant, Tcb};

impl Tcb<'_> {
    /// The peer was heard: the silence begins anew.
    #[inline]
    pub(super) fn keep_waiting(&mut self, now: Instant) {
        let idle = self.extras.keep_alive;
        if idle != NEVER {
            self.timers.set(Timer::KeepAlive, idle.after(now));
            self.extras.probe = false;
        }
    }

    //= RFC 9293: MUST-24, MUST-27
    /// Probe the peer after so much silence (RFC 9293 §3.8.4), or not.
    pub fn set_keep_alive(&mut self, idle: Option<Duration>) {
        self.extras.keep_alive = at_least_some(idle);
        self.extras.probe = false;
        self.timers.stop(Timer::KeepAlive);
        self.late = !self.is_closed();
    }

    //= RFC 9293: MUST-26, MAY-5
    /// The silence has lasted (RFC 9293 §3.8.4).
    pub(super) fn on_keep_alive(&mut self, counters: &mut TcpCounters) {
        let idle = self.extras.keep_alive;
        if idle == NEVER {
            return;
        }
        if self.snd.una != self.snd.max || !self.tx.is_empty() {
            // Retransmissions and window probes tell as much.
            self.timers.set(Timer::KeepAlive, idle.after(self.clock));
            return;
        }
        //= RFC 9293: MUST-29
        if self.unanswered >= self.extras.keep_alive_probes {
            return self.give_up(CloseReason::KeepAlive, counters);
        }
        self.unanswered = self.unanswered.saturating_add(1);
        self.extras.probe = true;
        let next = self.extras.keep_alive_interval.after(self.clock);
        self.timers.set(Timer::KeepAlive, next);
    }

    /// A probe is sent.
    pub(super) fn count_keep_alive(&mut self, counters: &mut TcpCounters) {
        self.extras.probe = false;
        count(&mut counters.keep_alive_probes);
    }
}
