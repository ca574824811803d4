//! IPsec: the authentication header (RFC 4302) and the start of an encrypted payload (RFC 4303).
//! Keys, replay windows and what stands at the end of an encrypted payload are not here.

use super::protocol::IpProtocol;
use crate::header;
use crate::rt::WireInt;
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
