//! The LAN9118 Ethernet controller (Microchip LAN9118 data sheet, DS00002266): frames pass through
//! FIFOs, one word at a time; receiving interrupts.

use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz_hal::mmio::{Bus, Mmio};
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

/// Where the controller is on MPS2 boards (AN386 §3.1).
const BASE: u32 = 0x4020_0000;
/// Registers (§5.3).
const RX_DATA: u32 = 0x00;
const TX_DATA: u32 = 0x20;
const RX_STATUS: u32 = 0x40;
const TX_STATUS: u32 = 0x48;
const IRQ_CFG: u32 = 0x54;
const INT_STS: u32 = 0x58;
const INT_EN: u32 = 0x5C;
const BYTE_TEST: u32 = 0x64;
const FIFO_INT: u32 = 0x68;
const RX_CFG: u32 = 0x6C;
const TX_CFG: u32 = 0x70;
const HW_CFG: u32 = 0x74;
const RX_FIFO_INF: u32 = 0x7C;
const TX_FIFO_INF: u32 = 0x80;
const MAC_CSR_CMD: u32 = 0xA4;
const MAC_CSR_DATA: u32 = 0xA8;
/// Registers of the MAC, behind `MAC_CSR_CMD` (§5.4).
const MAC_CR: u32 = 1;
const ADDRH: u32 = 2;
const ADDRL: u32 = 3;

/// `MAC_CR`: transmitter and receiver on, every multicast frame accepted.
const MAC_CR_ON: u32 = 1 << 3 | 1 << 2 | 1 << 19;
/// `INT_STS` and `INT_EN`: the status FIFO is above its level.
const RX_STATUS_LEVEL: u32 = 1 << 3;
/// A frame with its check sequence, in words.
const FRAME_WORDS: usize = 1518_usize.div_ceil(4);
/// Octets of a frame without it.
const FRAME: usize = 1514;
/// Reads after which a register that should change is given up.
const PATIENCE: u32 = 100_000;

/// The controller.
pub(crate) struct Ethernet {
    registers: Mmio,
    address: EthernetAddress,
    buffer: [u8; FRAME_WORDS * 4],
}

impl Ethernet {
    /// Sets the controller up; `None` if it does not answer.
    pub(crate) fn new(registers: Mmio) -> Option<Self> {
        let mut ethernet = Self {
            registers,
            address: EthernetAddress([0; 6]),
            buffer: [0; FRAME_WORDS * 4],
        };
        if ethernet.get(BYTE_TEST) != 0x8765_4321 {
            return None;
        }
        // 5 KB for sending (§5.3.9, "must be one" at bit 20).
        ethernet.set(HW_CFG, 1 << 20 | 5 << 16);
        ethernet.set(RX_CFG, 0);
        let [a, b, c, d] = ethernet.mac_get(ADDRL)?.to_le_bytes();
        let [e, f, _, _] = ethernet.mac_get(ADDRH)?.to_le_bytes();
        ethernet.address = EthernetAddress([a, b, c, d, e, f]);
        ethernet.mac_set(MAC_CR, MAC_CR_ON)?;
        ethernet.set(TX_CFG, 1 << 1);
        // Any frame is above the level; the line is a push-pull output, active when high.
        ethernet.set(FIFO_INT, 0);
        ethernet.set(INT_STS, u32::MAX);
        ethernet.set(INT_EN, RX_STATUS_LEVEL);
        ethernet.set(IRQ_CFG, 1 << 8 | 1 << 4 | 1);
        Some(ethernet)
    }

    /// The station address.
    pub(crate) const fn address(&self) -> EthernetAddress {
        self.address
    }

    /// Whether a frame can be fetched.
    pub(crate) fn has_frame(&mut self) -> bool {
        self.get(RX_FIFO_INF) >> 16 & 0xFF != 0
    }

    fn get(&mut self, register: u32) -> u32 {
        self.registers.read(BASE + register)
    }

    fn set(&mut self, register: u32, value: u32) {
        self.registers.write(BASE + register, value);
    }

    fn mac_ready(&mut self) -> Option<()> {
        (0..PATIENCE).find(|_| self.get(MAC_CSR_CMD) >> 31 == 0)?;
        Some(())
    }

    fn mac_get(&mut self, register: u32) -> Option<u32> {
        self.mac_ready()?;
        self.set(MAC_CSR_CMD, 1 << 31 | 1 << 30 | register);
        self.mac_ready()?;
        Some(self.get(MAC_CSR_DATA))
    }

    fn mac_set(&mut self, register: u32, value: u32) -> Option<()> {
        self.mac_ready()?;
        self.set(MAC_CSR_DATA, value);
        self.set(MAC_CSR_CMD, 1 << 31 | register);
        self.mac_ready()
    }

    /// Fetches the next frame into the buffer; its octets without the check sequence.
    fn fetch(&mut self) -> Option<usize> {
        while self.has_frame() {
            let status = self.get(RX_STATUS);
            let octets = (status >> 16 & 0x3FFF) as usize;
            let words = octets.div_ceil(4);
            for index in 0..words {
                let word = self.get(RX_DATA).to_le_bytes();
                if let Some(place) = self.buffer.chunks_exact_mut(4).nth(index) {
                    place.copy_from_slice(&word);
                }
            }
            self.set(INT_STS, RX_STATUS_LEVEL);
            // Bit 15: an error, of whatever kind.
            let length = octets.saturating_sub(4);
            if status >> 15 & 1 == 0 && (14..=FRAME).contains(&length) {
                return Some(length);
            }
        }
        None
    }

    /// Whether a frame of any length can be sent.
    fn has_room(&mut self) -> bool {
        while self.get(TX_FIFO_INF) >> 16 & 0xFF != 0 {
            // What became of earlier frames nobody asks.
            self.get(TX_STATUS);
        }
        (self.get(TX_FIFO_INF) & 0xFFFF) as usize >= FRAME_WORDS * 4 + 8
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
        let octets = buffer.get(..length)?;
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
        let mut buffer = [0; FRAME_WORDS * 4];
        let frame = buffer.get_mut(..len).filter(|_| len <= FRAME);
        let result = f(frame.ok_or(TxError::TooLong)?);
        let length = len as u32;
        // Commands A and B (§3.12.2): first and last segment, and the length twice.
        self.0.write(BASE + TX_DATA, 1 << 13 | 1 << 12 | length);
        self.0.write(BASE + TX_DATA, length);
        for word in buffer.chunks_exact(4).take(len.div_ceil(4)) {
            let word = word.try_into().unwrap_or_default();
            self.0.write(BASE + TX_DATA, u32::from_le_bytes(word));
        }
        Ok(result)
    }
}
