//! The start of the image, its interrupts, and sleep.

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::{entry, exception};
use litz_firmware::clock::{self, Clock};
use litz_hal::mmio::Mmio;

use crate::board::{self, Ethernet};

/// The interrupt of the Ethernet controller.
#[derive(Clone, Copy)]
struct EthernetInterrupt;

// SAFETY: the number is that of one interrupt of the board, and does not change.
unsafe impl InterruptNumber for EthernetInterrupt {
    fn number(self) -> u16 {
        board::INTERRUPT
    }
}

#[entry]
fn main() -> ! {
    let Some(core) = cortex_m::Peripherals::take() else {
        loop {
            cortex_m::asm::wfi();
        }
    };
    let clock = Clock::start(core.SYST, board::HERTZ);
    // SAFETY: this is the first and only access to the controller's registers, whose addresses are
    // those of the board that the image is built for.
    let registers = unsafe { Mmio::steal() };
    match Ethernet::new(registers) {
        Some(device) => {
            if crate::run(device, &clock).is_none() {
                litz_firmware::say!("there is not enough memory");
            }
        }
        None => litz_firmware::say!("the Ethernet controller does not answer"),
    }
    litz_firmware::log::exit(false)
}

#[exception]
fn SysTick() {
    clock::tick();
}

/// The interrupt of the controller: it stays high until the frames are fetched, which is not done
/// here, so it is held back until the next sleep.
#[exception]
unsafe fn DefaultHandler(_number: i16) {
    NVIC::mask(EthernetInterrupt);
}

/// Sleeps until an interrupt, unless there is `work` already. What happens in between wakes as
/// well: a processor that holds interrupts back still wakes from them (ARMv7-M §B1.5.19).
pub(crate) fn sleep(work: impl FnOnce() -> bool) {
    // SAFETY: no code depends on this interrupt being held back.
    unsafe { NVIC::unmask(EthernetInterrupt) };
    cortex_m::interrupt::disable();
    if !work() {
        cortex_m::asm::wfi();
    }
    // SAFETY: they were enabled before this function held them back; it is not called from a
    // critical section.
    unsafe { cortex_m::interrupt::enable() };
}
