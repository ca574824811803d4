//! ICMP for IPv4 (RFC 792, RFC 950, RFC 1191) and router discovery with it (RFC 1256).

use super::ipv4::Ipv4;
use crate::rt::{Secs16, WireInt};
use crate::{codes, header, message};
use core::fmt;
use core::net::Ipv4Addr;

/// Common ICMPv4 header.
#[header(be, size = 4, rfc = "792", next(message: Icmpv4), line = "type {msg_type} code {code}")]
pub struct Icmpv4Header<'a> {
    /// Type of the message.
    pub msg_type: u8,
    /// Code, whose meaning depends on the type.
    pub code: u8,
    /// Checksum over the message.
    #[checksum(rfc1071, packet)]
    checksum: u16,
    /// The rest of the message.
    #[payload]
    pub body: &'a [u8],
}

/// Why a destination is unreachable (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1).
#[codes(u8)]
pub enum Icmpv4DstUnreachable {
    /// No route to the network.
    NetUnreachable = 0,
    /// No route to the host.
    HostUnreachable = 1,
    /// The host does not have the protocol.
    ProtoUnreachable = 2,
    /// Nobody listens on the port.
    PortUnreachable = 3,
    /// The packet is too big and must not be fragmented.
    FragRequired = 4,
    /// A source route failed.
    SrcRouteFailed = 5,
    /// The network is not known.
    DstNetUnknown = 6,
    /// The host is not known.
    DstHostUnknown = 7,
    /// The source host is isolated.
    SrcHostIsolated = 8,
    /// The network is prohibited.
    NetProhibited = 9,
    /// The host is prohibited.
    HostProhibited = 10,
    /// The network is unreachable for the type of service.
    NetUnreachTos = 11,
    /// The host is unreachable for the type of service.
    HostUnreachTos = 12,
    /// Communication is prohibited by filtering.
    CommProhibited = 13,
    /// The precedence is not permitted.
    HostPrecedViol = 14,
    /// The precedence is too low.
    PrecedCutoff = 15,
}

/// Which time was exceeded (RFC 792).
#[codes(u8)]
pub enum Icmpv4TimeExceeded {
    /// The time to live, on the way.
    HopLimit = 0,
    /// The time to reassemble, at the destination.
    Reassembly = 1,
}

/// What is redirected (RFC 792).
#[codes(u8)]
pub enum Icmpv4RedirectCode {
    /// Packets to the network.
    Net = 0,
    /// Packets to the host.
    Host = 1,
    /// Packets to the network of this type of service.
    NetTos = 2,
    /// Packets to the host of this type of service.
    HostTos = 3,
}

