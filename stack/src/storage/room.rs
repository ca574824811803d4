//! Memory for a part of the stack that not every build has.

use core::ops::{Deref, DerefMut};

use super::{NIL, Storage};
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

/// The number of a slot of such memory: none, and no room for one, in builds without the part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeOf<const HAS: usize>([u32; HAS]);

impl<const HAS: usize> NodeOf<HAS> {
    /// No slot.
    pub(crate) const NONE: Self = Self([NIL; HAS]);

    /// The number, or [`NIL`].
    #[inline]
    pub(crate) const fn get(self) -> u32 {
        match self.0.as_slice().first() {
            Some(node) => *node,
            None => NIL,
        }
    }

    /// Name another slot.
    #[inline]
    pub(crate) const fn set(&mut self, node: u32) {
        self.0 = [node; HAS];
    }
}
