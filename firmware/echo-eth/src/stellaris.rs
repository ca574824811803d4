//! The Ethernet controller of Stellaris chips (LM3S6965 data sheet, §16): one FIFO each way; the
//! first word of a frame holds its length and its first two octets.

use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz_hal::mmio::{Bus, Mmio};
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

const BASE: u32 = 0x4004_8000;
/// Registers (§16.5).
const IACK: u32 = 0x00;
const IM: u32 = 0x04;
const RCTL: u32 = 0x08;
const TCTL: u32 = 0x0C;
const DATA: u32 = 0x10;
const IA0: u32 = 0x14;
const IA1: u32 = 0x18;
const NP: u32 = 0x34;
const TR: u32 = 0x38;

/// Interrupt of reception, in `IM` and `IACK`.
const RX: u32 = 1;
/// Octets of a frame without check sequence.
const FRAME: usize = 1514;
/// What the length of a received frame counts beside it: itself and the check sequence.
const EXTRA: usize = 6;
/// Words of a frame with length and check sequence.
const WORDS: usize = (FRAME + EXTRA).div_ceil(4);

/// The controller.
pub(crate) struct Ethernet {
    registers: Mmio,
    address: EthernetAddress,
    buffer: [u8; WORDS * 4],
}

impl Ethernet {
    /// Sets the controller up.
    pub(crate) fn new(mut registers: Mmio) -> Option<Self> {
        let [a, b, c, d] = registers.read(BASE + IA0).to_le_bytes();
        let [e, f, _, _] = registers.read(BASE + IA1).to_le_bytes();
        // Receive, also every multicast frame; send with padding and check sequence.
        registers.write(BASE + RCTL, 1 | 1 << 1);
        registers.write(BASE + TCTL, 1 | 1 << 1 | 1 << 2);
        registers.write(BASE + IACK, u32::MAX);
        registers.write(BASE + IM, RX);
        Some(Self {
            registers,
            address: EthernetAddress([a, b, c, d, e, f]),
            buffer: [0; WORDS * 4],
        })
    }

    /// The station address.
    pub(crate) const fn address(&self) -> EthernetAddress {
        self.address
    }

    /// Whether a frame can be fetched.
    pub(crate) fn has_frame(&mut self) -> bool {
        self.registers.read(BASE + NP) & 0x3F != 0
    }

    /// Fetches the next frame into the buffer; its octets, which begin at the third.
    fn fetch(&mut self) -> Option<usize> {
        while self.has_frame() {
            let first = self.registers.read(BASE + DATA);
            let octets = (first & 0xFFFF) as usize;
            let mut word = first;
            for index in 0..octets.div_ceil(4) {
                if index > 0 {
                    word = self.registers.read(BASE + DATA);
                }
                if let Some(place) = self.buffer.chunks_exact_mut(4).nth(index) {
                    place.copy_from_slice(&word.to_le_bytes());
                }
            }
            self.registers.write(BASE + IACK, RX);
            let length = octets.saturating_sub(EXTRA);
            if (14..=FRAME).contains(&length) {
                return Some(length);
            }
        }
        None
    }

    /// Whether the frame before is on its way.
    fn has_room(&mut self) -> bool {
        self.registers.read(BASE + TR) & 1 == 0
    }
}

impl Device for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = ToSend<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, ToSend<'_>)> {
        if !self.has_room() {
            return None;
        }
        let length = self.fetch()?;
        let Self {
            registers, buffer, ..
        } = self;
        let octets = buffer.get(2..)?.get(..length)?;
        Some((Received(octets), ToSend(registers)))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend<'_>> {
        self.has_room().then_some(ToSend(&mut self.registers))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Medium::Ethernet, 1500)
    }
}

/// A received frame.
pub(crate) struct Received<'a>(&'a [u8]);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

/// Room for a frame.
pub(crate) struct ToSend<'a>(&'a mut Mmio);

impl TxToken for ToSend<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let mut buffer = [0; WORDS * 4];
        let [low, high, frame @ ..] = &mut buffer;
        let room = frame.get_mut(..len).filter(|_| (14..=FRAME).contains(&len));
        let result = f(room.ok_or(TxError::TooLong)?);
        // The length is that of the payload (§16.5, MACDATA).
        [*low, *high] = (len.saturating_sub(14) as u16).to_le_bytes();
        for word in buffer.chunks_exact(4).take((len + 2).div_ceil(4)) {
            let word = word.try_into().unwrap_or_default();
            self.0.write(BASE + DATA, u32::from_le_bytes(word));
        }
        self.0.write(BASE + TR, 1);
        Ok(result)
    }
}
