//! Lists of options in type-length-value form: walked lazily, compared and written by value.

use super::{Error, ErrorKind, Result, Site, Tail, octets};
use core::fmt;

/// A family of options; `#[options]` implements it.
pub trait OptionItem<'a>: Copy + PartialEq + fmt::Debug + 'a {
    /// Name of the family.
    const NAME: &'static str;
    /// A list is padded to a multiple of this many octets.
    const UNIT: usize;
    /// The octet of padding.
    const PAD: u8;
    /// How items are aligned, if they are.
    const ALIGNED: Option<Alignment> = None;
    /// Where the item may start: at a multiple of the first plus the second.
    #[inline]
    fn align(&self) -> (usize, usize) {
        (1, 0)
    }
    /// Takes one item from the start of a region that is not empty; `None` is the end of the list.
    /// What is left is shorter than the region.
    fn take(region: &'a [u8]) -> Result<(Taken<Self>, &'a [u8])>;
    /// Whether the item ends a list.
    fn is_end(&self) -> bool;
    /// Octets of the item on the wire.
    fn wire_len(&self) -> usize;
    /// Writes the item and returns the rest of the buffer.
    fn emit<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
}

/// How the items of a family are aligned (RFC 8200 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// Octets of the header before the list.
    pub offset: usize,
    /// The kind that pads with several octets.
    pub padn: u8,
}

/// What stood at the start of a region.
pub enum Taken<T> {
    /// An item.
    Item(T),
    /// Padding: nothing to report.
    Pad,
    /// The end of the list.
    End,
}

/// A list of options: a view of octets, or items to be written.
#[derive(Clone, Copy)]
pub struct Options<'a, T>(Source<'a, T>);

#[derive(Clone, Copy)]
enum Source<'a, T> {
    Wire(&'a [u8]),
    Items(&'a [T]),
}

impl<'a, T: OptionItem<'a>> Options<'a, T> {
    /// No options.
    pub const EMPTY: Self = Self(Source::Wire(&[]));

    /// The options whose octets these are, not looked at yet.
    #[inline]
    #[must_use]
    pub const fn raw(bytes: &'a [u8]) -> Self {
        Self(Source::Wire(bytes))
    }

    /// These options; a list ends at an item that is an end mark.
    #[inline]
    #[must_use]
    pub const fn items(items: &'a [T]) -> Self {
        Self(Source::Items(items))
    }

    /// The octets, if this is a view.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> Option<&'a [u8]> {
        match self.0 {
            Source::Wire(bytes) => Some(bytes),
            Source::Items(_) => None,
        }
    }

    /// The items, if these are items to be written.
    #[inline]
    #[must_use]
    pub const fn as_items(&self) -> &'a [T] {
        match self.0 {
            Source::Wire(_) => &[],
            Source::Items(items) => items,
        }
    }

    /// The options in order, without padding and end mark. Walking is lazy; a malformed option
    /// gives one error and ends the walk.
    #[inline]
    #[must_use]
    pub const fn iter(&self) -> OptionsIter<'a, T> {
        OptionsIter(match self.0 {
            Source::Wire(bytes) => Source::Wire(bytes),
            Source::Items(items) => Source::Items(items),
        })
    }

    /// Octets of the list on the wire, padded.
    #[inline]
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let len = match self.0 {
            Source::Wire(bytes) => bytes.len(),
            Source::Items(items) => items_len(items),
        };
        padded_len::<T>(len)
    }
}

/// The octets after the length octet that starts `rest`, and what follows the item. The length
/// counts units of `unit` octets and leaves `skip` octets of the item out.
#[inline(always)]
#[must_use]
pub fn option_body(rest: &[u8], skip: usize, unit: usize) -> Option<(&[u8], &[u8])> {
    let (&octet, rest) = rest.split_first()?;
    let item = usize::from(octet).wrapping_mul(unit).wrapping_add(skip);
    rest.split_at_checked(item.checked_sub(2)?)
}

/// Octets of an item with a body of `body` octets after `header` octets of kind and length.
#[inline(always)]
#[must_use]
pub fn option_len(body: usize, header: usize, unit: usize) -> usize {
    pad_to(body.saturating_add(header), unit)
}

