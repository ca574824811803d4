//! Packets that wait for their next hop's hardware address. When there is no room the oldest for
//! the same next hop makes way, as RFC 1122 §2.3.2.2 and RFC 4861 §7.2.2 want it.

use crate::addr::Ip;
use crate::parts::{Kept, QUEUE};
use crate::storage::{Room, Storage};

/// Room for one waiting packet: as long as the longest IP packet that is to be kept.
#[derive(Debug, Default)]
pub struct PendingSlot<'a> {
    next_hop: Option<Ip>,
    len: usize,
    /// Order of arrival.
    turn: u32,
    buffer: Storage<'a, u8>,
}

impl<'a> PendingSlot<'a> {
    /// A free slot over the caller's octets.
    pub fn new(buffer: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            next_hop: None,
            len: 0,
            turn: 0,
            buffer: buffer.into(),
        }
    }
}

/// The waiting packets of one interface.
#[derive(Debug, Default)]
pub(crate) struct Pending<'a> {
    slots: Room<'a, PendingSlot<'a>, { QUEUE as usize }>,
    turn: Kept<u32, { QUEUE as usize }>,
    count: Kept<usize, { QUEUE as usize }>,
    /// Whether a neighbor was resolved or given up since the last look.
    pub(crate) check: bool,
}

impl<'a> Pending<'a> {
    pub(crate) fn new(slots: Storage<'a, PendingSlot<'a>>) -> Self {
        Self {
            slots: Room::new(slots),
            turn: Kept::default(),
            count: Kept::default(),
            check: false,
        }
    }

    /// Keep a packet of `len` octets, which `fill` writes. Returns whether no other was lost for
    /// it.
    pub(crate) fn keep(&mut self, next_hop: Ip, len: usize, fill: impl FnOnce(&mut [u8])) -> bool {
        let turn = self.turn();
        // A free slot; else that of the oldest packet for the same neighbor, so that one that does
        // not answer costs no other a packet; else that of the oldest.
        let rank = |slot: &PendingSlot<'_>| {
            let free = slot.next_hop.is_none();
            let same = slot.next_hop == Some(next_hop);
            (free, same, turn.wrapping_sub(slot.turn))
        };
        let fitting = self
            .slots
            .iter_mut()
            .filter(|slot| slot.buffer.len() >= len);
        let Some(slot) = fitting.max_by_key(|slot| rank(slot)) else {
            return false;
        };
        let Some(buffer) = slot.buffer.get_mut(..len) else {
            return false;
        };
        fill(buffer);
        let replaced = slot.next_hop.replace(next_hop).is_some();
        slot.len = len;
        slot.turn = turn;
        self.turn = Kept::new(turn.wrapping_add(1));
        if !replaced {
            self.count.note(|count| *count = count.saturating_add(1));
        }
        !replaced
    }

    /// Whether any packet waits.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.count.get().is_none_or(|&count| count == 0)
    }

    /// The turn of the next packet.
    fn turn(&self) -> u32 {
        self.turn.get().copied().unwrap_or(0)
    }

    /// The oldest packet whose next hop `ready` says something about: where it is, and what is
    /// said.
    pub(crate) fn find<V>(&self, ready: impl Fn(Ip) -> Option<V>) -> Option<(usize, V)> {
        let said = self.slots.iter().enumerate().filter_map(|(at, slot)| {
            let verdict = ready(slot.next_hop?)?;
            Some((self.turn().wrapping_sub(slot.turn), at, verdict))
        });
        said.max_by_key(|(age, ..)| *age)
            .map(|(_, at, verdict)| (at, verdict))
    }

    /// Hand a packet to `send` with its next hop; it is then gone.
    pub(crate) fn take<R>(&mut self, at: usize, send: impl FnOnce(Ip, &[u8]) -> R) -> Option<R> {
        let slot = self.slots.get_mut(at)?;
        let hop = slot.next_hop.take()?;
        self.count.note(|count| *count = count.saturating_sub(1));
        Some(send(hop, slot.buffer.get(..slot.len)?))
    }
}

#[cfg(test)]
mod tests;
