//! Ring buffers over memory that the caller provides: the send queue and the receive queue of a
//! connection. Octets can be written ahead of the queue's end, where out-of-order data waits until
//! what is missing arrives; which octets those are is the [assembler's](super::Assembler) business.

use litz_wire::rt::Sum;

use crate::storage::Storage;

/// A ring of octets.
#[derive(Default)]
pub struct Ring<'a> {
    storage: Storage<'a, u8>,
    /// Index of the first octet.
    head: usize,
    /// Number of octets.
    len: usize,
}

/// The `len` octets of `memory` from `start` on, or what there is of them.
#[inline]
fn part(memory: &[u8], start: usize, len: usize) -> &[u8] {
    let rest = memory
        .split_at_checked(start)
        .map_or(&[][..], |(_, rest)| rest);
    rest.split_at_checked(len).map_or(rest, |(part, _)| part)
}

#[inline]
fn part_mut(memory: &mut [u8], start: usize, len: usize) -> &mut [u8] {
    let rest = memory
        .split_at_mut_checked(start)
        .map_or(&mut [][..], |(_, rest)| rest);
    let len = len.min(rest.len());
    rest.split_at_mut_checked(len)
        .map_or(&mut [][..], |(part, _)| part)
}

/// Copy what fits; returns how many octets.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) -> usize {
    crate::storage::put(to, from);
    to.len().min(from.len())
}

impl core::fmt::Debug for Ring<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ring({} of {} octets)", self.len, self.capacity())
    }
}

impl<'a> Ring<'a> {
    /// An empty ring over memory; its length is the ring's capacity.
    pub fn new(storage: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            storage: storage.into(),
            head: 0,
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
        self.head = 0;
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

    /// The index of the octet `offset` after the first, for `offset` ≤ capacity.
    #[inline]
    fn index(&self, offset: usize) -> usize {
        let index = self.head.wrapping_add(offset);
        if index >= self.capacity() {
            index.wrapping_sub(self.capacity())
        } else {
            index
        }
    }

    /// Up to `len` queued octets from `offset` on, in the two pieces that they lie in.
    #[inline]
    #[must_use]
    pub fn peek(&self, offset: usize, len: usize) -> [&[u8]; 2] {
        let len = len.min(self.len.saturating_sub(offset));
        if len == 0 {
            return [&[], &[]];
        }
        let first = part(&self.storage, self.index(offset), len);
        [
            first,
            part(&self.storage, 0, len.saturating_sub(first.len())),
        ]
    }

    /// The free part, in its two pieces, from `offset` after the queue's end on.
    #[inline]
    fn space(&mut self, offset: usize) -> [&mut [u8]; 2] {
        let len = self.free().saturating_sub(offset);
        if len == 0 {
            return [&mut [], &mut []];
        }
        let start = self.index(self.len.wrapping_add(offset));
        let (low, high) = match self.storage.split_at_mut_checked(start) {
            Some(halves) => halves,
            None => return [&mut [], &mut []],
        };
        let first = part_mut(high, 0, len);
        let second = len.saturating_sub(first.len());
        [first, part_mut(low, 0, second)]
    }

    /// Queue what fits; returns how many octets.
    #[inline]
    pub fn enqueue_slice(&mut self, data: &[u8]) -> usize {
        let written = self.write_ahead(0, data);
        self.commit(written)
    }

    /// Queue in place: `fill` gets the first piece of free memory and says how many octets it
    /// wrote.
    pub fn enqueue_with<R>(&mut self, fill: impl FnOnce(&mut [u8]) -> (usize, R)) -> R {
        let [first, _] = self.space(0);
        let limit = first.len();
        let (written, result) = fill(first);
        self.commit(written.min(limit));
        result
    }

    /// Queue in place: `fill` gets all free memory and says how many octets it wrote.
    pub fn enqueue_vectored<R>(&mut self, fill: impl FnOnce([&mut [u8]; 2]) -> (usize, R)) -> R {
        let (written, result) = fill(self.space(0));
        self.commit(written);
        result
    }

    /// Write octets `offset` after the queue's end without queuing them; returns how many fit.
    #[inline]
    pub fn write_ahead(&mut self, offset: usize, data: &[u8]) -> usize {
        let [first, second] = self.space(offset);
        let written = copy(first, data);
        if written == data.len() {
            return written;
        }
        let rest = data
            .split_at_checked(written)
            .map_or(&[][..], |(_, rest)| rest);
        written.wrapping_add(copy(second, rest))
    }

    /// Write octets `offset` after the queue's end without queuing them, and sum them up in the
    /// same pass. `None`, and nothing is written, if they do not all fit.
    #[inline]
    pub fn place(&mut self, offset: usize, data: &[u8]) -> Option<Sum> {
        let [first, second] = self.space(offset);
        if data.len() <= first.len() {
            return Some(Sum::copy(first, data));
        }
        let (front, back) = data.split_at_checked(first.len())?;
        if back.len() > second.len() {
            return None;
        }
        let sum = Sum::copy(first, front);
        Some(sum.concat(front.len(), Sum::copy(second, back)))
    }

    /// Queue octets that were written ahead; returns how many there was room for.
    #[inline]
    pub fn commit(&mut self, count: usize) -> usize {
        let count = count.min(self.free());
        self.len = self.len.wrapping_add(count);
        count
    }

    /// Remove octets from the front; returns how many there were.
    #[inline]
    pub fn discard(&mut self, count: usize) -> usize {
        let count = count.min(self.len);
        self.head = self.index(count);
        self.len = self.len.wrapping_sub(count);
        count
    }

    /// Move octets out; returns how many.
    pub fn dequeue_slice(&mut self, to: &mut [u8]) -> usize {
        let copied = self.copy_out(to);
        self.discard(copied)
    }

    /// Copy octets from the front without removing them; returns how many.
    pub fn copy_out(&self, to: &mut [u8]) -> usize {
        let [first, second] = self.peek(0, to.len());
        let copied = copy(to, first);
        let rest = to
            .split_at_mut_checked(copied)
            .map_or(&mut [][..], |(_, rest)| rest);
        copied.wrapping_add(copy(rest, second))
    }

    /// Read in place: `take` gets the first piece of the queue and says how many octets are done
    /// with.
    pub fn dequeue_with<R>(&mut self, take: impl FnOnce(&mut [u8]) -> (usize, R)) -> R {
        let piece = part_mut(&mut self.storage, self.head, self.len);
        let limit = piece.len();
        let (taken, result) = take(piece);
        self.discard(taken.min(limit));
        result
    }

    /// Read in place: `take` gets the whole queue and says how many octets are done with.
    pub fn dequeue_vectored<R>(&mut self, take: impl FnOnce([&[u8]; 2]) -> (usize, R)) -> R {
        let (taken, result) = take(self.peek(0, self.len));
        self.discard(taken);
        result
    }
}
