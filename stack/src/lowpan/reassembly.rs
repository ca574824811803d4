//! Putting fragments together (RFC 4944 §5.3) in memory that an attacker shares with honest
//! stations. A datagram belongs to the pair of stations, its size and its tag; fragments that
//! repeat others are ignored, fragments that overlap others end it.
//!
//! What keeps honest datagrams alive beside a flood of first fragments: a sender may have only so
//! many at once; a datagram whose fragments stop coming is soon given up, long before the minute
//! that the RFC allows; and one that a second fragment confirmed is not displaced by a new one
//! while it makes progress, nor is one of verified frames by one of others. Senders can be
//! invented: as long as others complete datagrams, those that have not share half of the memory.

use core::fmt;

use litz_hal::RxMeta;
use litz_hal::time::{Duration, Instant};

use super::context::Contexts;
use super::decompress::{ElidedChecksum, decompress};
use super::link::STATIONS;
use super::start::FragmentPacket;
use super::{LinkAddrs, LowpanError};
use crate::iface::HardwareAddr;
use crate::parts::{COUNTERS, LOWPAN_FRAGMENTS};
use crate::storage::Storage;

/// How long the fragments of a datagram may take (RFC 4944 §5.3).
const TIMEOUT: Duration = Duration::from_millis(60_000);
/// How long the next fragment may take: some hundred times what a frame does, retries and all.
const STALLED: Duration = Duration::from_millis(5_000);
/// After this long without a fragment a datagram may be displaced.
const SLOW: Duration = Duration::from_millis(500);
/// How long a sender that completed a datagram is remembered, and how many are.
const REMEMBERED: Duration = Duration::from_millis(60_000);
const SENDERS: usize = 8;
/// Octets of an IPv6 header: no datagram is shorter.
const IPV6: usize = 40;
/// Units of eight octets in the longest datagram.
const UNITS: usize = 256;

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What the adaptation layer counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum LowpanCounter {
            $($(#[doc = $doc])+ $name,)+
        }

        impl LowpanCounter {
            /// Everything that is counted.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        impl fmt::Display for LowpanCounter {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $text),+ })
            }
        }
    };
}

counters! {
    /// Frames received.
    Frames = "frames received",
    /// Packets handed up.
    Packets = "packets received",
    /// Packets sent.
    Sent = "packets sent",
    /// Frames that are not for us, or not data.
    NotForUs = "frames for others",
    /// Headers that did not parse, or contradict each other.
    Malformed = "malformed frames",
    /// Frames that are not of 6LoWPAN, or of a kind that is not known.
    Dispatch = "unknown dispatch",
    /// A context that is not there.
    Context = "unknown contexts",
    /// Checksums left out of frames that nobody vouches for.
    ElidedChecksum = "elided checksums refused",
    /// Datagrams larger than the memory for one.
    TooLong = "datagrams too long",
    /// Fragments that came before.
    DuplicateFragment = "duplicate fragments",
    /// Datagrams given up because fragments overlapped.
    Overlap = "overlapping fragments",
    /// Datagrams given up because fragments stopped coming.
    TimedOut = "reassembly timed out",
    /// Datagrams displaced by others.
    Displaced = "reassembly displaced",
    /// Datagrams refused: no memory, or too many of their sender.
    Refused = "reassembly refused",
    /// Packets that could not be sent: no room for their headers in a frame.
    NotSent = "packets not sent",
}

/// Counters of one adaptation layer; they wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LowpanCounters([u32; LowpanCounter::ALL.len()]);

impl LowpanCounters {
    /// How often that happened.
    #[must_use]
    pub fn get(&self, counter: LowpanCounter) -> u32 {
        self.0.get(counter as usize).copied().unwrap_or(0)
    }

    /// What happened at all, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (LowpanCounter, u32)> {
        let counts = self.0;
        let all = LowpanCounter::ALL.iter().copied().zip(counts);
        all.filter(|&(_, count)| count > 0)
    }

    pub(super) fn add(&mut self, counter: LowpanCounter, more: u32) {
        if let Some(count) = self.0.get_mut(counter as usize) {
            *count = count.wrapping_add(if COUNTERS { more } else { 0 });
        }
    }

    pub(super) fn count(&mut self, counter: LowpanCounter) {
        if let Some(count) = self.0.get_mut(counter as usize) {
            *count = count.wrapping_add(u32::from(COUNTERS));
        }
    }
}

