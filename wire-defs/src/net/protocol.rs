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
    /// TCP (RFC 9293).
    Tcp = 6,
    /// UDP (RFC 768).
    Udp = 17,
    /// IPv6 routing header (RFC 8200 §4.4).
    Ipv6Route = 43,
    /// IPv6 fragment header (RFC 8200 §4.5).
    Ipv6Frag = 44,
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
