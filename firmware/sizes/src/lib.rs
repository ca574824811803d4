//! What the servers share: the profile, a mailbox in the place of a network controller, and a panic
//! handler without a word. The mailbox is five registers of a board that only the tests emulate.
#![no_std]

mod mailbox;
mod profile;

pub use mailbox::Mailbox;
pub use profile::{FRAG, IP4, IP6, WPAN};

use core::panic::PanicInfo;

/// Octets of the longest frame: of Ethernet, or of 802.15.4 without its checksum.
pub const FRAME: usize = if WPAN { 125 } else { 1514 };
/// Octets of a buffer of a frame: whole words.
pub const ROOM: usize = FRAME.next_multiple_of(4);
/// Octets of a buffer of TCP, and of UDP.
pub const TCP: usize = 1024;
pub const UDP: usize = 1280;
/// Octets of the largest datagram that is echoed.
pub const ECHO: usize = 256;
/// Datagrams of UDP that wait each way.
pub const DATAGRAMS: usize = 2;
/// Our station address: on an Ethernet, and on the air.
pub const MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
pub const EUI64: [u8; 8] = [2, 0, 0, 0, 0, 0, 0, 1];
/// Our network on the air.
pub const PAN: u16 = 0xABCD;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
