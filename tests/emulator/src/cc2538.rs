//! The CC2538, as far as its radio needs it: the RF core's FFSM, XREG and SFR and the clock gate of
//! system control, written from its user's guide (SWRU319C §7, §23). Its clock counts the ticks of
//! the air.
//!
//! Modeled are the receiver and sender with their turnaround, both FIFOs with overflow and
//! underflow, the frame filter, acknowledgments with source matching of short addresses,
//! assessment, strength, interrupts and strobes. Not modeled: the command strobe processor's
//! programs, the MAC timer, uDMA, extended source matching, the AES engine.

mod filter;
mod radio;

use crate::air::Air;
use crate::{Lines, Memory, Peripherals, Size};
use radio::Radio;

/// Interrupts of the RF core, without the alternate map.
pub const RF_IRQ: u16 = 141;
/// Its errors.
pub const RF_ERROR_IRQ: u16 = 142;

/// The peripherals of one chip.
#[derive(Debug)]
pub struct Cc2538 {
    radio: Radio,
    gates: [u32; 3],
}

impl Cc2538 {
    /// A chip in `air`.
    #[must_use]
    pub fn new(air: Air) -> Self {
        Self {
            radio: Radio::new(air),
            gates: [0; 3],
        }
    }

    /// What a driver did that the guide forbids, by name.
    #[must_use]
    pub fn mistakes(&self) -> &[String] {
        &self.radio.mistakes
    }

    /// The number of the radio in its air.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.radio.number
    }
}

impl Peripherals for Cc2538 {
    fn read(&mut self, now: u64, memory: &mut Memory, address: u32, _: Size) -> Option<u32> {
        self.advance(now, memory);
        let gate = (address.wrapping_sub(0x400D_20A8) >> 2) as usize;
        match address {
            0x400D_20A8..=0x400D_20B3 => self.gates.get(gate).copied(),
            0x4008_8000..=0x4008_8BFF if self.gates[0] & 1 == 1 => {
                Some(self.radio.read(address & 0xFFF, now))
            }
            // Without its clock the RF core does not answer (§7.1.6).
            0x4008_8000..=0x4008_8BFF => None,
            0x400D_0000..=0x400D_FFFF => Some(0),
            _ => None,
        }
    }

    fn write(
        &mut self,
        now: u64,
        memory: &mut Memory,
        address: u32,
        _: Size,
        value: u32,
    ) -> Option<()> {
        self.advance(now, memory);
        let gate = (address.wrapping_sub(0x400D_20A8) >> 2) as usize;
        match address {
            0x400D_20A8..=0x400D_20B3 => {
                *self.gates.get_mut(gate)? = value & 1;
                if self.gates[0] == 0 {
                    self.radio.stop(now);
                }
                Some(())
            }
            0x4008_8000..=0x4008_8BFF if self.gates[0] & 1 == 1 => {
                self.radio.write(address & 0xFFF, value, now);
                Some(())
            }
            0x400D_0000..=0x400D_FFFF => Some(()),
            _ => None,
        }
    }

    fn lines(&self) -> Lines {
        let (done, error) = self.radio.interrupts();
        Lines::default()
            .with(RF_IRQ, done)
            .with(RF_ERROR_IRQ, error)
    }

    fn next_event(&self) -> u64 {
        self.radio.next_event()
    }

    fn advance(&mut self, now: u64, _: &mut Memory) {
        while self.radio.next_event() <= now {
            let at = self.radio.next_event();
            self.radio.happen(at);
        }
    }

    fn reset(&mut self, now: u64) {
        self.radio.stop(now);
        self.radio.reset_registers();
        self.gates = [0; 3];
    }
}
