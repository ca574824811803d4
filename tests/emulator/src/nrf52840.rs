//! The nRF52840, as far as a node needs it: RADIO in its IEEE 802.15.4 mode, TIMER0 and TIMER1,
//! PPI, CLOCK, RNG, ECB, TEMP, NVMC and FICR, written from its product specification.
//!
//! A processor at 64 MHz counts the ticks of the air. Reads of registers that are not modeled give
//! what was written; writes elsewhere have no effect.

mod aes;
mod radio;
mod timer;

use std::collections::BTreeMap;

use crate::air::{Air, MICROSECOND};
use crate::{Lines, Memory, Peripherals, Size};
use radio::Radio;
use timer::Timer;

/// Interrupt of RADIO.
pub const RADIO_IRQ: u16 = 1;
/// Interrupt of TIMER1.
pub const TIMER1_IRQ: u16 = 9;
/// Octets of flash.
pub const FLASH: u32 = 0x10_0000;
/// Octets of a page of flash.
const PAGE: usize = 4096;

/// CLOCK needs this long for the crystal (0.36 ms typical).
const CRYSTAL: u64 = 360 * MICROSECOND;
/// RNG needs this long for an octet with bias correction.
const RANDOM: u64 = 120 * MICROSECOND;
/// ECB needs this long for a block.
const BLOCK: u64 = 7 * MICROSECOND;

/// The peripherals of one chip.
#[derive(Debug)]
pub struct Nrf52840 {
    radio: Radio,
    timer: Timer,
    timer_1: Timer,
    /// Enabled PPI channels.
    channels: u32,
    /// When the crystal runs; `None` while it is off.
    crystal: Option<u64>,
    crystal_seen: bool,
    random: u64,
    random_at: Option<u64>,
    block_at: Option<u64>,
    device_id: [u32; 2],
    /// Quarters of a degree Celsius that the thermometer shows.
    temperature: i32,
    /// Registers that only keep what is written.
    kept: BTreeMap<u32, u32>,
}

impl Nrf52840 {
    /// A chip in `air`, whose factory gave it this identity.
    #[must_use]
    pub fn new(air: Air, device_id: [u32; 2]) -> Self {
        Self {
            radio: Radio::new(air),
            timer: Timer::default(),
            timer_1: Timer::default(),
            channels: 0,
            crystal: None,
            crystal_seen: false,
            random: u64::from(device_id[0]) << 32 | 0x9E37_79B9,
            random_at: None,
            block_at: None,
            device_id,
            temperature: 90,
            kept: BTreeMap::new(),
        }
    }

    /// Sets the temperature of the chip, in quarters of a degree Celsius.
    pub const fn set_temperature(&mut self, quarters: i32) {
        self.temperature = quarters;
    }

    /// Whether the controller of the flash allows this (0 reading, 1 writing, 2 erasing).
    fn flash_allows(&self, mode: u32) -> bool {
        self.kept.get(&0x4001_E504).copied().unwrap_or(0) == mode
    }

    /// A word of flash is written: bits become zeros, and never ones.
    fn write_flash(&self, memory: &mut Memory, address: u32, size: Size, value: u32) -> Option<()> {
        if size != Size::Word || !self.flash_allows(1) {
            return None;
        }
        let old = memory.read(address, Size::Word)?;
        memory.load(address, &(old & value).to_le_bytes())
    }

    /// Orders that the radio's state did not allow, by their names: the chip ignores them, and a
    /// driver should not give them.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.radio.ignored
    }

    /// The number of the radio in its air.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.radio.number
    }

    /// Carries events of one peripheral to tasks of others (PPI).
    fn connect(&mut self, now: u64, memory: &mut Memory) {
        // Events may lead to events.
        while let Some(event) = self.radio.published.pop() {
            match event {
                radio::ADDRESS if self.channels >> 26 & 1 == 1 => self.timer.capture(1, now),
                radio::END if self.channels >> 27 & 1 == 1 => self.timer.capture(2, now),
                _ => {}
            }
        }
        if self.timer.take_compare_0() {
            let has_crystal = self.crystal.is_some_and(|at| at <= now);
            if self.channels >> 20 & 1 == 1 {
                self.radio.task(0, now, has_crystal, memory);
            }
            if self.channels >> 21 & 1 == 1 {
                self.radio.task(1, now, has_crystal, memory);
            }
        }
    }
}

