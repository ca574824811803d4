//! ICMP for IPv6 (RFC 4443). Neighbor discovery, multicast
//! listener discovery and RPL have files of their own.

use super::duplicate_address::{DuplicateConfirmation, DuplicateRequest};
use super::ipv6::Ipv6;
use super::mld::Mld;
use super::ndisc::Ndisc;
use super::rpl::Rpl;
use crate::{codes, header, message};

/// Common ICMPv6 header.
#[header(
    be,
    size = 4,
    rfc = "4443 §2.1",
    next(message: Icmpv6),
    line = "type {msg_type} code {code}"
)]
pub struct Icmpv6Header<'a> {
    /// Type of the message.
    pub msg_type: u8,
    /// Code, whose meaning depends on the type.
    pub code: u8,
    /// Checksum over message and pseudo header.
    #[checksum(rfc1071, packet, pseudo = 58)]
    checksum: u16,
    /// The rest of the message.
    #[payload]
    pub body: &'a [u8],
}

/// Why a destination is unreachable (RFC 4443 §3.1).
#[codes(u8)]
pub enum Icmpv6DstUnreachable {
    /// No route.
    NoRoute = 0,
    /// Administratively prohibited.
    AdminProhibit = 1,
    /// Beyond the scope of the source address.
    BeyondScope = 2,
    /// The address is unreachable.
    AddrUnreachable = 3,
    /// Nobody listens on the port.
    PortUnreachable = 4,
    /// The source address failed a policy.
    FailedPolicy = 5,
    /// The route is rejected.
    RejectRoute = 6,
    /// A source route failed (RFC 6554 §3.1).
    SourceRoute = 7,
    /// The headers are too long (RFC 8883 §4).
    HeadersTooLong = 8,
}

/// Which time was exceeded (RFC 4443 §3.3).
#[codes(u8)]
pub enum Icmpv6TimeExceeded {
    /// The hop limit, on the way.
    HopLimit = 0,
    /// The time to reassemble, at the destination.
    Reassembly = 1,
}

/// What could not be understood (RFC 4443 §3.4).
#[codes(u8)]
pub enum Icmpv6ParamProblem {
    /// A field of a header.
    ErroneousHeader = 0,
    /// The next header.
    UnrecognizedNxtHdr = 1,
    /// An option.
    UnrecognizedOption = 2,
    /// The first fragment does not hold all headers (RFC 7112 §6).
    IncompleteHeaderChain = 3,
    /// The header behind a segment routing header (RFC 8754 §4.3).
    SegmentUpperLayer = 4,
}

/// ICMPv6 messages.
#[message(be, header = Icmpv6Header, tag = msg_type)]
pub enum Icmpv6<'a> {
    /// A packet could not be delivered.
    #[tag(1)]
    DstUnreachable {
        /// Why.
        #[hdr(code)]
        reason: As<u8, Icmpv6DstUnreachable>,
        _unused: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv6<'a>, truncated>,
    },
    /// A packet was too big for the next link.
    #[tag(2, code = 0)]
    PktTooBig {
        /// What the next link takes.
        mtu: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv6<'a>, truncated>,
    },
    /// A packet or a fragment lived too long.
    #[tag(3)]
    TimeExceeded {
        /// Which time.
        #[hdr(code)]
        reason: As<u8, Icmpv6TimeExceeded>,
        _unused: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv6<'a>, truncated>,
    },
    /// A header could not be understood.
    #[tag(4)]
    ParamProblem {
        /// What.
        #[hdr(code)]
        reason: As<u8, Icmpv6ParamProblem>,
        /// Octet of the packet with the problem.
        pointer: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv6<'a>, truncated>,
    },
    /// Asks for an echo.
    #[tag(128, code = 0)]
    EchoRequest {
        /// Identifier.
        ident: u16,
        /// Sequence number.
        seq_no: u16,
        /// Data to be returned.
        #[payload]
        data: &'a [u8],
    },
    /// Answer to an echo request.
    #[tag(129, code = 0)]
    EchoReply {
        /// Identifier of the request.
        ident: u16,
        /// Sequence number of the request.
        seq_no: u16,
        /// Data of the request.
        #[payload]
        data: &'a [u8],
    },
    /// Multicast listener discovery.
    #[tag(130..=132 | 143)]
    Mld(Mld<'a>),
    /// Neighbor discovery.
    #[tag(133..=137, code = 0)]
    Ndisc(Ndisc<'a>),
    /// RPL.
    #[tag(155)]
    Rpl(Rpl<'a>),
    /// Asks a border router about a duplicate of an address.
    #[tag(157)]
    DuplicateRequest(DuplicateRequest),
    /// Answer of a border router about a duplicate of an address.
    #[tag(158)]
    DuplicateConfirmation(DuplicateConfirmation),
    /// A message without a declaration.
    #[unknown]
    Unknown {
        /// Its type.
        msg_type: u8,
        /// Its code.
        code: u8,
        /// Its octets.
        body: &'a [u8],
    },
}
