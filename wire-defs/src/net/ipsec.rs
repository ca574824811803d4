//! IPsec: the authentication header (RFC 4302) and the start of an encrypted payload (RFC 4303).
//! Keys, replay windows and what stands at the end of an encrypted payload are not here.

use super::protocol::IpProtocol;
use crate::header;

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
    pub spi: u32,
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
    pub spi: u32,
    /// Number of the packet.
    pub seq: u32,
    /// Encrypted data, padding, next header and integrity check value.
    #[payload]
    pub data: &'a [u8],
}
