//! UDP datagrams (RFC 768).

use crate::header;

/// UDP header.
#[header(
    be,
    size = 8,
    rfc = "768",
    next(dst_port => payload: crate::payload::udp),
    line = "{src_port} > {dst_port} len {length}"
)]
pub struct Udp<'a> {
    /// Port of the sender; zero if no answer is wanted.
    pub src_port: u16,
    /// Port of the receiver.
    pub dst_port: u16,
    /// Octets of header and payload.
    #[len(packet)]
    length: u16,
    /// Checksum; zero if the sender computed none.
    #[checksum(rfc1071, packet, pseudo = 17, zero_is_none)]
    checksum: u16,
    /// The datagram.
    #[payload]
    pub payload: &'a [u8],
}
