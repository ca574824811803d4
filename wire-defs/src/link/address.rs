//! The 48-bit address of Ethernet (IEEE 802-2014 §8). EUI-64 addresses are not here.

use crate::rt::WireInt;
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
}

impl fmt::Display for EthernetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for EthernetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A string that is not six octets in hexadecimal joined by `:` or `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressParseError;

impl fmt::Display for AddressParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a MAC address such as 02:00:00:00:00:01")
    }
}

impl core::error::Error for AddressParseError {}

impl str::FromStr for EthernetAddress {
    type Err = AddressParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut octets = [0; 6];
        let mut parts = text.split([':', '-']);
        for octet in &mut octets {
            let part = parts.next().ok_or(AddressParseError)?;
            if part.len() != 2 || !part.bytes().all(|c| c.is_ascii_hexdigit()) {
                return Err(AddressParseError);
            }
            *octet = u8::from_str_radix(part, 16).map_err(|_| AddressParseError)?;
        }
        if parts.next().is_some() {
            Err(AddressParseError)
        } else {
            Ok(Self(octets))
        }
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
