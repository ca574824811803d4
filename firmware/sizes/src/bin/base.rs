//! Nothing but the mailbox: what every image has.
#![no_std]
#![no_main]

use sizes::{Mailbox, ROOM};
use static_cell::ConstStaticCell;

static BUFFER: ConstStaticCell<[u8; ROOM]> = ConstStaticCell::new([0; ROOM]);

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut mailbox = Mailbox::new();
    let buffer = BUFFER.take();
    loop {
        if let Some(length) = mailbox.fetch(buffer) {
            mailbox.send(buffer, length);
        }
    }
}
