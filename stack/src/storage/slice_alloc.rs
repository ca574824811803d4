//! `Storage` where there is a heap: a lent slice or an owned vector behind one type.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

/// Elements that the caller provides: a lent slice, or a vector (feature `alloc`).
///
/// Its length never changes; that is how many of the thing the stack can hold.
#[derive(Debug)]
pub struct Storage<'a, T>(Inner<'a, T>);

#[derive(Debug)]
enum Inner<'a, T> {
    Lent(&'a mut [T]),
    Owned(Vec<T>),
}

impl<T> Default for Storage<'_, T> {
    /// Storage for nothing.
    fn default() -> Self {
        Self(Inner::Lent(&mut []))
    }
}

impl<'a, T> From<&'a mut [T]> for Storage<'a, T> {
    fn from(slice: &'a mut [T]) -> Self {
        Self(Inner::Lent(slice))
    }
}

impl<'a, T, const N: usize> From<&'a mut [T; N]> for Storage<'a, T> {
    fn from(array: &'a mut [T; N]) -> Self {
        Self(Inner::Lent(array))
    }
}

impl<T> From<Vec<T>> for Storage<'_, T> {
    fn from(vec: Vec<T>) -> Self {
        Self(Inner::Owned(vec))
    }
}

impl<T> Deref for Storage<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Inner::Lent(slice) => slice,
            Inner::Owned(vec) => vec,
        }
    }
}

impl<T> DerefMut for Storage<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Inner::Lent(slice) => slice,
            Inner::Owned(vec) => vec,
        }
    }
}
