//! AES-128 in software (crate `aes`), for chips without an engine and for hosts. The last key stays
//! expanded, because most frames are of one key.

use aes::Aes128Enc;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use core::fmt;

use crate::radio::{AesEcb, AesKey, CryptoError};

/// AES-128 in software.
#[derive(Clone, Default)]
pub struct SoftAes(Option<(AesKey, Aes128Enc)>);

impl fmt::Debug for SoftAes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoftAes(..)")
    }
}

impl AesEcb for SoftAes {
    fn encrypt(&mut self, key: &AesKey, block: &mut [u8; 16]) -> Result<(), CryptoError> {
        let (_, cipher) = match self.0.take() {
            Some(kept) if kept.0 == *key => self.0.insert(kept),
            _ => self.0.insert((*key, Aes128Enc::new(&key.0.into()))),
        };
        cipher.encrypt_block(block.into());
        Ok(())
    }
}
