//! What the security of IEEE 802.15.4 takes of cryptography: AES-128 of one block, or CCM* as a
//! whole, for chips that have an engine for the one or the other.

use core::fmt;

/// An AES-128 key. It is not shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AesKey(pub [u8; 16]);

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesKey(..)")
    }
}

/// The nonce of CCM* with a length field of two octets (IEEE 802.15.4-2020 §9.3.3).
pub type Nonce = [u8; 13];

/// Why nothing was sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CryptoError {
    /// The integrity code is wrong.
    Mic,
    /// The integrity code has a length that there is not, or the message is too long.
    Length,
    /// The engine failed.
    Engine,
}

impl fmt::Display for CryptoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mic => "the integrity code is wrong",
            Self::Length => "the message or its integrity code has an impossible length",
            Self::Engine => "the engine failed",
        })
    }
}

impl core::error::Error for CryptoError {}

/// AES-128 encryption of single blocks (FIPS 197).
pub trait AesEcb {
    /// Encrypt a block in place.
    ///
    /// # Errors
    /// [`CryptoError::Engine`].
    fn encrypt(&mut self, key: &AesKey, block: &mut [u8; 16]) -> Result<(), CryptoError>;
}

/// CCM* (IEEE 802.15.4-2020 Annex B): counter mode with CBC-MAC, with integrity codes of 0, 4, 8 or
/// 16 octets.
pub trait Ccm {
    /// Encrypt `message` in place and write the integrity code of `auth` and of it.
    ///
    /// # Errors
    /// [`CryptoError::Length`], [`CryptoError::Engine`].
    fn seal(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &mut [u8],
    ) -> Result<(), CryptoError>;

    /// Decrypt `message` in place and verify the integrity code. If it is wrong, `message` is
    /// zeroed.
    ///
    /// # Errors
    /// [`CryptoError::Mic`], [`CryptoError::Length`], [`CryptoError::Engine`].
    fn open(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &[u8],
    ) -> Result<(), CryptoError>;
}
