//! Fields whose length is found when parsing: octets, options, arrays and quoted packets share one
//! trait, so that the compiler of the language needs to know their names only.

use super::{Result, Site, octets, options};

/// A value that stands for a run of octets of variable length.
pub trait Tail<'a>: Copy {
    /// No octets.
    const EMPTY: Self;
    /// Whether the octets can be viewed at all.
    fn check(raw: &[u8]) -> bool;
    /// The value that checked octets stand for.
    fn view(raw: &'a [u8]) -> Self;
    /// Length of the octets that `put` writes.
    fn wire_len(&self) -> usize;
    /// Writes the octets to a slice of exactly their length.
    #[inline]
    fn fill(&self, exact: &mut [u8], at: &'static Site) -> Result<()> {
        self.put(exact, at).map(|_| ())
    }
    /// Writes the octets and returns the rest of the buffer.
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]>;
    /// Writes an option of `kind` that is the octets and nothing else, as
    /// [`option_start`](options::option_start) does, if `check` holds; returns what follows it.
    #[inline]
    fn put_option<'b>(
        &self,
        buf: &'b mut [u8],
        kind: u8,
        skip: usize,
        unit: usize,
        at: &'static Site,
        check: impl Fn(&Self) -> Result<()>,
    ) -> Result<&'b mut [u8]> {
        check(self)?;
        let len = self.wire_len();
        let (body, after) = options::option_start(buf, kind, len, skip, unit, at)?;
        let slack = self.put(body, at)?;
        if unit > 1 {
            options::zeros(slack);
        }
        Ok(after)
    }
}

impl<'a> Tail<'a> for &'a [u8] {
    const EMPTY: Self = &[];

    #[inline(always)]
    fn check(_: &[u8]) -> bool {
        true
    }

    #[inline(always)]
    fn view(raw: &'a [u8]) -> Self {
        raw
    }

    #[inline(always)]
    fn wire_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
        octets::put(self, buf, at)
    }
}

#[cfg(test)]
mod tests;
