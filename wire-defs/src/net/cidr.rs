//! Addresses with the length of their network prefix, of one IP version or of either (RFC 4632,
//! RFC 4291 §2.3).

mod v4;
mod v6;

pub use v4::Ipv4Cidr;
pub use v6::Ipv6Cidr;

use crate::link::address::EthernetAddress;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr};
use core::str::FromStr;

/// Why an address or a prefix was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddrError {
    /// The text is not `address/length`.
    Syntax,
    /// The prefix is longer than the address.
    PrefixLength,
    /// The mask of a network has ones after a zero.
    Netmask,
    /// Multicast, broadcast and unspecified addresses cannot be an interface's own.
    NotUnicast,
}

impl fmt::Display for AddrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "expected an address and a prefix length, as in 192.0.2.1/24",
            Self::PrefixLength => "the prefix is longer than the address",
            Self::Netmask => "a mask of a network is ones, then zeros",
            Self::NotUnicast => "not a unicast address",
        })
    }
}

impl core::error::Error for AddrError {}

/// An address of either version with the length of its network prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IpCidr {
    /// Of IPv4.
    V4(Ipv4Cidr),
    /// Of IPv6.
    V6(Ipv6Cidr),
}

impl IpCidr {
    /// An address and its prefix length.
    ///
    /// # Errors
    /// [`AddrError::PrefixLength`] above 32 (IPv4) or 128 (IPv6).
    pub fn new(addr: impl Into<IpAddr>, prefix_len: u8) -> Result<Self, AddrError> {
        match addr.into() {
            IpAddr::V4(addr) => Ipv4Cidr::new(addr, prefix_len).map(Self::V4),
            IpAddr::V6(addr) => Ipv6Cidr::new(addr, prefix_len).map(Self::V6),
        }
    }

    /// An address alone: the prefix is as long as the address.
    pub fn host(addr: impl Into<IpAddr>) -> Self {
        match addr.into() {
            IpAddr::V4(addr) => Self::V4(Ipv4Cidr::host(addr)),
            IpAddr::V6(addr) => Self::V6(Ipv6Cidr::host(addr)),
        }
    }

    /// The link-local address with the modified EUI-64 interface identifier of an Ethernet address
    /// (RFC 4291 appendix A), with its prefix `fe80::/64`.
    #[must_use]
    pub const fn link_local(mac: EthernetAddress) -> Self {
        Self::V6(Ipv6Cidr::link_local(mac))
    }

    /// The address.
    #[inline]
    #[must_use]
    pub const fn addr(&self) -> IpAddr {
        match self {
            Self::V4(cidr) => IpAddr::V4(cidr.addr()),
            Self::V6(cidr) => IpAddr::V6(cidr.addr()),
        }
    }

    /// The prefix length, in bits.
    #[inline]
    #[must_use]
    pub const fn prefix_len(&self) -> u8 {
        match self {
            Self::V4(cidr) => cidr.prefix_len(),
            Self::V6(cidr) => cidr.prefix_len(),
        }
    }

    /// The network: the bits after the prefix are zero.
    #[inline]
    #[must_use]
    pub const fn network(&self) -> Self {
        match self {
            Self::V4(cidr) => Self::V4(cidr.network()),
            Self::V6(cidr) => Self::V6(cidr.network()),
        }
    }

    /// Whether an address lies in this network; an address of the other version does not.
    #[inline]
    #[must_use]
    pub const fn contains(&self, addr: IpAddr) -> bool {
        match (self, addr) {
            (Self::V4(cidr), IpAddr::V4(addr)) => cidr.contains(addr),
            (Self::V6(cidr), IpAddr::V6(addr)) => cidr.contains(addr),
            _ => false,
        }
    }

    /// Whether a network lies in this network, or is it.
    #[inline]
    #[must_use]
    pub const fn contains_network(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::V4(cidr), Self::V4(other)) => cidr.contains_network(other),
            (Self::V6(cidr), Self::V6(other)) => cidr.contains_network(other),
            _ => false,
        }
    }

    /// The directed broadcast address of an IPv4 network (RFC 922 §7); networks of 31 and 32 bits
    /// have none (RFC 3021).
    #[inline]
    #[must_use]
    pub const fn broadcast(&self) -> Option<Ipv4Addr> {
        match self {
            Self::V4(cidr) => cidr.broadcast(),
            Self::V6(_) => None,
        }
    }
}

impl From<Ipv4Cidr> for IpCidr {
    fn from(cidr: Ipv4Cidr) -> Self {
        Self::V4(cidr)
    }
}

impl From<Ipv6Cidr> for IpCidr {
    fn from(cidr: Ipv6Cidr) -> Self {
        Self::V6(cidr)
    }
}

/// Reads `address/length`.
fn parse<A: FromStr>(text: &str) -> Result<(A, u8), AddrError> {
    let (addr, len) = text.split_once('/').ok_or(AddrError::Syntax)?;
    let addr = addr.parse().map_err(|_| AddrError::Syntax)?;
    if !len.bytes().all(|c| c.is_ascii_digit()) {
        return Err(AddrError::Syntax);
    }
    let len = len.parse().map_err(|_| AddrError::Syntax)?;
    Ok((addr, len))
}

impl FromStr for IpCidr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Self, AddrError> {
        let (addr, len) = parse::<IpAddr>(text)?;
        Self::new(addr, len)
    }
}

impl fmt::Display for IpCidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(cidr) => cidr.fmt(f),
            Self::V6(cidr) => cidr.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
