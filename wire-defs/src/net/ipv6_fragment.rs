//! The fragment header of IPv6 (RFC 8200 §4.5). Reassembly is not here.

use super::protocol::IpProtocol;
use crate::header;

/// Fragment header.
#[header(
    be,
    size = 8,
    rfc = "8200 §4.5",
    next(next_header => payload: crate::payload::ip, if frag_offset == 0),
    line = "{next_header} id {ident} offset {frag_offset} more {more_frags}"
)]
pub struct Ipv6Fragment<'a> {
    /// Protocol of the payload, or the next extension header, of the whole packet.
    pub next_header: As<u8, IpProtocol>,
    _reserved1: u8,
    /// Octets of the fragmentable part before this fragment.
    #[scale(8)]
    pub frag_offset: u13,
    _reserved2: u2,
    /// This is not the last fragment.
    pub more_frags: bool,
    /// Identification of the fragments of one packet.
    pub ident: u32,
    /// The fragment.
    #[payload]
    pub payload: &'a [u8],
}
