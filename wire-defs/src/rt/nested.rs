//! A packet inside of another one, whole or cut short as ICMP quotes it.

use super::{Header, Result, Site, Tail, octets};
use core::fmt;
use core::marker::PhantomData;

/// The quoted packet is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {}

/// The quoted packet may end early (RFC 792, RFC 4443 §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncated {}

/// How a quoted packet is viewed.
pub trait Quote {
    /// Views the octets as a packet of `H`.
    fn view<'a, H: Header>(bytes: &'a [u8]) -> Result<H::Packet<'a>>;
}

impl Quote for Whole {
    #[inline]
    fn view<'a, H: Header>(bytes: &'a [u8]) -> Result<H::Packet<'a>> {
        H::view(bytes)
    }
}

impl Quote for Truncated {
    #[inline]
    fn view<'a, H: Header>(bytes: &'a [u8]) -> Result<H::Packet<'a>> {
        H::view_truncated(bytes)
    }
}

/// The octets of a packet with header `H` inside of another packet.
pub struct Nested<'a, H, Q = Whole> {
    bytes: &'a [u8],
    kind: PhantomData<fn() -> (H, Q)>,
}

impl<'a, H: Header, Q: Quote> Nested<'a, H, Q> {
    /// These octets, not looked at yet.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            kind: PhantomData,
        }
    }

    /// The octets.
    #[inline]
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The packet, if its header is there and well formed.
    #[inline]
    pub fn packet(&self) -> Result<H::Packet<'a>> {
        Q::view::<H>(self.bytes)
    }
}

impl<'a, H: Header, Q: Quote> Tail<'a> for Nested<'a, H, Q> {
    const EMPTY: Self = Self {
        bytes: &[],
        kind: PhantomData,
    };

    #[inline(always)]
    fn check(_: &[u8]) -> bool {
        true
    }

    #[inline(always)]
    fn view(raw: &'a [u8]) -> Self {
        Self {
            bytes: raw,
            kind: PhantomData,
        }
    }

    #[inline(always)]
    fn wire_len(&self) -> usize {
        self.bytes.len()
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        octets::put(self.bytes, buf, at)
    }
}

impl<H, Q> Clone for Nested<'_, H, Q> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<H, Q> Copy for Nested<'_, H, Q> {}

impl<H, Q> PartialEq for Nested<'_, H, Q> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<H, Q> Eq for Nested<'_, H, Q> {}

impl<H: Header, Q> fmt::Debug for Nested<'_, H, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} octets)", H::NAME, self.bytes.len())
    }
}

impl<H: Header, Q> fmt::Display for Nested<'_, H, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