/// Writes kind and length of an item; returns its body and what follows the item.
#[inline(always)]
pub fn option_start<'b>(
    buf: &'b mut [u8],
    kind: u8,
    body: usize,
    skip: usize,
    unit: usize,
    at: &'static Site,
) -> Result<(&'b mut [u8], &'b mut [u8])> {
    // A body that is longer than any octet counts is refused before its length is added to.
    if body > unit.saturating_mul(255) {
        return Err(Error::new(ErrorKind::OutOfRange, at));
    }
    let len = option_len(body, 2, unit);
    let counted = len.wrapping_sub(skip).checked_div(unit).unwrap_or(len);
    let Ok(octet) = u8::try_from(counted) else {
        return Err(Error::new(ErrorKind::OutOfRange, at));
    };
    let Some((item, after)) = buf.split_at_mut_checked(len) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    let Some((start, body)) = item.split_first_chunk_mut::<2>() else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    *start = [kind, octet];
    Ok((body, after))
}

/// Writes an item whose body is `octets`; returns what follows it. Apart, as many kinds are such.
#[inline(never)]
pub fn put_option<'b>(
    octets: &[u8],
    buf: &'b mut [u8],
    kind: u8,
    skip: usize,
    unit: usize,
    at: &'static Site,
) -> Result<&'b mut [u8]> {
    let (body, after) = option_start(buf, kind, octets.len(), skip, unit, at)?;
    zeros(octets::put(octets, body, at)?);
    Ok(after)
}

/// The same of octets that are there or not.
#[inline(never)]
pub fn put_some<'b>(
    octets: &Option<&[u8]>,
    buf: &'b mut [u8],
    kind: u8,
    skip: usize,
    unit: usize,
    at: &'static Site,
) -> Result<&'b mut [u8]> {
    match octets {
        Some(octets) => put_option(octets, buf, kind, skip, unit, at),
        None => Ok(buf),
    }
}

/// Fills the slack of an item.
#[inline(always)]
pub fn zeros(rest: &mut [u8]) {
    fill(rest, 0);
}

/// `len` rounded up to a multiple of `unit`.
#[inline(always)]
#[must_use]
pub fn pad_to(len: usize, unit: usize) -> usize {
    len.checked_next_multiple_of(unit).unwrap_or(len)
}

/// Octets of a list of `len` octets with its padding: what stands before an aligned list counts.
#[inline(always)]
#[must_use]
pub fn padded_len<'a, T: OptionItem<'a>>(len: usize) -> usize {
    let before = T::ALIGNED.map_or(0, |alignment| alignment.offset);
    pad_to(len.saturating_add(before), T::UNIT).saturating_sub(before)
}

/// Fills `buf` with padding.
#[inline(always)]
fn fill(buf: &mut [u8], pad: u8) {
    for octet in buf {
        *octet = pad;
    }
}

/// Fills `exact` with items that `write` writes one after the other, and with padding.
#[inline]
pub fn fill_padded<'a, T: OptionItem<'a>>(
    exact: &mut [u8],
    write: impl FnOnce(&mut [u8]) -> Result<&mut [u8]>,
) -> Result<()> {
    let rest = write(exact)?;
    if !rest.is_empty() {
        pad::<T>(rest);
    }
    Ok(())
}

/// Writes items by `write` to the start of `buf`, pads them, and returns the list and what follows.
#[inline]
pub fn split_padded<'b, 'a, T: OptionItem<'a>>(
    buf: &'b mut [u8],
    at: &'static Site,
    write: impl FnOnce(&mut [u8]) -> Result<&mut [u8]>,
) -> Result<(&'b mut [u8], &'b mut [u8])> {
    let left = write(buf)?.len();
    let len = buf.len().wrapping_sub(left);
    let padded = padded_len::<T>(len);
    let Some((list, rest)) = buf.split_at_mut_checked(padded) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    if padded > len
        && let Some((_, padding)) = list.split_at_mut_checked(len)
    {
        pad::<T>(padding);
    }
    Ok((list, rest))
}

/// A set of the options of family `T` that writes itself; `#[options(set = …)]` implements it.
pub trait OptionSet<T> {
    /// Octets of the list on the wire, padded.
    fn list_len(&self) -> usize;
    /// Writes the list to a buffer of its length.
    fn fill(&self, exact: &mut [u8]) -> Result<()>;
    /// Writes the list and returns the rest of the buffer.
    fn put<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]>;
}

/// Octets of items; apart, so that headers without options stay short.
#[inline(never)]
fn items_len<'a, T: OptionItem<'a>>(items: &[T]) -> usize {
    items.iter().fold(0_usize, |len, item| {
        len.saturating_add(gap(item, len))
            .saturating_add(item.wire_len())
    })
}

