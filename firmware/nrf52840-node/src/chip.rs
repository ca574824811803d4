//! The chip: its radio behind its interrupt, its clock, its thermometer.

use core::sync::atomic::{AtomicBool, Ordering};

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::exception;
use litz::time::{Deadline, Instant};
use litz::wire::Eui64;
use litz_firmware::node::{self, Failed};
use litz_firmware::shared::Shared;
use litz_hal::mmio::{DmaMemory, Mmio, MmioDma};
use litz_hal::nrf52840::{CLOCK_IRQ, DMA_OCTETS, Nrf52840, NrfClock, quarter_degrees};

/// Interrupt of the radio.
const RADIO_IRQ: u16 = 1;
/// Octets that the AES engine reads and writes.
const ENGINE: usize = 48;

/// The radio.
pub(crate) static RADIO: Shared<Nrf52840<MmioDma<DMA_OCTETS>>> = Shared::new();
static CLOCK: Shared<NrfClock<Mmio>> = Shared::new();
/// Whether the radio has interrupted since the program last slept.
static WORK: AtomicBool = AtomicBool::new(false);
static FRAMES: DmaMemory<DMA_OCTETS> = DmaMemory::new();
static BLOCKS: DmaMemory<ENGINE> = DmaMemory::new();

/// The board.
pub(crate) struct Nrf(Mmio);

#[derive(Clone, Copy)]
struct Interrupt(u16);

// SAFETY: both numbers that are used are those of interrupts of the chip.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self.0
    }
}

/// Registers, for one peripheral.
pub(crate) const fn registers() -> Mmio {
    // SAFETY: the image is for this chip; each peripheral is reached by one driver only, which is
    // made once.
    unsafe { Mmio::steal() }
}

/// Registers and memory of the AES engine, once.
pub(crate) fn engine_memory() -> Option<MmioDma<ENGINE>> {
    BLOCKS.take(registers())
}

/// The time; zero before the clock was started.
fn now() -> Instant {
    CLOCK.with(NrfClock::now).unwrap_or(Instant::ZERO)
}

/// The handler of every interrupt.
#[exception]
unsafe fn DefaultHandler(number: i16) {
    match u16::try_from(number) {
        Ok(RADIO_IRQ) => {
            RADIO.with(|radio| radio.on_interrupt(now()));
            WORK.store(true, Ordering::Relaxed);
        }
        Ok(CLOCK_IRQ) => {
            CLOCK.with(NrfClock::on_interrupt);
        }
        _ => {}
    }
}

impl Nrf {
    /// Starts clock and radio, and lets both interrupt. Never inlined: the copies of the drivers
    /// that it makes are not to lie on the stack afterwards.
    #[inline(never)]
    pub(crate) fn start(nvic: &mut NVIC, own: Eui64) -> Result<Self, Failed> {
        let clock = NrfClock::new(registers());
        CLOCK.put(|| clock);
        let bus = FRAMES
            .take(registers())
            .ok_or(Failed("the radio is in use"))?;
        let radio = Nrf52840::new(bus, node::radio_config(own)?);
        let radio = radio.map_err(|_| Failed("the radio"))?;
        RADIO.put(|| radio);
        // SAFETY: acknowledgments are prepared by the radio's interrupt, which goes first; nothing
        // depends on the interrupts being masked.
        unsafe {
            nvic.set_priority(Interrupt(RADIO_IRQ), 0);
            nvic.set_priority(Interrupt(CLOCK_IRQ), 0x40);
            NVIC::unmask(Interrupt(RADIO_IRQ));
            NVIC::unmask(Interrupt(CLOCK_IRQ));
        }
        Ok(Self(registers()))
    }
}

impl node::Board for Nrf {
    const NAME: &'static str = "nrf52840";

    fn now(&mut self) -> Instant {
        now()
    }

    fn sleep(&mut self, until: Deadline) {
        cortex_m::interrupt::disable();
        let set_alarm = || {
            CLOCK
                .with(|clock| clock.set_alarm(until))
                .unwrap_or_default()
        };
        // An interrupt that is held back still wakes (ARMv7-M §B1.5.19).
        if !WORK.swap(false, Ordering::Relaxed) && set_alarm() {
            cortex_m::asm::wfi();
        }
        // SAFETY: they were enabled before; this is no critical section's.
        unsafe { cortex_m::interrupt::enable() };
    }

    fn quarter_degrees(&mut self) -> Option<i32> {
        let degrees = quarter_degrees(&mut self.0)?;
        RADIO.with(|radio| radio.set_temperature(degrees));
        Some(degrees)
    }
}
