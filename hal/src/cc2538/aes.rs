//! The AES engine in its CCM mode: a key store, and DMA that brings what is authenticated, and
//! takes the message through the engine in place. The interrupt is not used; a frame takes some
//! microseconds.

use super::registers::{aes, system};
use super::{PATIENCE, reaches};
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
    /// What is in the first place of the key store.
    loaded: Option<AesKey>,
}

impl<B: DmaBus> Cc2538Ccm<B> {
    /// The engine; `None` with less than [`CCM_OCTETS`] of memory, or if it gets no clock.
    pub fn new(mut bus: B) -> Option<Self> {
        if bus.dma_len() < CCM_OCTETS {
            return None;
        }
        for gate in [system::RCGCSEC, system::SCGCSEC, system::DCGCSEC] {
            bus.write(gate, system::AES_CLOCK);
            reaches(&mut bus, gate, system::AES_CLOCK, system::AES_CLOCK).then_some(())?;
        }
        bus.write(aes::INT_CFG, 1);
        bus.write(aes::INT_EN, aes::RESULT | aes::DMA_IN);
        Some(Self { bus, loaded: None })
    }

    /// Waits for a flag; an error of the engine or of its DMA ends it.
    fn wait(&mut self, flag: u32) -> Result<(), CryptoError> {
        for _ in 0..PATIENCE {
            let status = self.bus.read(aes::INT_STAT);
            if status & aes::ERRORS != 0 {
                break;
            }
            if status & flag != 0 {
                return Ok(());
            }
        }
        Err(CryptoError::Engine)
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

    fn load(&mut self, key: &AesKey) -> Result<(), CryptoError> {
        if self.loaded == Some(*key) {
            return Ok(());
        }
        self.loaded = None;
        self.bus.dma_store(KEY_AT, &key.0);
        self.bus.write(aes::ALG_SEL, aes::KEY_STORE);
        self.clear();
        // Writing the size forgets every key.
        self.bus.write(aes::KEY_STORE_SIZE, aes::BITS_128);
        self.bus.write(aes::KEY_STORE_WRITTEN_AREA, 1);
        self.bus.write(aes::KEY_STORE_WRITE_AREA, 1);
        self.bring(KEY_AT, key.0.len());
        self.wait(aes::RESULT)?;
        if self.bus.read(aes::KEY_STORE_WRITTEN_AREA) & 1 == 0 {
            return Err(CryptoError::Engine);
        }
        self.loaded = Some(*key);
        Ok(())
    }

    /// Takes the message through the engine; the integrity code of the plain text.
    fn run(
        &mut self,
        encrypt: u32,
        key: &AesKey,
        nonce: &Nonce,
        (auth, message): (&[u8], &mut [u8]),
        mic_len: usize,
    ) -> Result<[u8; 16], CryptoError> {
        let result = self.steps(encrypt, key, nonce, (auth, message), mic_len);
        // Off again, and whatever went wrong begins anew with the key.
        self.clear();
        self.bus.write(aes::ALG_SEL, 0);
        if result.is_err() {
            self.loaded = None;
        }
        result
    }

    fn steps(
        &mut self,
        encrypt: u32,
        key: &AesKey,
        nonce: &Nonce,
        (auth, message): (&[u8], &mut [u8]),
        mic_len: usize,
    ) -> Result<[u8; 16], CryptoError> {
        if auth.len() > LONGEST || message.len() > LONGEST {
            return Err(CryptoError::Length);
        }
        // The field holds (M - 2) / 2. Of a code of no octets the result is not looked at.
        let mac = match mic_len {
            0 => 0,
            4 => 1,
            8 => 3,
            16 => 7,
            _ => return Err(CryptoError::Length),
        };
        self.load(key)?;
        self.bus.dma_store(AUTH_AT, auth);
        self.bus.dma_store(MESSAGE_AT, message);
        self.bus.write(aes::ALG_SEL, aes::AES);
        self.clear();
        self.bus.write(aes::KEY_STORE_READ_AREA, 0);
        let idle = reaches(&mut self.bus, aes::KEY_STORE_READ_AREA, aes::BUSY, 0);
        if !idle || self.bus.read(aes::INT_STAT) & aes::ERRORS != 0 {
            return Err(CryptoError::Engine);
        }
        self.write_block(nonce);
        // A length of two octets: the field holds one less.
        let control = aes::SAVE_CONTEXT | mac << 22 | 1 << 19 | aes::CCM | aes::CTR_128 | encrypt;
        self.bus.write(aes::CTRL, control);
        self.bus.write(aes::C_LENGTH_0, message.len() as u32);
        self.bus.write(aes::C_LENGTH_1, 0);
        self.bus.write(aes::AUTH_LENGTH, auth.len() as u32);
        if !auth.is_empty() {
            self.bring(AUTH_AT, auth.len());
            self.wait(aes::DMA_IN)?;
            self.bus.write(aes::INT_CLR, aes::DMA_IN);
        }
        if !message.is_empty() {
            self.bring(MESSAGE_AT, message.len());
            let address = self.bus.dma_address(MESSAGE_AT);
            self.bus.write(aes::CH1_CTRL, 1);
            self.bus.write(aes::CH1_EXTADDR, address);
            self.bus.write(aes::CH1_DMALENGTH, message.len() as u32);
        }
        self.wait(aes::RESULT)?;
        let saved = aes::SAVED_CONTEXT;
        if !reaches(&mut self.bus, aes::CTRL, saved, saved) {
            return Err(CryptoError::Engine);
        }
        let mut tag = [0; 16];
        let mut register = aes::TAG_OUT_0;
        for word in tag.chunks_exact_mut(4) {
            crate::octets::put(word, &self.bus.read(register).to_le_bytes());
            register = register.wrapping_add(4);
        }
        self.bus.dma_load(MESSAGE_AT, message);
        Ok(tag)
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
        let tag = self.run(aes::ENCRYPT, key, nonce, (auth, message), mic.len())?;
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
        let tag = self.run(0, key, nonce, (auth, message), mic.len())?;
        // Every octet is looked at, wherever the first wrong one is.
        let wrong = tag.iter().zip(mic).fold(0, |all, (a, b)| all | (a ^ b));
        if wrong == 0 {
            return Ok(());
        }
        message.fill(0);
        Err(CryptoError::Mic)
    }
}
