//! In the place of the assembler where what comes after a gap is left to be sent again: there is
//! nothing to assemble.

use core::marker::PhantomData;

use super::seq::{SeqNumber, SeqRange};
use crate::storage::Storage;

/// Nothing.
#[derive(Debug, Default)]
pub struct Assembler<'a>(PhantomData<&'a ()>);

impl<'a> Assembler<'a> {
    /// Whether what comes after a gap is kept.
    pub(super) const KEEPS: bool = false;

    /// No range. The memory is not needed.
    pub fn new(_: impl Into<Storage<'a, SeqRange>>) -> Self {
        Self::default()
    }

    /// No memory.
    pub fn take_storage(&mut self) -> Storage<'a, SeqRange> {
        Storage::default()
    }

    /// How many ranges it can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        0
    }

    /// No ranges.
    #[must_use]
    pub const fn ranges(&self) -> &[SeqRange] {
        &[]
    }

    /// Nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        true
    }

    /// There is nothing to forget.
    pub const fn clear(&mut self) {}

    /// No range holds an octet.
    #[must_use]
    pub const fn range_of(&self, _: SeqNumber) -> Option<SeqRange> {
        None
    }

    /// No octet has arrived.
    #[must_use]
    pub const fn overlaps(&self, _: SeqRange) -> bool {
        false
    }

    /// Nothing is kept.
    pub const fn insert(&mut self, _: SeqRange) -> Option<SeqRange> {
        None
    }

    /// Nothing follows.
    pub const fn advance(&mut self, next: SeqNumber) -> SeqNumber {
        next
    }
}
