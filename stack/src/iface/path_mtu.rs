//! The largest packets that paths are known to carry (RFC 1191, RFC 8201): learned from routers
//! that had to drop a larger one, forgotten after ten minutes, so that a path that has become wider
//! is found out. All interfaces and protocols of a socket set share what is known. Who may teach is
//! decided elsewhere: the sender of the dropped packet is asked.

use litz_hal::time::{Duration, Instant};

use crate::addr::{Ip, is_v4};
use crate::parts::{ERRORS, Kept};
use crate::storage::{Room, Storage};

/// How long a path is believed to be narrow (RFC 1191 §6.3, RFC 8201 §5.3).
const LIFETIME: Duration = Duration::from_secs(600);
/// No path of IPv6 is narrower (RFC 8200 §5).
const MIN_V6: usize = 1280;
/// What every host takes (RFC 1122 §3.3.3); what claims to be less over IPv4 is not believed.
const MIN_V4: usize = 576;

/// Nothing is known that is narrower than the link.
pub(crate) const UNKNOWN: usize = usize::MAX;

/// Memory of one path's MTU.
#[derive(Clone, Copy, Debug, Default)]
pub struct PathMtuSlot(Option<Entry>);

impl PathMtuSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    dst: Ip,
    mtu: usize,
    learned: Instant,
}

/// What a host knows of paths.
#[derive(Debug, Default)]
pub(crate) struct PathMtus<'a> {
    slots: Room<'a, PathMtuSlot, { ERRORS as usize }>,
    /// Whether any slot has been written, so that nothing is looked up where nothing is known.
    used: Kept<bool, { ERRORS as usize }>,
}

impl<'a> PathMtus<'a> {
    pub(crate) fn new(slots: Storage<'a, PathMtuSlot>) -> Self {
        Self {
            slots: Room::new(slots),
            used: Kept::default(),
        }
    }

    /// Octets of the largest packet that goes to a destination whatever the link, as far as is
    /// known.
    #[inline]
    pub(crate) fn of(&self, dst: Ip, now: Instant) -> usize {
        if self.used.get().is_some_and(|&used| used) {
            self.look_up(dst, now).unwrap_or(UNKNOWN)
        } else {
            UNKNOWN
        }
    }

    #[inline(never)]
    fn look_up(&self, dst: Ip, now: Instant) -> Option<usize> {
        let known = self.slots.iter().filter_map(|slot| slot.0);
        known
            .filter(|entry| entry.dst == dst && now.duration_since(entry.learned) < LIFETIME)
            .map(|entry| entry.mtu)
            .next()
    }

    /// A router says what the next link takes. Returns whether the path is narrower than what was
    /// known; reports of wider ones are of packets sent before (RFC 8201 §4).
    pub(crate) fn learn(&mut self, dst: Ip, mtu: usize, link: usize, now: Instant) -> bool {
        let mtu = mtu.max(least(dst));
        if mtu >= self.of(dst, now).min(link) {
            return false;
        }
        self.note(dst, mtu, now)
    }

    /// Packets of `mtu` octets were found to arrive, and larger ones not or not yet (RFC 4821 §3).
    /// Unlike a report this may be more than what was known.
    pub(crate) fn find_out(&mut self, dst: Ip, mtu: usize, link: usize, now: Instant) {
        let known = self.of(dst, now) != UNKNOWN;
        if ERRORS && (known || mtu < link) {
            self.note(dst, mtu.max(least(dst)).min(link), now);
        }
    }

    fn note(&mut self, dst: Ip, mtu: usize, now: Instant) -> bool {
        let rank = |slot: &PathMtuSlot| match slot.0 {
            Some(entry) if entry.dst == dst => (false, Instant::ZERO),
            None => (true, Instant::from_micros(i64::MIN)),
            Some(entry) => (true, entry.learned),
        };
        let Some(slot) = self.slots.iter_mut().min_by_key(|slot| rank(slot)) else {
            return false;
        };
        slot.0 = Some(Entry {
            dst,
            mtu,
            learned: now,
        });
        self.used = Kept::new(true);
        true
    }
}

/// The narrowest path to a destination that is believed.
const fn least(dst: Ip) -> usize {
    if is_v4(&dst) { MIN_V4 } else { MIN_V6 }
}

/// What a router takes that dropped an IPv4 packet of this length and did not say more: the next
/// usual MTU below (RFC 1191 §7).
pub(super) const fn plateau(len: usize) -> usize {
    match len {
        32_001.. => 32_000,
        17_915..=32_000 => 17_914,
        8_167..=17_914 => 8_166,
        4_353..=8_166 => 4_352,
        2_003..=4_352 => 2_002,
        1_493..=2_002 => 1_492,
        1_007..=1_492 => 1_006,
        _ => MIN_V4,
    }
}

#[cfg(test)]
mod tests;
