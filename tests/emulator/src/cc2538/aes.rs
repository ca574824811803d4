//! The AES engine, as far as CCM needs it (CC2538 user's guide, security core): key store, DMA,
//! results, and what it says when it is used wrongly. The arithmetic is that of the crate `ccm`.

use aes::Aes128;
use ccm::aead::{AeadInOut, KeyInit};
use ccm::consts::{U4, U8, U13, U16};
use ccm::{Ccm, TagSize};

use crate::Memory;
use crate::air::MICROSECOND;

/// From the last octet until the result is there.
const LATENCY: u64 = 3 * MICROSECOND;

const RESULT: u32 = 1;
const DMA_IN: u32 = 1 << 1;
const READ_ERROR: u32 = 1 << 29;
const BUS_ERROR: u32 = 1 << 31;

/// The engine.
#[derive(Debug, Default)]
pub(super) struct Aes {
    registers: std::collections::BTreeMap<u32, u32>,
    keys: [Option<[u8; 16]>; 8],
    key: Option<[u8; 16]>,
    auth: Option<Vec<u8>>,
    /// Where the message comes from, and its length.
    input: Option<(u32, usize)>,
    status: u32,
    result_at: Option<u64>,
    tag: [u8; 16],
}

impl Aes {
    fn get(&self, offset: u32) -> u32 {
        self.registers.get(&offset).copied().unwrap_or(0)
    }

    pub(super) fn read(&mut self, offset: u32, now: u64) -> u32 {
        if self.result_at.is_some_and(|at| at <= now) {
            self.result_at = None;
            self.status |= RESULT;
        }
        match offset {
            0x404 => (0..).zip(&self.keys).fold(0, |areas, (at, key)| {
                areas | u32::from(key.is_some()).wrapping_shl(at)
            }),
            // The key is there at once.
            0x40C => self.get(offset) & 15,
            0x550 => {
                let done = self.status & RESULT != 0 && self.get(0x700) == 2;
                self.get(offset) & !(1 << 30) | u32::from(done) << 30
            }
            0x570..=0x57F => {
                let at = (offset & 12) as usize;
                let word = self.tag.get(at..at.saturating_add(4));
                let word = word.and_then(|word| word.try_into().ok());
                u32::from_le_bytes(word.unwrap_or_default())
            }
            0x790 => self.status,
            _ => self.get(offset),
        }
    }

    pub(super) fn write(&mut self, offset: u32, value: u32, now: u64, memory: &mut Memory) {
        self.registers.insert(offset, value);
        match offset {
            0x404 => {
                for (at, key) in (0..).zip(&mut self.keys) {
                    if value.wrapping_shr(at) & 1 == 1 {
                        *key = None;
                    }
                }
            }
            0x408 => self.keys = [None; 8],
            0x40C => {
                self.key = self.keys.get((value & 15) as usize).copied().flatten();
                if self.key.is_none() {
                    self.status |= READ_ERROR;
                }
            }
            0x550 => {
                self.auth = None;
                self.input = None;
            }
            0x55C => self.begin(now, memory),
            0x00C => self.fetch(value, now, memory),
            0x02C => self.finish(value, now, memory),
            0x788 => self.status &= !value,
            _ => {}
        }
    }

    /// The lengths are known; nothing may be to be brought.
    fn begin(&mut self, now: u64, memory: &mut Memory) {
        if self.get(0x55C) == 0 {
            self.auth = Some(Vec::new());
            if self.get(0x554) == 0 {
                self.compute(now, memory, 0);
            }
        }
    }

