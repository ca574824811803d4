//! IPv4 addresses with the length of their network prefix (RFC 4632).

use super::AddrError;
use core::fmt;
use core::net::Ipv4Addr;
use core::str::FromStr;

/// An IPv4 address with the length of its network prefix, or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ipv4Cidr {
    addr: Ipv4Addr,
    prefix_len: u8,
}

impl Ipv4Cidr {
    /// An address and its prefix length.
    ///
    /// # Errors
    /// [`AddrError::PrefixLength`] above 32.
    pub const fn new(addr: Ipv4Addr, prefix_len: u8) -> Result<Self, AddrError> {
        match prefix_len {
            0..=32 => Ok(Self { addr, prefix_len }),
            _ => Err(AddrError::PrefixLength),
        }
    }

    /// An address alone: a prefix of 32 bits.
    #[must_use]
    pub const fn host(addr: Ipv4Addr) -> Self {
        Self {
            addr,
            prefix_len: 32,
        }
    }

    /// An address and the mask of its network, as DHCP gives them.
    ///
    /// # Errors
    /// [`AddrError::Netmask`] if the mask has ones after a zero.
    pub const fn from_netmask(addr: Ipv4Addr, mask: Ipv4Addr) -> Result<Self, AddrError> {
        let mask = mask.to_bits();
        let ones = mask.leading_ones();
        if ones != mask.count_ones() {
            return Err(AddrError::Netmask);
        }
        Self::new(addr, ones as u8)
    }

    /// The address.
    #[inline]
    #[must_use]
    pub const fn addr(&self) -> Ipv4Addr {
        self.addr
    }

    /// The prefix length, in bits.
    #[inline]
    #[must_use]
    pub const fn prefix_len(&self) -> u8 {
        self.prefix_len
    }

    /// The mask of the network: ones, as many as the prefix is long, then zeros.
    #[inline]
    #[must_use]
    pub const fn netmask(&self) -> Ipv4Addr {
        Ipv4Addr::from_bits(!self.host_mask())
    }

    /// The network: the bits after the prefix are zero.
    #[inline]
    #[must_use]
    pub const fn network(&self) -> Self {
        Self {
            addr: Ipv4Addr::from_bits(self.addr.to_bits() & !self.host_mask()),
            prefix_len: self.prefix_len,
        }
    }

    /// The directed broadcast address of the network (RFC 922 §7); networks of 31 and 32 bits
    /// have none (RFC 3021).
    #[inline]
    #[must_use]
    pub const fn broadcast(&self) -> Option<Ipv4Addr> {
        match self.prefix_len {
            0..31 => Some(Ipv4Addr::from_bits(self.addr.to_bits() | self.host_mask())),
            _ => None,
        }
    }

    /// Whether an address lies in this network.
    #[inline]
    #[must_use]
    pub const fn contains(&self, addr: Ipv4Addr) -> bool {
        (self.addr.to_bits() ^ addr.to_bits()) & !self.host_mask() == 0
    }

    /// Whether a network lies in this network, or is it.
    #[inline]
    #[must_use]
    pub const fn contains_network(&self, other: &Self) -> bool {
        self.prefix_len <= other.prefix_len && self.contains(other.addr)
    }

    /// Ones where the bits of a host are.
    #[inline]
    const fn host_mask(&self) -> u32 {
        match u32::MAX.checked_shr(self.prefix_len as u32) {
            Some(mask) => mask,
            None => 0,
        }
    }
}

impl FromStr for Ipv4Cidr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Self, AddrError> {
        let (addr, len) = super::parse(text)?;
        Self::new(addr, len)
    }
}

impl fmt::Display for Ipv4Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.prefix_len)
    }
}
