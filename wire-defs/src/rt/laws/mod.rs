//! The laws of declarations as plain functions over octets: tests and fuzz targets drive them over
//! every item, and the link-time proof calls [`touch`](touch::header) of every item.
//!
//! Nothing here is for users of packets.

mod check;
pub mod touch;

pub use check::{Broken, form, header, message, options, set};
pub use touch::Touch;

use super::{Header, OptionItem, Options, PseudoV4, Result};
use core::net::Ipv4Addr;

/// What the laws need of a header beside what everybody may use.
pub trait Lawful: Header {
    /// The payload reaches to the end of the buffer, whatever its length.
    const OPEN: bool;
    /// Whether the header of the packet reaches to the end of the buffer.
    fn open_header(packet: &Self::Packet<'_>) -> bool;
    /// Calls the getter of a field.
    fn get(packet: &Self::Packet<'_>, field: usize) -> u64;
    /// Calls the setter of a field with a value made from `source`, if it has one; whether the
    /// getter gives the value back.
    fn set(bytes: &mut [u8], field: usize, source: &[u8; 16]) -> Option<bool>;
    /// Gives a field the smallest value that does not fit its bits, if its type has such.
    fn overflow(repr: &mut Self::Repr<'_>, field: usize) -> bool;
    /// Writes constants and fitting lengths.
    fn shape(bytes: &mut [u8]);
    /// Writes what parsing ignores as emission would.
    fn canon(header: &mut [u8]);
    /// Changes the payload and fills the checksum; whether it verifies, if there is one.
    fn change(bytes: &mut [u8]) -> Option<bool>;
}

/// Writes what parsing ignores in records as emission would.
pub fn canon_records<X: Lawful>(octets: &mut [u8]) {
    let mut rest = octets;
    loop {
        let len = match X::view(rest) {
            Ok(packet) => X::octets(&packet).0.len(),
            Err(_) => return,
        };
        let Some((one, after)) = core::mem::take(&mut rest).split_at_mut_checked(len) else {
            return;
        };
        X::canon(one);
        if one.is_empty() || after.is_empty() {
            return;
        }
        rest = after;
    }
}

/// A newtype over bits.
pub trait Raw {
    /// Name of the declared item.
    const NAME: &'static str;
    /// Width of the field.
    const BITS: u32;
    /// From bits to the type and back.
    fn round(raw: u64) -> u64;
}

/// A set of options.
pub trait Set<'a>: Copy + PartialEq {
    /// The family.
    type Item: OptionItem<'a>;
    /// Folds a list.
    fn fold(options: &Options<'a, Self::Item>) -> Result<Self>;
    /// Folds a list into a set that stands already.
    fn refold(&mut self, options: &Options<'a, Self::Item>) -> Result<()>;
    /// Writes the list.
    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
    /// Octets of the list.
    fn wire_len(&self) -> usize;
    /// The same without a count of duplicates.
    fn first_only(self) -> Self;
}

/// A union of bodies behind a shared header.
pub trait Message<'a>: Copy + PartialEq {
    /// The header.
    type Header: Header;
    /// The message behind a header.
    fn read(packet: &<Self::Header as Header>::Packet<'a>) -> Result<Self>;
    /// Writes header and body.
    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
    /// Octets of header and body.
    fn wire_len(&self) -> usize;
}

/// Addresses for checksums with a pseudo header.
pub const PSEUDO: PseudoV4 = PseudoV4 {
    src_addr: Ipv4Addr::new(192, 0, 2, 1),
    dst_addr: Ipv4Addr::new(192, 0, 2, 2),
};

/// A number from random octets.
#[must_use]
pub fn number(source: &[u8; 16]) -> u64 {
    u64::from_ne_bytes(*super::sub::<0, 8, 16>(source))
}

/// An array from random octets, repeated as often as needed.
#[must_use]
pub fn octets<const N: usize>(source: &[u8; 16]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(source.iter().cycle()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests;
