//! The set of options that has none, for headers written without: nothing of options is left in
//! such code.

use super::{OptionSet, Result};

/// A set without options, of whatever family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoOptions;

impl<T> OptionSet<T> for NoOptions {
    #[inline]
    fn list_len(&self) -> usize {
        0
    }

    #[inline]
    fn fill(&self, _: &mut [u8]) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn put<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        Ok(buf)
    }
}

#[cfg(test)]
mod tests;