impl From<LowpanError> for LowpanCounter {
    fn from(error: LowpanError) -> Self {
        match error {
            LowpanError::Dispatch => Self::Dispatch,
            LowpanError::Context => Self::Context,
            LowpanError::ElidedChecksum => Self::ElidedChecksum,
            LowpanError::NoRoom => Self::TooLong,
            LowpanError::Malformed | LowpanError::TooDeep => Self::Malformed,
        }
    }
}

/// Memory for one datagram while its fragments come.
#[derive(Debug)]
pub struct ReassemblySlot<'a> {
    buffer: Storage<'a, u8>,
    state: State,
}

/// What a slot is used for.
#[derive(Clone, Copy, Debug)]
enum State {
    Free,
    Filling(Datagram),
    Whole(Whole),
}

/// A packet that waits to be handed up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    /// Octets of the packet.
    pub(super) size: usize,
    /// Packets that were whole before have smaller numbers.
    pub(super) number: u32,
    /// What came with its last frame.
    pub(super) meta: RxMeta,
}

/// A datagram of which there are fragments.
#[derive(Clone, Copy, Debug)]
struct Datagram {
    key: Key,
    /// Octets that came.
    received: usize,
    fragments: u16,
    /// Units that came.
    units: [u32; UNITS / 32],
    started: Instant,
    heard: Instant,
    authentic: bool,
    elided: Option<ElidedChecksum>,
}

/// What the fragments of a datagram have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) link: LinkAddrs,
    pub(super) size: u16,
    pub(super) tag: u16,
}

impl<'a> ReassemblySlot<'a> {
    /// Memory for a datagram of 18 octets less than `buffer` has.
    pub fn new(buffer: impl Into<Storage<'a, u8>>) -> Self {
        Self {
            buffer: buffer.into(),
            state: State::Free,
        }
    }

    /// Octets of the longest datagram.
    fn capacity(&self) -> usize {
        self.buffer.len().saturating_sub(STATIONS)
    }

    /// A datagram that is whole, behind the header of its stations.
    pub(super) fn packet(&self, size: usize) -> &[u8] {
        let end = STATIONS.saturating_add(size);
        self.buffer.get(..end).unwrap_or_default()
    }

    /// Room for a packet that was in one frame, behind the header of its stations.
    pub(super) fn buffer_mut(&mut self) -> &mut [u8] {
        &mut self.buffer
    }

    pub(super) const fn clear(&mut self) {
        self.state = State::Free;
    }

    /// There is a packet in the slot, to be handed up.
    pub(super) const fn keep(&mut self, whole: Whole) {
        self.state = State::Whole(whole);
    }

    /// The packet that waits to be handed up, if one does.
    pub(super) const fn whole(&self) -> Option<&Whole> {
        match &self.state {
            State::Whole(whole) => Some(whole),
            _ => None,
        }
    }

    const fn filling(&self) -> Option<&Datagram> {
        match &self.state {
            State::Filling(datagram) => Some(datagram),
            _ => None,
        }
    }

    const fn is_free(&self) -> bool {
        matches!(self.state, State::Free)
    }

    /// Take a fragment of the datagram. Returns its size if it is whole.
    fn take(
        &mut self,
        now: Instant,
        fragment: &FragmentPacket<'_>,
        contexts: &Contexts,
    ) -> Result<Option<usize>, LowpanCounter> {
        let State::Filling(state) = &mut self.state else {
            return Ok(None);
        };
        let size = usize::from(state.key.size);
        let end = STATIONS.saturating_add(size);
        let room = self.buffer.get_mut(STATIONS..end);
        let room = room.ok_or(LowpanCounter::TooLong)?;
        // Headers are written where nothing harmful can happen, before it is known whether the
        // fragment is acceptable.
        let mut headers = [0; 256];
        let (start, first, part) = match fragment.offset() {
            Some(units) => (usize::from(units) << 3, &[][..], fragment.payload()),
            None => {
                let payload = fragment.payload();
                let link = &state.key.link;
                let done = decompress(payload, link, contexts, Some(size), &mut headers)?;
                if done.elided.is_some() && !state.authentic {
                    return Err(LowpanCounter::ElidedChecksum);
                }
                state.elided = done.elided;
                let part = payload.get(done.consumed..).unwrap_or_default();
                (0, headers.get(..done.written).unwrap_or_default(), part)
            }
        };
        let len = first.len().saturating_add(part.len());
        let end = start.saturating_add(len);
        if len == 0 || end > size || (len & 7 != 0 && end != size) {
            return Err(LowpanCounter::Malformed);
        }
        match state.claim(start, end) {
            Claim::New => {}
            Claim::Known => return Err(LowpanCounter::DuplicateFragment),
            Claim::Overlap => {
                self.state = State::Free;
                return Err(LowpanCounter::Overlap);
            }
        }
        let place = room.get_mut(start..).unwrap_or_default();
        if let Some((headers, rest)) = place.split_at_mut_checked(first.len()) {
            crate::storage::put(headers, first);
            crate::storage::put(rest, part);
        }
        state.received = state.received.saturating_add(len);
        state.fragments = state.fragments.saturating_add(1);
        state.heard = now;
        if state.received < size {
            return Ok(None);
        }
        if let Some(elided) = state.elided {
            elided.fill(room)?;
        }
        let link = state.key.link;
        match link.emit(self.buffer.get_mut(..STATIONS).unwrap_or_default()) {
            true => Ok(Some(size)),
            false => Err(LowpanCounter::Malformed),
        }
    }
}

