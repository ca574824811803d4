//! Pacing: a window is spread over its round trip rather than sent in bursts. Each segment pushes
//! the time when the next may go; what a millisecond holds may go together, as timers are no finer.

use super::timer::Timer;
use super::{Instant, Tcb, clock};

/// Octets of this much time go together, in microseconds.
const BURST_US: u32 = 1_000;
/// Nothing is put off for longer than this, in microseconds.
const LONGEST_US: u32 = 120_000_000;

/// Until when what was sent so far takes at the rate, in microseconds of a clock that wraps. While
/// the timer of pacing runs, nothing goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacer(u32);

impl Pacer {
    pub(super) const fn new() -> Self {
        Self(0)
    }

    /// Nothing was sent for a while.
    pub(super) const fn restart(&mut self, now_us: u32) {
        self.0 = now_us;
    }
}

impl Tcb<'_> {
    /// `octets` go now. The rate is twice the window for each round trip in slow start, so that the
    /// window can double, and five quarters of it later.
    #[inline]
    pub(super) fn pace(&mut self, now: Instant, octets: u32) {
        if self.extras.pacing {
            self.put_off(now, octets);
        }
    }

    fn put_off(&mut self, now: Instant, octets: u32) {
        let Some(smoothed_us) = self.rtt.smoothed() else {
            return;
        };
        let share = if self.congestion.is_slow_start() {
            (1, 2)
        } else {
            (4, 5)
        };
        let time = u64::from(octets)
            .wrapping_mul(u64::from(smoothed_us))
            .wrapping_mul(share.0);
        let window = u64::from(self.congestion.window().max(1)).wrapping_mul(share.1);
        let micros = u32::try_from(time.checked_div(window).unwrap_or(0)).unwrap_or(u32::MAX);
        let now_us = clock::wrapped_micros(now);
        // What lies behind is over; so is what seems to lie ahead by more than any round trip.
        let ahead = self.pacer.0.wrapping_sub(now_us);
        let ahead = if ahead > LONGEST_US { 0 } else { ahead };
        let ahead = ahead.saturating_add(micros).min(LONGEST_US);
        self.pacer.0 = now_us.wrapping_add(ahead);
        if ahead > BURST_US {
            let due = clock::after_micros(now, ahead.saturating_sub(BURST_US));
            self.timers.set(Timer::Pace, due);
        }
    }
}
