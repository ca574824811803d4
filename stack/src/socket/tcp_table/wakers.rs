//! Wakers of tasks that wait for connections and listeners: as many as the caller gave memory for,
//! any number of them for one socket. A waker waits for events; when one of them has come it is
//! woken once and forgotten.

use core::task::Waker;

use super::slots::TcpSlot;
use crate::parts::WAKERS;
use crate::storage::{NIL, NodeOf, Room, Storage};

/// Events that a task may wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest(u8);

impl Interest {
    /// Octets wait to be read, or nothing will ever be read again; of a listener: a connection
    /// waits to be accepted, or a SYN for a decision.
    pub const READABLE: Self = Self(1);
    /// Octets would be taken, or nothing will ever be taken again.
    pub const WRITABLE: Self = Self(2);
    /// The connection is over.
    pub const CLOSED: Self = Self(4);
    /// The peer calls some of what was not read yet urgent.
    pub const URGENT: Self = Self(8);

    /// All of them.
    pub(super) const ALL: Self = Self(0xff);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they have an event in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// This one if `is`, else none.
    const fn only_if(self, is: bool) -> Self {
        if is { self } else { Self(0) }
    }

    /// What has come for a connection.
    pub(super) fn of(slot: &TcpSlot<'_>) -> Self {
        if slot.is_connecting() {
            return Self(0);
        }
        let tcb = &slot.tcb;
        let readable = tcb.can_recv() || !tcb.may_recv();
        let writable = tcb.can_send_now() || !tcb.may_send();
        Self::READABLE
            .only_if(readable)
            .and(Self::WRITABLE.only_if(writable))
            .and(Self::CLOSED.only_if(tcb.is_closed()))
            .and(Self::URGENT.only_if(tcb.urgent().is_some()))
    }
}

impl core::ops::BitOr for Interest {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

/// No more tasks can wait: every [`WakerSlot`] is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWakerSlot;

impl core::fmt::Display for NoWakerSlot {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("no more tasks can wait")
    }
}

impl core::error::Error for NoWakerSlot {}

/// Memory of one task that waits.
#[derive(Clone, Debug)]
pub struct WakerSlot {
    waker: Option<Waker>,
    /// The next one of the same socket; of a free slot, the next free one.
    next: u32,
    interest: Interest,
}

impl WakerSlot {
    /// A free slot.
    pub const EMPTY: Self = Self {
        waker: None,
        next: NIL,
        interest: Interest(0),
    };
}

/// The tasks that wait for one socket: a list through the slots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sleepers(NodeOf<{ WAKERS as usize }>);

impl Sleepers {
    pub(super) const NONE: Self = Self(NodeOf::NONE);

    /// Whether nobody waits.
    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.0.get() == NIL
    }
}

/// All tasks that wait.
pub(super) struct Wakers<'a> {
    slots: Room<'a, WakerSlot, { WAKERS as usize }>,
    free: NodeOf<{ WAKERS as usize }>,
}

impl<'a> Wakers<'a> {
    pub(super) fn new(mut slots: Storage<'a, WakerSlot>) -> Self {
        if !WAKERS {
            return Self {
                slots: Room::default(),
                free: NodeOf::NONE,
            };
        }
        let count = u32::try_from(slots.len()).unwrap_or(NIL);
        for (slot, next) in slots.iter_mut().zip(1_u32..) {
            *slot = WakerSlot {
                next: if next < count { next } else { NIL },
                ..WakerSlot::EMPTY
            };
        }
        let mut free = NodeOf::NONE;
        free.set(if count == 0 { NIL } else { 0 });
        Self {
            slots: Room::new(slots),
            free,
        }
    }

    /// A task waits for a socket. One that waits for it already waits for both.
    pub(super) fn add(
        &mut self,
        sleepers: &mut Sleepers,
        interest: Interest,
        waker: &Waker,
    ) -> Result<(), NoWakerSlot> {
        let mut at = sleepers.0.get();
        while let Some(slot) = self.slots.get_mut(at as usize) {
            if slot
                .waker
                .as_ref()
                .is_some_and(|known| known.will_wake(waker))
            {
                slot.interest = slot.interest.and(interest);
                return Ok(());
            }
            at = slot.next;
        }
        let at = self.free.get();
        let slot = self.slots.get_mut(at as usize).ok_or(NoWakerSlot)?;
        self.free.set(slot.next);
        *slot = WakerSlot {
            waker: Some(waker.clone()),
            next: sleepers.0.get(),
            interest,
        };
        sleepers.0.set(at);
        Ok(())
    }

    /// Something has come: wake who waits for it.
    pub(super) fn wake(&mut self, sleepers: &mut Sleepers, events: Interest) {
        if !WAKERS {
            return;
        }
        let (mut at, mut kept) = (sleepers.0.get(), NIL);
        while let Some(slot) = self.slots.get_mut(at as usize) {
            let next = slot.next;
            if slot.interest.meets(events) {
                let waker = slot.waker.take();
                slot.next = self.free.get();
                self.free.set(at);
                if let Some(waker) = waker {
                    waker.wake();
                }
            } else {
                slot.next = kept;
                kept = at;
            }
            at = next;
        }
        sleepers.0.set(kept);
    }
}