/// ICMPv4 messages.
#[message(be, header = Icmpv4Header, tag = msg_type)]
pub enum Icmpv4<'a> {
    /// Answer to an echo request.
    #[tag(0, code = 0)]
    EchoReply {
        /// Identifier of the request.
        ident: u16,
        /// Sequence number of the request.
        seq_no: u16,
        /// Data of the request.
        #[payload]
        data: &'a [u8],
    },
    /// A packet could not be delivered.
    #[tag(3)]
    DstUnreachable {
        /// Why.
        #[hdr(code)]
        reason: As<u8, Icmpv4DstUnreachable>,
        _unused: u16,
        /// Largest packet that the next hop takes, if fragmentation was required (RFC 1191 §4).
        next_hop_mtu: u16,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv4<'a>, truncated>,
    },
    /// Packets came too fast; obsolete (RFC 6633).
    #[tag(4, code = 0)]
    SourceQuench {
        _unused: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv4<'a>, truncated>,
    },
    /// Another gateway is better.
    #[tag(5)]
    Redirect {
        /// For which packets.
        #[hdr(code)]
        code: As<u8, Icmpv4RedirectCode>,
        /// The gateway.
        gateway: Ipv4Addr,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv4<'a>, truncated>,
    },
    /// Asks for an echo.
    #[tag(8, code = 0)]
    EchoRequest {
        /// Identifier.
        ident: u16,
        /// Sequence number.
        seq_no: u16,
        /// Data to be returned.
        #[payload]
        data: &'a [u8],
    },
    /// The addresses of a router (RFC 1256 §3); its code is 16 if it forwards for mobile nodes only
    /// (RFC 5944 §2.1).
    #[tag(9)]
    RouterAdvert {
        /// 0, or 16.
        #[hdr(code)]
        code: u8,
        /// Number of addresses.
        #[len(entries = self * 8)]
        num_addrs: u8,
        /// Units of four octets for each.
        #[eq(2)]
        addr_entry_size: u8,
        /// How long they are valid.
        lifetime: As<u16, Secs16>,
        /// The addresses.
        entries: Array<'a, RouterEntry>,
    },
    /// Asks routers to advertise (RFC 1256 §3).
    #[tag(10, code = 0)]
    RouterSolicit { _reserved: u32 },
    /// A packet or a fragment lived too long.
    #[tag(11)]
    TimeExceeded {
        /// Which time.
        #[hdr(code)]
        reason: As<u8, Icmpv4TimeExceeded>,
        _unused: u32,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv4<'a>, truncated>,
    },
    /// A header could not be understood.
    #[tag(12)]
    ParamProblem {
        /// 0 if the pointer counts, 1 if an option is missing, 2 if a length is bad.
        #[hdr(code)]
        code: u8,
        /// Octet of the packet with the problem.
        pointer: u8,
        _unused: u24,
        /// The packet, as far as it is quoted.
        invoking: Nested<'a, Ipv4<'a>, truncated>,
    },
    /// Asks for the time.
    #[tag(13, code = 0)]
    Timestamp {
        /// Identifier.
        ident: u16,
        /// Sequence number.
        seq_no: u16,
        /// When the sender sent it, in milliseconds since midnight UT.
        originate: u32,
        /// When it was received.
        receive: u32,
        /// When the answer was sent.
        transmit: u32,
    },
    /// Answer to a timestamp.
    #[tag(14, code = 0)]
    TimestampReply {
        /// Identifier of the request.
        ident: u16,
        /// Sequence number of the request.
        seq_no: u16,
        /// When the request was sent, in milliseconds since midnight UT.
        originate: u32,
        /// When it was received.
        receive: u32,
        /// When the answer was sent.
        transmit: u32,
    },
    /// Asks for the number of the network; obsolete (RFC 6918).
    #[tag(15, code = 0)]
    InfoRequest {
        /// Identifier.
        ident: u16,
        /// Sequence number.
        seq_no: u16,
    },
    /// Answer to that.
    #[tag(16, code = 0)]
    InfoReply {
        /// Identifier of the request.
        ident: u16,
        /// Sequence number of the request.
        seq_no: u16,
    },
    /// Asks for the mask of the network (RFC 950); obsolete (RFC 6918).
    #[tag(17, code = 0)]
    MaskRequest {
        /// Identifier.
        ident: u16,
        /// Sequence number.
        seq_no: u16,
        /// Zero.
        mask: Ipv4Addr,
    },
    /// Answer to that.
    #[tag(18, code = 0)]
    MaskReply {
        /// Identifier of the request.
        ident: u16,
        /// Sequence number of the request.
        seq_no: u16,
        /// The mask.
        mask: Ipv4Addr,
    },
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

/// An address of a router and how much it is preferred.
#[header(be, size = 8, rfc = "1256 §3")]
pub struct RouterEntry {
    /// The address.
    pub addr: Ipv4Addr,
    /// How much it is preferred.
    pub preference: As<u32, RouterLevel>,
}

/// Preference of a router as a signed number; the lowest says that it is no default router.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouterLevel(pub i32);

#[diagnostic::do_not_recommend]
impl WireInt<u32> for RouterLevel {
    const BITS: u32 = 32;

    #[inline(always)]
    fn from_raw(raw: u32) -> Self {
        Self(raw.cast_signed())
    }

    #[inline(always)]
    fn into_raw(self) -> u32 {
        self.0.cast_unsigned()
    }
}

impl fmt::Display for RouterLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
