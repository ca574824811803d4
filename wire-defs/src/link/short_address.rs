//! The 16-bit addresses of IEEE 802.15.4: of stations within a network, and of networks.

use super::eui64::link_local;
use crate::rt::WireInt;
use core::net::Ipv6Addr;
use core::{fmt, str};

/// A 16-bit address of a station within its network (IEEE 802.15.4-2020 §7.3.2).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortAddress(pub u16);

/// A 16-bit identifier of a network (IEEE 802.15.4-2020 §7.2.2.6).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PanId(pub u16);

impl ShortAddress {
    /// The address of every station.
    pub const BROADCAST: Self = Self(0xffff);
    /// What a station has that uses its long address only.
    pub const UNASSIGNED: Self = Self(0xfffe);

    /// Whether this is the address of every station.
    #[inline]
    #[must_use]
    pub const fn is_broadcast(self) -> bool {
        self.0 == Self::BROADCAST.0
    }

    /// Whether this is the address of one station.
    #[inline]
    #[must_use]
    pub const fn is_unicast(self) -> bool {
        self.0 < Self::UNASSIGNED.0
    }

    /// The interface identifier of IPv6 (RFC 6282 §3.2.2): 0000:00ff:fe00 before the address.
    #[inline]
    #[must_use]
    pub const fn interface_id(self) -> [u8; 8] {
        let [high, low] = self.0.to_be_bytes();
        [0, 0, 0, 0xff, 0xfe, 0, high, low]
    }

    /// The address whose interface identifier this is, if it has that form.
    #[inline]
    #[must_use]
    pub const fn from_interface_id(id: [u8; 8]) -> Option<Self> {
        match id {
            [0, 0, 0, 0xff, 0xfe, 0, high, low] => Some(Self(u16::from_be_bytes([high, low]))),
            _ => None,
        }
    }

    /// The link-local address with the interface identifier.
    #[inline]
    #[must_use]
    pub const fn link_local(self) -> Ipv6Addr {
        link_local(u64::from_be_bytes(self.interface_id()))
    }

    /// The address that an IPv6 group maps to where the mesh forwards multicast (RFC 4944 §9):
    /// its last 13 bits behind 100.
    #[inline]
    #[must_use]
    pub const fn from_multicast_v6(group: Ipv6Addr) -> Self {
        Self(0x8000 | (group.to_bits() as u16 & 0x1fff))
    }
}

impl PanId {
    /// Every network.
    pub const BROADCAST: Self = Self(0xffff);
}

/// A string that is not a number of four digits in hexadecimal, perhaps after `0x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortAddressParseError;

impl fmt::Display for ShortAddressParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not four hexadecimal digits such as 0x1a2b")
    }
}

impl core::error::Error for ShortAddressParseError {}

fn parse(text: &str) -> Result<u16, ShortAddressParseError> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() != 4 || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Err(ShortAddressParseError);
    }
    u16::from_str_radix(digits, 16).map_err(|_| ShortAddressParseError)
}

macro_rules! number {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:#06x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl str::FromStr for $name {
            type Err = ShortAddressParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text).map(Self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl WireInt<u16> for $name {
            const BITS: u32 = 16;

            #[inline(always)]
            fn from_raw(raw: u16) -> Self {
                Self(raw)
            }

            #[inline(always)]
            fn into_raw(self) -> u16 {
                self.0
            }
        }
    };
}

number!(ShortAddress);
number!(PanId);

#[cfg(test)]
mod tests;
