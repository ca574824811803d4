//! The timers of a connection: an enum of them and an array of deadlines. Nothing here knows what a
//! timer is for; `on_timer.rs` does.

use super::{Deadline, Instant};

/// One timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Retransmission (RFC 6298).
    Retransmit,
    /// Reordering window (RFC 8985 §6.2, step 5), or while there is no gap, tail loss probe (§7.2).
    Loss,
    /// Pacing: the next segment may go.
    Pace,
    /// Probe of a window that is closed or too small (RFC 9293 §3.8.6.1).
    Persist,
    /// Delayed acknowledgment (RFC 9293 §3.8.6.3).
    DelayedAck,
    /// Keep-alive (RFC 9293 §3.8.4).
    KeepAlive,
    /// End of TIME-WAIT, or of the patience with a peer in FIN-WAIT-2.
    Linger,
    /// User timeout (RFC 5482).
    User,
}

impl Timer {
    const COUNT: usize = 8;
}

const NEVER: i64 = i64::MAX;

/// The deadlines of all timers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timers {
    at: [i64; Timer::COUNT],
}

impl Timers {
    pub(super) const STOPPED: Self = Self {
        at: [NEVER; Timer::COUNT],
    };

    /// Start a timer, or start it anew.
    #[inline]
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        if let Some(slot) = self.at.get_mut(timer as usize) {
            *slot = at.total_micros();
        }
    }

    #[inline]
    pub(super) fn stop(&mut self, timer: Timer) {
        self.set(timer, Instant::from_micros(NEVER));
    }

    #[inline]
    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.micros(timer) != NEVER
    }

    /// When a timer is due; the end of time if it is stopped.
    #[inline]
    pub(super) fn at(&self, timer: Timer) -> Instant {
        Instant::from_micros(self.micros(timer))
    }

    #[inline]
    pub(super) fn is_due(&self, timer: Timer, now: Instant) -> bool {
        self.micros(timer) <= now.total_micros()
    }

    /// Whether a timer is due; if so it is stopped.
    pub(super) fn take_due(&mut self, timer: Timer, now: Instant) -> bool {
        let due = self.is_set(timer) && self.is_due(timer, now);
        if due {
            self.stop(timer);
        }
        due
    }

    /// The earliest deadline.
    #[inline]
    pub(super) fn next(&self) -> Deadline {
        let earliest = self.at.iter().fold(NEVER, |earliest, at| earliest.min(*at));
        if earliest == NEVER {
            Deadline::NEVER
        } else {
            Deadline::at(Instant::from_micros(earliest))
        }
    }

    #[inline]
    fn micros(&self, timer: Timer) -> i64 {
        self.at.get(timer as usize).copied().unwrap_or(NEVER)
    }
}
