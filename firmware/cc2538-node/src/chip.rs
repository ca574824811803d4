//! The chip: its radio behind its interrupt, its clock, its thermometer.

use core::sync::atomic::{AtomicBool, Ordering};

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::exception;
use litz::time::{Deadline, Instant};
use litz::wire::Eui64;
use litz_firmware::node::{self, Failed};
use litz_firmware::shared::Shared;
use litz_hal::cc2538::{
    CCM_OCTETS, CLOCK_IRQ, Cc2538, Cc2538Clock, RADIO_IRQ, alternate_interrupts, quarter_degrees,
};
use litz_hal::mmio::{DmaMemory, Mmio, MmioDma};

/// Interrupt of the radio's errors.
const ERROR_IRQ: u16 = RADIO_IRQ + 1;
/// Interrupts up to that.
const INTERRUPTS: usize = ERROR_IRQ as usize + 1;

unsafe extern "C" {
    fn DefaultHandler();
}

/// The vectors of the interrupts; those beyond never come.
#[used]
// SAFETY: the section is the one behind the vectors of the core, whose entries are functions.
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
static __INTERRUPTS: [unsafe extern "C" fn(); INTERRUPTS] = [DefaultHandler; INTERRUPTS];

/// The radio.
pub(crate) static RADIO: Shared<Cc2538<Mmio>> = Shared::new();
static CLOCK: Shared<Cc2538Clock<Mmio>> = Shared::new();
/// Whether the radio has interrupted since the program last slept.
static WORK: AtomicBool = AtomicBool::new(false);
static BLOCKS: DmaMemory<CCM_OCTETS> = DmaMemory::new();

/// The board.
pub(crate) struct Cc(Mmio);

#[derive(Clone, Copy)]
struct Interrupt(u16);

// SAFETY: the numbers that are used are those of interrupts of the chip.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        // It never is more; said here, nothing checks it against the controller's registers.
        self.0.min(ERROR_IRQ)
    }
}

/// Registers, for one peripheral.
pub(crate) const fn registers() -> Mmio {
    // SAFETY: the image is for this chip; each peripheral is reached by one driver only, which is
    // made once.
    unsafe { Mmio::steal() }
}

/// Registers and memory of the AES engine, once.
pub(crate) fn engine_memory() -> Option<MmioDma<CCM_OCTETS>> {
    BLOCKS.take(registers())
}

/// The time; zero before the clock was started.
fn now() -> Instant {
    CLOCK.with(Cc2538Clock::now).unwrap_or(Instant::ZERO)
}

/// The handler of every interrupt.
#[exception]
unsafe fn DefaultHandler(number: i16) {
    match u16::try_from(number) {
        Ok(RADIO_IRQ | ERROR_IRQ) => {
            RADIO.with(|radio| radio.on_interrupt(now()));
            WORK.store(true, Ordering::Relaxed);
        }
        Ok(CLOCK_IRQ) => {
            CLOCK.with(Cc2538Clock::on_interrupt);
        }
        _ => {}
    }
}

impl Cc {
    /// Starts clock and radio, and lets both interrupt. Never inlined: the copies of the drivers
    /// that it makes are not to lie on the stack afterwards.
    #[inline(never)]
    pub(crate) fn start(own: Eui64) -> Result<Self, Failed> {
        alternate_interrupts(&mut registers());
        let clock = Cc2538Clock::new(registers()).ok_or(Failed("the clock"))?;
        CLOCK.put(|| clock);
        let config = node::radio_config(own)?;
        RADIO.put(|| Cc2538::new(registers(), config));
        // SAFETY: nobody else in the image sets the controller of interrupts, and nothing depends
        // on these being masked.
        unsafe {
            let mut nvic = cortex_m::Peripherals::steal().NVIC;
            for interrupt in [RADIO_IRQ, ERROR_IRQ, CLOCK_IRQ] {
                nvic.set_priority(Interrupt(interrupt), 0x40);
                NVIC::unmask(Interrupt(interrupt));
            }
        }
        Ok(Self(registers()))
    }
}

impl node::Board for Cc {
    const NAME: &'static str = "cc2538";

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
        quarter_degrees(&mut self.0)
    }
}