impl Peripherals for Nrf52840 {
    fn read(&mut self, now: u64, memory: &mut Memory, address: u32, _: Size) -> Option<u32> {
        self.advance(now, memory);
        Some(match address {
            0x4000_0100 => {
                let runs = self.crystal.is_some_and(|at| at <= now);
                u32::from(runs && !self.crystal_seen)
            }
            0x4000_1000..=0x4000_1FFF => self.radio.read(address & 0xFFF),
            0x4000_8000..=0x4000_8FFF => self.timer.read(address & 0xFFF),
            0x4000_9000..=0x4000_9FFF => self.timer_1.read(address & 0xFFF),
            0x4000_C100 => u32::from(self.kept.contains_key(&0x4000_C000)),
            0x4000_C508 => self.temperature.cast_unsigned(),
            0x4001_E400 => 1,
            0x4000_D100 => u32::from(self.random_at.is_some_and(|at| at <= now)),
            0x4000_D508 => (self.random >> 40 & 0xFF) as u32,
            0x4000_E100 => u32::from(self.block_at.is_some_and(|at| at <= now)),
            0x1000_0060 => self.device_id[0],
            0x1000_0064 => self.device_id[1],
            0x4001_F500 | 0x4001_F504 | 0x4001_F508 => self.channels,
            _ if is_peripheral(address) => self.kept.get(&address).copied().unwrap_or(0),
            _ if address >> 13 == 0x1000_0000 >> 13 => u32::MAX,
            _ => return None,
        })
    }

    fn write(
        &mut self,
        now: u64,
        memory: &mut Memory,
        address: u32,
        size: Size,
        value: u32,
    ) -> Option<()> {
        self.advance(now, memory);
        if address < FLASH {
            return self.write_flash(memory, address, size, value);
        }
        let has_crystal = self.crystal.is_some_and(|at| at <= now);
        match address {
            0x4000_0000 if self.crystal.is_none() => {
                self.crystal = Some(now.saturating_add(CRYSTAL));
            }
            0x4000_0000 => {}
            0x4000_0004 => self.crystal = None,
            0x4000_0100 => self.crystal_seen = false,
            0x4000_1000..=0x4000_1FFF => {
                self.radio
                    .write(address & 0xFFF, value, now, has_crystal, memory);
            }
            0x4000_8000..=0x4000_8FFF => self.timer.write(address & 0xFFF, value, now),
            0x4000_9000..=0x4000_9FFF => self.timer_1.write(address & 0xFFF, value, now),
            0x4001_E508 => {
                let page = address_of_page(value)?;
                if self.flash_allows(2) {
                    memory.load(page, &[0xFF; PAGE])?;
                }
            }
            0x4000_D000 | 0x4000_D100 => {
                self.random = self.random.wrapping_mul(6_364_136_223_846_793_005);
                self.random = self.random.wrapping_add(1_442_695_040_888_963_407);
                self.random_at = Some(now.saturating_add(RANDOM));
            }
            0x4000_D004 => self.random_at = None,
            0x4000_E000 => {
                let at = self.kept.get(&0x4000_E504).copied().unwrap_or(0);
                aes::encrypt_at(memory, at);
                self.block_at = Some(now.saturating_add(BLOCK));
            }
            0x4000_E100 => self.block_at = None,
            0x4001_F500 => self.channels = value,
            0x4001_F504 => self.channels |= value,
            0x4001_F508 => self.channels &= !value,
            _ if is_peripheral(address) => {
                self.kept.insert(address, value);
            }
            _ => return None,
        }
        self.connect(now, memory);
        Some(())
    }

    fn lines(&self) -> Lines {
        Lines::default()
            .with(RADIO_IRQ, self.radio.interrupts())
            .with(TIMER1_IRQ, self.timer_1.interrupts())
    }

    fn next_event(&self) -> u64 {
        let timers = self.timer.next_compare().min(self.timer_1.next_compare());
        self.radio.next_event().min(timers)
    }

    fn advance(&mut self, now: u64, memory: &mut Memory) {
        loop {
            let at = self.next_event();
            if at > now {
                return;
            }
            if self.timer_1.next_compare() <= at {
                self.timer_1.compare(at);
            } else if self.timer.next_compare() <= at {
                self.timer.compare(at);
            } else {
                self.radio.happen(at, memory);
            }
            self.connect(at, memory);
        }
    }

    fn reset(&mut self, now: u64) {
        self.radio.reset(now);
        self.timer = Timer::default();
        self.timer_1 = Timer::default();
        self.channels = 0;
        self.crystal = None;
        self.random_at = None;
        self.block_at = None;
        self.kept.clear();
    }
}

/// The first address of a page of flash.
fn address_of_page(address: u32) -> Option<u32> {
    let offset = address.checked_rem(PAGE as u32)?;
    (address < FLASH && offset == 0).then_some(address)
}

/// Whether peripherals are there.
const fn is_peripheral(address: u32) -> bool {
    address >> 29 == 2
}
