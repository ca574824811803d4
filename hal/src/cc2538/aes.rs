//! The AES engine in its CCM mode: a key store, which is filled for every frame, and DMA that
//! brings what is authenticated, and takes the message through the engine in place. The interrupt
//! is not used; a frame takes some microseconds.

use super::registers::{aes, system};
use super::{PATIENCE, reaches, set_gates};
use crate::mmio::DmaBus;
use crate::radio::{AesKey, Ccm, CryptoError, Nonce};

/// Where the parts stand in the memory for DMA, and how long they can be. Each begins with a word.
const KEY_AT: usize = 0;
const AUTH_AT: usize = 16;
const MESSAGE_AT: usize = 144;
const LONGEST: usize = 128;
/// Octets of memory that the engine needs.
pub const CCM_OCTETS: usize = MESSAGE_AT.saturating_add(LONGEST);

/// The engine, with a bus of its own.
#[derive(Debug)]
pub struct Cc2538Ccm<B> {
    bus: B,
}

impl<B: DmaBus> Cc2538Ccm<B> {
    /// The engine; `None` with less than [`CCM_OCTETS`] of memory, or if it gets no clock.
    pub fn new(mut bus: B) -> Option<Self> {
        if bus.dma_len() < CCM_OCTETS {
            return None;
        }
        set_gates(&mut bus, system::RCGCSEC, system::AES_CLOCK, true).then_some(())?;
        bus.write(aes::INT_CFG, 1);
        bus.write(aes::INT_EN, aes::RESULT | aes::DMA_IN);
        Some(Self { bus })
    }

    /// Waits for a flag; false if an error of the engine or of its DMA comes instead, or nothing.
    fn wait(&mut self, flag: u32) -> bool {
        for _ in 0..PATIENCE {
            let status = self.bus.read(aes::INT_STAT);
            if status & aes::ERRORS != 0 {
                break;
            }
            if status & flag != 0 {
                return true;
            }
        }
        false
    }

    fn clear(&mut self) {
        let all = aes::RESULT | aes::DMA_IN | aes::ERRORS;
        self.bus.write(aes::INT_CLR, all);
    }

    /// Brings a part of the memory to the engine.
    fn bring(&mut self, at: usize, len: usize) {
        let address = self.bus.dma_address(at);
        self.bus.write(aes::CH0_CTRL, 1);
        self.bus.write(aes::CH0_EXTADDR, address);
        self.bus.write(aes::CH0_DMALENGTH, len as u32);
    }

    /// Puts a key into the key store; whether it is there.
    fn load(&mut self, key: &AesKey) -> bool {
        self.bus.dma_store(KEY_AT, &key.0);
        self.bus.write(aes::ALG_SEL, aes::KEY_STORE);
        self.clear();
        // Writing the size forgets every key.
        self.bus.write(aes::KEY_STORE_SIZE, aes::BITS_128);
        self.bus.write(aes::KEY_STORE_WRITTEN_AREA, 1);
        self.bus.write(aes::KEY_STORE_WRITE_AREA, 1);
        self.bring(KEY_AT, key.0.len());
        self.wait(aes::RESULT) && self.bus.read(aes::KEY_STORE_WRITTEN_AREA) & 1 != 0
    }

    /// Takes the message through the engine, and writes the integrity code of the plain text.
    fn run(
        &mut self,
        encrypt: u32,
        key: &AesKey,
        nonce: &Nonce,
        (auth, message): (&[u8], &mut [u8]),
        (tag, mic_len): (&mut [u8; 16], usize),
    ) -> Result<(), CryptoError> {
        let too_long = auth.len() > LONGEST || message.len() > LONGEST;
        if too_long || !matches!(mic_len, 0 | 4 | 8 | 16) {
            return Err(CryptoError::Length);
        }
        // The field holds (M - 2) / 2. Of a code of no octets the result is not looked at.
        let control = encrypt | (mic_len.saturating_sub(1) as u32 / 2) << 22;
        let done = self.steps(control, key, nonce, (auth, message));
        let mut register = aes::TAG_OUT_0;
        for word in tag.as_chunks_mut().0 {
            *word = self.bus.read(register).to_le_bytes();
            register = register.wrapping_add(4);
        }
        if done {
            self.bus.dma_load(MESSAGE_AT, message);
        }
        // Off again, and whatever went wrong begins anew.
        self.clear();
        self.bus.write(aes::ALG_SEL, 0);
        done.then_some(()).ok_or(CryptoError::Engine)
    }

