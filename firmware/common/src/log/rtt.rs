//! Lines for whoever looks, by RTT: a ring in memory that a debug probe reads while the program
//! runs (`probe-rs run`), and an emulator as well. Without a reader the newest lines are lost, and
//! nothing waits.

use core::cell::RefCell;

use critical_section::Mutex;
use rtt_target::{ChannelMode, UpChannel};

use crate::text::{self, Piece};

/// Octets of the ring.
const RING: usize = 512;

static CHANNEL: Mutex<RefCell<Option<UpChannel>>> = Mutex::new(RefCell::new(None));

/// Prepares the ring. To be called once, first.
pub fn start() {
    let channels = rtt_target::rtt_init! {
        up: { 0: { size: RING, mode: ChannelMode::NoBlockTrim, name: "Terminal" } }
    };
    critical_section::with(|section| {
        if let Ok(mut channel) = CHANNEL.borrow(section).try_borrow_mut() {
            *channel = Some(channels.up.0);
        }
    });
}

/// Writes one line; what has no room is lost.
pub fn line(pieces: &[&dyn Piece]) {
    critical_section::with(|section| {
        let Ok(mut channel) = CHANNEL.borrow(section).try_borrow_mut() else {
            return;
        };
        if let Some(channel) = channel.as_mut() {
            text::line(pieces, |line| {
                channel.write(line);
            });
        }
    });
}
