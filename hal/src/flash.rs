//! A number that outlasts a loss of power, in two pages of flash: the frame counter of the security
//! of IEEE 802.15.4. Each value is appended, with its complement behind it; when a page is full the
//! other one is erased and goes on, so that a value is there whenever the power fails.

use crate::mac::security::{CounterStore, StoreError};

/// Flash of words that are erased by pages: erased bits are ones, and writing makes zeros.
pub trait Flash {
    /// Words of a page.
    fn page_words(&self) -> u32;

    /// Read a word; pages are numbered from 0, words within their page.
    fn read(&mut self, page: u32, word: u32) -> u32;

    /// Write a word that is erased; false if that failed.
    fn write(&mut self, page: u32, word: u32, value: u32) -> bool;

    /// Erase a page; false if that failed.
    fn erase(&mut self, page: u32) -> bool;
}

/// A word that nothing was written to.
const ERASED: u32 = u32::MAX;
/// Codes of [`StoreError`].
const NOT_WRITTEN: u32 = 1;
const NOT_ERASED: u32 = 2;

/// A number in the pages 0 and 1 of a flash.
#[derive(Debug)]
pub struct FlashCounter<F>(F);

impl<F: Flash> FlashCounter<F> {
    /// A number in a flash whose two pages nobody else uses. Erased pages are a number of 0.
    pub const fn new(flash: F) -> Self {
        Self(flash)
    }

    /// The value at an entry of a page, if one was written whole.
    fn value(&mut self, page: u32, entry: u32) -> Option<u32> {
        let word = entry.wrapping_mul(2);
        let (value, check) = (
            self.0.read(page, word),
            self.0.read(page, word.wrapping_add(1)),
        );
        (value == !check).then_some(value)
    }

    /// Whether nothing was written to an entry.
    fn is_free(&mut self, page: u32, entry: u32) -> bool {
        let word = entry.wrapping_mul(2);
        self.0.read(page, word) == ERASED && self.0.read(page, word.wrapping_add(1)) == ERASED
    }

    fn entries(&self) -> u32 {
        self.0.page_words() / 2
    }

    /// The largest value of a page: values only grow.
    fn largest(&mut self, page: u32) -> Option<u32> {
        let entries = 0..self.entries();
        entries.filter_map(|entry| self.value(page, entry)).max()
    }

    /// The first free entry of a page behind which nothing was written.
    fn free(&mut self, page: u32) -> Option<u32> {
        let used = (0..self.entries()).rfind(|entry| !self.is_free(page, *entry));
        let free = used.map_or(0, |used| used.saturating_add(1));
        (free < self.entries()).then_some(free)
    }

    fn put(&mut self, page: u32, entry: u32, value: u32) -> Result<(), StoreError> {
        let word = entry.wrapping_mul(2);
        let written = self.0.write(page, word, value)
            && self.0.write(page, word.wrapping_add(1), !value)
            && self.value(page, entry) == Some(value);
        written.then_some(()).ok_or(StoreError(NOT_WRITTEN))
    }
}

impl<F: Flash> CounterStore for FlashCounter<F> {
    fn load(&mut self) -> Result<u32, StoreError> {
        let (first, second) = (self.largest(0), self.largest(1));
        Ok(first.max(second).unwrap_or(0))
    }

    #[inline(never)]
    fn save(&mut self, number: u32) -> Result<(), StoreError> {
        // The page in use is the one with the largest value.
        let current = u32::from(self.largest(1) > self.largest(0));
        if let Some(entry) = self.free(current) {
            return self.put(current, entry, number);
        }
        let other = 1_u32.wrapping_sub(current);
        if !self.0.erase(other) {
            return Err(StoreError(NOT_ERASED));
        }
        self.put(other, 0, number)
    }
}

#[cfg(test)]
mod tests;
