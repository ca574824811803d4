//! Packets that arrive in fragments, put together in the caller's memory (RFC 791 §3.2, RFC 8200
//! §4.5). Which octets have come is kept in a bit for each eight of them, so that fragments may
//! come in any order. Whoever overlaps loses the whole packet (RFC 5722), for IPv4 too.
//!
//! When there is no room, a packet that has not grown for a while makes way, else that of which the
//! least has come: a flood of fragments displaces itself and not what is nearly whole. A source has
//! at most half of the slots.

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::Ecn;

use crate::addr::{Ip, is_v4};
use crate::parts::{FRAGMENTS, Kept};
use crate::storage::{Room, Storage, put};

/// How long a packet may take to come together (RFC 1122 §3.3.2, RFC 8200 §4.5).
const TIMEOUT: Duration = Duration::from_secs(60);
/// After this long without a new fragment a packet makes way for another.
const STALE: Duration = Duration::from_secs(1);
/// Octets for the headers before the fragments' data: an IPv4 header, or those of IPv6 with the
/// fragment header.
pub(super) const HEADER_ROOM: usize = 128;

/// Memory in which one packet is put together.
#[derive(Debug, Default)]
pub struct ReassemblySlot<'a> {
    key: Option<Key>,
    buffer: Storage<'a, u8>,
    /// Octets of headers, those of the first fragment; 0 before it has come.
    header_len: usize,
    /// Where the headers name what follows the last of them.
    named_at: usize,
    /// Octets of data, once the last fragment has come.
    total: Option<usize>,
    /// One past the last octet that has come.
    end: usize,
    /// Units of eight octets that have come.
    units: usize,
    /// A bit for each congestion mark that fragments had.
    marks: u8,
    /// Fragments have overlapped: nothing more is believed of this packet.
    dead: bool,
    /// When the last fragment came.
    grown: Instant,
    due: Instant,
}

impl<'a> ReassemblySlot<'a> {
    /// A free slot over the caller's octets; [`ReassemblySlot::room_for`] says how many.
    pub fn new(buffer: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            buffer: buffer.into(),
            ..Self::default()
        }
    }

    /// Octets of memory for packets with this many octets after their headers.
    #[must_use]
    pub const fn room_for(octets: usize) -> usize {
        let units = octets.div_ceil(8);
        units
            .saturating_mul(8)
            .saturating_add(units.div_ceil(8))
            .saturating_add(HEADER_ROOM + 2)
    }

    /// Octets of data that fit.
    fn capacity(&self) -> usize {
        self.max_units().saturating_mul(8)
    }

    fn max_units(&self) -> usize {
        let room = self.buffer.len().saturating_sub(HEADER_ROOM + 1);
        room.saturating_mul(8) / 65
    }

    /// The bits, the headers and the data.
    fn parts(&mut self) -> Option<(&mut [u8], &mut [u8], &mut [u8])> {
        let bits = self.max_units().div_ceil(8);
        let (bits, rest) = self.buffer.split_at_mut_checked(bits)?;
        let (header, data) = rest.split_at_mut_checked(HEADER_ROOM)?;
        Some((bits, header, data))
    }

    fn begin(&mut self, key: Key, now: Instant) {
        self.key = Some(key);
        (self.header_len, self.named_at) = (0, 0);
        (self.total, self.end, self.units) = (None, 0, 0);
        (self.marks, self.dead) = (0, false);
        self.grown = now;
        self.due = now.saturating_add(TIMEOUT);
        if let Some((bits, ..)) = self.parts() {
            bits.fill(0);
        }
    }

    /// Take in a fragment.
    fn add(&mut self, part: &Part<'_>, now: Instant) -> Added {
        if self.dead {
            return Added::Refused(Refusal::Overlap);
        }
        let end = part.offset.saturating_add(part.data.len());
        if end > self.capacity() || part.header.len() > HEADER_ROOM {
            self.dead = true;
            return Added::Refused(Refusal::NoRoom);
        }
        let consistent = match self.total {
            Some(total) if part.more => end <= total,
            Some(total) => end == total,
            None => part.more || end >= self.end,
        };
        if !consistent {
            self.dead = true;
            return Added::Refused(Refusal::Overlap);
        }
        match self.store(part, end) {
            Stored::New => {}
            Stored::Again => return Added::Kept,
            Stored::Overlap => {
                self.dead = true;
                return Added::Refused(Refusal::Overlap);
            }
        }
        self.grown = now;
        self.end = self.end.max(end);
        self.marks |= 1_u8.wrapping_shl(u32::from(part.ecn.0));
        if !part.more {
            self.total = Some(end);
        }
        if part.offset == 0 {
            self.header_len = part.header.len();
            self.named_at = part.named_at;
            if let Some((_, room, _)) = self.parts() {
                let at = HEADER_ROOM.saturating_sub(part.header.len());
                put(room.get_mut(at..).unwrap_or(&mut []), part.header);
            }
        }
        let whole = self.total.map(|total| total.div_ceil(8));
        if self.header_len > 0 && whole == Some(self.units) {
            Added::Whole
        } else {
            Added::Kept
        }
    }

    /// Copy the data to its place, unless some of it has come before.
    fn store(&mut self, part: &Part<'_>, end: usize) -> Stored {
        let range = part.offset / 8..end.div_ceil(8);
        let count = range.len();
        let Some((bits, _, data)) = self.parts() else {
            return Stored::Overlap;
        };
        let set = range.clone().filter(|&unit| bit(bits, unit)).count();
        let place = data.get_mut(part.offset..end).unwrap_or(&mut []);
        if set == count && count > 0 {
            // RFC 8200 §4.5: an exact duplicate may be ignored.
            return if place == part.data {
                Stored::Again
            } else {
                Stored::Overlap
            };
        }
        if set > 0 {
            return Stored::Overlap;
        }
        put(place, part.data);
        for unit in range {
            if let Some(octet) = bits.get_mut(unit / 8) {
                *octet |= 1_u8.wrapping_shl((unit & 7) as u32);
            }
        }
        self.units = self.units.saturating_add(count);
        Stored::New
    }

    /// How little is lost if this packet makes way: less is more.
    fn worth(&self, now: Instant) -> (bool, usize, Instant) {
        let fresh = now.duration_since(self.grown) < STALE && !self.dead;
        (fresh, if fresh { self.units } else { 0 }, self.grown)
    }
}

