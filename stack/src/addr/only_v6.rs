//! Addresses as a build of IPv6 alone keeps them: without their version, in 16 octets. Those of
//! IPv4, which nothing in it can send or receive, become the unspecified one: nobody's, and
//! nowhere.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Endpoint, IpCidr, Ipv6Cidr};

/// An address as it is kept: in words, so that it is moved and compared in four steps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ip([u32; 4]);

impl Ip {
    const UNSPECIFIED: Self = Self([0; 4]);

    const fn new(addr: Ipv6Addr) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = addr.octets();
        Self([
            u32::from_ne_bytes([a, b, c, d]),
            u32::from_ne_bytes([e, f, g, h]),
            u32::from_ne_bytes([i, j, k, l]),
            u32::from_ne_bytes([m, n, o, p]),
        ])
    }

    const fn addr(self) -> Ipv6Addr {
        let [first, second, third, fourth] = self.0;
        let [a, b, c, d] = first.to_ne_bytes();
        let [e, f, g, h] = second.to_ne_bytes();
        let [i, j, k, l] = third.to_ne_bytes();
        let [m, n, o, p] = fourth.to_ne_bytes();
        Ipv6Addr::from_octets([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
    }

    /// Whether it is a group's.
    #[inline]
    pub(crate) const fn is_multicast(&self) -> bool {
        let [first, ..] = self.0;
        let [first, ..] = first.to_ne_bytes();
        first == 0xff
    }

    /// Whether it is nobody's.
    #[inline]
    pub(crate) const fn is_unspecified(&self) -> bool {
        let [first, second, third, fourth] = self.0;
        first | second | third | fourth == 0
    }
}

impl core::fmt::Debug for Ip {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.addr().fmt(f)
    }
}

/// An address with the length of its prefix as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Net {
    addr: Ip,
    prefix_len: u8,
}

impl Net {
    /// The address.
    #[inline]
    pub(crate) const fn addr(&self) -> Ip {
        self.addr
    }

    /// Leading bits that make the network.
    #[inline]
    pub(crate) const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }
}

/// Whether neighbors ask for an address in this group (RFC 4291 §2.7.1).
#[inline]
pub(crate) const fn asks_for(group: &Ip, addr: &Ip) -> bool {
    const GROUP: Ip = Ip::new(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0));
    const ITS_OWN: u32 = u32::from_ne_bytes([0, 0xff, 0xff, 0xff]);
    let ([.., last], [first, second, third, fourth]) = (addr.0, group.0);
    let [a, b, c, d] = GROUP.0;
    (first ^ a) | (second ^ b) | (third ^ c) | (fourth ^ d ^ (last & ITS_OWN)) == 0
}

/// Whether an address of IPv6 is never seen on a link: a host's own, or one that stands for one of
/// IPv4 (RFC 4291 §2.5.3, §2.5.5.2).
#[inline]
pub(crate) const fn is_internal(addr: &Ip) -> bool {
    let [first, second, third, last] = addr.0;
    let local = third == 0 && last == 1_u32.to_be();
    first | second == 0 && (local || third == 0xffff_u32.to_be())
}

/// Bits that both addresses begin with.
pub(crate) fn common_prefix(one: &Ip, other: &Ip) -> u8 {
    let mut bits = 0_u8;
    for (one, other) in one.0.iter().zip(&other.0) {
        let differ = u32::from_be(one ^ other);
        bits = bits.wrapping_add(differ.leading_zeros() as u8);
        if differ != 0 {
            break;
        }
    }
    bits
}

/// An address with a port as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IpPort {
    pub(crate) addr: Ip,
    pub(crate) port: u16,
}

/// An address of IPv6.
#[inline]
pub(crate) const fn v6(addr: Ipv6Addr) -> Ip {
    Ip::new(addr)
}

/// An address of IPv4: none.
#[inline]
pub(crate) const fn v4(_: Ipv4Addr) -> Ip {
    Ip::UNSPECIFIED
}

/// An address with its version.
#[inline]
pub(crate) const fn full(addr: Ip) -> IpAddr {
    IpAddr::V6(addr.addr())
}

/// What is kept of an address; the unspecified one if its version is not spoken.
#[inline]
pub(crate) const fn kept(addr: IpAddr) -> Ip {
    match addr {
        IpAddr::V6(addr) => Ip::new(addr),
        IpAddr::V4(_) => Ip::UNSPECIFIED,
    }
}

/// An endpoint with its version.
#[inline]
pub(crate) const fn full_end(end: IpPort) -> Endpoint {
    Endpoint {
        addr: full(end.addr),
        port: end.port,
    }
}

/// What is kept of an endpoint.
#[inline]
pub(crate) const fn kept_end(end: Endpoint) -> IpPort {
    IpPort {
        addr: kept(end.addr),
        port: end.port,
    }
}

/// A network with its version.
#[inline]
pub(crate) const fn full_net(net: Net) -> IpCidr {
    let addr = net.addr.addr();
    IpCidr::V6(match Ipv6Cidr::new(addr, net.prefix_len) {
        Ok(cidr) => cidr,
        Err(_) => Ipv6Cidr::host(addr),
    })
}

/// What is kept of a network; `None` if its version is not spoken.
#[inline]
pub(crate) const fn kept_net(net: IpCidr) -> Option<Net> {
    match net {
        IpCidr::V6(net) => Some(Net {
            addr: Ip::new(net.addr()),
            prefix_len: net.prefix_len(),
        }),
        IpCidr::V4(_) => None,
    }
}

/// Whether an address is one of IPv4.
#[inline]
pub(crate) const fn is_v4(_: &Ip) -> bool {
    false
}

/// Whether an address is one of a single host, as far as the address alone says.
#[inline]
pub(crate) const fn is_host(addr: &Ip) -> bool {
    !addr.is_unspecified() && !addr.is_multicast()
}

/// Whether a network has an address.
pub(crate) fn covers(network: &Net, addr: &Ip) -> bool {
    common_prefix(&network.addr, addr) >= network.prefix_len
}

/// Whether two addresses are one.
#[inline]
pub(crate) fn same(one: &Ip, other: &Ip) -> bool {
    one == other
}

/// Whether a network is given with this address.
#[inline]
pub(crate) fn is_at(network: &Net, addr: &Ip) -> bool {
    network.addr == *addr
}

/// Whether an address is of the version that this build speaks.
#[inline]
pub(crate) const fn is_spoken(addr: &IpAddr) -> bool {
    addr.is_ipv6()
}