enum Claim {
    New,
    /// All of it came before.
    Known,
    /// Some of it did.
    Overlap,
}

impl Datagram {
    /// Note that the octets from `start` to `end` have come.
    fn claim(&mut self, start: usize, end: usize) -> Claim {
        let mut fresh = self.units;
        let (mut new, mut known) = (0_u32, 0_u32);
        for unit in start / 8..end.div_ceil(8) {
            let bit = 1_u32.wrapping_shl(unit as u32);
            let Some(word) = fresh.get_mut(unit / 32) else {
                return Claim::Overlap;
            };
            if *word & bit == 0 {
                new = new.saturating_add(1);
            } else {
                known = known.saturating_add(1);
            }
            *word |= bit;
        }
        match (new, known) {
            (_, 0) => {
                self.units = fresh;
                Claim::New
            }
            (0, _) => Claim::Known,
            _ => Claim::Overlap,
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.heard) > STALLED || now.duration_since(self.started) > TIMEOUT
    }

    /// Whether a new datagram may take the place of this one.
    fn yields(&self, now: Instant, authentic: bool) -> bool {
        let slow = now.duration_since(self.heard) > SLOW;
        let confirmed = self.fragments > 1;
        match (authentic, self.authentic) {
            (true, false) => true,
            (false, true) => false,
            _ => slow || !confirmed,
        }
    }
}

/// Senders that have completed a datagram lately.
#[derive(Debug, Default)]
struct Senders([Option<(HardwareAddr, Instant)>; SENDERS]);

impl Senders {
    /// Whether a sender has, or anybody.
    fn know(&self, sender: Option<HardwareAddr>, now: Instant) -> bool {
        let mut known = self.0.iter().flatten();
        known.any(|&(addr, at)| {
            sender.is_none_or(|sender| addr == sender) && now.duration_since(at) <= REMEMBERED
        })
    }

    /// Whether a datagram is of a sender that has completed none and that nobody vouches for.
    fn strange(&self, sender: HardwareAddr, authentic: bool, now: Instant) -> bool {
        !authentic && !self.know(Some(sender), now)
    }

    /// A sender has completed a datagram. Nobody is forgotten for it before his time.
    fn remember(&mut self, sender: HardwareAddr, now: Instant) {
        let same =
            |slot: &Option<(HardwareAddr, Instant)>| slot.is_some_and(|(addr, _)| addr == sender);
        let over = |slot: &Option<(HardwareAddr, Instant)>| {
            slot.is_none_or(|(_, at)| now.duration_since(at) > REMEMBERED)
        };
        let known = self.0.iter().position(same);
        let place = known.or_else(|| self.0.iter().position(over));
        if let Some(slot) = place.and_then(|place| self.0.get_mut(place)) {
            *slot = Some((sender, now));
        }
    }
}

/// Datagrams of which there are fragments.
#[derive(Debug)]
pub(super) struct Reassembly<'a> {
    pub(super) slots: Storage<'a, ReassemblySlot<'a>>,
    /// Datagrams of one sender at once.
    quota: usize,
    senders: Senders,
    /// Whether there may be fragments.
    busy: bool,
}

impl<'a> Reassembly<'a> {
    pub(super) fn new(slots: Storage<'a, ReassemblySlot<'a>>, quota: usize) -> Self {
        Self {
            slots,
            quota,
            senders: Senders::default(),
            busy: false,
        }
    }

    /// Whether a slot has no packet that waits to be handed up.
    pub(super) fn has_room(&self) -> bool {
        self.slots.iter().any(|slot| slot.whole().is_none())
    }

    /// A free slot.
    pub(super) fn free(&self) -> Option<usize> {
        self.slots.iter().position(ReassemblySlot::is_free)
    }

