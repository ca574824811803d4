//! The neighbor cache: one state machine (RFC 4861 §7.3.2) for ARP and neighbor discovery, each
//! entry with its own timer and retries. It decides when to ask and what to believe; the asking
//! itself is the caller's.
//!
//! Nobody outside can make it grow: entries are made for destinations that we send to, and for
//! neighbors that ask us something, and when it is full an entry that is not in use makes room
//! (RFC 6583 §7.1).

mod slot;

use core::net::IpAddr;

use litz_hal::time::{Deadline, Duration, Instant};

pub use self::slot::NeighborSlot;
use self::slot::{Entry, NEVER_USED, State};
use super::hardware::HardwareAddr;
use crate::parts::same;
use crate::storage::Storage;

/// Time between solicitations (RFC 4861 §10, `RETRANS_TIMER`).
pub(crate) const RETRANS_TIMER: Duration = Duration::from_millis(1000);
/// Solicitations before giving up (RFC 4861 §10, `MAX_MULTICAST_SOLICIT`, `MAX_UNICAST_SOLICIT`).
const MAX_SOLICIT: u8 = 3;
/// How long an answer is good for on average (RFC 4861 §10, `REACHABLE_TIME`).
pub(crate) const REACHABLE_TIME: Duration = Duration::from_millis(30_000);
/// How long to wait for a sign of life before asking (RFC 4861 §10, `DELAY_FIRST_PROBE_TIME`).
const DELAY_FIRST_PROBE_TIME: Duration = Duration::from_millis(5_000);

/// What is known of a next hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// Its hardware address, and that nothing is to be done about it before `until`.
    Known {
        station: HardwareAddr,
        until: Instant,
    },
    /// It is being asked for.
    Wait,
}

/// What a timer of the cache wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Solicit {
    /// Ask everybody who has the address.
    Multicast(IpAddr),
    /// Ask the one who had it.
    Unicast(IpAddr, HardwareAddr),
    /// It was asked often enough in vain, and is forgotten.
    GiveUp(IpAddr),
}

/// What a message about a neighbor is worth (RFC 4861 §7.2.3, §7.2.5, §6.2.6, §6.3.4, §8.3;
/// RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// It advertised itself, in answer to our question or not. ARP knows no routers.
    Advert {
        solicited: bool,
        overrides: bool,
        router: Option<bool>,
    },
    /// It asked us something, so it will want to hear from us.
    Asked,
    /// It asked for routers, so it is none.
    SoughtRouter,
    /// It advertised itself as a router, or another router told that it is one.
    Router,
    /// Another told us about it (RFC 4861 §8.3).
    Told,
}

impl Evidence {
    /// Whether it is a reason to remember a neighbor that we have not sent to.
    const fn makes_an_entry(self) -> bool {
        !matches!(self, Self::Advert { .. })
    }

    /// What it says of the neighbor's being a router.
    const fn router(self) -> Option<bool> {
        match self {
            Self::Advert { router, .. } => router,
            Self::Router => Some(true),
            Self::SoughtRouter => Some(false),
            Self::Asked | Self::Told => None,
        }
    }
}

/// What changed by a message about a neighbor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    /// Packets can be sent to it that could not before.
    pub(crate) resolved: bool,
    /// It was a router and is none any more.
    pub(crate) left_routers: bool,
}

/// The neighbors of one interface.
#[derive(Debug)]
pub(crate) struct NeighborCache<'a> {
    slots: Storage<'a, NeighborSlot>,
    /// Earliest timer, kept up by whatever changes one.
    due: Deadline,
    /// How long an answer is good for: [`REACHABLE_TIME`] or what a router said, made random.
    pub(crate) reachable_time: Duration,
    /// Time between solicitations of IPv6: [`RETRANS_TIMER`] or what a router said.
    pub(crate) retrans_timer: Duration,
    /// Whether an entry that packets wait for had to go since this was last asked.
    displaced: bool,
}

impl<'a> NeighborCache<'a> {
    pub(crate) fn new(slots: Storage<'a, NeighborSlot>) -> Self {
        Self {
            slots,
            due: Deadline::NEVER,
            reachable_time: REACHABLE_TIME,
            retrans_timer: RETRANS_TIMER,
            displaced: false,
        }
    }

    /// The hardware address of a next hop. Asking for one that is unknown begins its resolution.
    pub(crate) fn resolve(&mut self, addr: IpAddr, now: Instant) -> Resolution {
        let Some(entry) = self.find(addr) else {
            self.insert(Entry {
                addr,
                hardware_addr: None,
                is_router: false,
                state: State::Incomplete { sent: 0, due: now },
                used: now,
            });
            return Resolution::Wait;
        };
        entry.used = now;
        let Some(station) = entry.hardware_addr else {
            return Resolution::Wait;
        };
        let until = match entry.state {
            State::Incomplete { .. } => return Resolution::Wait,
            State::Reachable { until } if now < until => until,
            State::Delay { due } | State::Probe { due, .. } => due,
            State::Reachable { .. } | State::Stale => {
                let due = now.saturating_add(DELAY_FIRST_PROBE_TIME);
                entry.state = State::Delay { due };
                self.due = self.due.min(Deadline::at(due));
                due
            }
        };
        Resolution::Known { station, until }
    }

