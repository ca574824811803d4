//! Memory for a part of the stack that not every build has.

use core::ops::{Deref, DerefMut};

use super::Storage;
use crate::parts::Kept;

/// The caller's memory for a part: none, and no room to know of it, in builds without the part
/// (`HAS` is 0).
#[derive(Debug)]
pub(crate) struct Room<'a, T, const HAS: usize>(Kept<Storage<'a, T>, HAS>);

impl<'a, T, const HAS: usize> Room<'a, T, HAS> {
    pub(crate) fn new(storage: Storage<'a, T>) -> Self {
        Self(Kept::new(storage))
    }
}

impl<T, const HAS: usize> Default for Room<'_, T, HAS> {
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

impl<T, const HAS: usize> Deref for Room<'_, T, HAS> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0.get().map_or(&[], |slots| slots)
    }
}

impl<T, const HAS: usize> DerefMut for Room<'_, T, HAS> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.get_mut().map_or(&mut [], |slots| slots)
    }
}