    /// Take a fragment. Returns place and size of the datagram if it is whole.
    pub(super) fn take(
        &mut self,
        now: Instant,
        key: Key,
        fragment: &FragmentPacket<'_>,
        meta: &RxMeta,
        contexts: &Contexts,
        counters: &mut LowpanCounters,
    ) -> Option<(usize, usize)> {
        let result = self.try_take(now, key, fragment, meta, contexts, counters);
        match result {
            Ok(whole) => whole,
            Err(reason) => {
                counters.count(reason);
                None
            }
        }
    }

    fn try_take(
        &mut self,
        now: Instant,
        key: Key,
        fragment: &FragmentPacket<'_>,
        meta: &RxMeta,
        contexts: &Contexts,
        counters: &mut LowpanCounters,
    ) -> Result<Option<(usize, usize)>, LowpanCounter> {
        if usize::from(key.size) < IPV6 {
            return Err(LowpanCounter::Malformed);
        }
        self.expire(now, counters);
        let known = self.slots.iter().position(|slot| {
            // A frame that nobody vouches for is no part of one that somebody does.
            let fits = |state: &Datagram| state.key == key && state.authentic == meta.authentic;
            slot.filling().is_some_and(fits)
        });
        let (place, new) = match known {
            Some(place) => (place, false),
            None => (self.make_room(now, &key, meta.authentic, counters)?, true),
        };
        let slot = self.slots.get_mut(place).ok_or(LowpanCounter::Refused)?;
        if new {
            self.busy = true;
            slot.state = State::Filling(Datagram {
                key,
                received: 0,
                fragments: 0,
                units: [0; UNITS / 32],
                started: now,
                heard: now,
                authentic: meta.authentic,
                elided: None,
            });
        }
        match slot.take(now, fragment, contexts) {
            Ok(None) => Ok(None),
            Ok(Some(size)) => {
                self.senders.remember(key.link.src, now);
                Ok(Some((place, size)))
            }
            Err(reason) => {
                if new {
                    slot.state = State::Free;
                }
                Err(reason)
            }
        }
    }

    /// Give up what takes too long.
    #[inline]
    pub(super) fn expire(&mut self, now: Instant, counters: &mut LowpanCounters) {
        if LOWPAN_FRAGMENTS && self.busy {
            self.run_out(now, counters);
        }
    }

    fn run_out(&mut self, now: Instant, counters: &mut LowpanCounters) {
        self.busy = false;
        for slot in self.slots.iter_mut() {
            if slot.filling().is_some_and(|state| state.is_over(now)) {
                slot.state = State::Free;
                counters.count(LowpanCounter::TimedOut);
            }
            self.busy |= slot.filling().is_some();
        }
    }

    /// A place for a new datagram: a free one, or that of one which yields.
    fn make_room(
        &mut self,
        now: Instant,
        key: &Key,
        authentic: bool,
        counters: &mut LowpanCounters,
    ) -> Result<usize, LowpanCounter> {
        let size = usize::from(key.size);
        let sender = key.link.src;
        let is_own = |state: &Datagram| state.key.link.src == sender;
        let is_strange = |state: &Datagram| {
            self.senders
                .strange(state.key.link.src, state.authentic, now)
        };
        let (mut fits, mut own, mut strange) = (false, 0_usize, 0_usize);
        for slot in self.slots.iter() {
            fits |= slot.capacity() >= size;
            // What is whole is no reservation: it goes as soon as somebody takes it.
            if let Some(state) = slot.filling() {
                own = own.saturating_add(is_own(state).into());
                strange = strange.saturating_add(is_strange(state).into());
            }
        }
        if !fits {
            return Err(LowpanCounter::TooLong);
        }
        let full = own >= self.quota;
        let for_strangers = match self.senders.know(None, now) {
            true => self.slots.len().div_ceil(2),
            false => self.slots.len(),
        };
        let crowded = strange >= for_strangers && self.senders.strange(sender, authentic, now);
        // Whoever has used up the quota can displace own datagrams only, and strangers those of
        // strangers.
        let mut oldest = None;
        for (place, slot) in self.slots.iter().enumerate() {
            let state = match &slot.state {
                _ if slot.capacity() < size => continue,
                State::Free if !full && !crowded => return Ok(place),
                State::Filling(state) if state.yields(now, authentic) => state,
                _ => continue,
            };
            let (own, strange) = (is_own(state), is_strange(state));
            let rank = (u8::from(!own) << 1 | u8::from(!strange), state.heard);
            if (!full || own)
                && (!crowded || strange)
                && oldest.is_none_or(|(_, least)| rank < least)
            {
                oldest = Some((place, rank));
            }
        }
        let (place, _) = oldest.ok_or(LowpanCounter::Refused)?;
        counters.count(LowpanCounter::Displaced);
        Ok(place)
    }
}