    /// The first channel brings octets.
    fn fetch(&mut self, length: u32, now: u64, memory: &mut Memory) {
        let address = self.get(0x004);
        let octets = memory.octets(address, length as usize);
        let (Some(octets), 1) = (octets, self.get(0x000) & 1) else {
            self.status |= BUS_ERROR;
            return;
        };
        match self.get(0x700) {
            1 => {
                let areas = self.get(0x400);
                let aligned = address & 3 == 0;
                let key: Option<[u8; 16]> = octets.try_into().ok();
                let place = areas.trailing_zeros() as usize;
                match self.keys.get_mut(place).filter(|_| aligned) {
                    Some(slot) => {
                        *slot = key;
                        self.status |= RESULT | DMA_IN;
                    }
                    None => self.status |= 1 << 30,
                }
            }
            2 if self.auth.is_none() => {
                self.auth = Some(octets.to_vec());
                self.status |= DMA_IN;
                if self.get(0x554) == 0 {
                    self.compute(now, memory, 0);
                }
            }
            2 => self.input = Some((address, length as usize)),
            _ => self.status |= BUS_ERROR,
        }
    }

    /// The second channel takes octets.
    fn finish(&mut self, length: u32, now: u64, memory: &mut Memory) {
        let fits = self
            .input
            .is_some_and(|(_, input)| input == length as usize);
        let to = self.get(0x024);
        if !fits || self.get(0x020) & 1 == 0 || length != self.get(0x554) {
            self.status |= BUS_ERROR;
            return;
        }
        self.compute(now, memory, to);
    }

    fn compute(&mut self, now: u64, memory: &mut Memory, to: u32) {
        let control = self.get(0x550);
        let iv: Vec<u8> = (0..4_u32)
            .flat_map(|at| self.get(0x540_u32.wrapping_add(at << 2)).to_le_bytes())
            .collect();
        // CCM with a length of two octets, a counter of 128 bits that begins at zero.
        let mode = control >> 18 & 1 == 1 && control >> 19 & 7 == 1 && control >> 6 & 7 == 7;
        let counter = iv.first() == Some(&1) && iv.get(14..) == Some([0, 0].as_slice());
        let nonce: Option<[u8; 13]> = iv.get(1..14).and_then(|nonce| nonce.try_into().ok());
        let (Some(key), Some(nonce), Some(auth)) = (self.key, nonce, self.auth.clone()) else {
            self.status |= READ_ERROR;
            return;
        };
        if !mode || !counter {
            self.status |= BUS_ERROR;
            return;
        }
        let (from, length) = self.input.unwrap_or((0, 0));
        let text = memory.octets(from, length).unwrap_or_default().to_vec();
        let encrypt = control >> 2 & 1 == 1;
        let (text, tag) = match control >> 22 & 7 {
            3 => ccm::<U8>(&key, &nonce, &auth, &text, encrypt),
            7 => ccm::<U16>(&key, &nonce, &auth, &text, encrypt),
            _ => ccm::<U4>(&key, &nonce, &auth, &text, encrypt),
        };
        self.tag = [0; 16];
        self.tag
            .iter_mut()
            .zip(tag)
            .for_each(|(to, from)| *to = from);
        if length > 0 && memory.store(to, &text).is_none() {
            self.status |= BUS_ERROR;
            return;
        }
        self.result_at = Some(now.saturating_add(LATENCY));
    }
}

/// The other text, and the code of the plain one.
fn ccm<M: ccm::aead::array::ArraySize + TagSize>(
    key: &[u8; 16],
    nonce: &[u8; 13],
    auth: &[u8],
    text: &[u8],
    encrypt: bool,
) -> (Vec<u8>, Vec<u8>) {
    let cipher = Ccm::<Aes128, M, U13>::new(key.into());
    let seal = |text: &[u8]| {
        let mut text = text.to_vec();
        let tag = cipher.encrypt_inout_detached(nonce.into(), auth, text.as_mut_slice().into());
        let tag = tag.map_or_else(|_| Vec::new(), |tag| tag.to_vec());
        (text, tag)
    };
    let (other, tag) = seal(text);
    if encrypt {
        return (other, tag);
    }
    // The key stream is the same in both directions.
    let (_, tag) = seal(&other);
    (other, tag)
}
