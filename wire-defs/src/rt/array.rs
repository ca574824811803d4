//! Arrays of items of one size, on the wire or in memory.

use super::{Error, ErrorKind, Result, Site, Tail, octets, options};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

/// A type that can be an item of an [`Array`].
pub trait Element {
    /// The value of an item.
    type Value: Copy + PartialEq + fmt::Debug;
    /// Octets of an item; not zero.
    const SIZE: usize;
    /// The value of `SIZE` octets; `None` if they are malformed.
    fn read(bytes: &[u8]) -> Option<Self::Value>;
    /// Writes `SIZE` octets and returns the rest of the buffer.
    fn write<'b>(value: &Self::Value, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
    /// Writes so many octets for each value and returns the rest of the buffer.
    #[inline]
    fn write_all<'b>(values: &[Self::Value], buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let mut rest = buf;
        for value in values {
            rest = Self::write(value, rest)?;
        }
        Ok(rest)
    }
}

/// Items of one size: a view of octets, or values to be written.
pub struct Array<'a, T: Element>(Source<'a, T>);

enum Source<'a, T: Element> {
    Wire(&'a [u8]),
    Values(&'a [T::Value]),
}

impl<'a, T: Element> Array<'a, T> {
    /// No items.
    pub const EMPTY: Self = Self(Source::Wire(&[]));

    /// The items whose octets these are; octets after the last whole item are left out.
    #[inline]
    #[must_use]
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        let extra = bytes.len().checked_rem(T::SIZE).unwrap_or(0);
        let whole = bytes.split_at_checked(bytes.len().wrapping_sub(extra));
        Self(Source::Wire(whole.map_or(bytes, |(whole, _)| whole)))
    }

    /// These items.
    #[inline]
    #[must_use]
    pub const fn from_values(values: &'a [T::Value]) -> Self {
        Self(Source::Values(values))
    }

    /// Number of items.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0 {
            Source::Wire(bytes) => bytes.len().checked_div(T::SIZE).unwrap_or(0),
            Source::Values(values) => values.len(),
        }
    }

    /// Whether there are no items.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items in order, up to the first that is malformed.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> ArrayIter<'a, T> {
        ArrayIter(Self(match self.0 {
            Source::Wire(bytes) => Source::Wire(bytes),
            Source::Values(values) => Source::Values(values),
        }))
    }

    /// The item at `index`.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T::Value> {
        match self.0 {
            Source::Wire(bytes) => {
                let (_, rest) = bytes.split_at_checked(index.checked_mul(T::SIZE)?)?;
                T::read(rest.split_at_checked(T::SIZE)?.0)
            }
            Source::Values(values) => values.get(index).copied(),
        }
    }
}

/// The items of an [`Array`].
pub struct ArrayIter<'a, T: Element>(Array<'a, T>);

impl<T: Element> Clone for ArrayIter<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T: Element> Iterator for ArrayIter<'_, T> {
    type Item = T::Value;

    #[inline]
    fn next(&mut self) -> Option<T::Value> {
        match &mut self.0.0 {
            Source::Wire(bytes) => {
                let (item, rest) = bytes.split_at_checked(T::SIZE)?;
                let value = T::read(item);
                *bytes = if value.is_some() { rest } else { &[] };
                value
            }
            Source::Values(values) => {
                let (value, rest) = values.split_first()?;
                *values = rest;
                Some(*value)
            }
        }
    }
}

impl<'a, T: Element> IntoIterator for Array<'a, T> {
    type Item = T::Value;
    type IntoIter = ArrayIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        ArrayIter(self)
    }
}

impl<'a, T: Element> Tail<'a> for Array<'a, T> {
    const EMPTY: Self = Self::EMPTY;

    #[inline]
    fn check(raw: &[u8]) -> bool {
        raw.len().checked_rem(T::SIZE) == Some(0)
    }

    #[inline]
    fn view(raw: &'a [u8]) -> Self {
        Self(Source::Wire(raw))
    }

    #[inline]
    fn wire_len(&self) -> usize {
        match self.0 {
            Source::Wire(bytes) => bytes.len(),
            // No slice has more octets in memory than a `usize` counts.
            Source::Values(values) if T::SIZE <= size_of::<T::Value>() => {
                values.len().wrapping_mul(T::SIZE)
            }
            Source::Values(values) => values.len().saturating_mul(T::SIZE),
        }
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        match self.0 {
            Source::Wire(bytes) => octets::put(bytes, buf, at),
            Source::Values(values) => T::write_all(values, buf),
        }
    }

    /// What the list is made of is asked once.
    #[inline(always)]
    fn put_option<'b>(
        &self,
        buf: &'b mut [u8],
        kind: u8,
        skip: usize,
        unit: usize,
        at: &'static Site,
        check: impl Fn(&Self) -> Result<()>,
    ) -> Result<&'b mut [u8]> {
        let values = match self.0 {
            Source::Wire(bytes) => {
                check(&Self(Source::Wire(bytes)))?;
                return options::put_option(bytes, buf, kind, skip, unit, at);
            }
            Source::Values(values) => values,
        };
        let list = Self(Source::Values(values));
        check(&list)?;
        let len = list.wire_len();
        let (body, after) = options::option_start(buf, kind, len, skip, unit, at)?;
        let slack = T::write_all(values, body)?;
        if unit > 1 {
            options::zeros(slack);
        }
        Ok(after)
    }
}

impl<T: Element> Clone for Array<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Element> Copy for Array<'_, T> {}

impl<T: Element> Clone for Source<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Element> Copy for Source<'_, T> {}

impl<T: Element> Default for Array<'_, T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: Element> PartialEq for Array<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Element> Eq for Array<'_, T> {}

impl<T: Element> fmt::Debug for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Element> fmt::Display for Array<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

macro_rules! element {
    ($ty:ty, $size:literal, $from:expr, $into:expr) => {
        impl Element for $ty {
            type Value = $ty;
            const SIZE: usize = $size;

            #[inline]
            fn read(bytes: &[u8]) -> Option<$ty> {
                bytes.first_chunk::<$size>().copied().map($from)
            }

            #[inline]
            fn write<'b>(value: &$ty, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
                const AT: &Site = &Site {
                    header: stringify!($ty),
                    field: "",
                };
                let Some((item, rest)) = buf.split_first_chunk_mut::<$size>() else {
                    return Err(Error::new(ErrorKind::BufferTooSmall, AT));
                };
                *item = $into(*value);
                Ok(rest)
            }

            #[inline]
            fn write_all<'b>(values: &[$ty], buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
                const AT: &Site = &Site {
                    header: stringify!($ty),
                    field: "",
                };
                // Most lists have one item; of a loop compilers make a call.
                if let [one] = values {
                    return Self::write(one, buf);
                }
                let len = values.len().wrapping_mul($size);
                let Some((items, rest)) = buf.split_at_mut_checked(len) else {
                    return Err(Error::new(ErrorKind::BufferTooSmall, AT));
                };
                for (to, from) in items.as_chunks_mut::<$size>().0.iter_mut().zip(values) {
                    *to = $into(*from);
                }
                Ok(rest)
            }
        }
    };
}

element!(u8, 1, u8::from_be_bytes, u8::to_be_bytes);
element!(u16, 2, u16::from_be_bytes, u16::to_be_bytes);
element!(u32, 4, u32::from_be_bytes, u32::to_be_bytes);
element!(Ipv4Addr, 4, Ipv4Addr::from_octets, |a: Ipv4Addr| a.octets());
element!(Ipv6Addr, 16, Ipv6Addr::from_octets, |a: Ipv6Addr| a
    .octets());

#[cfg(test)]
mod tests;
