//! Addresses as a build of IPv4 alone keeps them: without their version, in 4 octets. Those of
//! IPv6, which nothing in it can send or receive, become the unspecified one: nobody's, and
//! nowhere.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Endpoint, IpCidr, Ipv4Cidr};

/// An address as it is kept.
pub(crate) type Ip = Ipv4Addr;
/// An address with the length of its prefix as it is kept.
pub(crate) type Net = Ipv4Cidr;

/// An address with a port as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IpPort {
    pub(crate) addr: Ip,
    pub(crate) port: u16,
}

/// An address of IPv4.
#[inline]
pub(crate) const fn v4(addr: Ipv4Addr) -> Ip {
    addr
}

/// An address of IPv6: none.
#[inline]
pub(crate) const fn v6(_: Ipv6Addr) -> Ip {
    Ip::UNSPECIFIED
}

/// An address with its version.
#[inline]
pub(crate) const fn full(addr: Ip) -> IpAddr {
    IpAddr::V4(addr)
}

/// What is kept of an address; the unspecified one if its version is not spoken.
#[inline]
pub(crate) const fn kept(addr: IpAddr) -> Ip {
    match addr {
        IpAddr::V4(addr) => addr,
        IpAddr::V6(_) => Ip::UNSPECIFIED,
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
    IpCidr::V4(net)
}

/// What is kept of a network; `None` if its version is not spoken.
#[inline]
pub(crate) const fn kept_net(net: IpCidr) -> Option<Net> {
    match net {
        IpCidr::V4(net) => Some(net),
        IpCidr::V6(_) => None,
    }
}

/// Whether an address is one of IPv4.
#[inline]
pub(crate) const fn is_v4(_: &Ip) -> bool {
    true
}

/// Whether an address is one of a single host, as far as the address alone says.
#[inline]
pub(crate) const fn is_host(addr: &Ip) -> bool {
    super::is_unicast(full(*addr))
}

/// Whether a network has an address.
pub(crate) fn covers(network: &Net, addr: &Ip) -> bool {
    network.contains(*addr)
}

/// Whether neighbors ask for an address in this group (RFC 4291 §2.7.1).
#[inline]
pub(crate) const fn asks_for(_: &Ip, _: &Ip) -> bool {
    false
}

/// Whether an address of IPv6 is never seen on a link: a host's own, or one that stands for one of
/// IPv4 (RFC 4291 §2.5.3, §2.5.5.2).
#[inline]
pub(crate) const fn is_internal(_: &Ip) -> bool {
    false
}

/// Bits that both addresses begin with.
pub(crate) const fn common_prefix(one: &Ip, other: &Ip) -> u8 {
    (one.to_bits() ^ other.to_bits()).leading_zeros() as u8
}

/// Whether two addresses are one.
#[inline]
pub(crate) fn same(one: &Ip, other: &Ip) -> bool {
    one == other
}

/// Whether a network is given with this address.
#[inline]
pub(crate) fn is_at(network: &Net, addr: &Ip) -> bool {
    network.addr() == *addr
}

/// Whether an address is of the version that this build speaks.
#[inline]
pub(crate) const fn is_spoken(addr: &IpAddr) -> bool {
    addr.is_ipv4()
}
