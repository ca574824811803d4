//! The 64-bit extended unique identifier (IEEE 802-2014 §8.2), which is the long address of IEEE
//! 802.15.4, and the interface identifier that IPv6 makes of it (RFC 4291 appendix A).

use super::text::{self, AddressParseError};
use crate::rt::WireInt;
use core::net::Ipv6Addr;
use core::{fmt, str};

/// A 64-bit hardware address, its octets in the order in which they are written down.
///
/// Frames of IEEE 802.15.4 send them the other way round.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Eui64(pub [u8; 8]);

impl Eui64 {
    /// The octets in the order in which they are written down.
    #[inline]
    #[must_use]
    pub const fn octets(&self) -> [u8; 8] {
        self.0
    }

    /// The octets in the order of frames of IEEE 802.15.4.
    #[inline]
    #[must_use]
    pub const fn reversed(&self) -> [u8; 8] {
        self.number().to_le_bytes()
    }

    /// The address whose octets stand in the order of frames of IEEE 802.15.4.
    #[inline]
    #[must_use]
    pub const fn from_reversed(octets: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(octets).to_be_bytes())
    }

    /// Whether this is the address of a group.
    #[inline]
    #[must_use]
    pub const fn is_multicast(&self) -> bool {
        self.0[0] & 1 != 0
    }

    /// Whether this is the address of one station.
    #[inline]
    #[must_use]
    pub const fn is_unicast(&self) -> bool {
        !self.is_multicast() && self.number() != 0
    }

    /// Whether the address was assigned locally, and not by the maker of the station.
    #[inline]
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.0[0] & 2 != 0
    }

    /// The interface identifier of IPv6: the same with the universal bit inverted.
    #[inline]
    #[must_use]
    pub const fn interface_id(&self) -> [u8; 8] {
        (self.number() ^ UNIVERSAL).to_be_bytes()
    }

    /// The address whose interface identifier this is.
    #[inline]
    #[must_use]
    pub const fn from_interface_id(id: [u8; 8]) -> Self {
        Self((u64::from_be_bytes(id) ^ UNIVERSAL).to_be_bytes())
    }

    /// The link-local address with the interface identifier (RFC 4291 §2.5.6).
    #[inline]
    #[must_use]
    pub const fn link_local(&self) -> Ipv6Addr {
        link_local(u64::from_be_bytes(self.interface_id()))
    }

    const fn number(&self) -> u64 {
        u64::from_be_bytes(self.0)
    }
}

/// The bit that tells locally assigned identifiers from universal ones.
const UNIVERSAL: u64 = 2 << 56;

/// The link-local address with an interface identifier.
pub(super) const fn link_local(id: u64) -> Ipv6Addr {
    Ipv6Addr::from_bits((0xfe80 << 112) | id as u128)
}

impl From<[u8; 8]> for Eui64 {
    fn from(octets: [u8; 8]) -> Self {
        Self(octets)
    }
}

impl From<Eui64> for [u8; 8] {
    fn from(address: Eui64) -> Self {
        address.0
    }
}

impl fmt::Display for Eui64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(&self.0, f)
    }
}

impl fmt::Debug for Eui64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl str::FromStr for Eui64 {
    type Err = AddressParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text::parse(text).map(Self)
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<[u8; 8]> for Eui64 {
    const BITS: u32 = 64;

    #[inline(always)]
    fn from_raw(raw: [u8; 8]) -> Self {
        Self(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; 8] {
        self.0
    }
}

#[cfg(test)]
mod tests;
