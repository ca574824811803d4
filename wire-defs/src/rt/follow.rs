//! What can follow a header: another header, or a union that its first bits tell apart.

use super::print::{Layer, Then, follow};
use super::{Header, Result};
use core::fmt;

/// A declaration that can stand in a table of payloads.
pub trait Follow {
    /// What octets are viewed as.
    type View<'a>: Copy + fmt::Debug;
    /// Views octets.
    fn look<'a>(bytes: &'a [u8]) -> Result<Self::View<'a>>;
    /// Gives the layer of octets to a printer; a payload that was cut off is no fault.
    fn walk(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result;
}

impl<H: Header> Follow for H
where
    for<'a> H::Packet<'a>: Layer + fmt::Debug,
{
    type View<'a> = H::Packet<'a>;

    #[inline]
    fn look<'a>(bytes: &'a [u8]) -> Result<H::Packet<'a>> {
        H::view(bytes)
    }

    fn walk(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
        follow::<H>(bytes, then)
    }
}

#[cfg(test)]
mod tests;
