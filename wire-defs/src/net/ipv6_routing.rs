//! Routing headers of IPv6 (RFC 8200 §4.4): any type, and those that are in use or
//! were. What a router does with them is not here.

use super::protocol::IpProtocol;
use crate::{codes, header, options};
use core::net::Ipv6Addr;

/// Types of routing headers (IANA, "Routing Types").
#[codes(u8)]
pub enum RoutingType {
    /// Source route; deprecated (RFC 5095).
    Source = 0,
    /// The home address of a mobile node (RFC 6275 §6.4).
    Type2 = 2,
    /// Source route of RPL (RFC 6554).
    RplSource = 3,
    /// Segment routing (RFC 8754).
    Segments = 4,
}

/// Routing header of any type: where it ends, and what all types share.
#[header(
    be,
    size = 4..=2048,
    rfc = "8200 §4.4",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} type {routing_type} left {segments_left}"
)]
pub struct Ipv6Routing<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// Type of the data.
    pub routing_type: As<u8, RoutingType>,
    /// Nodes on the route that are still to be visited.
    pub segments_left: u8,
    /// What the type makes of it.
    pub data: &'a [u8],
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Type 0: the packet visits addresses in turn. Routers and hosts refuse it (RFC 5095 §3).
#[header(
    be,
    size = 8..=2048,
    rfc = "2460 §4.4",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} left {segments_left} {addresses}"
)]
pub struct Ipv6RoutingSource<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// Type of the header.
    #[eq(RoutingType::Source)]
    routing_type: As<u8, RoutingType>,
    /// Addresses that are still to be visited.
    pub segments_left: u8,
    _reserved: u32,
    /// The addresses.
    pub addresses: Array<'a, Ipv6Addr>,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Type 2: the packet goes to a mobile node, and then to its home address.
#[header(
    be,
    size = 24,
    rfc = "6275 §6.4",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} home {home_addr}"
)]
pub struct Ipv6RoutingType2<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[eq(2)]
    hdr_ext_len: u8,
    /// Type of the header.
    #[eq(RoutingType::Type2)]
    routing_type: As<u8, RoutingType>,
    /// One node is still to be visited: the node itself, under its home address.
    #[eq(1)]
    segments_left: u8,
    _reserved: u32,
    /// Home address of the node.
    pub home_addr: Ipv6Addr,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Source route of RPL: addresses whose leading octets are those of the destination.
#[header(
    be,
    size = 8..=2048,
    rfc = "6554 §3",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} left {segments_left} elided {cmpr_i} {cmpr_e}"
)]
pub struct Ipv6RoutingRpl<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// Type of the header.
    #[eq(RoutingType::RplSource)]
    routing_type: As<u8, RoutingType>,
    /// Nodes on the route that are still to be visited.
    pub segments_left: u8,
    /// Leading octets that are left out of every address but the last.
    pub cmpr_i: u4,
    /// Leading octets that are left out of the last address.
    pub cmpr_e: u4,
    /// Octets of padding after the last address.
    pub pad: u4,
    _reserved: u20,
    /// The addresses without their leading octets, and the padding.
    pub addresses: &'a [u8],
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Segment routing: the segments in reverse order, the last of the route first.
#[header(
    be,
    size = 8..=2048,
    rfc = "8754 §2",
    next(next_header => payload: crate::payload::ip),
    line = "{next_header} left {segments_left} {segments} {tlvs}"
)]
pub struct Ipv6RoutingSegments<'a> {
    /// Protocol of the payload, or the next extension header.
    pub next_header: As<u8, IpProtocol>,
    /// Length of the header in units of eight octets, without the first.
    #[len(header = (self + 1) * 8)]
    hdr_ext_len: u8,
    /// Type of the header.
    #[eq(RoutingType::Segments)]
    routing_type: As<u8, RoutingType>,
    /// Segments that are still to be visited.
    pub segments_left: u8,
    /// Index of the last segment of the list.
    #[len(segments = (self + 1) * 16)]
    last_entry: u8,
    _flags: u8,
    /// Class of the packet.
    pub tag: u16,
    /// The segments.
    pub segments: Array<'a, Ipv6Addr>,
    /// Optional information.
    pub tlvs: Options<'a, SegmentTlv<'a>>,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Optional information of a segment routing header (RFC 8754 §2.1).
#[options(kind: u8, len: u8 = body)]
pub enum SegmentTlv<'a> {
    /// One octet of padding.
    #[kind(0, bare)]
    Pad1,
    /// Two octets of padding or more.
    #[kind(4)]
    PadN {
        /// The octets after type and length.
        zeros: &'a [u8],
    },
    /// Authentication of the header (RFC 8754 §2.1.2).
    #[kind(5)]
    Hmac {
        /// The destination address is not verified.
        skip_destination: bool,
        _reserved: u15,
        /// Which key.
        key_id: u32,
        /// The code, 8 to 32 octets.
        hmac: &'a [u8],
    },
    /// Information without a declaration.
    #[unknown]
    Unknown {
        /// Its type.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}