enum Stored {
    New,
    Again,
    Overlap,
}

fn bit(bits: &[u8], unit: usize) -> bool {
    bits.get(unit / 8)
        .is_some_and(|octet| octet.wrapping_shr((unit & 7) as u32) & 1 != 0)
}

/// What the fragments of one packet share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) src: Ip,
    pub(crate) dst: Ip,
    pub(crate) ident: u32,
    /// Protocol over IPv4; 0 over IPv6.
    pub(crate) protocol: u8,
}

/// A fragment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'p> {
    pub(crate) offset: usize,
    pub(crate) more: bool,
    pub(crate) data: &'p [u8],
    /// The headers before the data.
    pub(crate) header: &'p [u8],
    /// Where they name what follows the fragment header.
    pub(crate) named_at: usize,
    pub(crate) ecn: Ecn,
}

/// Why a fragment was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no memory for a packet like this.
    NoRoom,
    /// Fragments overlap.
    Overlap,
}

/// What became of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is kept, others are missing.
    Kept,
    /// It was the last that was missing.
    Whole,
    /// It was refused.
    Refused(Refusal),
}

/// A packet that has come together, with the memory that it is in.
pub(crate) struct Together<'a> {
    slot: usize,
    buffer: Storage<'a, u8>,
    /// Octet of the buffer at which the data begins.
    data_at: usize,
    pub(crate) header_len: usize,
    pub(crate) named_at: usize,
    pub(crate) total: usize,
    /// The congestion mark of the whole (RFC 3168 §5.3); `None` if the marks contradict each other.
    pub(crate) ecn: Option<Ecn>,
}

impl Together<'_> {
    /// Headers and data, the headers beginning `cut` octets later than they were stored.
    pub(crate) fn octets_mut(&mut self, cut: usize) -> Option<&mut [u8]> {
        let begin = self
            .data_at
            .checked_sub(self.header_len)?
            .saturating_add(cut);
        let end = self.data_at.saturating_add(self.total);
        self.buffer.get_mut(begin..end)
    }

    /// The octets of [`Together::octets_mut`].
    pub(crate) fn octets(&self, cut: usize) -> Option<&[u8]> {
        let begin = self
            .data_at
            .checked_sub(self.header_len)?
            .saturating_add(cut);
        let end = self.data_at.saturating_add(self.total);
        self.buffer.get(begin..end)
    }
}

/// The packets of an interface that come in fragments.
#[derive(Debug)]
pub(crate) struct Reassembly<'a> {
    slots: Room<'a, ReassemblySlot<'a>, { FRAGMENTS as usize }>,
    next: Kept<Deadline, { FRAGMENTS as usize }>,
    /// Packets that made way for others.
    displaced: Kept<u32, { FRAGMENTS as usize }>,
}

impl<'a> Reassembly<'a> {
    pub(crate) fn new(slots: Storage<'a, ReassemblySlot<'a>>) -> Self {
        Self {
            slots: Room::new(slots),
            next: Kept::default(),
            displaced: Kept::default(),
        }
    }

