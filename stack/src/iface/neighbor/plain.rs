//! Neighbors that are asked for anew once a minute while they are sent to, and that is all: without
//! the checks of those that fall silent (RFC 4861 §7.3). Packets go to the station that was known
//! until somebody answers, or nobody does.

use litz_hal::time::{Deadline, Duration, Instant};

use super::{Evidence, Learned, MAX_SOLICIT, RETRANS_TIMER, Resolution, Solicit};
use crate::addr::{Ip, same};
use crate::iface::hardware::HardwareAddr;
use crate::parts::{AUTOCONF, Kept, QUEUE};
use crate::storage::Storage;

/// How long an answer is good for: in the order of a minute (RFC 1122 §2.3.2.1).
const GOOD: Duration = Duration::from_millis(60_000);

/// A station's address as it is kept: that of Ethernet alone where there is no other medium.
#[cfg(not(feature = "ieee802154"))]
type Station = litz_wire::EthernetAddress;
/// A station's address as it is kept.
#[cfg(feature = "ieee802154")]
type Station = HardwareAddr;

/// What is kept of a station's address.
#[cfg(not(feature = "ieee802154"))]
const fn kept_station(addr: HardwareAddr) -> Option<Station> {
    addr.ethernet()
}

/// The address of a station.
#[cfg(not(feature = "ieee802154"))]
const fn full_station(station: Station) -> HardwareAddr {
    HardwareAddr::Ethernet(station)
}

/// What is kept of a station's address.
#[cfg(feature = "ieee802154")]
const fn kept_station(addr: HardwareAddr) -> Option<Station> {
    Some(addr)
}

/// The address of a station.
#[cfg(feature = "ieee802154")]
const fn full_station(station: Station) -> HardwareAddr {
    station
}

/// Questions for a neighbor that is not asked for.
const IDLE: u8 = u8::MAX;

/// One neighbor.
#[derive(Clone, Copy, Debug)]
struct Entry {
    addr: Ip,
    /// Unknown before the first answer.
    station: Option<Station>,
    /// It advertises itself as a router.
    is_router: Kept<bool, { AUTOCONF as usize }>,
    /// Questions so far, if it is being asked for; else [`IDLE`].
    sent: u8,
    /// When the next question is due, or else when the answer is no longer good: an [`Instant`] in
    /// halves, which leave no gap beside the rest.
    at: [u32; 2],
}

impl Entry {
    /// Begin to ask, unless that is under way.
    const fn ask(&mut self, now: Instant) {
        if !self.is_asked_for() {
            self.sent = 0;
            self.set(now);
        }
    }

    /// When something is due.
    const fn at(&self) -> Instant {
        let [high, low] = self.at;
        Instant::from_micros(((high as u64) << 32 | low as u64) as i64)
    }

    const fn set(&mut self, at: Instant) {
        self.at = halves(at);
    }

    /// Whether it is being asked for.
    const fn is_asked_for(&self) -> bool {
        self.sent != IDLE
    }

    /// It is there.
    fn answered(&mut self, now: Instant) {
        self.sent = IDLE;
        self.set(now.saturating_add(GOOD));
    }
}

/// An instant in halves.
const fn halves(at: Instant) -> [u32; 2] {
    let micros = at.total_micros() as u64;
    [(micros >> 32) as u32, micros as u32]
}

/// Room for one neighbor.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeighborSlot(Option<Entry>);

/// What is lost if another entry takes the slot of one that has aged, and of a free one.
const AGED: u8 = 1;

impl NeighborSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);

    /// What is lost if another entry takes the slot; the older, the less. Whoever makes us send to
    /// many addresses fills the cache with such as do not answer; they displace each other.
    fn worth(&self, now: Instant) -> (u8, Instant) {
        let Some(entry) = &self.0 else {
            return (0, now);
        };
        let worth = match entry.station {
            Some(_) if entry.is_asked_for() || now < entry.at() => 3,
            Some(_) => AGED,
            None => 2,
        };
        (worth, entry.at())
    }
}

/// The neighbors of one interface.
#[derive(Debug)]
pub(crate) struct NeighborCache<'a> {
    slots: Storage<'a, NeighborSlot>,
    /// Whether an entry that packets wait for had to go since this was last asked.
    displaced: bool,
}

impl<'a> NeighborCache<'a> {
    pub(crate) const fn new(slots: Storage<'a, NeighborSlot>) -> Self {
        Self {
            slots,
            displaced: false,
        }
    }

    /// How long an answer is good for is not for routers to say here.
    pub(crate) const fn set_reachable_time(&mut self, _: Duration) {}

    /// Time between solicitations.
    pub(crate) const fn retrans_timer(&self) -> Duration {
        RETRANS_TIMER
    }

    /// Nor is this.
    pub(crate) const fn set_retrans_timer(&mut self, _: Duration) {}

