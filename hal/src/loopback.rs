//! A device that receives what it sent. Its frames lie in slots that the caller provides; nothing
//! is allocated, and nothing is copied on the way.
//!
//! ```
//! use litz_hal::loopback::{Loopback, Slot};
//! use litz_hal::time::Instant;
//! use litz_hal::{Device, Medium, RxToken, TxMeta, TxToken};
//!
//! let mut loopback = Loopback::new(Medium::Ip, [const { Slot::<1500>::EMPTY }; 4]);
//!
//! let room = loopback.transmit(Instant::ZERO).expect("it is empty");
//! room.consume(3, TxMeta::default(), |frame| frame.copy_from_slice(b"abc"))?;
//!
//! let (frame, _answer) = loopback.receive(Instant::ZERO).expect("it was sent");
//! frame.consume(|octets| assert_eq!(octets, b"abc"));
//! # Ok::<(), litz_hal::TxError>(())
//! ```

use core::cell::Cell;

use crate::device::{Capabilities, ChecksumCapabilities, Device, Medium};
use crate::device::{RxMeta, RxToken, TxError, TxMeta, TxToken};
use crate::time::Instant;

/// Room for one frame of at most `N` octets.
#[derive(Clone, Debug)]
pub struct Slot<const N: usize> {
    len: usize,
    meta: RxMeta,
    octets: [u8; N],
}

/// A device that receives what it sent, in slots of `N` octets: an array of them, a slice or a
/// `Vec`. One slot is kept for the answer to a received frame, so a single slot carries nothing.
#[derive(Debug)]
pub struct Loopback<S, const N: usize> {
    slots: S,
    queue: Cell<Queue>,
    capabilities: Capabilities,
}

/// Which slots hold frames: `len` of them from `head` on, around the end.
#[derive(Clone, Copy, Debug)]
struct Queue {
    head: usize,
    len: usize,
}

/// A frame that was sent. Left alone, it stays, unless its answer took the last room there was.
#[derive(Debug)]
pub struct LoopbackRxToken<'a, const N: usize> {
    slot: &'a Slot<N>,
    queue: &'a Cell<Queue>,
    slots: usize,
}

/// Room for a frame.
#[derive(Debug)]
pub struct LoopbackTxToken<'a, const N: usize> {
    slot: &'a mut Slot<N>,
    queue: &'a Cell<Queue>,
    now: Instant,
    work: ChecksumCapabilities,
}

/// Octets of an Ethernet header.
const ETHERNET_HEADER: usize = 14;

impl<const N: usize> Slot<N> {
    /// Without a frame.
    pub const EMPTY: Self = Self {
        len: 0,
        meta: RxMeta::NONE,
        octets: [0; N],
    };
}

impl<const N: usize> Default for Slot<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<S: AsMut<[Slot<N>]>, const N: usize> Loopback<S, N> {
    /// A loopback of some medium. Its MTU is what remains of a slot behind the link header.
    pub const fn new(medium: Medium, slots: S) -> Self {
        let header = match medium {
            Medium::Ethernet => ETHERNET_HEADER,
            Medium::Ip | Medium::Ieee802154 | Medium::Lowpan => 0,
        };
        Self {
            slots,
            queue: Cell::new(Queue { head: 0, len: 0 }),
            capabilities: Capabilities::new(medium, N.saturating_sub(header)),
        }
    }

    /// Say which checksums are to be computed and verified all the same. By default all are,
    /// although nothing can happen to a frame on its way.
    #[must_use]
    pub const fn with_checksums(mut self, work: ChecksumCapabilities) -> Self {
        self.capabilities.checksum = work;
        self
    }

    /// Frames that were sent and not received.
    pub const fn len(&self) -> usize {
        self.queue.get().len
    }

    /// Whether everything sent was received.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Queue {
    /// The slot behind the last frame.
    fn tail(self, slots: usize) -> Option<usize> {
        self.head.wrapping_add(self.len).checked_rem(slots)
    }

    fn without_front(self, slots: usize) -> Self {
        Self {
            head: self.head.wrapping_add(1).checked_rem(slots).unwrap_or(0),
            len: self.len.saturating_sub(1),
        }
    }
}

impl<S: AsMut<[Slot<N>]>, const N: usize> Device for Loopback<S, N> {
    type RxToken<'a>
        = LoopbackRxToken<'a, N>
    where
        Self: 'a;
    type TxToken<'a>
        = LoopbackTxToken<'a, N>
    where
        Self: 'a;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        let slots = self.slots.as_mut();
        let count = slots.len();
        let mut at = self.queue.get();
        if at.len == 0 {
            return None;
        }
        if at.len >= count {
            // The front was answered and then left alone. Kept, it would block all that follows.
            at = at.without_front(count);
            self.queue.set(at);
        }
        let tail = at.tail(count)?;
        let [first, free] = slots.get_disjoint_mut([at.head, tail]).ok()?;
        let queue = &self.queue;
        let rx = LoopbackRxToken {
            slot: first,
            queue,
            slots: count,
        };
        let tx = LoopbackTxToken {
            slot: free,
            queue,
            now,
            work: self.capabilities.checksum,
        };
        Some((rx, tx))
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        let at = self.queue.get();
        let slots = self.slots.as_mut();
        if at.len.saturating_add(1) >= slots.len() {
            return None;
        }
        let tail = at.tail(slots.len())?;
        Some(LoopbackTxToken {
            slot: slots.get_mut(tail)?,
            queue: &self.queue,
            now,
            work: self.capabilities.checksum,
        })
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
}

impl<const N: usize> RxToken for LoopbackRxToken<'_, N> {
    fn meta(&self) -> RxMeta {
        self.slot.meta
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let result = f(self.slot.octets.get(..self.slot.len).unwrap_or_default());
        // The answer may have been queued meanwhile: only the front moves here, the tail stays.
        self.queue.set(self.queue.get().without_front(self.slots));
        result
    }
}

impl<const N: usize> TxToken for LoopbackTxToken<'_, N> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let frame = self.slot.octets.get_mut(..len).ok_or(TxError::TooLong)?;
        let result = f(frame);
        self.slot.len = len;
        self.slot.meta = RxMeta {
            timestamp: Some(self.now),
            ..RxMeta::carried(meta, self.work)
        };
        let at = self.queue.get();
        self.queue.set(Queue {
            len: at.len.saturating_add(1),
            ..at
        });
        Ok(result)
    }
}

#[cfg(test)]
mod tests;
