//! Queue of packets over two pieces of the caller's memory: one for their metadata, one for their
//! octets. A packet is always one slice: what does not fit before the end of the octets starts at
//! their beginning again.

use super::{Meta, Storage, put};

/// Room for the metadata of one packet of a [`PacketBuffer`].
#[derive(Clone, Copy, Debug)]
pub struct PacketMeta<M: Meta> {
    start: usize,
    len: usize,
    info: Option<M::Kept>,
}

impl<M: Meta> PacketMeta<M> {
    /// An unused entry.
    pub const EMPTY: Self = Self {
        start: 0,
        len: 0,
        info: None,
    };
}

/// Memory for a queue of packets: at most as many as there are metadata entries, and at most as
/// many octets as there are in the buffer.
#[derive(Debug, Default)]
pub struct PacketBuffer<'a, M: Meta> {
    meta: Storage<'a, PacketMeta<M>>,
    octets: Storage<'a, u8>,
    /// Entry of the oldest packet.
    first: usize,
    /// Packets held.
    count: usize,
    /// Whether the newest packet lies before the oldest one.
    wrapped: bool,
}

impl<'a, M: Meta> PacketBuffer<'a, M> {
    /// A queue over the caller's memory.
    pub fn new(
        meta: impl Into<Storage<'a, PacketMeta<M>>>,
        octets: impl Into<Storage<'a, u8>>,
    ) -> Self {
        Self {
            meta: meta.into(),
            octets: octets.into(),
            first: 0,
            count: 0,
            wrapped: false,
        }
    }

    /// A queue of `packets` packets and `octets` octets on the heap.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn heap(packets: usize, octets: usize) -> Self {
        let meta: alloc::vec::Vec<_> = core::iter::repeat_n(PacketMeta::EMPTY, packets).collect();
        Self::new(meta, alloc::vec![0; octets])
    }

    /// Packets in the queue.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no packet in the queue.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The largest packet that an empty queue takes, in octets.
    #[must_use]
    pub fn max_len(&self) -> usize {
        if self.meta.is_empty() {
            0
        } else {
            self.octets.len()
        }
    }

    /// Whether a packet of `len` octets fits now.
    #[must_use]
    pub fn has_room(&self, len: usize) -> bool {
        self.room(len).is_some()
    }

    /// Forget every packet.
    pub(crate) fn clear(&mut self) {
        self.first = 0;
        self.count = 0;
        self.wrapped = false;
    }

    /// Append a packet of `len` octets, which `fill` writes and may shorten by what it returns.
    /// `None`, and `fill` is not called, if there is no room.
    pub(crate) fn push_with(
        &mut self,
        len: usize,
        info: M,
        fill: impl FnOnce(&mut [u8]) -> usize,
    ) -> Option<()> {
        let (start, wraps) = self.room(len)?;
        let at = self.entry(self.count)?;
        let buffer = self.octets.get_mut(start..)?.get_mut(..len)?;
        let len = fill(buffer).min(len);
        *self.meta.get_mut(at)? = PacketMeta {
            start,
            len,
            info: Some(info.kept()),
        };
        self.count = self.count.saturating_add(1);
        self.wrapped |= wraps;
        Some(())
    }

    /// Append a packet. `None` if there is no room.
    pub(crate) fn push(&mut self, info: M, packet: &[u8]) -> Option<()> {
        self.push_with(packet.len(), info, |buffer| {
            put(buffer, packet);
            packet.len()
        })
    }

    /// The oldest packet, with what is kept of its metadata.
    pub(crate) fn peek(&self) -> Option<(&M::Kept, &[u8])> {
        if self.count == 0 {
            return None;
        }
        let meta = self.meta.get(self.first)?;
        let packet = self.octets.get(meta.start..)?.get(..meta.len)?;
        Some((meta.info.as_ref()?, packet))
    }

    /// Take the oldest packet off the queue.
    pub(crate) fn pop(&mut self) -> Option<(M, &[u8])> {
        if self.count == 0 {
            return None;
        }
        let oldest = self.first;
        self.skip();
        // It is not written over before the next one comes.
        let meta = self.meta.get(oldest)?;
        let packet = self.octets.get(meta.start..)?.get(..meta.len)?;
        Some((M::full(meta.info.as_ref()?), packet))
    }

    /// Forget the oldest packet.
    pub(crate) fn skip(&mut self) {
        let Some(left) = self.count.checked_sub(1) else {
            return;
        };
        let start = |at: usize| self.meta.get(at).map(|meta| meta.start);
        let next = self.entry(1).filter(|_| left > 0);
        match next.and_then(|next| Some((next, start(next)?, start(self.first)?))) {
            Some((next, starts, before)) => {
                self.first = next;
                self.count = left;
                self.wrapped &= starts >= before;
            }
            None => self.clear(),
        }
    }

    /// Where a packet of `len` octets would go, and whether that is a return to the beginning.
    fn room(&self, len: usize) -> Option<(usize, bool)> {
        if self.count >= self.meta.len() {
            return None;
        }
        let Some(last) = self.count.checked_sub(1) else {
            return (len <= self.octets.len()).then_some((0, false));
        };
        let head = self.meta.get(self.first)?.start;
        let newest = self.meta.get(self.entry(last)?)?;
        let tail = newest.start.saturating_add(newest.len);
        let end = tail.saturating_add(len);
        if self.wrapped {
            (end <= head).then_some((tail, false))
        } else if end <= self.octets.len() {
            Some((tail, false))
        } else {
            (len <= head).then_some((0, true))
        }
    }

    /// The metadata entry `n` places after the oldest.
    fn entry(&self, n: usize) -> Option<usize> {
        let at = self.first.checked_add(n)?;
        Some(at.checked_sub(self.meta.len()).unwrap_or(at))
    }
}