    /// The hardware address of a next hop. Asking for one that is unknown begins its resolution.
    pub(crate) fn resolve(&mut self, addr: Ip, now: Instant) -> Resolution {
        let Some(entry) = self.find(addr) else {
            let entry = Entry {
                addr,
                station: None,
                is_router: Kept::default(),
                sent: 0,
                at: halves(now),
            };
            self.put(entry, u8::MAX, now);
            return Resolution::Wait;
        };
        if entry.at() <= now {
            entry.ask(now);
        }
        match entry.station {
            Some(station) => Resolution::Known {
                station: full_station(station),
                until: entry.at(),
            },
            None => Resolution::Wait,
        }
    }

    /// The hardware address of a neighbor that was resolved; asks for nothing.
    pub(crate) fn known(&self, addr: Ip) -> Option<HardwareAddr> {
        let entry = self.entries().find(|entry| same(&entry.addr, &addr))?;
        entry.station.map(full_station)
    }

    /// Whether a neighbor is in the cache at all, resolved or not.
    pub(crate) fn contains(&self, addr: Ip) -> bool {
        self.entries().any(|entry| same(&entry.addr, &addr))
    }

    /// Take note of a message about a neighbor, and of the hardware address that it gave.
    pub(crate) fn learn(
        &mut self,
        addr: Ip,
        told: Option<HardwareAddr>,
        evidence: Evidence,
        now: Instant,
    ) -> Learned {
        // We ask everybody, so each answer has an address (RFC 4861 §7.2.4).
        let told = told.filter(HardwareAddr::is_unicast);
        let Some(station) = told.and_then(kept_station) else {
            return Learned::default();
        };
        let Some(entry) = self.find(addr) else {
            if evidence.makes_an_entry() {
                let mut entry = Entry {
                    addr,
                    station: Some(station),
                    is_router: Kept::new(evidence.router() == Some(true)),
                    sent: IDLE,
                    at: halves(now),
                };
                entry.answered(now);
                self.put(entry, AGED, now);
            }
            return Learned::default();
        };
        let overrides = !matches!(
            evidence,
            Evidence::Advert {
                overrides: false,
                ..
            }
        );
        if entry.station.is_some_and(|known| known != station) && !overrides {
            return Learned::default();
        }
        let resolved = entry.station.is_none();
        entry.station = Some(station);
        entry.answered(now);
        let was_router = entry.is_router.get().is_some_and(|&is| is);
        let is_router = evidence.router().unwrap_or(was_router);
        entry.is_router = Kept::new(is_router);
        Learned {
            resolved,
            left_routers: was_router && !is_router,
        }
    }

    /// A layer above got answers by way of a neighbor: it need not be asked (RFC 4861 §7.3.1).
    pub(crate) fn confirm(&mut self, addr: Ip, now: Instant) {
        if let Some(entry) = self.find(addr)
            && entry.station.is_some()
        {
            entry.answered(now);
        }
    }

    /// A layer above has had no answer by way of a neighbor for long: it is asked for now, unless
    /// it is being asked for already.
    pub(crate) fn doubt(&mut self, addr: Ip, now: Instant) {
        if let Some(entry) = self.find(addr) {
            entry.ask(now);
        }
    }

    /// What the timers want next, if one is due.
    pub(crate) fn next_solicit(&mut self, now: Instant) -> Option<Solicit> {
        let due = |entry: &Entry| entry.is_asked_for() && entry.at() <= now;
        let mut slots = self.slots.iter_mut();
        let slot = slots.find(|slot| slot.0.as_ref().is_some_and(due))?;
        let entry = slot.0.as_mut()?;
        let addr = entry.addr;
        if entry.sent >= MAX_SOLICIT {
            slot.0 = None;
            return Some(Solicit::GiveUp(addr));
        }
        entry.sent = entry.sent.saturating_add(1);
        entry.set(now.saturating_add(RETRANS_TIMER));
        Some(Solicit::Multicast(addr))
    }

    /// When [`NeighborCache::next_solicit`] has something to do.
    pub(crate) fn poll_at(&self) -> Deadline {
        let asking = self.entries().filter(|entry| entry.is_asked_for());
        asking.map(Entry::at).min().into()
    }

    /// Whether an entry that packets may wait for had to make room since the last call.
    pub(crate) fn take_displaced(&mut self) -> bool {
        core::mem::take(&mut self.displaced)
    }

    /// Neighbors whose hardware address is known.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Ip, HardwareAddr)> {
        self.entries()
            .filter_map(|entry| Some((entry.addr, full_station(entry.station?))))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|slot| slot.0.as_ref())
    }

    fn find(&mut self, addr: Ip) -> Option<&mut Entry> {
        self.slots
            .iter_mut()
            .filter_map(|slot| slot.0.as_mut())
            .find(|entry| same(&entry.addr, &addr))
    }

    /// Put an entry into the slot that is of least use, unless that is worth more than `most`: so
    /// strangers who ask us something displace nobody in use.
    #[inline(never)]
    fn put(&mut self, entry: Entry, most: u8, now: Instant) {
        let slot = self.slots.iter_mut().min_by_key(|slot| slot.worth(now));
        if let Some(slot) = slot
            && slot.worth(now).0 <= most
        {
            self.displaced |= QUEUE && slot.0.is_some_and(|old| old.station.is_none());
            slot.0 = Some(entry);
        }
    }
}

impl Default for NeighborCache<'_> {
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

#[cfg(test)]
mod tests;
