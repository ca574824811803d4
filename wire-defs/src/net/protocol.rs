//! Numbers that IPv4 and IPv6 share: protocols and congestion marks.

use crate::codes;

/// Protocol of an IP payload, or the next extension header (IANA, "Protocol Numbers").
#[codes(u8)]
pub enum IpProtocol {
    /// IPv6 hop-by-hop options (RFC 8200 §4.3).
    HopByHop = 0,
    /// ICMP for IPv4 (RFC 792).
    Icmp = 1,
    /// IGMP (RFC 3376).
    Igmp = 2,
    /// IPv4 in a tunnel (RFC 2003).
    Ipv4 = 4,
    /// TCP (RFC 9293).
    Tcp = 6,
    /// UDP (RFC 768).
    Udp = 17,
    /// DCCP (RFC 4340).
    Dccp = 33,
    /// IPv6 in a tunnel (RFC 2473, RFC 4213).
    Ipv6 = 41,
    /// IPv6 routing header (RFC 8200 §4.4).
    Ipv6Route = 43,
    /// IPv6 fragment header (RFC 8200 §4.5).
    Ipv6Frag = 44,
    /// GRE (RFC 2784).
    Gre = 47,
    /// IPsec ESP (RFC 4303).
    Esp = 50,
    /// IPsec AH (RFC 4302).
    Ah = 51,
    /// ICMP for IPv6 (RFC 4443).
    Icmpv6 = 58,
    /// Nothing follows (RFC 8200 §4.7).
    Ipv6NoNxt = 59,
    /// IPv6 destination options (RFC 8200 §4.6).
    Ipv6Opts = 60,
    /// OSPF (RFC 2328).
    Ospf = 89,
    /// PIM (RFC 7761).
    Pim = 103,
    /// VRRP (RFC 9568).
    Vrrp = 112,
    /// SCTP (RFC 9260).
    Sctp = 132,
    /// IPv6 mobility header (RFC 6275 §6.1).
    Mobility = 135,
    /// UDP-Lite (RFC 3828).
    UdpLite = 136,
    /// Ethernet behind a segment routing header (RFC 8986 §4).
    Ethernet = 143,
}

/// Explicit congestion notification (RFC 3168 §5).
#[codes(u2)]
pub enum Ecn {
    /// The transport does not take part.
    NotEct = 0,
    /// The transport takes part, code point 1.
    Ect1 = 1,
    /// The transport takes part, code point 0.
    Ect0 = 2,
    /// A router has seen congestion.
    Ce = 3,
}
