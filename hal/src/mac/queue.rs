//! Frames that wait: to be sent, by priority and then in order; to be asked for by stations that
//! sleep (IEEE 802.15.4-2020 §6.7.3); to be fetched by the layer above.

use litz_wire::MacAddress;

use super::head::Head;
use crate::RxMeta;
use crate::parts::CHILDREN;
use crate::radio::MAX_FRAME;
use crate::time::{Deadline, Instant};

/// Memory for one frame to be sent.
#[derive(Clone, Debug)]
pub struct TxSlot {
    state: Waiting,
    priority: u8,
    /// Frames queued before have smaller numbers.
    number: u32,
    pub(super) len: usize,
    pub(super) octets: [u8; MAX_FRAME],
}

/// What a frame waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    /// There is none.
    Free,
    /// Its turn.
    Turn,
    /// To be asked for by its destination until then.
    Request(Instant),
}

impl TxSlot {
    /// Without a frame.
    pub const EMPTY: Self = Self {
        state: Waiting::Free,
        priority: 0,
        number: 0,
        len: 0,
        octets: [0; MAX_FRAME],
    };

    pub(super) fn frame(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

impl Default for TxSlot {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Priority of commands, and of frames that were asked for.
pub(super) const CONTROL: u8 = u8::MAX;

/// Frames to be sent.
#[derive(Debug)]
pub(super) struct TxQueue<'a> {
    slots: &'a mut [TxSlot],
    numbers: u32,
}

impl<'a> TxQueue<'a> {
    pub(super) const fn new(slots: &'a mut [TxSlot]) -> Self {
        Self { slots, numbers: 0 }
    }

    /// The frame at a place.
    pub(super) fn frame_mut(&mut self, place: usize) -> Option<&mut [u8]> {
        let slot = self.slots.get_mut(place)?;
        slot.octets.get_mut(..slot.len)
    }

    /// Free slots.
    pub(super) fn room(&self) -> usize {
        let free = self.slots.iter().filter(|slot| slot.state == Waiting::Free);
        free.count()
    }

    /// A free slot, to be given to [`TxQueue::push`] with a frame in it.
    pub(super) fn free(&mut self) -> Option<(usize, &mut TxSlot)> {
        let mut slots = self.slots.iter_mut().enumerate();
        slots.find(|(_, slot)| slot.state == Waiting::Free)
    }

    /// Queue the frame in a slot; until `kept` its destination may ask for it, if it sleeps.
    pub(super) fn push(&mut self, place: usize, priority: u8, kept: Option<Instant>) {
        let kept = kept.filter(|_| CHILDREN);
        let number = self.numbers;
        self.numbers = number.wrapping_add(1);
        if let Some(slot) = self.slots.get_mut(place) {
            slot.state = kept.map_or(Waiting::Turn, Waiting::Request);
            (slot.priority, slot.number) = (priority, number);
        }
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some(slot) = self.slots.get_mut(place) {
            slot.state = Waiting::Free;
        }
    }

    /// Whose turn it is.
    pub(super) fn next(&self) -> Option<usize> {
        let turn = |slot: &TxSlot| slot.state == Waiting::Turn;
        let mut next = None;
        for (place, slot) in self.slots.iter().enumerate().filter(|(_, s)| turn(s)) {
            // The age tells the order even when the numbers have wrapped.
            let age = self.numbers.wrapping_sub(slot.number);
            let rank = u64::from(slot.priority) << 32 | u64::from(age);
            if next.is_none_or(|(best, _)| rank >= best) {
                next = Some((rank, place));
            }
        }
        next.map(|(_, place)| place)
    }

    /// Frames that a station may ask for, oldest first.
    fn kept_for(&self, addr: MacAddress) -> impl Iterator<Item = (usize, &TxSlot)> {
        let is_for = move |slot: &TxSlot| {
            matches!(slot.state, Waiting::Request(_))
                && Head::parse(slot.frame()).is_some_and(|head| head.dst == addr)
        };
        let slots = self.slots.iter().enumerate();
        slots.filter(move |(_, slot)| is_for(slot))
    }

    /// Frames that are kept for a station.
    pub(super) fn pending_for(&self, addr: MacAddress) -> usize {
        if !CHILDREN {
            return 0;
        }
        self.kept_for(addr).count()
    }

    /// Whether frames are kept for the station that the frame at a place is for.
    pub(super) fn pending_with(&self, place: usize) -> bool {
        let frame = self.slots.get(place).map(TxSlot::frame);
        let head = frame.and_then(Head::parse);
        head.is_some_and(|head| self.pending_for(head.dst) > 0)
    }

    /// Send the oldest frame kept for a station.
    pub(super) fn release(&mut self, addr: MacAddress) {
        if !CHILDREN {
            return;
        }
        let numbers = self.numbers;
        let oldest = self
            .kept_for(addr)
            .max_by_key(|(_, slot)| numbers.wrapping_sub(slot.number))
            .map(|(place, _)| place);
        if let Some(slot) = oldest.and_then(|place| self.slots.get_mut(place)) {
            slot.state = Waiting::Turn;
            slot.priority = CONTROL;
        }
    }

    /// Destinations for which frames are kept.
    pub(super) fn destinations(&self) -> impl Iterator<Item = MacAddress> {
        let waits = |slot: &&TxSlot| CHILDREN && matches!(slot.state, Waiting::Request(_));
        let kept = self.slots.iter().filter(waits);
        kept.filter_map(|slot| Some(Head::parse(slot.frame())?.dst))
    }

    /// Drop frames that were kept long enough, and say for whom, one at a time.
    pub(super) fn expire(&mut self, now: Instant) -> Option<MacAddress> {
        if !CHILDREN {
            return None;
        }
        let over =
            |slot: &&mut TxSlot| matches!(slot.state, Waiting::Request(until) if until <= now);
        let slot = self.slots.iter_mut().find(over)?;
        slot.state = Waiting::Free;
        Some(Head::parse(slot.frame()).map_or(MacAddress::Absent, |head| head.dst))
    }

    /// When the next kept frame expires.
    pub(super) fn expires_at(&self) -> Deadline {
        if !CHILDREN {
            return Deadline::NEVER;
        }
        let deadlines = self.slots.iter().map(|slot| match slot.state {
            Waiting::Request(until) => Deadline::at(until),
            _ => Deadline::NEVER,
        });
        deadlines.fold(Deadline::NEVER, Deadline::min)
    }
}

/// Memory for one received frame. Without one it is zeros, so that a static of them takes no flash.
#[derive(Clone, Debug)]
pub struct RxSlot {
    pub(super) len: usize,
    received: Received,
    pub(super) octets: [u8; MAX_FRAME],
}

/// What goes with a received frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    pub(super) timestamp: Instant,
    pub(super) lqi: u8,
    pub(super) rssi: i8,
    pub(super) authentic: bool,
}

impl RxSlot {
    /// Without a frame.
    pub const EMPTY: Self = Self {
        len: 0,
        received: Received {
            timestamp: Instant::ZERO,
            lqi: 0,
            rssi: 0,
            authentic: false,
        },
        octets: [0; MAX_FRAME],
    };

