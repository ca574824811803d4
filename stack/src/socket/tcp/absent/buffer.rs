//! In the place of the ring buffers where code is to be small: the send queue and the receive queue
//! of a connection begin where the caller's memory does, and move there when octets leave them. So
//! they are in one piece. Octets can be written ahead of the queue's end, where out-of-order data
//! waits until what is missing arrives; which octets those are is the
//! [assembler's](super::Assembler) business.

use litz_wire::rt::Sum;

use crate::storage::{Storage, move_down, put};

/// A queue of octets.
#[derive(Default)]
pub struct Ring<'a> {
    storage: Storage<'a, u8>,
    /// Number of octets.
    len: usize,
}

impl core::fmt::Debug for Ring<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ring({} of {} octets)", self.len, self.capacity())
    }
}

impl<'a> Ring<'a> {
    /// An empty queue over memory; its length is the queue's capacity.
    pub fn new(storage: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            storage: storage.into(),
            len: 0,
        }
    }

    /// The memory, and nothing in its place.
    pub fn take_storage(&mut self) -> Storage<'a, u8> {
        self.clear();
        core::mem::take(&mut self.storage)
    }

    /// Forget every octet.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// How many octets fit in all.
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.storage.len()
    }

    /// How many octets are queued.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is queued.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many more octets fit.
    #[inline]
    #[must_use]
    pub fn free(&self) -> usize {
        self.capacity().saturating_sub(self.len)
    }

    /// Up to `len` queued octets from `offset` on; the second piece is empty.
    #[inline]
    #[must_use]
    pub fn peek(&self, offset: usize, len: usize) -> [&[u8]; 2] {
        let queued = self.storage.get(offset..self.len).unwrap_or_default();
        [queued.get(..len).unwrap_or(queued), &[]]
    }

    /// The free part, from `offset` after the queue's end on.
    #[inline]
    fn space(&mut self, offset: usize) -> &mut [u8] {
        let start = self.len.saturating_add(offset);
        self.storage.get_mut(start..).unwrap_or_default()
    }

    /// Queue what fits; returns how many octets.
    #[inline]
    pub fn enqueue_slice(&mut self, data: &[u8]) -> usize {
        let written = self.write_ahead(0, data);
        self.commit(written)
    }

    /// Queue in place: `fill` gets the free memory and says how many octets it wrote.
    pub fn enqueue_with<R>(&mut self, fill: impl FnOnce(&mut [u8]) -> (usize, R)) -> R {
        let (written, result) = fill(self.space(0));
        self.commit(written);
        result
    }

    /// The same; the second piece is empty.
    pub fn enqueue_vectored<R>(&mut self, fill: impl FnOnce([&mut [u8]; 2]) -> (usize, R)) -> R {
        self.enqueue_with(|space| fill([space, &mut []]))
    }

    /// Write octets `offset` after the queue's end without queuing them; returns how many fit.
    pub fn write_ahead(&mut self, offset: usize, data: &[u8]) -> usize {
        let space = self.space(offset);
        put(space, data);
        space.len().min(data.len())
    }

    /// Write octets `offset` after the queue's end without queuing them, and sum them up in the
    /// same pass. `None`, and nothing is written, if they do not all fit.
    #[inline]
    pub fn place(&mut self, offset: usize, data: &[u8]) -> Option<Sum> {
        let space = self.space(offset).get_mut(..data.len())?;
        Some(Sum::copy(space, data))
    }

    /// Queue octets that were written ahead; returns how many there was room for.
    #[inline]
    pub fn commit(&mut self, count: usize) -> usize {
        let count = count.min(self.free());
        self.len = self.len.wrapping_add(count);
        count
    }

    /// Remove octets from the front; returns how many there were. What is behind them moves,
    /// with what is written ahead.
    pub fn discard(&mut self, count: usize) -> usize {
        let count = count.min(self.len);
        self.len = self.len.wrapping_sub(count);
        move_down(&mut self.storage, count);
        count
    }

    /// Move octets out; returns how many.
    pub fn dequeue_slice(&mut self, to: &mut [u8]) -> usize {
        let copied = self.copy_out(to);
        self.discard(copied)
    }

    /// Copy octets from the front without removing them; returns how many.
    pub fn copy_out(&self, to: &mut [u8]) -> usize {
        let [queued, _] = self.peek(0, to.len());
        put(to, queued);
        queued.len()
    }

    /// Read in place: `take` gets the queue and says how many octets are done with.
    pub fn dequeue_with<R>(&mut self, take: impl FnOnce(&mut [u8]) -> (usize, R)) -> R {
        let queued = self.storage.get_mut(..self.len).unwrap_or_default();
        let (taken, result) = take(queued);
        self.discard(taken);
        result
    }

    /// The same; the second piece is empty.
    pub fn dequeue_vectored<R>(&mut self, take: impl FnOnce([&[u8]; 2]) -> (usize, R)) -> R {
        let (taken, result) = take(self.peek(0, self.len));
        self.discard(taken);
        result
    }
}