    /// The hardware address of a neighbor that was resolved; asks for nothing.
    pub(crate) fn known(&self, addr: IpAddr) -> Option<HardwareAddr> {
        self.entries()
            .find(|entry| same(&entry.addr, &addr))
            .and_then(|entry| entry.hardware_addr)
    }

    /// Whether a neighbor is in the cache at all, resolved or not.
    pub(crate) fn contains(&self, addr: IpAddr) -> bool {
        self.entries().any(|entry| same(&entry.addr, &addr))
    }

    /// Take note of a message about a neighbor, and of the hardware address that it gave.
    pub(crate) fn learn(
        &mut self,
        addr: IpAddr,
        told: Option<HardwareAddr>,
        evidence: Evidence,
        now: Instant,
    ) -> Learned {
        let told = told.filter(HardwareAddr::is_unicast);
        let reachable = State::Reachable {
            until: now.saturating_add(self.reachable_time),
        };
        let Some(entry) = self.find(addr) else {
            if let Some(hardware_addr) = told
                && evidence.makes_an_entry()
            {
                self.insert_asker(addr, hardware_addr, evidence, now);
            }
            return Learned::default();
        };
        let was_router = entry.is_router;
        let resolved = match (entry.hardware_addr, told) {
            // RFC 4861 §7.2.5: without an address the advertisement is of no use here.
            (None, None) => return Learned::default(),
            (None, Some(station)) => {
                entry.complete(station, evidence, reachable);
                true
            }
            (Some(known), told) => {
                if !entry.update(told.filter(|&told| told != known), evidence, reachable) {
                    self.refresh();
                    return Learned::default();
                }
                false
            }
        };
        entry.is_router = evidence.router().unwrap_or(was_router);
        let left_routers = was_router && !entry.is_router;
        self.refresh();
        Learned {
            resolved,
            left_routers,
        }
    }

    /// A layer above got answers by way of a neighbor: it need not be asked (RFC 4861 §7.3.1).
    pub(crate) fn confirm(&mut self, addr: IpAddr, now: Instant) {
        let until = now.saturating_add(self.reachable_time);
        let Some(entry) = self.find(addr) else { return };
        if entry.hardware_addr.is_some() {
            entry.state = State::Reachable { until };
            self.refresh();
        }
    }

    /// What the timers want next, if one is due.
    pub(crate) fn next_solicit(&mut self, now: Instant) -> Option<Solicit> {
        if !self.due.is_due(now) {
            return None;
        }
        let retrans_timer = self.retrans_timer;
        let mut found = None;
        for slot in self.slots.iter_mut() {
            let Some(entry) = &mut slot.0 else { continue };
            let again = if entry.addr.is_ipv6() {
                retrans_timer
            } else {
                RETRANS_TIMER
            };
            found = entry.on_timer(now, now.saturating_add(again));
            if let Some(Solicit::GiveUp(_)) = found {
                slot.0 = None;
            }
            if found.is_some() {
                break;
            }
        }
        self.refresh();
        found
    }

    /// When [`NeighborCache::next_solicit`] has something to do.
    pub(crate) const fn poll_at(&self) -> Deadline {
        self.due
    }

    /// Whether an entry that packets may wait for had to make room since the last call.
    pub(crate) fn take_displaced(&mut self) -> bool {
        core::mem::take(&mut self.displaced)
    }

    /// Neighbors whose hardware address is known.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (IpAddr, HardwareAddr)> {
        self.entries()
            .filter_map(|entry| Some((entry.addr, entry.hardware_addr?)))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|slot| slot.0.as_ref())
    }

    #[inline]
    fn find(&mut self, addr: IpAddr) -> Option<&mut Entry> {
        self.slots
            .iter_mut()
            .filter_map(|slot| slot.0.as_mut())
            .find(|entry| same(&entry.addr, &addr))
    }

    /// Put an entry that is to be asked for into the slot that is of least use.
    fn insert(&mut self, entry: Entry) {
        let now = entry.used;
        if let Some(slot) = self.slots.iter_mut().min_by_key(|slot| slot.worth(now)) {
            self.displaced |= slot.0.is_some_and(|old| old.hardware_addr.is_none());
            slot.0 = Some(entry);
        }
        self.refresh();
    }

    /// Remember a neighbor that asked, until it is sent to as one that was never used. It takes no
    /// place from a neighbor that is in use, so that strangers cannot displace those.
    fn insert_asker(
        &mut self,
        addr: IpAddr,
        hardware_addr: HardwareAddr,
        evidence: Evidence,
        now: Instant,
    ) {
        let entry = Entry {
            addr,
            hardware_addr: Some(hardware_addr),
            is_router: evidence.router().unwrap_or(false),
            state: State::Stale,
            used: NEVER_USED,
        };
        let victim = self.slots.iter_mut().min_by_key(|slot| slot.worth(now));
        if let Some(slot) = victim.filter(|slot| slot.is_spare(now)) {
            slot.0 = Some(entry);
        }
    }

    fn refresh(&mut self) {
        self.due = self.entries().fold(Deadline::NEVER, |earliest, entry| {
            earliest.min(entry.state.due())
        });
    }
}

impl Default for NeighborCache<'_> {
    fn default() -> Self {
        Self::new(Storage::default())
    }
}

#[cfg(test)]
mod tests;
