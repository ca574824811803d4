//! IPv6 addresses with the length of their network prefix (RFC 4291 §2.3).

use super::AddrError;
use crate::link::address::EthernetAddress;
use core::fmt;
use core::net::Ipv6Addr;
use core::str::FromStr;

/// An IPv6 address with the length of its network prefix, or a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ipv6Cidr {
    addr: Ipv6Addr,
    prefix_len: u8,
}

impl Ipv6Cidr {
    /// The prefix of link-local addresses (RFC 4291 §2.5.6).
    pub const LINK_LOCAL: Self = Self {
        addr: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0),
        prefix_len: 64,
    };

    /// The prefix of solicited-node groups (RFC 4291 §2.7.1).
    pub const SOLICITED_NODE: Self = Self {
        addr: Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0),
        prefix_len: 104,
    };

    /// An address and its prefix length.
    ///
    /// # Errors
    /// [`AddrError::PrefixLength`] above 128.
    pub const fn new(addr: Ipv6Addr, prefix_len: u8) -> Result<Self, AddrError> {
        match prefix_len {
            0..=128 => Ok(Self { addr, prefix_len }),
            _ => Err(AddrError::PrefixLength),
        }
    }

    /// An address alone: a prefix of 128 bits.
    #[must_use]
    pub const fn host(addr: Ipv6Addr) -> Self {
        Self {
            addr,
            prefix_len: 128,
        }
    }

    /// The prefix whose first octets these are, as route information and RPL give them; what is
    /// missing is zero, and so are bits after the prefix.
    ///
    /// # Errors
    /// [`AddrError::PrefixLength`] above 128, or if the prefix is longer than the octets.
    pub fn from_prefix(octets: &[u8], prefix_len: u8) -> Result<Self, AddrError> {
        if octets.len().saturating_mul(8) < usize::from(prefix_len) {
            return Err(AddrError::PrefixLength);
        }
        let mut addr = [0; 16];
        for (to, from) in addr.iter_mut().zip(octets) {
            *to = *from;
        }
        Ok(Self::new(addr.into(), prefix_len)?.network())
    }

    /// The link-local address of an Ethernet station (RFC 2464 §5), with its prefix `fe80::/64`.
    #[must_use]
    pub const fn link_local(mac: EthernetAddress) -> Self {
        Self {
            addr: mac.link_local(),
            prefix_len: 64,
        }
    }

    /// The address.
    #[inline]
    #[must_use]
    pub const fn addr(&self) -> Ipv6Addr {
        self.addr
    }

    /// The prefix length, in bits.
    #[inline]
    #[must_use]
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// The network: the bits after the prefix are zero.
    #[inline]
    #[must_use]
    pub const fn network(&self) -> Self {
        Self {
            addr: Ipv6Addr::from_bits(self.addr.to_bits() & !self.host_mask()),
            prefix_len: self.prefix_len,
        }
    }

    /// Whether an address lies in this network.
    #[inline]
    #[must_use]
    pub const fn contains(&self, addr: Ipv6Addr) -> bool {
        (self.addr.to_bits() ^ addr.to_bits()).leading_zeros() >= self.prefix_len as u32
    }

    /// Whether a network lies in this network, or is it.
    #[inline]
    #[must_use]
    pub const fn contains_network(&self, other: &Self) -> bool {
        self.prefix_len <= other.prefix_len && self.contains(other.addr)
    }

    /// The address of an interface in this network (RFC 4862 §5.5.3): the prefix, then the
    /// identifier. `None` if they are longer than an address together.
    #[must_use]
    pub const fn with_interface_id(&self, id: [u8; 8]) -> Option<Self> {
        if self.prefix_len > 64 {
            return None;
        }
        let id = u64::from_be_bytes(id) as u128;
        Some(Self {
            addr: Ipv6Addr::from_bits(self.network().addr.to_bits() | id),
            prefix_len: self.prefix_len,
        })
    }

    /// Ones where the bits of a host are.
    #[inline]
    const fn host_mask(&self) -> u128 {
        match u128::MAX.checked_shr(self.prefix_len as u32) {
            Some(mask) => mask,
            None => 0,
        }
    }
}

impl FromStr for Ipv6Cidr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Self, AddrError> {
        let (addr, len) = super::parse(text)?;
        Self::new(addr, len)
    }
}

impl fmt::Display for Ipv6Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.prefix_len)
    }
}
