//! Hardware addresses of neighbors, of whichever medium, and how neighbor discovery writes them
//! into its options (RFC 2464 §6, RFC 4944 §8).

use core::fmt;

use litz_wire::{EthernetAddress, Eui64, ShortAddress};

/// Octets of the longest address in a link-layer address option: an EUI-64 and its padding.
const OPTION_LEN: usize = 14;

/// The address of a station on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HardwareAddr {
    /// Of Ethernet: 48 bits.
    Ethernet(EthernetAddress),
    /// The long address of IEEE 802.15.4: 64 bits.
    Eui64(Eui64),
    /// The short address of IEEE 802.15.4, within the interface's own network: 16 bits.
    Short(ShortAddress),
}

impl HardwareAddr {
    /// Whether this is the address of one station.
    #[inline]
    #[must_use]
    pub fn is_unicast(&self) -> bool {
        match self {
            Self::Ethernet(addr) => addr.is_unicast(),
            Self::Eui64(addr) => addr.is_unicast(),
            Self::Short(addr) => addr.is_unicast(),
        }
    }

    /// The address, if it is one of Ethernet.
    #[inline]
    #[must_use]
    pub const fn ethernet(self) -> Option<EthernetAddress> {
        match self {
            Self::Ethernet(addr) => Some(addr),
            Self::Eui64(_) | Self::Short(_) => None,
        }
    }

    /// The interface identifier of IPv6 that is made of the address (RFC 2464 §4, RFC 4944 §6,
    /// RFC 6282 §3.2.2).
    #[inline]
    #[must_use]
    pub const fn interface_id(&self) -> [u8; 8] {
        // As a number, which compilers choose better than octets.
        let number = match self {
            Self::Ethernet(addr) => u64::from_be_bytes(addr.interface_id()),
            Self::Eui64(addr) => u64::from_be_bytes(addr.interface_id()),
            Self::Short(addr) => u64::from_be_bytes(addr.interface_id()),
        };
        number.to_be_bytes()
    }

    /// Whether both are addresses of one medium.
    const fn same_medium(self, other: Self) -> bool {
        matches!(self, Self::Ethernet(_)) == matches!(other, Self::Ethernet(_))
    }

    /// The octets of a link-layer address option, padding and all.
    pub(crate) fn option(self) -> OptionOctets {
        let mut octets = [0; OPTION_LEN];
        let (address, len): (&[u8], usize) = match &self {
            Self::Ethernet(addr) => (&addr.0, 6),
            Self::Eui64(addr) => (&addr.0, OPTION_LEN),
            Self::Short(addr) => (&addr.0.to_be_bytes(), 6),
        };
        for (octet, &of_address) in octets.iter_mut().zip(address) {
            *octet = of_address;
        }
        OptionOctets { octets, len }
    }

    /// The address in a link-layer address option on the medium of `own`. `None` if there is no
    /// option, or if the medium has no addresses of its length.
    pub(crate) fn from_option(option: Option<&[u8]>, own: Self) -> Option<Self> {
        let octets = option?;
        let addr = match own {
            Self::Ethernet(_) => Self::Ethernet(EthernetAddress(octets.try_into().ok()?)),
            Self::Eui64(_) | Self::Short(_) => match *octets {
                [high, low, 0, 0, 0, 0] => {
                    Self::Short(ShortAddress(u16::from_be_bytes([high, low])))
                }
                [a, b, c, d, e, f, g, h, _, _, _, _, _, _] => {
                    Self::Eui64(Eui64([a, b, c, d, e, f, g, h]))
                }
                _ => return None,
            },
        };
        (addr.same_medium(own) && addr.is_unicast()).then_some(addr)
    }
}

impl From<EthernetAddress> for HardwareAddr {
    fn from(addr: EthernetAddress) -> Self {
        Self::Ethernet(addr)
    }
}

impl From<Eui64> for HardwareAddr {
    fn from(addr: Eui64) -> Self {
        Self::Eui64(addr)
    }
}

impl From<ShortAddress> for HardwareAddr {
    fn from(addr: ShortAddress) -> Self {
        Self::Short(addr)
    }
}

impl fmt::Display for HardwareAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ethernet(addr) => addr.fmt(f),
            Self::Eui64(addr) => addr.fmt(f),
            Self::Short(addr) => addr.fmt(f),
        }
    }
}

/// What stands in a link-layer address option behind its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OptionOctets {
    octets: [u8; OPTION_LEN],
    len: usize,
}

impl OptionOctets {
    /// The octets.
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests;
