//! Fields whose end only hand-written code can find, such as names with back-references.

use super::{Result, Site};

/// A value of variable width with an encoding of its own.
///
/// Generated code checks what `measure` answers, so a wrong implementation can make octets
/// `Malformed`, but no panic.
pub trait Codec<'a>: Copy + PartialEq {
    /// The value of a `Repr::default()`.
    const EMPTY: Self;
    /// The octets of some value, for tests that need one.
    const SAMPLE: &'static [u8] = &[];
    /// Octets of the value at the start of `buf`, at least one; `whole` is the message around it.
    fn measure(buf: &'a [u8], whole: &'a [u8]) -> Result<usize>;
    /// The value whose octets are exactly these.
    fn get(exact: &'a [u8], whole: &'a [u8]) -> Self;
    /// Whether a value may also end because the octets do: its beginning may be a value too.
    fn is_open(&self) -> bool {
        false
    }
    /// Octets that `put` writes.
    fn encoded_len(&self) -> usize;
    /// Writes the octets and returns the rest of the buffer.
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]>;
}

/// The value of a field that may be missing.
#[doc(hidden)]
#[inline]
#[must_use]
pub fn optional_codec<'a, T: Codec<'a>>(whole: &'a [u8], octets: &'a [u8]) -> Option<T> {
    (!octets.is_empty()).then(|| T::get(octets, whole))
}

#[cfg(test)]
mod tests;
