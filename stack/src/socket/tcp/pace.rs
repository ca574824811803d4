//! Pacing: a window is spread over its round trip rather than sent in bursts. Each segment pushes
//! the time when the next may go; what a millisecond holds may go together, as timers are no finer.

use super::timer::Timer;
use super::{Instant, Tcb, clock};

/// Octets of this much time go together, in microseconds.
const BURST_US: u32 = 1_000;

impl Tcb<'_> {
    /// `octets` go now. The rate is twice the window for each round trip in slow start, so that the
    /// window can double, and five quarters of it later.
    pub(super) fn pace(&mut self, now: Instant, octets: u32) {
        let Some(smoothed_us) = self.rtt.smoothed().filter(|_| self.settings.pacing) else {
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
        self.snd.paced_until = clock::after_micros(self.snd.paced_until.max(now), micros);
        if clock::micros_between(now, self.snd.paced_until) > BURST_US {
            self.snd.pace_blocked = true;
            let early = i64::from(BURST_US);
            let due = self.snd.paced_until.total_micros().saturating_sub(early);
            self.timers.set(Timer::Pace, Instant::from_micros(due));
        }
    }
}
