//! The AES engine (nRF52840 product specification, ECB chapter): one block at a time, by DMA from a
//! structure of key, plaintext and ciphertext.

use super::PATIENCE;
use super::registers::ecb;
use crate::mmio::DmaBus;
use crate::radio::{AesEcb, AesKey, CryptoError};

/// Where the parts of the structure stand.
const KEY_AT: usize = 0;
const CLEAR_AT: usize = 16;
const CIPHER_AT: usize = 32;

/// The engine, with a bus of its own whose memory has at least 48 octets.
#[derive(Debug)]
pub struct NrfEcb<B>(B);

impl<B: DmaBus> NrfEcb<B> {
    /// The engine; `None` with too little memory.
    pub fn new(bus: B) -> Option<Self> {
        (bus.dma_len() >= CIPHER_AT.saturating_add(16)).then_some(Self(bus))
    }
}

impl<B: DmaBus> AesEcb for NrfEcb<B> {
    fn encrypt(&mut self, key: &AesKey, block: &mut [u8; 16]) -> Result<(), CryptoError> {
        let Self(bus) = self;
        bus.dma_store(KEY_AT, &key.0);
        bus.dma_store(CLEAR_AT, block);
        bus.write(ecb::ECBDATAPTR, bus.dma_address(KEY_AT));
        bus.write(ecb::ENDECB, 0);
        bus.write(ecb::ERRORECB, 0);
        bus.write(ecb::STARTECB, 1);
        for _ in 0..PATIENCE {
            if bus.read(ecb::ENDECB) != 0 {
                bus.dma_load(CIPHER_AT, block);
                return Ok(());
            }
            if bus.read(ecb::ERRORECB) != 0 {
                break;
            }
        }
        Err(CryptoError::Engine)
    }
}
