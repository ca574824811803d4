//! What follows the headers: which declaration goes with an EtherType and with an IP protocol.

use crate::{
    ArpEthIpv4, EtherType, Icmpv4Header, Icmpv6Header, IpProtocol, Ipv4, Ipv6, Tcp, Udp, payloads,
};

/// What follows an Ethernet header.
#[payloads(EtherType)]
pub enum EthPayload<'a> {
    /// IPv4.
    #[tag(EtherType::Ipv4)]
    Ipv4(Ipv4<'a>),
    /// ARP for IPv4 on Ethernet.
    #[tag(EtherType::Arp)]
    Arp(ArpEthIpv4),
    /// IPv6.
    #[tag(EtherType::Ipv6)]
    Ipv6(Ipv6<'a>),
    /// Anything else.
    #[unknown]
    Unknown(&'a [u8]),
}

/// What follows an IP header.
#[payloads(IpProtocol)]
pub enum IpPayload<'a> {
    /// ICMP for IPv4.
    #[tag(IpProtocol::Icmp)]
    Icmpv4(Icmpv4Header<'a>),
    /// TCP.
    #[tag(IpProtocol::Tcp)]
    Tcp(Tcp<'a>),
    /// UDP.
    #[tag(IpProtocol::Udp)]
    Udp(Udp<'a>),
    /// ICMP for IPv6.
    #[tag(IpProtocol::Icmpv6)]
    Icmpv6(Icmpv6Header<'a>),
    /// Anything else, extension headers of IPv6 among it.
    #[unknown]
    Unknown(&'a [u8]),
}
