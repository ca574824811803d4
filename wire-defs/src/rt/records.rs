//! Headers one after the other, each as long as it says: records of a message, blocks of a file.

use super::{Header, Result, Site, Tail};
use core::fmt;

/// Records with header `H`: a view of octets that were walked once, or values to be written.
pub struct Records<'a, H: Header>(Source<'a, H>);

enum Source<'a, H: Header> {
    /// The message around the records, and their octets.
    Wire(&'a [u8], &'a [u8]),
    Values(&'a [H::Repr<'a>]),
}

impl<'a, H: Header> Records<'a, H> {
    /// No records.
    pub const EMPTY: Self = Self(Source::Wire(&[], &[]));

    /// The records whose octets these are, not looked at yet; `whole` is the message around them.
    #[inline]
    #[must_use]
    pub const fn view(whole: &'a [u8], octets: &'a [u8]) -> Self {
        Self(Source::Wire(whole, octets))
    }

    /// These records.
    #[inline]
    #[must_use]
    pub const fn from_values(values: &'a [H::Repr<'a>]) -> Self {
        Self(Source::Values(values))
    }

    /// Octets of the first `count` records of `rest`.
    #[doc(hidden)]
    pub fn measure(whole: &'a [u8], rest: &'a [u8], count: usize) -> Result<usize> {
        let mut left = rest;
        for _ in 0..count {
            left = H::view_first(whole, left)?.1;
        }
        Ok(rest.len().wrapping_sub(left.len()))
    }

    /// The records in order, up to the first that is malformed.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> RecordsIter<'a, H> {
        RecordsIter(*self)
    }

    /// Number of records; it walks them.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0 {
            Source::Wire(..) => self.packets().count(),
            Source::Values(values) => values.len(),
        }
    }

    /// Whether there are no records.
    #[inline(always)]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self.0 {
            Source::Wire(_, octets) => octets.is_empty(),
            Source::Values(values) => values.is_empty(),
        }
    }

    /// The views of records that were received; none of values to be written.
    #[inline]
    #[must_use]
    pub fn packets(&self) -> Packets<'a, H> {
        match self.0 {
            Source::Wire(whole, rest) => Packets {
                whole,
                rest,
                kind: core::marker::PhantomData,
            },
            Source::Values(_) => Packets {
                whole: &[],
                rest: &[],
                kind: core::marker::PhantomData,
            },
        }
    }
}

impl<H: Header> Records<'_, H> {
    /// Writes records; apart, so that messages without records stay short.
    fn put_some<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        match self.0 {
            Source::Wire(_, octets) => super::octets::put(octets, buf, at),
            Source::Values(values) => {
                let mut rest = buf;
                for value in values {
                    rest = H::emit(value, rest)?;
                }
                Ok(rest)
            }
        }
    }
}

/// The views of [`Records`], up to the first that is malformed.
pub struct Packets<'a, H: Header> {
    whole: &'a [u8],
    rest: &'a [u8],
    kind: core::marker::PhantomData<fn() -> H>,
}

impl<'a, H: Header> Iterator for Packets<'a, H> {
    type Item = H::Packet<'a>;

    #[inline]
    fn next(&mut self) -> Option<H::Packet<'a>> {
        let rest = core::mem::take(&mut self.rest);
        if rest.is_empty() {
            return None;
        }
        let (packet, after) = H::view_first(self.whole, rest).ok()?;
        self.rest = after;
        Some(packet)
    }
}

/// So many records, read one after the other as they come: nothing was looked at before.
pub struct Counted<'a, H: Header> {
    whole: &'a [u8],
    rest: &'a [u8],
    left: usize,
    kind: core::marker::PhantomData<fn() -> H>,
}

impl<'a, H: Header> Counted<'a, H> {
    /// The first `count` records of `rest`, which is a part of the message `whole`.
    #[inline]
    #[must_use]
    pub const fn new(whole: &'a [u8], rest: &'a [u8], count: usize) -> Self {
        Self {
            whole,
            rest,
            left: count,
            kind: core::marker::PhantomData,
        }
    }

    /// What follows the records that were taken.
    #[inline]
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

/// An error is the last item.
impl<'a, H: Header> Iterator for Counted<'a, H> {
    type Item = Result<H::Packet<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Result<H::Packet<'a>>> {
        self.left = self.left.checked_sub(1)?;
        match H::view_first(self.whole, self.rest) {
            Ok((packet, rest)) => {
                self.rest = rest;
                Some(Ok(packet))
            }
            Err(error) => {
                self.left = 0;
                Some(Err(error))
            }
        }
    }
}

/// The values of [`Records`].
pub struct RecordsIter<'a, H: Header>(Records<'a, H>);

impl<'a, H: Header> Iterator for RecordsIter<'a, H> {
    type Item = H::Repr<'a>;

    #[inline]
    fn next(&mut self) -> Option<H::Repr<'a>> {
        match &mut self.0.0 {
            Source::Wire(whole, rest) => {
                let left = core::mem::take(rest);
                if left.is_empty() {
                    return None;
                }
                let (packet, after) = H::view_first(whole, left).ok()?;
                *rest = after;
                H::parse(&packet).ok()
            }
            Source::Values(values) => {
                let (value, rest) = values.split_first()?;
                *values = rest;
                Some(*value)
            }
        }
    }
}

impl<'a, H: Header> IntoIterator for Records<'a, H> {
    type Item = H::Repr<'a>;
    type IntoIter = RecordsIter<'a, H>;

    fn into_iter(self) -> Self::IntoIter {
        RecordsIter(self)
    }
}

impl<'a, H: Header> Tail<'a> for Records<'a, H> {
    const EMPTY: Self = Self::EMPTY;

    #[inline(always)]
    fn check(_: &[u8]) -> bool {
        true
    }

    #[inline(always)]
    fn view(raw: &'a [u8]) -> Self {
        Self(Source::Wire(raw, raw))
    }

    #[inline]
    fn wire_len(&self) -> usize {
        match self.0 {
            Source::Wire(_, octets) => octets.len(),
            Source::Values(values) => values
                .iter()
                .fold(0, |len: usize, one| len.saturating_add(H::lengths(one).1)),
        }
    }

    #[inline(always)]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        if self.is_empty() {
            Ok(buf)
        } else {
            self.put_some(buf, at)
        }
    }
}

impl<H: Header> Clone for Source<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Header> Copy for Source<'_, H> {}

impl<H: Header> Clone for Records<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Header> Copy for Records<'_, H> {}

impl<H: Header> PartialEq for Records<'_, H> {
    fn eq(&self, other: &Self) -> bool {
        let mut others = other.iter();
        for one in *self {
            if others.next() != Some(one) {
                return false;
            }
        }
        others.next().is_none()
    }
}

impl<H: Header> Eq for Records<'_, H> {}

impl<H: Header> fmt::Debug for Records<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl<H: Header> fmt::Display for Records<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Octets of a header at the start of `rest`.
#[doc(hidden)]
#[inline]
pub fn embedded_len<H: Header>(rest: &[u8]) -> Result<usize> {
    H::view(rest).map(|packet| H::octets(&packet).0.len())
}

/// The header that was found in these octets, if there are any.
#[doc(hidden)]
#[inline]
#[must_use]
pub fn embedded<'a, H: Header>(octets: &'a [u8]) -> Option<H::Repr<'a>> {
    H::parse(&H::view(octets).ok()?).ok()
}

#[cfg(test)]
mod tests;
