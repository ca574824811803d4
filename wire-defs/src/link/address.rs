//! The 48-bit address of Ethernet (IEEE 802-2014 §8) and what IP makes of it: the addresses of
//! groups (RFC 1112, RFC 2464) and of interfaces (RFC 4291 appendix A).

use super::eui64::Eui64;
use super::text;
pub use super::text::AddressParseError;
use crate::rt::WireInt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::{fmt, str};

/// A 48-bit MAC address.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EthernetAddress(pub [u8; 6]);

impl EthernetAddress {
    /// The address of every station.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// The octets in the order of transmission.
    #[inline]
    #[must_use]
    pub const fn octets(&self) -> [u8; 6] {
        self.0
    }

    /// Whether this is the address of every station.
    #[inline]
    #[must_use]
    pub fn is_broadcast(&self) -> bool {
        *self == Self::BROADCAST
    }

    /// Whether this is the address of a group; broadcast is one.
    #[inline]
    #[must_use]
    pub const fn is_multicast(&self) -> bool {
        self.0[0] & 1 != 0
    }

    /// Whether this is the address of one station.
    #[inline]
    #[must_use]
    pub fn is_unicast(&self) -> bool {
        !self.is_multicast() && self.0 != [0; 6]
    }

    /// Whether the address was assigned locally, and not by the maker of the station
    /// (IEEE 802-2014 §8.4).
    #[inline]
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.0[0] & 2 != 0
    }

    /// The address that an IPv4 group maps to (RFC 1112 §6.4): its last 23 bits.
    ///
    /// Other addresses map as if they were groups; [`EthernetAddress::for_group`] refuses them.
    #[inline]
    #[must_use]
    pub const fn from_multicast_v4(group: Ipv4Addr) -> Self {
        let [_, b, c, d] = group.octets();
        Self([0x01, 0x00, 0x5e, b & 0x7f, c, d])
    }

    /// The address that an IPv6 group maps to (RFC 2464 §7): its last 32 bits.
    ///
    /// Other addresses map as if they were groups; [`EthernetAddress::for_group`] refuses them.
    #[inline]
    #[must_use]
    pub const fn from_multicast_v6(group: Ipv6Addr) -> Self {
        let [.., a, b, c, d] = group.octets();
        Self([0x33, 0x33, a, b, c, d])
    }

    /// The address that a multicast address, or the limited broadcast of IPv4, maps to; `None`
    /// for an address of one host.
    #[inline]
    #[must_use]
    pub const fn for_group(group: IpAddr) -> Option<Self> {
        match group {
            IpAddr::V4(v4) if v4.is_broadcast() => Some(Self::BROADCAST),
            IpAddr::V4(v4) if v4.is_multicast() => Some(Self::from_multicast_v4(v4)),
            IpAddr::V6(v6) if v6.is_multicast() => Some(Self::from_multicast_v6(v6)),
            _ => None,
        }
    }

    /// The EUI-64 of the same station (RFC 4291 appendix A): ff fe in the middle.
    #[inline]
    #[must_use]
    pub const fn eui64(&self) -> Eui64 {
        let [a, b, c, d, e, f] = self.0;
        Eui64([a, b, c, 0xff, 0xfe, d, e, f])
    }

    /// The interface identifier of IPv6: the EUI-64 with the universal bit inverted
    /// (RFC 2464 §4).
    #[inline]
    #[must_use]
    pub const fn interface_id(&self) -> [u8; 8] {
        self.eui64().interface_id()
    }

    /// The link-local address with that interface identifier (RFC 2464 §5).
    #[inline]
    #[must_use]
    pub const fn link_local(&self) -> Ipv6Addr {
        self.eui64().link_local()
    }
}

impl From<[u8; 6]> for EthernetAddress {
    fn from(octets: [u8; 6]) -> Self {
        Self(octets)
    }
}

impl From<EthernetAddress> for [u8; 6] {
    fn from(address: EthernetAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EthernetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(&self.0, f)
    }
}

impl fmt::Debug for EthernetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl str::FromStr for EthernetAddress {
    type Err = AddressParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text::parse(text).map(Self)
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<[u8; 6]> for EthernetAddress {
    const BITS: u32 = 48;

    #[inline(always)]
    fn from_raw(raw: [u8; 6]) -> Self {
        Self(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; 6] {
        self.0
    }
}

#[cfg(test)]
mod tests;
