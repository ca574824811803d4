//! IPv6 packets (RFC 8200 §3). Extension headers have files of their own.

use super::protocol::{Ecn, IpProtocol};
use crate::header;
use core::net::Ipv6Addr;

/// IPv6 header.
#[header(
    be,
    size = 40,
    rfc = "8200 §3",
    next(next_header => payload: crate::payload::ip),
    line = "{src_addr} > {dst_addr} {next_header} hlim {hop_limit}"
)]
pub struct Ipv6<'a> {
    /// Version of the protocol.
    #[eq(6)]
    version: u4,
    /// Differentiated services code point (RFC 2474).
    pub dscp: u6,
    /// Congestion mark (RFC 3168).
    pub ecn: As<u2, Ecn>,
    /// Label of the flow (RFC 6437).
    pub flow_label: u20,
    /// Octets after this header.
    #[len(payload)]
    payload_len: u16,
    /// Protocol of the payload, or an extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Routers that the packet may still pass.
    pub hop_limit: u8,
    /// Source address.
    pub src_addr: Ipv6Addr,
    /// Destination address.
    pub dst_addr: Ipv6Addr,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}
