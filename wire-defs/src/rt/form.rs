//! Encodings of fixed width that a tag elsewhere in the header chooses.

use super::{Result, Site};

/// An enum of encodings; `#[forms]` implements it.
pub trait Form: Copy + PartialEq {
    /// Name of the declared item.
    const NAME: &'static str;
    /// Width of the tag.
    const TAG_BITS: u32;
    /// The form that is declared first, all zeros.
    fn first() -> Self;
    /// Octets of the form with this tag; `None` if the tag is reserved.
    fn size(tag: u8) -> Option<usize>;
    /// The form with this tag whose octets these are.
    fn read(tag: u8, octets: &[u8]) -> Option<Self>;
    /// The tag of the form.
    fn tag(&self) -> u8;
    /// Octets of the form.
    fn wire_len(&self) -> usize;
    /// Writes the octets and returns the rest of the buffer.
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]>;
    /// Writes reserved bits of a form as `put` would.
    #[doc(hidden)]
    fn canon(tag: u8, octets: &mut [u8]);
}

/// The form whose tag and length have been checked.
#[doc(hidden)]
#[inline]
#[must_use]
pub fn form<T: Form>(tag: u8, octets: &[u8]) -> T {
    T::read(tag, octets).unwrap_or_else(T::first)
}
