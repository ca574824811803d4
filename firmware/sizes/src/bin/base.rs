//! Nothing but the mailbox: what every image has.
#![no_std]
#![no_main]

use litz_hal::mmio::Mmio;
use sizes::{FRAME, fetch, send};

#[cortex_m_rt::entry]
fn main() -> ! {
    // SAFETY: there is no other use of the registers.
    let mut registers = unsafe { Mmio::steal() };
    static mut BUFFER: [u8; FRAME + 2] = [0; FRAME + 2];
    loop {
        if let Some(length) = fetch(&mut registers, BUFFER) {
            send(&mut registers, BUFFER, length);
        }
    }
}
