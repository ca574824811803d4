//! In the place of the queue of packets that turns in its memory where code is to be small: a queue
//! over two pieces of the caller's memory, one for metadata and one for octets, in which packets
//! stand one behind the other from the beginning on, and move there when the first is gone.

use super::{Meta, Storage, move_down, put};

/// Room for the metadata of one packet of a [`PacketBuffer`].
#[derive(Clone, Copy, Debug)]
pub struct PacketMeta<M: Meta> {
    len: usize,
    info: Option<M::Kept>,
}

impl<M: Meta> PacketMeta<M> {
    /// An unused entry.
    pub const EMPTY: Self = Self { len: 0, info: None };
}

/// Memory for a queue of packets: at most as many as there are metadata entries, and at most as
/// many octets as there are in the buffer.
#[derive(Debug, Default)]
pub struct PacketBuffer<'a, M: Meta> {
    meta: Storage<'a, PacketMeta<M>>,
    octets: Storage<'a, u8>,
    /// Packets held, and their octets.
    count: usize,
    used: usize,
    /// The oldest was taken. It stays where it is until the queue is used again.
    taken: bool,
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
            count: 0,
            used: 0,
            taken: false,
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
        self.count.saturating_sub(self.taken as usize)
    }

    /// Whether there is no packet in the queue.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
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
        let used = self.used.saturating_sub(self.first());
        self.len() < self.meta.len() && len <= self.octets.len().saturating_sub(used)
    }

    /// Forget every packet.
    pub(crate) fn clear(&mut self) {
        self.count = 0;
        self.used = 0;
        self.taken = false;
    }

    /// Append a packet of `len` octets, which `fill` writes and may shorten by what it returns.
    /// `None`, and `fill` is not called, if there is no room.
    pub(crate) fn push_with(
        &mut self,
        len: usize,
        info: M,
        fill: impl FnOnce(&mut [u8]) -> usize,
    ) -> Option<()> {
        self.settle();
        let entry = self.meta.get_mut(self.count)?;
        let buffer = self.octets.get_mut(self.used..)?.get_mut(..len)?;
        let len = fill(buffer).min(len);
        *entry = PacketMeta {
            len,
            info: Some(info.kept()),
        };
        self.count = self.count.wrapping_add(1);
        self.used = self.used.wrapping_add(len);
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
        if self.is_empty() {
            return None;
        }
        let meta = self.meta.get(usize::from(self.taken))?;
        let packet = self.octets.get(self.first()..)?.get(..meta.len)?;
        Some((meta.info.as_ref()?, packet))
    }

    /// Take the oldest packet off the queue.
    pub(crate) fn pop(&mut self) -> Option<(M, &[u8])> {
        self.settle();
        self.taken = self.count > 0;
        let meta = self.meta.first().filter(|_| self.taken)?;
        Some((M::full(meta.info.as_ref()?), self.octets.get(..meta.len)?))
    }

    /// Forget the oldest packet.
    pub(crate) fn skip(&mut self) {
        self.settle();
        self.taken = self.count > 0;
    }

    /// Octets of the packet that was taken.
    fn first(&self) -> usize {
        match self.meta.first() {
            Some(meta) if self.taken => meta.len,
            _ => 0,
        }
    }

    /// Move the others to where the packet was that was taken.
    fn settle(&mut self) {
        let len = self.first();
        self.count = self.len();
        self.used = self.used.saturating_sub(len);
        if core::mem::take(&mut self.taken) {
            move_down(&mut self.meta, 1);
            move_down(&mut self.octets, len);
        }
    }
}
