//! IPsec: the authentication header (RFC 4302), the start of an encrypted payload and, once
//! somebody has decrypted it, its end (RFC 4303). Keys, ciphers and replay windows are not here.

use super::protocol::IpProtocol;
use crate::header;
use crate::rt::{Result, WireInt, fail};
use core::fmt;

/// Authentication header.
#[header(
    be,
    size = 12..=1028,
    rfc = "4302 §2",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} spi {spi} seq {seq}"
)]
pub struct Ah<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of four octets, minus two.
    #[len(header = (self + 2) * 4)]
    payload_len: u8,
    _reserved: u16,
    /// Security association of the receiver.
    pub spi: As<u32, Spi>,
    /// Number of the packet.
    pub seq: u32,
    /// Integrity check value.
    pub icv: &'a [u8],
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Encapsulating security payload.
#[header(be, size = 8, rfc = "4303 §2", line = "spi {spi} seq {seq}")]
pub struct Esp<'a> {
    /// Security association of the receiver.
    pub spi: As<u32, Spi>,
    /// Number of the packet.
    pub seq: u32,
    /// Encrypted data, padding, next header and integrity check value.
    #[payload]
    pub data: &'a [u8],
}

impl<'a> EspPacket<'a> {
    /// The encrypted octets and the integrity check value, whose length is the security
    /// association's to know; `None` if there are fewer octets.
    #[must_use]
    pub fn split_icv(&self, icv_len: usize) -> Option<(&'a [u8], &'a [u8])> {
        let data = self.data();
        data.split_at_checked(data.len().checked_sub(icv_len)?)
    }
}

/// End of what ESP encrypts: it stands behind the data and their padding.
#[header(
    be,
    size = 2,
    rfc = "4303 §2",
    line = "{next_header} padding {pad_len}"
)]
pub struct EspTrailer {
    /// Octets of padding before this.
    pub pad_len: u8,
    /// What the data are.
    pub next_header: As<u8, IpProtocol>,
}

impl EspTrailer {
    /// The data, the padding and the trailer of decrypted octets.
    ///
    /// # Errors
    /// `Truncated` if there is no trailer, `Malformed` if there is less than the padding.
    pub fn find(plain: &[u8]) -> Result<(&[u8], &[u8], EspTrailerPacket<'_>)> {
        let Some((before, end)) = plain.split_last_chunk::<2>() else {
            return fail!(Truncated, "EspTrailer", "");
        };
        let trailer = EspTrailerPacket::new_checked(end)?;
        let data = before.len().checked_sub(usize::from(trailer.pad_len()));
        match data.and_then(|len| before.split_at_checked(len)) {
            Some((data, padding)) => Ok((data, padding, trailer)),
            None => fail!(Malformed, "EspTrailer", "pad_len"),
        }
    }

    /// Whether padding is what it is if the cipher does not care: 1, 2, 3 and so on (RFC 4303
    /// §2.4).
    #[must_use]
    pub fn is_monotonic(padding: &[u8]) -> bool {
        (1..=u8::MAX)
            .zip(padding)
            .all(|(number, &octet)| octet == number)
    }
}

/// Security parameters index: which security association of the receiver a packet belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spi(pub u32);

#[diagnostic::do_not_recommend]
impl WireInt<u32> for Spi {
    const BITS: u32 = 32;

    #[inline(always)]
    fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Spi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}
