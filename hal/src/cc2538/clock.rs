//! The crystal, and a clock with an alarm on GPTimer 0, whose 32 bits count cycles of the 32 MHz
//! system clock; software counts how often they overflow. It runs on while the processor sleeps, as
//! its clock is not gated then.

use super::registers::{gpt, system};
use super::{PATIENCE, set_gates};
use crate::mmio::Bus;
use crate::time::{Deadline, Instant};

/// Interrupt of GPTimer 0 A.
pub const CLOCK_IRQ: u16 = 19;

/// Cycles in a microsecond.
const CYCLES: u32 = 32;
/// Microseconds after which an alarm comes anyhow: half of what the counter holds, so that no
/// overflow is missed.
const LONGEST: i64 = 1 << 26;
/// Microseconds that are not worth an alarm.
const SOONEST: i64 = 4;
/// Reads after which the crystal is given up; it takes less than a millisecond.
const CRYSTAL_PATIENCE: u32 = PATIENCE.saturating_mul(16);

/// Makes the crystal of 32 MHz the source of the system clock; false if it does not come. The radio
/// needs it, and the clocks here count with it.
pub fn start_crystal(bus: &mut impl Bus) -> bool {
    // The internal oscillator of 32 kHz, the other of 16 MHz off; no divisors.
    let wanted = system::OSC32K | system::OSC_PD;
    bus.write(system::CLOCK_CTRL, wanted);
    let compared = system::OSC32K | system::OSC;
    (0..CRYSTAL_PATIENCE).any(|_| (bus.read(system::CLOCK_STA) ^ wanted) & compared == 0)
}

/// Interrupts of the radio with [`alternate_interrupts`]; that of its errors is the next.
pub const RADIO_IRQ: u16 = 26;

/// Numbers the interrupts by the alternate map (`SYS_CTRL.I_MAP`), which ends at 47: the table of
/// vectors is shorter. To be called before any is enabled.
pub fn alternate_interrupts(bus: &mut impl Bus) {
    bus.write(system::I_MAP, 1);
}

/// The clock, which begins at zero.
#[derive(Debug)]
pub struct Cc2538Clock<B> {
    bus: B,
    last: u32,
    overflows: u32,
}

impl<B: Bus> Cc2538Clock<B> {
    /// Starts the clock; the crystal runs already. `None` if the timer does not.
    pub fn new(mut bus: B) -> Option<Self> {
        set_gates(&mut bus, system::RCGCGPT, 1, true).then_some(())?;
        bus.write(gpt::CTL, 0);
        bus.write(gpt::CFG, gpt::BITS_32);
        bus.write(gpt::TAMR, gpt::PERIODIC | gpt::UP | gpt::MATCHES);
        bus.write(gpt::TAILR, u32::MAX);
        bus.write(gpt::ICR, gpt::MATCH);
        bus.write(gpt::IMR, gpt::MATCH);
        bus.write(gpt::CTL, gpt::ENABLE);
        Some(Self {
            bus,
            last: 0,
            overflows: 0,
        })
    }

    /// The time. To be asked for, or waited for, once in two minutes at least.
    pub fn now(&mut self) -> Instant {
        let count = self.bus.read(gpt::TAV);
        if count < self.last {
            self.overflows = self.overflows.wrapping_add(1);
        }
        self.last = count;
        let cycles = u64::from(self.overflows) << 32 | u64::from(count);
        let micros = i64::try_from(cycles.checked_div(u64::from(CYCLES)).unwrap_or(0));
        Instant::from_micros(micros.unwrap_or(i64::MAX))
    }

    /// Interrupts at a time, and a minute from now at the latest; false if it has come, or is so
    /// near that nothing is gained by sleeping.
    pub fn set_alarm(&mut self, at: Deadline) -> bool {
        let now = self.now();
        let left = at.instant().map_or(LONGEST, |at| {
            let left = at.total_micros().saturating_sub(now.total_micros());
            left.min(LONGEST)
        });
        if left < SOONEST {
            return false;
        }
        // Not before its time: a cycle of the microsecond that runs may be over.
        let cycles = (left as u32).wrapping_mul(CYCLES).wrapping_add(CYCLES);
        self.bus.write(gpt::ICR, gpt::MATCH);
        let count = self.last.wrapping_add(cycles);
        self.bus.write(gpt::TAMATCHR, count);
        // Whoever was held up meanwhile has missed it.
        let gone = self.now().duration_since(now).total_micros();
        gone < left.unsigned_abs()
    }

    /// The handler of interrupt [`CLOCK_IRQ`].
    pub fn on_interrupt(&mut self) {
        self.bus.write(gpt::ICR, gpt::MATCH);
        // Read back, so that the write has arrived before the handler returns.
        self.bus.read(gpt::MIS);
    }
}
