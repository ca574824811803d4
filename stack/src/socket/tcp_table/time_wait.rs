//! Connections in TIME-WAIT that the application has released: 48 octets each, links included. A
//! connection comes here as soon as it gets there, so that its slot and its buffers are free at
//! once.
//!
//! An entry knows its tuple only as a keyed hash of 64 bits: it never sends of its own accord, and
//! what it answers names the tuple. Entries stand in the order of their ends, so that the oldest is
//! known and no timer is needed for each; an entry lasts at least as long as those before it.

use litz_hal::time::{Deadline, Duration, Instant};

use super::super::tcp::TimeWait;
use crate::parts::{Kept, TIME_WAIT};
use crate::storage::{NIL, NodeOf, Room, Storage};

/// Memory of one connection in TIME-WAIT.
#[derive(Clone, Copy, Debug)]
pub struct TimeWaitSlot {
    /// First entry of the hash bucket with this slot's number.
    bucket: u32,
    /// Next entry of the bucket that this one is in; of a free slot, the next free one.
    chain: u32,
    /// The entries that end before and after this one.
    older: u32,
    newer: u32,
    /// Keyed hash of the tuple, in halves; the first one chooses the bucket.
    key: [u32; 2],
    state: TimeWait,
    /// When it ends, in milliseconds of a clock that wraps.
    due_ms: u32,
}

const _: () = assert!(size_of::<TimeWaitSlot>() <= 48);

impl TimeWaitSlot {
    /// A free slot.
    pub const EMPTY: Self = Self {
        bucket: NIL,
        chain: NIL,
        older: NIL,
        newer: NIL,
        key: [0; 2],
        state: TimeWait::NONE,
        due_ms: 0,
    };
}

/// No quiet time is longer, so that after as much silence every one is over.
const LONGEST: Duration = Duration::from_secs(2 * 3600 + 20 * 60);

/// All connections in TIME-WAIT.
pub(super) struct TimeWaits<'a> {
    slots: Room<'a, TimeWaitSlot, { TIME_WAIT as usize }>,
    /// The entry that ends first, and last.
    oldest: NodeOf<{ TIME_WAIT as usize }>,
    newest: NodeOf<{ TIME_WAIT as usize }>,
    free: NodeOf<{ TIME_WAIT as usize }>,
    /// When the time was last told.
    now: Kept<Instant, { TIME_WAIT as usize }>,
}

impl<'a> TimeWaits<'a> {
    pub(super) fn new(slots: Storage<'a, TimeWaitSlot>) -> Self {
        let mut table = Self {
            slots: Room::new(slots),
            oldest: NodeOf::NONE,
            newest: NodeOf::NONE,
            free: NodeOf::NONE,
            now: Kept::default(),
        };
        if TIME_WAIT {
            table.forget_all();
        }
        table
    }

    /// When the time was last told.
    fn told(&self) -> Instant {
        self.now.get().copied().unwrap_or(Instant::ZERO)
    }

    fn len(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(NIL)
    }

    fn forget_all(&mut self) {
        let count = self.len();
        for (slot, next) in self.slots.iter_mut().zip(1_u32..) {
            *slot = TimeWaitSlot {
                chain: if next < count { next } else { NIL },
                ..TimeWaitSlot::EMPTY
            };
        }
        self.free.set(if count == 0 { NIL } else { 0 });
        self.oldest.set(NIL);
        self.newest.set(NIL);
    }

    fn slot(&self, at: u32) -> Option<&TimeWaitSlot> {
        self.slots.get(at as usize)
    }

    fn slot_mut(&mut self, at: u32) -> Option<&mut TimeWaitSlot> {
        self.slots.get_mut(at as usize)
    }

    fn bucket(&self, key: [u32; 2]) -> u32 {
        let [first, _] = key;
        (u64::from(first).wrapping_mul(u64::from(self.len())) >> 32) as u32
    }

    /// Whether there is room for any.
    pub(super) fn is_enabled(&self) -> bool {
        TIME_WAIT && !self.slots.is_empty()
    }

    /// The entry of a tuple.
    pub(super) fn find(&self, key: u64) -> Option<u32> {
        if !TIME_WAIT {
            return None;
        }
        let key = halves(key);
        let mut at = self.slot(self.bucket(key))?.bucket;
        loop {
            let slot = self.slot(at)?;
            if slot.key == key {
                return Some(at);
            }
            at = slot.chain;
        }
    }

    /// What is remembered of an entry.
    pub(super) fn state_mut(&mut self, at: u32) -> Option<&mut TimeWait> {
        self.slot_mut(at).map(|slot| &mut slot.state)
    }

