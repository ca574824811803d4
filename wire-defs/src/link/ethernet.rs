//! Ethernet II frames without preamble and frame check sequence (IEEE 802.3 §3.2).

use super::address::EthernetAddress;
use crate::{codes, header};

/// Values of the EtherType field (IANA, "IEEE 802 Numbers").
#[codes(u16)]
pub enum EtherType {
    /// IPv4 (RFC 894).
    Ipv4 = 0x0800,
    /// ARP (RFC 826).
    Arp = 0x0806,
    /// Wake-on-LAN.
    WakeOnLan = 0x0842,
    /// An IEEE 802.1Q tag follows.
    Vlan = 0x8100,
    /// IPv6 (RFC 2464).
    Ipv6 = 0x86dd,
    /// Ethernet flow control (IEEE 802.3 annex 31B).
    FlowControl = 0x8808,
    /// Slow protocols, link aggregation among them (IEEE 802.3 annex 57A).
    SlowProtocols = 0x8809,
    /// MPLS (RFC 3032).
    Mpls = 0x8847,
    /// PPPoE discovery (RFC 2516).
    PppoeDiscovery = 0x8863,
    /// PPPoE session (RFC 2516).
    PppoeSession = 0x8864,
    /// Port authentication (IEEE 802.1X).
    Eapol = 0x888e,
    /// An IEEE 802.1ad service tag follows.
    ServiceVlan = 0x88a8,
    /// Link layer discovery (IEEE 802.1AB).
    Lldp = 0x88cc,
    /// Precision time protocol (IEEE 1588).
    Ptp = 0x88f7,
}

impl EtherType {
    /// Whether the field is the length of an IEEE 802.3 frame and no type (IEEE 802.3 §3.2.6).
    #[inline]
    #[must_use]
    pub const fn is_length(self) -> bool {
        self.0 <= 1500
    }
}

/// Ethernet II frame.
#[header(
    be,
    size = 14,
    rfc = "IEEE 802.3 §3.2.6",
    packet = EthernetFrame,
    next(ethertype => payload: crate::payload::ether),
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
