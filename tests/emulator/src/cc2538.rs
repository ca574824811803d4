//! The CC2538, as far as a node needs it: the RF core's FFSM, XREG, SFR and MAC timer, the AES
//! engine, GPTimer 0, the converter of analog values, the information page, system control and two
//! functions of the ROM, written from its user's guide (SWRU319) and from what its vendor published
//! with it. Its clock counts the ticks of the air.
//!
//! Modeled are the receiver and sender with their turnaround, both FIFOs with overflow and
//! underflow, the frame filter, acknowledgments with source matching, captured times, assessment,
//! strength, interrupts and strobes. Not modeled: the command strobe processor's programs, uDMA,
//! power modes.

mod aes;
mod filter;
mod mac_timer;
mod radio;
mod rom;
mod timer;

use crate::air::Air;
use crate::{Lines, Memory, Peripherals, Size};
use aes::Aes;
use radio::Radio;
use timer::Timer;

pub use rom::rom;

/// Interrupts of the RF core and of its errors, without the alternate map and with it.
const RF_IRQS: [(u16, u16); 2] = [(141, 142), (26, 27)];
/// Interrupt of GPTimer 0 A.
pub const TIMER_IRQ: u16 = 19;
/// Where flash begins, and its octets.
pub const FLASH: u32 = 0x0020_0000;
/// Octets of flash.
pub const FLASH_OCTETS: u32 = 0x8_0000;

/// What the converter gives at 25 °C, and what one degree adds, in tenths (CC2538 data sheet).
const AT_25: i32 = 1422;
const EACH: i32 = 42;
/// From a command until a conversion has ended.
const CONVERSION: u64 = 132 * crate::air::MICROSECOND;

/// The peripherals of one chip.
#[derive(Debug)]
pub struct Cc2538 {
    radio: Radio,
    aes: Aes,
    timer: Timer,
    /// System control, whose registers keep what is written.
    system: std::collections::BTreeMap<u32, u32>,
    extended: [u8; 8],
    temperature: i32,
    conversion: Option<u64>,
    rom: [u32; 3],
}

impl Cc2538 {
    /// A chip in `air`, whose factory gave it this extended address.
    #[must_use]
    pub fn new(air: Air, extended: [u8; 8]) -> Self {
        Self {
            radio: Radio::new(air),
            aes: Aes::default(),
            timer: Timer::default(),
            system: std::collections::BTreeMap::new(),
            extended,
            temperature: 90,
            conversion: None,
            rom: [0; 3],
        }
    }

    /// Sets the temperature of the chip, in quarters of a degree Celsius.
    pub const fn set_temperature(&mut self, quarters: i32) {
        self.temperature = quarters;
    }

    fn gate(&self, address: u32) -> u32 {
        self.system.get(&address).copied().unwrap_or(0)
    }

    /// Half of the address, the octet of most significance in the highest place.
    fn identity(&self, from: usize) -> u32 {
        let half = self.extended.get(from..from.saturating_add(4));
        u32::from_be_bytes(
            half.and_then(|half| half.try_into().ok())
                .unwrap_or_default(),
        )
    }

    /// What the converter gives, twelve bits in the upper part of sixteen.
    fn converted(&self) -> u32 {
        let above = self.temperature.saturating_sub(100).saturating_mul(EACH) / 40;
        (AT_25.saturating_add(above).cast_unsigned() << 4) & 0xFFF0
    }

    fn system_write(&mut self, now: u64, address: u32, value: u32) {
        self.system.insert(address, value);
        if address == RF_GATE && value & 1 == 0 {
            self.radio.stop(now);
            self.radio.mac_timer.stop();
        }
        if address == 0x400D_7008 {
            self.conversion = Some(now.saturating_add(CONVERSION));
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

/// Clock gates of the RF core, the AES engine and GPTimer 0, while the processor runs.
const RF_GATE: u32 = 0x400D_20A8;
const AES_GATE: u32 = 0x400D_2048;
const TIMER_GATE: u32 = 0x400D_2008;
/// The alternate map of interrupts.
const I_MAP: u32 = 0x400D_2098;

impl Peripherals for Cc2538 {
    fn read(&mut self, now: u64, memory: &mut Memory, address: u32, _: Size) -> Option<u32> {
        self.advance(now, memory);
        // What has no clock does not answer.
        match address {
            0x4008_8000..=0x4008_8BFF if self.gate(RF_GATE) & 1 == 1 => {
                Some(self.radio.read(address & 0xFFF, now))
            }
            0x4008_B000..=0x4008_B7FF if self.gate(AES_GATE) & 2 == 2 => {
                Some(self.aes.read(address & 0xFFF, now))
            }
            0x4003_0000..=0x4003_0FFF if self.gate(TIMER_GATE) & 1 == 1 => {
                Some(self.timer.read(address & 0xFFF, now))
            }
            // The oscillators are as wanted at once.
            0x400D_2004 => Some(self.gate(0x400D_2000)),
            0x400D_7000 => {
                let done = self.conversion.is_some_and(|at| at <= now);
                Some(u32::from(done) << 7)
            }
            0x400D_700C => Some(self.converted() & 0xFC),
            0x400D_7010 => Some(self.converted() >> 8),
            0x0028_0028 => Some(self.identity(0)),
            0x0028_002C => Some(self.identity(4)),
            0x400D_0000..=0x400D_FFFF => Some(self.gate(address)),
            rom::HOOK..=rom::HOOK_END => Some(self.rom_result(memory, address)),
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
        match address {
            0x4008_8000..=0x4008_8BFF if self.gate(RF_GATE) & 1 == 1 => {
                self.radio.write(address & 0xFFF, value, now);
                Some(())
            }
            0x4008_B000..=0x4008_B7FF if self.gate(AES_GATE) & 2 == 2 => {
                self.aes.write(address & 0xFFF, value, now, memory);
                Some(())
            }
            0x4003_0000..=0x4003_0FFF if self.gate(TIMER_GATE) & 1 == 1 => {
                self.timer.write(address & 0xFFF, value, now);
                Some(())
            }
            0x400D_0000..=0x400D_FFFF => {
                self.system_write(now, address, value);
                Some(())
            }
            rom::HOOK..=rom::HOOK_END => self.rom_argument(address, value),
            _ => None,
        }
    }

    fn lines(&self) -> Lines {
        let (done, error) = self.radio.interrupts();
        let [usual, alternate] = RF_IRQS;
        let (rf, rf_error) = match self.gate(I_MAP) & 1 {
            0 => usual,
            _ => alternate,
        };
        Lines::default()
            .with(rf, done)
            .with(rf_error, error)
            .with(TIMER_IRQ, self.timer.interrupts())
    }

    fn next_event(&self) -> u64 {
        self.radio.next_event().min(self.timer.next_event())
    }

    fn advance(&mut self, now: u64, _: &mut Memory) {
        while self.next_event() <= now {
            let at = self.next_event();
            if self.timer.next_event() <= at {
                self.timer.happen(at);
            } else {
                self.radio.happen(at);
            }
        }
    }

    fn reset(&mut self, now: u64) {
        self.radio.stop(now);
        self.radio.reset_registers();
        self.radio.mac_timer.stop();
        self.aes = Aes::default();
        self.timer = Timer::default();
        self.system.clear();
        self.conversion = None;
    }
}
