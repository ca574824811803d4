//! Domain names: a view of their octets in a message, compared without regard to case.

use super::Labels;
use crate::rt::{Codec, Error, ErrorKind, Result, Site, fail, put};
use core::fmt;

/// A domain name (RFC 1035 §3.1). What was received may refer back into its message; written into
/// another one it has to be [expanded](Self::expand), or written by a
/// [`DnsBuilder`](super::DnsBuilder).
#[derive(Clone, Copy)]
pub struct DnsName<'a> {
    octets: &'a [u8],
    whole: &'a [u8],
}

const AT: &Site = &Site {
    header: "DnsName",
    field: "",
};

/// Octets that a name can reach into before a back-reference.
const REACH: usize = Labels::MAX.wrapping_add(1);

/// What is wrong with octets in which no name ends.
fn ends(buf: &[u8]) -> Result<usize> {
    if buf.len() < REACH {
        fail!(Truncated, "DnsName", "label")
    } else {
        fail!(Malformed, "DnsName", "length")
    }
}

impl<'a> DnsName<'a> {
    /// The root.
    pub const ROOT: Self = Self {
        octets: &[0],
        whole: &[],
    };

    /// The name whose uncompressed octets these are.
    ///
    /// # Errors
    /// `Truncated` if the root does not come, `Malformed` for anything but labels and for more than
    /// 255 octets.
    pub fn from_octets(octets: &'a [u8]) -> Result<Self> {
        let name = Self { octets, whole: &[] };
        let len = Self::measure(octets, &[])?;
        if len != octets.len() || !name.is_complete() {
            return fail!(Malformed, "DnsName", "");
        }
        Ok(name)
    }

    /// Writes a name in its usual text form (`example.org`, a dot at the end is no matter) to `buf`
    /// as labels.
    ///
    /// # Errors
    /// `Malformed` for labels that are empty or longer than 63 octets and for names longer than
    /// 255 octets, `BufferTooSmall`.
    pub fn from_text<'b>(text: &str, buf: &'b mut [u8]) -> Result<DnsName<'b>> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let len = text.len().saturating_add(2);
        let labels = text.split('.').map(str::as_bytes);
        if text.is_empty() {
            return Self::write(core::iter::empty(), 1, buf);
        }
        if labels.clone().any(|label| !(1..=63).contains(&label.len())) {
            return fail!(Malformed, "DnsName", "label");
        }
        Self::write(labels, len, buf)
    }

    /// Writes the name to `buf` without back-references.
    ///
    /// # Errors
    /// `Malformed` if the name does not end well, `BufferTooSmall`.
    pub fn expand<'b>(&self, buf: &'b mut [u8]) -> Result<DnsName<'b>> {
        if !self.is_complete() {
            return fail!(Malformed, "DnsName", "");
        }
        Self::write(self.labels(), self.expanded_len(), buf)
    }

    fn write<'l, 'b>(
        labels: impl Iterator<Item = &'l [u8]>,
        len: usize,
        buf: &'b mut [u8],
    ) -> Result<DnsName<'b>> {
        if len > Labels::MAX {
            return fail!(Malformed, "DnsName", "length");
        }
        let Some((name, _)) = buf.split_at_mut_checked(len) else {
            return Err(Error::new(ErrorKind::BufferTooSmall, AT));
        };
        let mut rest = &mut *name;
        for label in labels {
            let len = u8::try_from(label.len()).unwrap_or(0);
            rest = put(label, put(&[len], rest, AT)?, AT)?;
        }
        put(&[0], rest, AT)?;
        Ok(DnsName {
            octets: name,
            whole: &[],
        })
    }

    /// The labels from left to right, without the root.
    #[inline]
    #[must_use]
    pub const fn labels(&self) -> Labels<'a> {
        Labels::new(self.octets, self.whole)
    }

    /// Whether the name ends at the root, through back-references that lead ever further back.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let mut labels = self.labels();
        labels.by_ref().for_each(drop);
        labels.is_complete()
    }

    /// Octets of the name without back-references.
    #[must_use]
    pub fn expanded_len(&self) -> usize {
        self.labels().fold(1, |len, label| {
            len.saturating_add(label.len()).saturating_add(1)
        })
    }

    /// Whether the name is `other` or stands below it.
    #[must_use]
    pub fn is_within(&self, other: &DnsName<'_>) -> bool {
        let (mine, theirs) = (self.labels().count(), other.labels().count());
        match mine.checked_sub(theirs) {
            Some(more) => same(self.labels().skip(more), other.labels()),
            None => false,
        }
    }

    /// The octets as they stand in the message.
    #[must_use]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }
}

/// Whether labels are the same but for the case of letters.
pub(super) fn same<'a, 'b>(
    mut one: impl Iterator<Item = &'a [u8]>,
    mut other: impl Iterator<Item = &'b [u8]>,
) -> bool {
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

impl PartialEq for DnsName<'_> {
    fn eq(&self, other: &Self) -> bool {
        same(self.labels(), other.labels())
    }
}

impl Eq for DnsName<'_> {}

impl Default for DnsName<'_> {
    fn default() -> Self {
        Self::ROOT
    }
}

impl fmt::Display for DnsName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.labels().fmt(f)
    }
}

impl fmt::Debug for DnsName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'a> Codec<'a> for DnsName<'a> {
    const EMPTY: Self = Self::ROOT;
    const SAMPLE: &'static [u8] = b"\x04litz\x07example\0";

    /// Octets up to the root or the first back-reference; nothing is followed.
    #[inline]
    fn measure(buf: &'a [u8], _: &'a [u8]) -> Result<usize> {
        // Most names of answers are references.
        if let [0xc0..=0xff, _, ..] = buf {
            return Ok(2);
        }
        let mut rest = buf;
        let (len, after) = loop {
            match rest.split_first() {
                Some((&len @ 1..=63, after)) => match after.split_at_checked(usize::from(len)) {
                    Some((_, after)) => rest = after,
                    None => return ends(buf),
                },
                Some((&len, after)) => break (len, after),
                None => return ends(buf),
            }
        };
        let labels = buf.len().wrapping_sub(rest.len());
        if labels >= Labels::MAX {
            return fail!(Malformed, "DnsName", "length");
        }
        match len {
            0 => Ok(labels.wrapping_add(1)),
            0xc0.. if after.is_empty() => fail!(Truncated, "DnsName", "pointer"),
            0xc0.. => Ok(labels.wrapping_add(2)),
            _ => fail!(Malformed, "DnsName", "label"),
        }
    }

    #[inline]
    fn get(exact: &'a [u8], whole: &'a [u8]) -> Self {
        Self {
            octets: exact,
            whole,
        }
    }

    #[inline]
    fn encoded_len(&self) -> usize {
        self.octets.len()
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        put(self.octets, buf, at)
    }
}

#[cfg(test)]
mod tests;
