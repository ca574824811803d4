//! IPv4 packets with their options (RFC 791 §3.1). Reassembly is not here.

use super::protocol::{Ecn, IpProtocol};
use crate::{codes, header, options};
use core::net::Ipv4Addr;

/// IPv4 header.
#[header(
    be,
    size = 20..=60,
    rfc = "791 §3.1",
    next(next_header => payload: crate::payload::ip, if frag_offset == 0),
    line = "{src_addr} > {dst_addr} {next_header} ttl {hop_limit}"
)]
pub struct Ipv4<'a> {
    /// Version of the protocol.
    #[eq(4)]
    version: u4,
    /// Length of the header in units of four octets.
    #[len(header = self * 4)]
    ihl: u4,
    /// Differentiated services code point (RFC 2474).
    pub dscp: u6,
    /// Congestion mark (RFC 3168).
    pub ecn: As<u2, Ecn>,
    /// Octets of header and payload.
    #[len(packet)]
    total_len: u16,
    /// Identification of the fragments of one packet.
    pub ident: u16,
    _evil: u1,
    /// Routers must not fragment the packet.
    pub dont_frag: bool,
    /// This is not the last fragment.
    pub more_frags: bool,
    /// Octets of the packet before this fragment.
    #[scale(8)]
    pub frag_offset: u13,
    /// Routers that the packet may still pass.
    #[at(8)]
    pub hop_limit: u8,
    /// Protocol of the payload.
    pub next_header: As<u8, IpProtocol>,
    /// Checksum over the header.
    #[checksum(rfc1071, header)]
    checksum: u16,
    /// Source address.
    #[at(12)]
    pub src_addr: Ipv4Addr,
    /// Destination address.
    #[at(16)]
    pub dst_addr: Ipv4Addr,
    /// Options of the header.
    pub options: Options<'a, Ipv4Option<'a>>,
    /// What follows the header.
    #[payload]
    pub payload: &'a [u8],
}

/// Options of IPv4 (RFC 791 §3.1); the highest bit of a kind says that fragments carry it too.
#[options(kind: u8, len: u8 = item, pad = End, unit = 4)]
pub enum Ipv4Option<'a> {
    /// End of the list.
    #[kind(0, bare, end)]
    End,
    /// Alignment.
    #[kind(1, bare)]
    Nop,
    /// Routers write their addresses here.
    #[kind(7)]
    RecordRoute {
        /// Octet of the option at which the next address goes, from 1.
        pointer: u8,
        /// The slots for addresses.
        route: Array<'a, Ipv4Addr>,
    },
    /// Routers write the time here.
    #[kind(68)]
    Timestamp {
        /// Octet of the option at which the next time goes, from 1.
        pointer: u8,
        /// Routers that found no room.
        overflow: u4,
        /// What the slots hold.
        flag: As<u4, Ipv4TimestampFlag>,
        /// The slots: a time each, or an address and a time.
        slots: Array<'a, u32>,
    },
    /// A route that leaves the hops between its addresses open.
    #[kind(131)]
    LooseSourceRoute {
        /// Octet of the option with the next address, from 1.
        pointer: u8,
        /// The addresses of the route.
        route: Array<'a, Ipv4Addr>,
    },
    /// Identifier of a stream in the SATNET; obsolete (RFC 6814).
    #[kind(136, size = 4)]
    StreamId {
        /// The identifier.
        id: u16,
    },
    /// A route without hops between its addresses.
    #[kind(137)]
    StrictSourceRoute {
        /// Octet of the option with the next address, from 1.
        pointer: u8,
        /// The addresses of the route.
        route: Array<'a, Ipv4Addr>,
    },
    /// Routers look at the packet (RFC 2113).
    #[kind(148, size = 4)]
    RouterAlert {
        /// Zero: every router.
        value: u16,
    },
    /// An option without a declaration.
    #[unknown]
    Unknown {
        /// Its kind.
        kind: u8,
        /// Its octets.
        data: &'a [u8],
    },
}

/// What the slots of a timestamp option hold (RFC 791 §3.1).
#[codes(u4)]
pub enum Ipv4TimestampFlag {
    /// Times only.
    Times = 0,
    /// The address of the router before each time.
    Addresses = 1,
    /// Addresses that the sender has filled in; only these routers add their time.
    Prespecified = 3,
}