    /// The same for the layer above.
    pub(super) fn meta(&self) -> RxMeta {
        let received = &self.received;
        RxMeta {
            timestamp: Some(received.timestamp),
            lqi: Some(received.lqi),
            rssi: Some(received.rssi),
            authentic: received.authentic,
            ..RxMeta::default()
        }
    }
}

impl Default for RxSlot {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Frames received, in order.
#[derive(Debug)]
pub(super) struct RxQueue<'a> {
    slots: &'a mut [RxSlot],
    head: usize,
    len: usize,
}

impl<'a> RxQueue<'a> {
    pub(super) const fn new(slots: &'a mut [RxSlot]) -> Self {
        Self {
            slots,
            head: 0,
            len: 0,
        }
    }

    pub(super) const fn has_room(&self) -> bool {
        self.room() > 0
    }

    /// Frames that there is room for.
    pub(super) const fn room(&self) -> usize {
        self.slots.len().saturating_sub(self.len)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, octets: &[u8], received: Received) -> bool {
        let tail = self.head.wrapping_add(self.len);
        let place = tail.checked_rem(self.slots.len());
        if !self.has_room() {
            return false;
        }
        let Some(slot) = place.and_then(|place| self.slots.get_mut(place)) else {
            return false;
        };
        let Some(room) = slot.octets.get_mut(..octets.len()) else {
            return false;
        };
        crate::octets::put(room, octets);
        (slot.len, slot.received) = (octets.len(), received);
        self.len = self.len.saturating_add(1);
        true
    }

    pub(super) fn front(&self) -> Option<&RxSlot> {
        (self.len > 0).then(|| self.slots.get(self.head)).flatten()
    }

    pub(super) fn pop(&mut self) {
        if self.len > 0 {
            let next = self.head.wrapping_add(1);
            self.head = next.checked_rem(self.slots.len()).unwrap_or(0);
            self.len = self.len.saturating_sub(1);
        }
    }
}