    /// Whether everything went well.
    fn steps(
        &mut self,
        control: u32,
        key: &AesKey,
        nonce: &Nonce,
        (auth, message): (&[u8], &[u8]),
    ) -> bool {
        if !self.load(key) {
            return false;
        }
        self.bus.dma_store(AUTH_AT, auth);
        self.bus.dma_store(MESSAGE_AT, message);
        self.bus.write(aes::ALG_SEL, aes::AES);
        self.clear();
        self.bus.write(aes::KEY_STORE_READ_AREA, 0);
        let idle = reaches(&mut self.bus, aes::KEY_STORE_READ_AREA, aes::BUSY, 0);
        if !idle || self.bus.read(aes::INT_STAT) & aes::ERRORS != 0 {
            return false;
        }
        self.write_block(nonce);
        // A length of two octets: the field holds one less.
        let fixed = aes::SAVE_CONTEXT | 1 << 19 | aes::CCM | aes::CTR_128;
        self.bus.write(aes::CTRL, fixed | control);
        self.bus.write(aes::C_LENGTH_0, message.len() as u32);
        self.bus.write(aes::C_LENGTH_1, 0);
        self.bus.write(aes::AUTH_LENGTH, auth.len() as u32);
        if !auth.is_empty() {
            self.bring(AUTH_AT, auth.len());
            if !self.wait(aes::DMA_IN) {
                return false;
            }
            self.bus.write(aes::INT_CLR, aes::DMA_IN);
        }
        if !message.is_empty() {
            self.bring(MESSAGE_AT, message.len());
            let address = self.bus.dma_address(MESSAGE_AT);
            self.bus.write(aes::CH1_CTRL, 1);
            self.bus.write(aes::CH1_EXTADDR, address);
            self.bus.write(aes::CH1_DMALENGTH, message.len() as u32);
        }
        let saved = aes::SAVED_CONTEXT;
        self.wait(aes::RESULT) && reaches(&mut self.bus, aes::CTRL, saved, saved)
    }

    /// The first block of the counter: flags, nonce, zeros.
    fn write_block(&mut self, nonce: &Nonce) {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m] = *nonce;
        let words = [[1, a, b, c], [d, e, f, g], [h, i, j, k], [l, m, 0, 0]];
        let mut register = aes::IV_0;
        for word in words {
            self.bus.write(register, u32::from_le_bytes(word));
            register = register.wrapping_add(4);
        }
    }
}

impl<B: DmaBus> Ccm for Cc2538Ccm<B> {
    fn seal(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &mut [u8],
    ) -> Result<(), CryptoError> {
        let mut tag = [0; 16];
        let of = (&mut tag, mic.len());
        self.run(aes::ENCRYPT, key, nonce, (auth, message), of)?;
        crate::octets::put(mic, &tag);
        Ok(())
    }

    fn open(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &[u8],
    ) -> Result<(), CryptoError> {
        let mut tag = [0; 16];
        let of = (&mut tag, mic.len());
        self.run(0, key, nonce, (auth, message), of)?;
        // Every octet is looked at, wherever the first wrong one is.
        let wrong = tag.iter().zip(mic).fold(0, |all, (a, b)| all | (a ^ b));
        if wrong == 0 {
            return Ok(());
        }
        message.fill(0);
        Err(CryptoError::Mic)
    }
}
