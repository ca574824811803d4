//! Times of frames: the MAC timer counts cycles of 32 MHz, and its count is captured when the
//! start-of-frame delimiter of a frame has been received or sent. Only the last one is kept.

use super::registers::mt;
use super::{Cc2538, reaches};
use crate::mmio::Bus;
use crate::parts::TIMESTAMPS;
use crate::radio::timing;
use crate::time::{Duration, Instant};

/// Cycles of a period, after which the overflow counter goes on: 320 µs.
const PERIOD: u32 = 10_240;
/// Cycles in a microsecond.
const CYCLES: u32 = 32;
/// Periods until the overflow counter begins anew.
const WRAP: u32 = 1 << 24;
/// How much longer than a frame its processing may take before its capture is not believed.
const LATE: Duration = Duration::from_millis(100);

impl<B: Bus> Cc2538<B> {
    /// Starts the timer; it stops with the clock of the RF core.
    pub(super) fn start_timer(&mut self) {
        if !TIMESTAMPS {
            return;
        }
        self.bus.write(mt::MTMSEL, mt::PERIODS);
        let [low, high, ..] = PERIOD.to_le_bytes();
        self.bus.write(mt::MTM0, u32::from(low));
        self.bus.write(mt::MTM1, u32::from(high));
        // An overflow period of zero is the longest.
        for register in [mt::MTMOVF0, mt::MTMOVF1, mt::MTMOVF2] {
            self.bus.write(register, 0);
        }
        self.bus.write(mt::MTMSEL, mt::COUNTS);
        self.bus.write(mt::MTCTRL, mt::RUN | mt::LATCH_ALL);
        // It starts at once; whoever is not started gives no times, which is noticed.
        let _ = reaches(&mut self.bus, mt::MTCTRL, mt::STATE, mt::STATE);
    }

    /// Count and periods behind a selection, in cycles modulo the longest time.
    fn cycles(&mut self, select: u32) -> u64 {
        self.bus.write(mt::MTMSEL, select);
        // Reading the first latches the others.
        let mut octet = |register| self.bus.read(register) & 0xFF;
        let low = octet(mt::MTM0);
        let count = octet(mt::MTM1) << 8 | low;
        let periods = octet(mt::MTMOVF0);
        let periods = octet(mt::MTMOVF1) << 8 | periods;
        let periods = octet(mt::MTMOVF2) << 16 | periods;
        self.bus.write(mt::MTMSEL, mt::COUNTS);
        u64::from(periods)
            .saturating_mul(u64::from(PERIOD))
            .saturating_add(u64::from(count))
    }

    /// Notes which count of the timer is which time.
    pub(super) fn synchronize(&mut self, now: Instant) {
        let cycles = match TIMESTAMPS {
            true => self.cycles(mt::COUNTS),
            false => 0,
        };
        self.clock = (now, cycles);
    }

    /// When the start-of-frame delimiter ended of a frame of `len` octets that has just ended: as
    /// it was captured, if that is of this frame; otherwise as if the frame had ended right now.
    pub(super) fn delimiter(&mut self, len: usize, captured: bool) -> Instant {
        const LONGEST: u64 = (WRAP as u64).saturating_mul(PERIOD as u64);
        let (now, current) = self.clock;
        // A frame that has begun since is younger than the one that has ended.
        let least = timing::airtime(len).saturating_sub(timing::SHR);
        if !TIMESTAMPS {
            return now.saturating_sub(least);
        }
        let capture = self.cycles(mt::CAPTURES);
        // Either may have begun anew since the other; a division would be 900 octets of code.
        let cycles = match current.checked_sub(capture) {
            Some(cycles) => cycles,
            None => current.saturating_add(LONGEST).saturating_sub(capture),
        };
        let ago = Duration::from_micros(cycles.checked_div(CYCLES.into()).unwrap_or(0));
        let early = least.saturating_sub(timing::SYMBOL);
        let plausible = captured && ago >= early && ago.saturating_sub(early) <= LATE;
        now.saturating_sub(if plausible { ago } else { least })
    }
}
