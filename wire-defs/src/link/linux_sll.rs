//! The header that Linux puts before packets captured on all interfaces ("cooked" captures,
//! LINKTYPE_LINUX_SLL of libpcap).

use super::ethernet::EtherType;
use crate::{codes, header};

/// Header of a cooked capture.
#[header(
    be,
    size = 16,
    rfc = "LINKTYPE_LINUX_SLL",
    next(protocol => payload: crate::payload::ether),
    line = "{direction} {protocol}"
)]
pub struct LinuxSll<'a> {
    /// Whom the packet was for.
    pub direction: As<u16, SllDirection>,
    /// Type of the link, a number of Linux; 1 is Ethernet.
    pub link_type: u16,
    /// Octets of the source address.
    pub addr_len: u16,
    /// Source address on the link, with zeros after its end.
    pub src_addr: [u8; 8],
    /// Protocol of the payload.
    pub protocol: As<u16, EtherType>,
    /// The packet.
    #[payload]
    pub payload: &'a [u8],
}

/// Whom a captured packet was for.
#[codes(u16)]
pub enum SllDirection {
    /// This host.
    In = 0,
    /// Everybody.
    Broadcast = 1,
    /// A group.
    Multicast = 2,
    /// Another host.
    Other = 3,
    /// Sent by this host.
    Out = 4,
}
