//! Ethernet II frames without preamble and frame check sequence (IEEE 802.3 §3.2).

use super::address::EthernetAddress;
use crate::{EthPayload, codes, header};

/// Values of the EtherType field (IANA, "IEEE 802 Numbers").
#[codes(u16)]
pub enum EtherType {
    /// IPv4 (RFC 894).
    Ipv4 = 0x0800,
    /// ARP (RFC 826).
    Arp = 0x0806,
    /// An IEEE 802.1Q tag follows.
    Vlan = 0x8100,
    /// IPv6 (RFC 2464).
    Ipv6 = 0x86dd,
    /// An IEEE 802.1ad service tag follows.
    ServiceVlan = 0x88a8,
}

/// Ethernet II frame.
#[header(
    be,
    size = 14,
    rfc = "IEEE 802.3 §3.2.6",
    packet = EthernetFrame,
    next(ethertype => payload: EthPayload),
    line = "{src_addr} > {dst_addr} {ethertype}"
)]
pub struct Ethernet<'a> {
    /// Station or group that the frame is for.
    pub dst_addr: As<[u8; 6], EthernetAddress>,
    /// Station that sent the frame.
    pub src_addr: As<[u8; 6], EthernetAddress>,
    /// Protocol of the payload.
    pub ethertype: As<u16, EtherType>,
    /// What the frame carries, padding included.
    #[payload]
    pub payload: &'a [u8],
}
