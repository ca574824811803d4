//! ICMP for IPv4 (RFC 792, RFC 1191): errors, echo, redirect, timestamp.

use super::ipv4::Ipv4;
use crate::{codes, header, message};
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
