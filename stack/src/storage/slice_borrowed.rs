//! `Storage` where there is no heap: a slice that the caller lends.

use core::ops::{Deref, DerefMut};

/// Elements that the caller provides: a lent slice, or a vector (feature `alloc`).
///
/// Its length never changes; that is how many of the thing the stack can hold.
#[derive(Debug)]
pub struct Storage<'a, T>(&'a mut [T]);

impl<T> Default for Storage<'_, T> {
    /// Storage for nothing.
    fn default() -> Self {
        Self(&mut [])
    }
}

impl<'a, T> From<&'a mut [T]> for Storage<'a, T> {
    fn from(slice: &'a mut [T]) -> Self {
        Self(slice)
    }
}

impl<'a, T, const N: usize> From<&'a mut [T; N]> for Storage<'a, T> {
    fn from(array: &'a mut [T; N]) -> Self {
        Self(array)
    }
}

impl<T> Deref for Storage<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0
    }
}

impl<T> DerefMut for Storage<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.0
    }
}
