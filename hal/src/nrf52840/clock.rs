//! A clock and an alarm on TIMER1, whose 32 bits count microseconds; software counts how often they
//! overflow. It runs while the processor sleeps, which SysTick does not on this chip.

use super::registers::alarm;
use crate::mmio::Bus;
use crate::time::{Deadline, Instant};

/// Interrupt of TIMER1.
pub const CLOCK_IRQ: u16 = 9;

/// Microseconds after which an alarm comes anyhow: half of what the counter holds, so that no
/// overflow is missed.
const LONGEST: i64 = 1 << 31;
/// Microseconds that are not worth an alarm.
const SOONEST: i64 = 4;

/// The clock, which begins at zero.
#[derive(Debug)]
pub struct NrfClock<B> {
    bus: B,
    last: u32,
    overflows: u32,
}

impl<B: Bus> NrfClock<B> {
    /// Starts the clock.
    pub fn new(mut bus: B) -> Self {
        bus.write(alarm::SHUTDOWN, 1);
        bus.write(alarm::MODE, 0);
        bus.write(alarm::BITMODE, super::registers::timer::BITS_32);
        bus.write(alarm::PRESCALER, super::registers::timer::MEGAHERTZ);
        bus.write(alarm::CLEAR, 1);
        bus.write(alarm::INTENSET, alarm::INT_COMPARE0);
        bus.write(alarm::START, 1);
        Self {
            bus,
            last: 0,
            overflows: 0,
        }
    }

    /// The time. To be asked for, or waited for, once in an hour at least.
    pub fn now(&mut self) -> Instant {
        self.bus.write(alarm::CAPTURE1, 1);
        let count = self.bus.read(alarm::CC1);
        if count < self.last {
            self.overflows = self.overflows.wrapping_add(1);
        }
        self.last = count;
        let micros = i64::from(self.overflows) << 32 | i64::from(count);
        Instant::from_micros(micros)
    }

    /// Interrupts at a time, and half an hour from now at the latest; false if it has come, or is
    /// so near that nothing is gained by sleeping.
    pub fn set_alarm(&mut self, at: Deadline) -> bool {
        let now = self.now();
        let left = at.instant().map_or(LONGEST, |at| {
            let left = at.total_micros().saturating_sub(now.total_micros());
            left.min(LONGEST)
        });
        if left < SOONEST {
            return false;
        }
        let count = self.last.wrapping_add(left as u32);
        self.bus.write(alarm::COMPARE0, 0);
        self.bus.write(alarm::CC0, count);
        // Whoever was held up meanwhile has missed it.
        let gone = self.now().duration_since(now).total_micros();
        gone < left.unsigned_abs()
    }

    /// The handler of interrupt [`CLOCK_IRQ`].
    pub fn on_interrupt(&mut self) {
        self.bus.write(alarm::COMPARE0, 0);
        // Read back, so that the write has arrived before the handler returns.
        self.bus.read(alarm::COMPARE0);
    }
}
