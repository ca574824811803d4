//! Addresses as a build of both IP versions keeps them: as they are. The files beside this one take
//! its place in builds of one version.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Endpoint, IpCidr};
use crate::parts::{IPV4, IPV6};

/// An address as it is kept.
pub(crate) type Ip = IpAddr;
/// An address with a port as it is kept.
pub(crate) type IpPort = Endpoint;
/// An address with the length of its prefix as it is kept.
pub(crate) type Net = IpCidr;

/// An address of IPv4.
#[inline]
pub(crate) const fn v4(addr: Ipv4Addr) -> Ip {
    IpAddr::V4(addr)
}

/// An address of IPv6.
#[inline]
pub(crate) const fn v6(addr: Ipv6Addr) -> Ip {
    IpAddr::V6(addr)
}

/// An address with its version.
#[inline]
pub(crate) const fn full(addr: Ip) -> IpAddr {
    addr
}

/// What is kept of an address; the unspecified one if its version is not spoken.
#[inline]
pub(crate) const fn kept(addr: IpAddr) -> Ip {
    addr
}

/// An endpoint with its version.
#[inline]
pub(crate) const fn full_end(end: IpPort) -> Endpoint {
    end
}

/// What is kept of an endpoint.
#[inline]
pub(crate) const fn kept_end(end: Endpoint) -> IpPort {
    end
}

/// A network with its version.
#[inline]
pub(crate) const fn full_net(net: Net) -> IpCidr {
    net
}

/// What is kept of a network; `None` if its version is not spoken.
#[inline]
pub(crate) const fn kept_net(net: IpCidr) -> Option<Net> {
    Some(net)
}

/// Whether an address is one of IPv4.
#[inline]
pub(crate) const fn is_v4(addr: &Ip) -> bool {
    IPV4 && (!IPV6 || addr.is_ipv4())
}

/// Whether an address is one of a single host, as far as the address alone says.
#[inline]
pub(crate) const fn is_host(addr: &Ip) -> bool {
    super::is_unicast(*addr)
}

/// Whether a network has an address.
pub(crate) fn covers(network: &Net, addr: &Ip) -> bool {
    match (network, addr) {
        (IpCidr::V4(network), IpAddr::V4(addr)) if IPV4 => network.contains(*addr),
        (IpCidr::V6(network), IpAddr::V6(addr)) if IPV6 => network.contains(*addr),
        _ => false,
    }
}

/// Whether neighbors ask for an address in this group (RFC 4291 §2.7.1).
#[inline]
pub(crate) fn asks_for(group: &Ip, addr: &Ip) -> bool {
    match (group, addr) {
        (IpAddr::V6(group), IpAddr::V6(addr)) => super::solicited_node(*addr) == *group,
        _ => false,
    }
}

/// Whether an address of IPv6 is never seen on a link: a host's own, or one that stands for one of
/// IPv4 (RFC 4291 §2.5.3, §2.5.5.2).
#[inline]
pub(crate) fn is_internal(addr: &Ip) -> bool {
    matches!(addr, IpAddr::V6(addr) if addr.is_loopback() || addr.to_ipv4_mapped().is_some())
}

/// Bits that both addresses begin with.
pub(crate) const fn common_prefix(one: &Ip, other: &Ip) -> u8 {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) if IPV4 => {
            (one.to_bits() ^ other.to_bits()).leading_zeros() as u8
        }
        (IpAddr::V6(one), IpAddr::V6(other)) if IPV6 => {
            (one.to_bits() ^ other.to_bits()).leading_zeros() as u8
        }
        _ => 0,
    }
}

/// Whether two addresses are one.
#[inline]
pub(crate) fn same(one: &Ip, other: &Ip) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) if IPV4 => one.to_bits() == other.to_bits(),
        (IpAddr::V6(one), IpAddr::V6(other)) if IPV6 => one == other,
        _ => false,
    }
}

/// Whether a network is given with this address.
#[inline]
pub(crate) fn is_at(network: &Net, addr: &Ip) -> bool {
    match (network, addr) {
        (IpCidr::V4(network), IpAddr::V4(addr)) if IPV4 => {
            network.addr().to_bits() == addr.to_bits()
        }
        (IpCidr::V6(network), IpAddr::V6(addr)) if IPV6 => network.addr() == *addr,
        _ => false,
    }
}

/// Whether an address is of a version that this build speaks.
#[inline]
pub(crate) const fn is_spoken(_: &IpAddr) -> bool {
    true
}