/// Octets of padding before an item at `at` octets of the list.
#[inline]
fn gap<'a, T: OptionItem<'a>>(item: &T, at: usize) -> usize {
    let Some(alignment) = T::ALIGNED else {
        return 0;
    };
    let (multiple, rest) = item.align();
    let at = at.wrapping_add(alignment.offset);
    // `rest` is less than the multiple, which is at least 1.
    let over = at
        .wrapping_add(multiple)
        .wrapping_sub(rest)
        .checked_rem(multiple);
    match over {
        None | Some(0) => 0,
        Some(over) => multiple.wrapping_sub(over),
    }
}

/// Writes items, with the gaps between them, and returns the rest of the buffer; apart, so that
/// headers without options stay short.
#[inline(never)]
fn items_put<'a, 'b, T: OptionItem<'a>>(items: &[T], buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
    let len = buf.len();
    let mut rest = buf;
    for item in items {
        let gap = gap(item, len.wrapping_sub(rest.len()));
        if gap > 0 {
            let Some((padding, after)) = rest.split_at_mut_checked(gap) else {
                // No item fits into nothing; the error is the item's.
                return item.emit(&mut []);
            };
            pad::<T>(padding);
            rest = after;
        }
        rest = item.emit(rest)?;
        if item.is_end() {
            break;
        }
    }
    Ok(rest)
}

/// Fills with padding: one item of several octets where the family has such.
fn pad<'a, T: OptionItem<'a>>(padding: &mut [u8]) {
    fill(padding, T::PAD);
    let len = padding.len().wrapping_sub(2);
    if let (Some(alignment), [kind, octet, body @ ..], Ok(len)) =
        (T::ALIGNED, padding, u8::try_from(len))
    {
        *kind = alignment.padn;
        *octet = len;
        fill(body, 0);
    }
}

/// The items of [`Options`]: fused, at least one octet a step, one error at most.
#[derive(Clone)]
pub struct OptionsIter<'a, T>(Source<'a, T>);

impl<'a, T: OptionItem<'a>> Iterator for OptionsIter<'a, T> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        match &mut self.0 {
            Source::Wire(bytes) => {
                while !bytes.is_empty() {
                    let region = core::mem::take(bytes);
                    match T::take(region) {
                        Ok((Taken::Item(item), rest)) => {
                            *bytes = rest;
                            return Some(Ok(item));
                        }
                        Ok((Taken::Pad, rest)) => *bytes = rest,
                        Ok((Taken::End, _)) => return None,
                        Err(error) => return Some(Err(error)),
                    }
                }
                None
            }
            Source::Items(items) => {
                let (item, rest) = items.split_first()?;
                *items = if item.is_end() { &[] } else { rest };
                (!item.is_end()).then_some(Ok(*item))
            }
        }
    }
}

impl<'a, T: OptionItem<'a>> core::iter::FusedIterator for OptionsIter<'a, T> {}

impl<'a, T: OptionItem<'a>> IntoIterator for Options<'a, T> {
    type Item = Result<T>;
    type IntoIter = OptionsIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: OptionItem<'a>> Tail<'a> for Options<'a, T> {
    const EMPTY: Self = Self::EMPTY;

    #[inline(always)]
    fn check(_: &[u8]) -> bool {
        true
    }

    #[inline(always)]
    fn view(raw: &'a [u8]) -> Self {
        Self::raw(raw)
    }

    #[inline]
    fn wire_len(&self) -> usize {
        self.encoded_len()
    }

    #[inline]
    fn fill(&self, exact: &mut [u8], at: &'static Site) -> Result<()> {
        if exact.is_empty() {
            return Ok(());
        }
        match self.0 {
            Source::Wire(bytes) => {
                pad::<T>(octets::put(bytes, exact, at)?);
                Ok(())
            }
            Source::Items(items) => fill_padded::<T>(exact, |buf| items_put(items, buf)),
        }
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        let (_, rest) = match self.0 {
            Source::Wire(bytes) => split_padded::<T>(buf, at, |buf| octets::put(bytes, buf, at))?,
            Source::Items(items) => split_padded::<T>(buf, at, |buf| items_put(items, buf))?,
        };
        Ok(rest)
    }
}

impl<'a, T: OptionItem<'a>> Default for Options<'a, T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<'a, T: OptionItem<'a>> PartialEq for Options<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: OptionItem<'a>> Eq for Options<'a, T> {}

impl<'a, T: OptionItem<'a>> fmt::Debug for Options<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for item in *self {
            match item {
                Ok(item) => list.entry(&item),
                Err(error) => list.entry(&error),
            };
        }
        list.finish()
    }
}

impl<'a, T: OptionItem<'a>> fmt::Display for Options<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
