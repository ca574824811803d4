//! CCM* (IEEE 802.15.4-2020 Annex B; RFC 3610 with a length field of two octets) over whatever
//! encrypts a block: the engine of a chip, or software. Unlike CCM it knows integrity codes of no
//! octets, for security level 4.

use crate::radio::{AesEcb, AesKey, Ccm, CryptoError, Nonce};

/// CCM* made of single blocks.
#[derive(Clone, Debug, Default)]
pub struct CcmStar<E>(pub E);

/// Octets of a block.
const BLOCK: usize = 16;

/// CBC-MAC while octets come in.
struct Chain<'e, E> {
    engine: &'e mut E,
    key: &'e AesKey,
    state: [u8; BLOCK],
    /// Octets of the block that are there.
    filled: usize,
}

impl<E: AesEcb> Chain<'_, E> {
    fn absorb(&mut self, octets: &[u8]) -> Result<(), CryptoError> {
        for &octet in octets {
            if let Some(place) = self.state.get_mut(self.filled) {
                *place ^= octet;
            }
            self.filled = self.filled.wrapping_add(1);
            if self.filled >= BLOCK {
                self.finish()?;
            }
        }
        Ok(())
    }

    /// Fill the block up with zeros.
    fn finish(&mut self) -> Result<(), CryptoError> {
        if self.filled > 0 {
            self.filled = 0;
            self.engine.encrypt(self.key, &mut self.state)?;
        }
        Ok(())
    }
}

/// A block of flags, nonce and a number (Annex B.4.1).
fn block(flags: u8, nonce: &Nonce, number: u16) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let numbers = number.to_be_bytes();
    let octets = [flags].into_iter().chain(*nonce).chain(numbers);
    block
        .iter_mut()
        .zip(octets)
        .for_each(|(to, from)| *to = from);
    block
}

impl<E: AesEcb> CcmStar<E> {
    /// The integrity code before its encryption (Annex B.4.1.2); only its first octets count.
    fn tag(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &[u8],
        mic_len: usize,
    ) -> Result<[u8; BLOCK], CryptoError> {
        let len = u16::try_from(message.len()).map_err(|_| CryptoError::Length)?;
        let auth_len = u16::try_from(auth.len()).map_err(|_| CryptoError::Length)?;
        if auth_len >= 0xff00 {
            return Err(CryptoError::Length);
        }
        // Bits 5 to 3 say (M - 2) / 2, the last three that a length has two octets.
        let mac_bits = match mic_len {
            4 => 0b001_001,
            8 => 0b011_001,
            16 => 0b111_001,
            _ => return Err(CryptoError::Length),
        };
        let flags = if auth.is_empty() { 0 } else { 0x40 } | mac_bits;
        let mut chain = Chain {
            engine: &mut self.0,
            key,
            state: [0; BLOCK],
            filled: 0,
        };
        chain.absorb(&block(flags, nonce, len))?;
        if !auth.is_empty() {
            chain.absorb(&auth_len.to_be_bytes())?;
            chain.absorb(auth)?;
            chain.finish()?;
        }
        chain.absorb(message)?;
        chain.finish()?;
        Ok(chain.state)
    }

    /// Add the key stream from block `first` on to the octets (Annex B.4.1.3).
    fn add_stream(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        first: u16,
        octets: &mut [u8],
    ) -> Result<(), CryptoError> {
        for (chunk, number) in octets.chunks_mut(BLOCK).zip(first..) {
            let mut stream = block(1, nonce, number);
            self.0.encrypt(key, &mut stream)?;
            chunk.iter_mut().zip(stream).for_each(|(to, s)| *to ^= s);
        }
        Ok(())
    }
}

impl<E: AesEcb> Ccm for CcmStar<E> {
    fn seal(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &mut [u8],
    ) -> Result<(), CryptoError> {
        if !mic.is_empty() {
            let tag = self.tag(key, nonce, auth, message, mic.len())?;
            mic.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
            self.add_stream(key, nonce, 0, mic)?;
        }
        self.add_stream(key, nonce, 1, message)
    }

    fn open(
        &mut self,
        key: &AesKey,
        nonce: &Nonce,
        auth: &[u8],
        message: &mut [u8],
        mic: &[u8],
    ) -> Result<(), CryptoError> {
        self.add_stream(key, nonce, 1, message)?;
        if mic.is_empty() {
            return Ok(());
        }
        let mut tag = self.tag(key, nonce, auth, message, mic.len())?;
        self.add_stream(key, nonce, 0, &mut tag)?;
        // Every octet is looked at, wherever the first wrong one is.
        let wrong = tag.iter().zip(mic).fold(0, |all, (a, b)| all | (a ^ b));
        if wrong == 0 {
            return Ok(());
        }
        message.fill(0);
        Err(CryptoError::Mic)
    }
}

#[cfg(test)]
mod tests;