    /// Packets that had to make room, so far.
    pub(crate) fn displaced(&self) -> u32 {
        self.displaced.get().copied().unwrap_or(0)
    }

    /// When the next packet has taken too long.
    #[inline]
    pub(crate) fn poll_at(&self) -> Deadline {
        self.next.get().copied().unwrap_or_default()
    }

    /// Take in a fragment of the packet with a key.
    pub(crate) fn add(&mut self, key: Key, part: &Part<'_>, now: Instant) -> Added {
        let known = self.slots.iter().position(|slot| slot.key == Some(key));
        let Some(at) = known.or_else(|| self.make_room(key.src, now)) else {
            return Added::Refused(Refusal::NoRoom);
        };
        let Some(slot) = self.slots.get_mut(at) else {
            return Added::Refused(Refusal::NoRoom);
        };
        if known.is_none() {
            slot.begin(key, now);
        }
        let added = slot.add(part, now);
        self.set_next();
        added
    }

    /// A slot for a packet from a source.
    fn make_room(&mut self, src: Ip, now: Instant) -> Option<usize> {
        let quota = (self.slots.len() / 2).max(1);
        let from = |slot: &ReassemblySlot<'_>| slot.key.is_some_and(|key| key.src == src);
        let used = self.slots.iter().filter(|slot| from(slot)).count();
        let slots = || self.slots.iter().enumerate();
        if used < quota {
            let free = slots().filter(|(_, slot)| slot.key.is_none());
            if let Some((at, _)) = free.max_by_key(|(_, slot)| slot.buffer.len()) {
                return Some(at);
            }
        }
        let victim = slots()
            .filter(|(_, slot)| used < quota || from(slot))
            .min_by_key(|(_, slot)| slot.worth(now))
            .map(|(at, _)| at)?;
        self.displaced.note(|count| *count = count.wrapping_add(1));
        Some(victim)
    }

    /// Take a packet that is whole. Its memory has to be given back.
    pub(crate) fn take(&mut self, key: Key) -> Option<Together<'a>> {
        let at = self.slots.iter().position(|slot| slot.key == Some(key))?;
        let slot = self.slots.get_mut(at)?;
        let data_at = slot.max_units().div_ceil(8).saturating_add(HEADER_ROOM);
        let total = slot.total?;
        slot.key = None;
        let whole = Together {
            slot: at,
            buffer: core::mem::take(&mut slot.buffer),
            data_at,
            header_len: slot.header_len,
            named_at: slot.named_at,
            total,
            ecn: mark(slot.marks),
        };
        self.set_next();
        Some(whole)
    }

    /// Give the memory back.
    pub(crate) fn give_back(&mut self, whole: Together<'a>) {
        if let Some(slot) = self.slots.get_mut(whole.slot) {
            slot.buffer = whole.buffer;
        }
    }

    /// Forget a packet that has taken too long, and show `tell` the beginning of its first fragment
    /// if that has come (RFC 792, RFC 8200 §4.5). `None` if there is no such packet.
    pub(crate) fn expire<R>(
        &mut self,
        now: Instant,
        tell: impl FnOnce(bool, Option<&[u8]>) -> R,
    ) -> Option<R> {
        let due = |slot: &&mut ReassemblySlot<'_>| slot.key.is_some() && slot.due <= now;
        let slot = self.slots.iter_mut().find(due)?;
        let v4 = slot.key.is_some_and(|key| is_v4(&key.src));
        slot.key = None;
        let data_at = slot.max_units().div_ceil(8).saturating_add(HEADER_ROOM);
        let begin = data_at.saturating_sub(slot.header_len);
        let end = data_at.saturating_add(slot.end);
        let first = slot.header_len > 0 && !slot.dead;
        let octets = slot.buffer.get(begin..end).filter(|_| first);
        let result = tell(v4, octets);
        self.set_next();
        Some(result)
    }

    fn set_next(&mut self) {
        let used = self.slots.iter().filter(|slot| slot.key.is_some());
        let due = used.map(|slot| Deadline::at(slot.due));
        self.next = Kept::new(due.fold(Deadline::NEVER, Deadline::min));
    }
}

/// The mark of a packet whose fragments had these (RFC 3168 §5.3).
fn mark(seen: u8) -> Option<Ecn> {
    let has = |mark: Ecn| seen.wrapping_shr(u32::from(mark.0)) & 1 != 0;
    if has(Ecn::Ce) {
        (!has(Ecn::NotEct)).then_some(Ecn::Ce)
    } else if has(Ecn::NotEct) {
        Some(Ecn::NotEct)
    } else if has(Ecn::Ect1) {
        Some(Ecn::Ect1)
    } else {
        Some(Ecn::Ect0)
    }
}

#[cfg(test)]
mod tests;
