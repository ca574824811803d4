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
use litz_hal::time::Instant;

use super::context::Contexts;
use super::decompress::{ElidedChecksum, decompress};
use super::link::STATIONS;
use super::start::FragmentPacket;
use super::{LinkAddrs, LowpanError};
use crate::parts::{COUNTERS, LOWPAN_FRAGMENTS};
use crate::storage::Storage;

/// How long the fragments of a datagram may take (RFC 4944 §5.3).
const TIMEOUT: u32 = ticks(60_000);
/// How long the next fragment may take: some hundred times what a frame does, retries and all.
const STALLED: u32 = ticks(5_000);
/// After this long without a fragment a datagram may be displaced.
const SLOW: u32 = ticks(500);
/// How long a sender that completed a datagram is remembered, and how many are.
const REMEMBERED: u32 = ticks(60_000);
const SENDERS: usize = 8;
/// Octets of an IPv6 header: no datagram is shorter.
const IPV6: usize = 40;
/// Units of eight octets in the longest datagram.
const UNITS: usize = 256;

/// A time of which differences matter: units of 1024 µs on a circle of 50 days.
#[derive(Clone, Copy, Debug)]
struct Tick(u32);

impl Tick {
    const fn of(now: Instant) -> Self {
        Self((now.total_micros() >> 10) as u32)
    }

    /// Units since an earlier time.
    const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

/// So many milliseconds in the units of [`Tick`].
const fn ticks(millis: u32) -> u32 {
    (millis / 128).wrapping_mul(125)
}

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
    /// More than one fragment did.
    confirmed: bool,
    /// Units that came.
    units: [u32; UNITS / 32],
    started: Tick,
    heard: Tick,
    elided: Option<ElidedChecksum>,
}

/// What the fragments of a datagram have in common. A frame that nobody vouches for is no part of
/// one that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The stations, as [`LinkAddrs::emit`] writes them.
    pub(super) stations: [u8; STATIONS],
    pub(super) size: u16,
    pub(super) tag: u16,
    /// Somebody vouches for them.
    pub(super) authentic: bool,
}

/// Who sent it.
type Sender = [u8; STATIONS / 2];

impl Key {
    const fn sender(&self) -> Sender {
        let [.., a, b, c, d, e, f, g, h, i] = self.stations;
        [a, b, c, d, e, f, g, h, i]
    }
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
        let end = STATIONS.wrapping_add(size);
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

    /// Take a fragment of the datagram. Returns whether it is whole.
    fn take(
        &mut self,
        now: Tick,
        fragment: &FragmentPacket<'_>,
        link: &LinkAddrs,
        contexts: &Contexts,
    ) -> Result<bool, LowpanCounter> {
        let State::Filling(state) = &mut self.state else {
            return Ok(false);
        };
        let size = usize::from(state.key.size);
        let octets = self.buffer.split_at_mut_checked(STATIONS);
        let (stations, room) = octets.ok_or(LowpanCounter::TooLong)?;
        let room = room.get_mut(..size).ok_or(LowpanCounter::TooLong)?;
        // Headers are written where nothing harmful can happen, before it is known whether the
        // fragment is acceptable.
        let mut headers = [0; 256];
        let (mut start, mut first, mut part) = (0, &[][..], fragment.payload());
        if let Some(units) = fragment.offset() {
            start = usize::from(units) << 3;
        } else {
            let done = decompress(part, link, contexts, Some(size), &mut headers)?;
            if done.elided.is_some() && !state.key.authentic {
                return Err(LowpanCounter::ElidedChecksum);
            }
            state.elided = done.elided;
            first = headers.get(..done.written).unwrap_or_default();
            part = part.get(done.consumed..).unwrap_or_default();
        }
        let len = first.len().wrapping_add(part.len());
        let end = start.wrapping_add(len);
        if len == 0 || end > size || (len & 7 != 0 && end != size) {
            return Err(LowpanCounter::Malformed);
        }
        state.claim(start, end)?;
        let place = room.get_mut(start..).unwrap_or_default();
        if let Some((headers, rest)) = place.split_at_mut_checked(first.len()) {
            crate::storage::put(headers, first);
            crate::storage::put(rest, part);
        }
        state.confirmed = state.received > 0;
        state.received = state.received.wrapping_add(len);
        state.heard = now;
        let whole = state.received >= size;
        if whole {
            if let Some(elided) = state.elided {
                elided.fill(room)?;
            }
            crate::storage::put(stations, &state.key.stations);
        }
        Ok(whole)
    }
}

impl Datagram {
    /// Note that the octets from `start` to `end` have come; none of them did before.
    ///
    /// # Errors
    /// [`LowpanCounter::DuplicateFragment`] if all of them did, [`LowpanCounter::Overlap`] if some.
    fn claim(&mut self, start: usize, end: usize) -> Result<(), LowpanCounter> {
        let mut fresh = self.units;
        let (first, last) = (start / 8, end.div_ceil(8));
        let mut known = 0_usize;
        for unit in first..last {
            let word = fresh.get_mut(unit / 32).ok_or(LowpanCounter::Overlap)?;
            let bit = 1_u32.wrapping_shl(unit as u32);
            known = known.wrapping_add((*word & bit != 0).into());
            *word |= bit;
        }
        if known == 0 {
            self.units = fresh;
            return Ok(());
        }
        Err(match last.wrapping_sub(first) == known {
            true => LowpanCounter::DuplicateFragment,
            false => LowpanCounter::Overlap,
        })
    }

