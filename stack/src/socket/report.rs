//! What the network reports about packets of this host (RFC 792, RFC 4443), without regard to the
//! IP version: the interface reads the ICMP message and its quote, a socket decides what it means.

use core::fmt;
use core::net::IpAddr;

use crate::addr::Endpoint;

/// What an ICMP error says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IcmpReport {
    /// No route to the network or host, now (a soft error, RFC 1122 §4.2.3.9).
    Unreachable,
    /// The port is closed (a hard error).
    PortUnreachable,
    /// The protocol is not spoken there (a hard error).
    ProtocolUnreachable,
    /// Somebody forbids it (a hard error for opening, RFC 5927 §5.2).
    Prohibited,
    /// The packet was too big for a link with this MTU: octets of an IP packet, 0 if the router did
    /// not say (RFC 1191 §5).
    TooBig {
        /// Octets of an IP packet.
        mtu: u32,
    },
    /// The hop limit ran out, or reassembly took too long.
    TimeExceeded,
    /// A header was not understood; the pointer is that of the message.
    ParameterProblem {
        /// Octet of the quoted packet.
        pointer: u32,
    },
}

/// Whose packet an ICMP error quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Source of the quoted packet: an address of this host.
    pub local: Endpoint,
    /// Its destination.
    pub remote: Endpoint,
    /// Who reported it.
    pub reporter: IpAddr,
    /// TCP sequence number of the quoted segment; RFC 5927 §4.1 wants it checked.
    pub seq: Option<u32>,
}

/// What the network reported about a packet of a socket. Anybody can forge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkError {
    /// Where the packet was sent.
    pub remote: Endpoint,
    /// Who reported it: that host, or a router on the way.
    pub reporter: IpAddr,
    /// What was reported.
    pub report: IcmpReport,
}

impl fmt::Display for IcmpReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("destination unreachable"),
            Self::PortUnreachable => f.write_str("port unreachable"),
            Self::ProtocolUnreachable => f.write_str("protocol unreachable"),
            Self::Prohibited => f.write_str("communication prohibited"),
            Self::TooBig { mtu } => write!(f, "packet too big, the next link takes {mtu}"),
            Self::TimeExceeded => f.write_str("time exceeded"),
            Self::ParameterProblem { pointer } => write!(f, "parameter problem at octet {pointer}"),
        }
    }
}