    /// Remember a connection until `due`. When every slot is taken the one that would end first
    /// makes room; returns whether one had to.
    pub(super) fn insert(&mut self, key: u64, state: TimeWait, now: Instant, due: Instant) -> bool {
        self.expire(now);
        self.now.note(|last| *last = (*last).max(now));
        if let Some(at) = self.find(key) {
            self.remove(at);
        }
        let evicts = self.free.get() == NIL;
        if evicts {
            self.remove(self.oldest.get());
        }
        let at = self.free.get();
        let key = halves(key);
        let bucket = self.bucket(key);
        let Some(slot) = self.slot_mut(at) else {
            return false;
        };
        let free = slot.chain;
        slot.key = key;
        slot.state = state;
        self.free.set(free);
        let chain = match self.slot_mut(bucket) {
            Some(head) => core::mem::replace(&mut head.bucket, at),
            None => NIL,
        };
        if let Some(slot) = self.slot_mut(at) {
            slot.chain = chain;
        }
        self.push(at, due);
        evicts
    }

    /// The quiet time of an entry begins anew.
    pub(super) fn restart(&mut self, at: u32, due: Instant) {
        self.unlink(at);
        self.push(at, due);
    }

    /// Put an entry at the end of the order.
    fn push(&mut self, at: u32, due: Instant) {
        let mut due_ms = millis(due);
        let newest = self.newest.get();
        match self.slot_mut(newest) {
            Some(before) => {
                before.newer = at;
                if (due_ms.wrapping_sub(before.due_ms) as i32) < 0 {
                    due_ms = before.due_ms;
                }
            }
            None => self.oldest.set(at),
        }
        self.newest.set(at);
        if let Some(slot) = self.slot_mut(at) {
            slot.older = newest;
            slot.newer = NIL;
            slot.due_ms = due_ms;
        }
    }

    /// Take an entry out of the order.
    fn unlink(&mut self, at: u32) {
        let Some(slot) = self.slot(at) else { return };
        let (older, newer) = (slot.older, slot.newer);
        match self.slot_mut(older) {
            Some(slot) => slot.newer = newer,
            None => self.oldest.set(newer),
        }
        match self.slot_mut(newer) {
            Some(slot) => slot.older = older,
            None => self.newest.set(older),
        }
    }

    /// Forget an entry.
    pub(super) fn remove(&mut self, at: u32) {
        let Some(slot) = self.slot(at).copied() else {
            return;
        };
        self.unlink(at);
        let bucket = self.bucket(slot.key);
        let mut before = NIL;
        let mut here = self.slot(bucket).map_or(NIL, |head| head.bucket);
        while here != at && here != NIL {
            before = here;
            here = self.slot(here).map_or(NIL, |slot| slot.chain);
        }
        if before == NIL {
            if let Some(head) = self.slot_mut(bucket) {
                head.bucket = slot.chain;
            }
        } else if let Some(before) = self.slot_mut(before) {
            before.chain = slot.chain;
        }
        let free = self.free.get();
        if let Some(slot) = self.slot_mut(at) {
            slot.chain = free;
            slot.key = [0; 2];
            slot.state = TimeWait::NONE;
        }
        self.free.set(at);
    }

    /// When the next entry ends.
    #[inline]
    pub(super) fn deadline(&self) -> Deadline {
        if !TIME_WAIT || self.oldest.get() == NIL {
            return Deadline::NEVER;
        }
        self.next_end()
    }

    fn next_end(&self) -> Deadline {
        let Some(slot) = self.slot(self.oldest.get()) else {
            return Deadline::NEVER;
        };
        let now = self.told().total_micros().div_euclid(1000);
        let left = slot.due_ms.wrapping_sub(now as u32) as i32;
        let due = now.saturating_add(i64::from(left)).saturating_mul(1000);
        Deadline::at(Instant::from_micros(due))
    }

    /// Forget what is over.
    #[inline]
    pub(super) fn expire(&mut self, now: Instant) {
        if TIME_WAIT && self.oldest.get() != NIL {
            self.expire_some(now);
        }
    }

    fn expire_some(&mut self, now: Instant) {
        let silence = now.duration_since(self.told());
        self.now.note(|last| *last = (*last).max(now));
        if silence > LONGEST {
            return self.forget_all();
        }
        let now_ms = now.total_micros().div_euclid(1000) as u32;
        while let Some(slot) = self.slot(self.oldest.get())
            && slot.due_ms.wrapping_sub(now_ms) as i32 <= 0
        {
            self.remove(self.oldest.get());
        }
    }
}

fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

/// An instant in milliseconds, rounded up, on a clock that wraps.
fn millis(at: Instant) -> u32 {
    let micros = at.total_micros();
    let rest = i64::from(micros.rem_euclid(1000) != 0);
    micros.div_euclid(1000).wrapping_add(rest) as u32
}
