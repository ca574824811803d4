//! The mailbox: a network controller of five registers.
#![expect(unsafe_code, reason = "registers are at fixed addresses")]

use litz_hal::mmio::{Bus, Mmio};

use crate::{FRAME, ROOM};

const BASE: u32 = 0x5FFF_0000;
/// Length of the frame that waits, or 0; reading it begins with its first word.
const RX_LEN: u32 = BASE;
const RX_DATA: u32 = BASE + 4;
/// Words of a frame, and then its length, which sends it.
const TX_DATA: u32 = BASE + 8;
const TX_LEN: u32 = BASE + 12;
/// Microseconds.
const TIME: u32 = BASE + 16;

/// The only use of the registers.
#[derive(Debug)]
pub struct Mailbox(Mmio);

impl Mailbox {
    /// The mailbox, of which there is one.
    #[expect(
        clippy::new_without_default,
        reason = "it is no value to have by default"
    )]
    pub const fn new() -> Self {
        // SAFETY: the addresses above are the only ones that are reached, and they are those of the
        // one board that the images are for; reading and writing them in any order is sound.
        Self(unsafe { Mmio::steal() })
    }

    /// Fetches a frame.
    pub fn fetch(&mut self, buffer: &mut [u8; ROOM]) -> Option<usize> {
        let length = self.0.read(RX_LEN) as usize;
        for (place, _) in buffer.chunks_exact_mut(4).zip(0..length.div_ceil(4)) {
            place.copy_from_slice(&self.0.read(RX_DATA).to_le_bytes());
        }
        (1..=FRAME).contains(&length).then_some(length)
    }

    /// Sends a frame.
    pub fn send(&mut self, buffer: &[u8; ROOM], length: usize) {
        for word in buffer.chunks_exact(4).take(length.div_ceil(4)) {
            let word = u32::from_le_bytes(word.try_into().unwrap_or_default());
            self.0.write(TX_DATA, word);
        }
        self.0.write(TX_LEN, length as u32);
    }

    /// The time, in microseconds.
    pub fn micros(&mut self) -> i64 {
        i64::from(self.0.read(TIME))
    }
}
