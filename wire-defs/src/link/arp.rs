//! The Address Resolution Protocol (RFC 826): the general packet, and the one for IPv4 on Ethernet.

use super::address::EthernetAddress;
use super::ethernet::EtherType;
use crate::{codes, header};
use core::net::Ipv4Addr;

/// What an ARP packet wants (RFC 826).
#[codes(u16)]
pub enum ArpOperation {
    /// Who has the target address?
    Request = 1,
    /// The sender has it.
    Reply = 2,
    /// Which protocol address does the target hardware address have (RFC 903)?
    ReverseRequest = 3,
    /// The answer to that.
    ReverseReply = 4,
    /// The same on links with circuits (RFC 2390).
    InverseRequest = 8,
    /// The answer to that.
    InverseReply = 9,
}

/// ARP of any address lengths: one length field governs two fields.
#[header(
    be,
    size = 8,
    rfc = "826",
    line = "{oper} hardware {htype} of {hlen} octets, {ptype} of {plen} octets"
)]
pub struct Arp<'a> {
    /// Hardware type; 1 is Ethernet.
    pub htype: u16,
    /// Protocol type.
    pub ptype: As<u16, EtherType>,
    /// Length of hardware addresses.
    #[len(sha, tha)]
    hlen: u8,
    /// Length of protocol addresses.
    #[len(spa, tpa)]
    plen: u8,
    /// Request or reply.
    pub oper: As<u16, ArpOperation>,
    /// Hardware address of the sender.
    pub sha: &'a [u8],
    /// Protocol address of the sender.
    pub spa: &'a [u8],
    /// Hardware address of the target.
    pub tha: &'a [u8],
    /// Protocol address of the target.
    pub tpa: &'a [u8],
}

/// ARP for IPv4 on Ethernet: 28 octets.
#[header(be, size = 28, rfc = "826", line = "{oper} {sha} {spa} > {tha} {tpa}")]
pub struct ArpEthIpv4 {
    /// Hardware type: Ethernet.
    #[eq(1)]
    htype: u16,
    /// Protocol type: IPv4.
    #[eq(EtherType::Ipv4)]
    ptype: As<u16, EtherType>,
    /// Length of hardware addresses.
    #[eq(6)]
    hlen: u8,
    /// Length of protocol addresses.
    #[eq(4)]
    plen: u8,
    /// Request or reply.
    pub oper: As<u16, ArpOperation>,
    /// Hardware address of the sender.
    pub sha: As<[u8; 6], EthernetAddress>,
    /// Protocol address of the sender.
    pub spa: Ipv4Addr,
    /// Hardware address of the target; ignored in a request.
    pub tha: As<[u8; 6], EthernetAddress>,
    /// Protocol address of the target.
    pub tpa: Ipv4Addr,
}
