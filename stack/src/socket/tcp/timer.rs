//! The timers of a connection: an enum of them and an array of deadlines. Nothing here knows what a
//! timer is for; `on_timer.rs` does.

use super::{Deadline, Instant};

/// One timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Retransmission (RFC 6298).
    Retransmit,
    /// Probe of a window that is closed or too small (RFC 9293 §3.8.6.1).
    Persist,
    /// Delayed acknowledgment (RFC 9293 §3.8.6.3).
    DelayedAck,
    /// End of TIME-WAIT, or of the patience with a peer in FIN-WAIT-2.
    Linger,
    /// User timeout (RFC 5482); only with the feature `tcp-extras`.
    User,
    /// Keep-alive (RFC 9293 §3.8.4); only with the feature `tcp-extras`.
    KeepAlive,
    /// Pacing: the next segment may go; only with the feature `tcp-extras`.
    Pace,
    /// Reordering window (RFC 8985 §6.2, step 5), or while there is no gap, tail loss probe (§7.2);
    /// only with the feature `sack`.
    Loss,
}

/// How many of them this build needs; setting another one does nothing.
#[cfg(feature = "sack")]
const COUNT: usize = 8;
#[cfg(all(not(feature = "sack"), feature = "tcp-extras"))]
const COUNT: usize = 7;
#[cfg(not(any(feature = "sack", feature = "tcp-extras")))]
const COUNT: usize = 4;

/// Times are kept in ticks of eight microseconds that wrap, 4 octets each: a millisecond is a whole
/// number of them, and the circle is nine hours around.
const TICK_SHIFT: u32 = 3;
/// The farthest that a timer is set, in microseconds: a quarter of the circle, 2 h 23 min.
pub(super) const FARTHEST_US: i64 = 1 << (30 + TICK_SHIFT);

/// The tick that an instant is in.
#[inline]
const fn tick(at: Instant) -> u32 {
    (at.total_micros() >> TICK_SHIFT) as u32
}

/// The deadlines of all timers. What they mean depends on the time that their owner was last told.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(any(feature = "sack", feature = "cubic", feature = "tcp-extras")),
    repr(C)
)]
pub(super) struct Timers {
    /// Which of them run, a bit each.
    running: u8,
    at: [u32; COUNT],
}

impl Timers {
    pub(super) const STOPPED: Self = Self {
        at: [u32::MAX; COUNT],
        running: 0,
    };

    /// The bit of a timer; none if this build does not have it.
    #[inline]
    const fn bit(timer: Timer) -> u8 {
        if (timer as usize) < COUNT {
            1_u8.wrapping_shl(timer as u32)
        } else {
            0
        }
    }

    /// Start a timer, or start it anew. It runs until the end of the tick, so never too short.
    #[inline]
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        let end = at.total_micros().wrapping_add((1 << TICK_SHIFT) - 1);
        self.set_tick(timer, tick(Instant::from_micros(end)));
    }

    #[inline]
    fn set_tick(&mut self, timer: Timer, at: u32) {
        if let Some(slot) = self.at.get_mut(timer as usize) {
            *slot = at;
            self.running |= Self::bit(timer);
        }
    }

    /// Start a timer that is due in so many microseconds. The same as [`set`](Self::set), without
    /// words of 64 bits.
    #[inline]
    pub(super) fn start(&mut self, timer: Timer, now: Instant, micros: u32) {
        const LAST: u32 = (1 << TICK_SHIFT) - 1;
        let into = now.total_micros() as u32 & LAST;
        let ticks = micros.saturating_add(into.wrapping_add(LAST)) >> TICK_SHIFT;
        self.set_tick(timer, tick(now).wrapping_add(ticks));
    }

    #[inline]
    pub(super) fn stop(&mut self, timer: Timer) {
        self.running &= !Self::bit(timer);
    }

    #[inline]
    pub(super) const fn stop_all(&mut self) {
        self.running = 0;
    }

    #[inline]
    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.running & Self::bit(timer) != 0
    }

    /// When a timer is due; the end of time if it is stopped. `clock` is the time last told.
    #[inline]
    pub(super) fn at(&self, timer: Timer, clock: Instant) -> Instant {
        if !self.is_set(timer) {
            return Instant::from_micros(i64::MAX);
        }
        from_now(self.left(timer, clock), clock)
    }

    /// Ticks until a timer is due.
    #[inline]
    fn left(&self, timer: Timer, now: Instant) -> i32 {
        let at = self.at.get(timer as usize).copied().unwrap_or(0);
        at.wrapping_sub(tick(now)) as i32
    }

    #[inline]
    pub(super) fn is_due(&self, timer: Timer, now: Instant) -> bool {
        self.is_set(timer) && self.left(timer, now) <= 0
    }

    /// Whether a timer is due; if so it is stopped.
    #[inline]
    pub(super) fn take_due(&mut self, timer: Timer, now: Instant) -> bool {
        let due = self.is_due(timer, now);
        if due {
            self.stop(timer);
        }
        due
    }

    /// The earliest deadline. `clock` is the time last told.
    #[inline]
    pub(super) fn next(&self, clock: Instant) -> Deadline {
        deadline(self.soonest(clock), clock)
    }

    /// Ticks until the first timer is due; `i32::MAX` if none runs.
    #[inline]
    pub(super) fn soonest(&self, clock: Instant) -> i32 {
        let now = tick(clock);
        let mut running = self.running;
        let mut earliest = i32::MAX;
        while running != 0 {
            let at = self.at.get(running.trailing_zeros() as usize);
            let left = at.map_or(i32::MAX, |at| at.wrapping_sub(now) as i32);
            earliest = earliest.min(left);
            running &= running.wrapping_sub(1);
        }
        earliest
    }

    /// Nobody has told the time for so long that ticks might be taken for those of the next time
    /// around. No timer is set so far ahead: all are due now.
    #[cold]
    pub(super) fn leap(&mut self, now: Instant) {
        self.at = [tick(now); COUNT];
    }
}

/// The deadline that comes in so many ticks; never in `i32::MAX` of them.
#[inline]
pub(crate) fn deadline(ticks: i32, clock: Instant) -> Deadline {
    match ticks {
        i32::MAX => Deadline::NEVER,
        ticks => Deadline::at(from_now(ticks, clock)),
    }
}

/// The instant so many ticks after the one that `clock` is in.
#[inline]
const fn from_now(ticks: i32, clock: Instant) -> Instant {
    let micros = (ticks as i64).wrapping_shl(TICK_SHIFT);
    let base = clock.total_micros() & !((1 << TICK_SHIFT) - 1);
    Instant::from_micros(base.saturating_add(micros))
}
