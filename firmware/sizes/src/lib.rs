//! What the servers share: a mailbox in the place of an Ethernet controller, and a panic handler
//! without a word. The mailbox is four registers of a board that only the tests emulate.
#![no_std]
#![forbid(unsafe_code)]

use core::panic::PanicInfo;

use litz_hal::mmio::Bus;

/// Octets of a frame.
pub const FRAME: usize = 1514;
/// Octets of a buffer of TCP, and of UDP.
pub const TCP: usize = 1024;
pub const UDP: usize = 1280;
/// Our station address.
pub const MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];

const BASE: u32 = 0x5FFF_0000;
/// Length of the frame that waits, or 0; reading it begins with its first word.
const RX_LEN: u32 = BASE;
const RX_DATA: u32 = BASE + 4;
/// Words of a frame, and then its length, which sends it.
const TX_DATA: u32 = BASE + 8;
const TX_LEN: u32 = BASE + 12;
/// Microseconds.
const TIME: u32 = BASE + 16;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Fetches a frame.
pub fn fetch(bus: &mut impl Bus, buffer: &mut [u8; FRAME + 2]) -> Option<usize> {
    let length = bus.read(RX_LEN) as usize;
    for (place, _) in buffer.chunks_exact_mut(4).zip(0..length.div_ceil(4)) {
        place.copy_from_slice(&bus.read(RX_DATA).to_le_bytes());
    }
    (1..=FRAME).contains(&length).then_some(length)
}

/// Sends a frame.
pub fn send(bus: &mut impl Bus, buffer: &[u8; FRAME + 2], length: usize) {
    for word in buffer.chunks_exact(4).take(length.div_ceil(4)) {
        bus.write(
            TX_DATA,
            u32::from_le_bytes(word.try_into().unwrap_or_default()),
        );
    }
    bus.write(TX_LEN, length as u32);
}

/// The time, in microseconds.
pub fn micros(bus: &mut impl Bus) -> i64 {
    i64::from(bus.read(TIME))
}