    const fn is_over(&self, now: Tick) -> bool {
        now.since(self.heard) > STALLED || now.since(self.started) > TIMEOUT
    }

    /// Whether a new datagram may take the place of this one.
    const fn yields(&self, now: Tick, authentic: bool) -> bool {
        if authentic != self.key.authentic {
            return authentic;
        }
        !self.confirmed || now.since(self.heard) > SLOW
    }
}

/// Senders that have completed a datagram lately.
#[derive(Debug, Default)]
struct Senders([Option<(Sender, Tick)>; SENDERS]);

impl Senders {
    /// Whether a sender has, or anybody.
    fn know(&self, sender: Option<&Sender>, now: Tick) -> bool {
        let mut known = self.0.iter().flatten();
        known.any(|(addr, at)| {
            now.since(*at) <= REMEMBERED && sender.is_none_or(|sender| addr == sender)
        })
    }

    /// Whether a datagram is of a sender that has completed none and that nobody vouches for.
    fn strange(&self, sender: &Sender, authentic: bool, now: Tick) -> bool {
        !authentic && !self.know(Some(sender), now)
    }

    /// A sender has completed a datagram. Nobody is forgotten for it before his time.
    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn remember(&mut self, sender: Sender, now: Tick) {
        let mut place = None;
        for slot in &mut self.0 {
            let (same, over) = match slot {
                Some((addr, at)) => (*addr == sender, now.since(*at) > REMEMBERED),
                None => (false, true),
            };
            if same {
                place = Some(slot);
                break;
            }
            if over && place.is_none() {
                place = Some(slot);
            }
        }
        if let Some(slot) = place {
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

    /// Take a fragment. Returns the place of the datagram if it is whole.
    pub(super) fn take(
        &mut self,
        now: Instant,
        key: &Key,
        fragment: &FragmentPacket<'_>,
        link: &LinkAddrs,
        contexts: &Contexts,
        counters: &mut LowpanCounters,
    ) -> Result<Option<usize>, LowpanCounter> {
        let now = Tick::of(now);
        if usize::from(key.size) < IPV6 {
            return Err(LowpanCounter::Malformed);
        }
        let known = self
            .slots
            .iter()
            .position(|slot| slot.filling().is_some_and(|state| state.key == *key));
        let place = match known {
            Some(place) => place,
            None => self.make_room(now, key, counters)?,
        };
        let slot = self.slots.get_mut(place).ok_or(LowpanCounter::Refused)?;
        if known.is_none() {
            self.busy = true;
            slot.state = State::Filling(Datagram {
                key: *key,
                received: 0,
                confirmed: false,
                units: [0; UNITS / 32],
                started: now,
                heard: now,
                elided: None,
            });
        }
        match slot.take(now, fragment, link, contexts) {
            Ok(false) => Ok(None),
            Ok(true) => {
                self.senders.remember(key.sender(), now);
                Ok(Some(place))
            }
            Err(reason) => {
                if known.is_none() || reason == LowpanCounter::Overlap {
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
        let now = Tick::of(now);
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
        now: Tick,
        key: &Key,
        counters: &mut LowpanCounters,
    ) -> Result<usize, LowpanCounter> {
        let authentic = key.authentic;
        let size = usize::from(key.size);
        let sender = key.sender();
        let is_own = |state: &Datagram| state.key.sender() == sender;
        let is_strange = |state: &Datagram| {
            self.senders
                .strange(&state.key.sender(), state.key.authentic, now)
        };
        let (mut fits, mut own, mut strange) = (false, 0_usize, 0_usize);
        for slot in self.slots.iter() {
            fits |= slot.capacity() >= size;
            // What is whole is no reservation: it goes as soon as somebody takes it.
            if let Some(state) = slot.filling() {
                own = own.wrapping_add(is_own(state).into());
                strange = strange.wrapping_add(is_strange(state).into());
            }
        }
        if COUNTERS && !fits {
            return Err(LowpanCounter::TooLong);
        }
        let full = own >= self.quota;
        let for_strangers = match self.senders.know(None, now) {
            true => self.slots.len().div_ceil(2),
            false => self.slots.len(),
        };
        let crowded = strange >= for_strangers && self.senders.strange(&sender, authentic, now);
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
            // Of own ones the oldest, then of strangers', then of all.
            let age = now.since(state.heard) & AGE;
            let rank = u32::from(own) << 31 | u32::from(strange) << 30 | age;
            if (!full || own) && (!crowded || strange) && oldest.is_none_or(|(_, most)| rank > most)
            {
                oldest = Some((place, rank));
            }
        }
        let (place, _) = oldest.ok_or(LowpanCounter::Refused)?;
        counters.count(LowpanCounter::Displaced);
        Ok(place)
    }
}

/// What a rank has of an age: more than what is not over can have.
const AGE: u32 = u32::MAX >> 2;
