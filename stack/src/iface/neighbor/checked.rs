//! Neighbors that are checked when they fall silent: one state machine (RFC 4861 §7.3.2), each
//! entry with its own timer and retries.

mod slot;

use litz_hal::time::{Deadline, Duration, Instant};

pub use self::slot::NeighborSlot;
use self::slot::{Entry, NEVER_USED, State};
use super::{Evidence, Learned, REACHABLE_TIME, RETRANS_TIMER, Resolution, Solicit};
use crate::addr::{Ip, is_v4, same};
use crate::iface::hardware::HardwareAddr;
use crate::storage::Storage;

/// How long to wait for a sign of life before asking (RFC 4861 §10, `DELAY_FIRST_PROBE_TIME`).
const DELAY_FIRST_PROBE_TIME: Duration = Duration::from_millis(5_000);

/// The neighbors of one interface.
#[derive(Debug)]
pub(crate) struct NeighborCache<'a> {
    slots: Storage<'a, NeighborSlot>,
    /// Earliest timer, kept up by whatever changes one.
    due: Deadline,
    /// How long an answer is good for: [`REACHABLE_TIME`] or what a router said, made random.
    reachable_time: Duration,
    /// Time between solicitations of IPv6: [`RETRANS_TIMER`] or what a router said.
    retrans_timer: Duration,
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

    /// How long an answer is good for from now on.
    pub(crate) const fn set_reachable_time(&mut self, time: Duration) {
        self.reachable_time = time;
    }

    /// Time between solicitations of IPv6.
    pub(crate) const fn retrans_timer(&self) -> Duration {
        self.retrans_timer
    }

    /// The same from now on.
    pub(crate) const fn set_retrans_timer(&mut self, time: Duration) {
        self.retrans_timer = time;
    }

    /// The hardware address of a next hop. Asking for one that is unknown begins its resolution.
    pub(crate) fn resolve(&mut self, addr: Ip, now: Instant) -> Resolution {
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
    pub(crate) fn known(&self, addr: Ip) -> Option<HardwareAddr> {
        self.entries()
            .find(|entry| same(&entry.addr, &addr))
            .and_then(|entry| entry.hardware_addr)
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
    pub(crate) fn confirm(&mut self, addr: Ip, now: Instant) {
        let until = now.saturating_add(self.reachable_time);
        let Some(entry) = self.find(addr) else { return };
        if entry.hardware_addr.is_some() {
            entry.state = State::Reachable { until };
            self.refresh();
        }
    }

    /// A layer above has had no answer by way of a neighbor for long: whether it is there is asked
    /// now, unless it is being asked already.
    pub(crate) fn doubt(&mut self, addr: Ip, now: Instant) {
        let Some(entry) = self.find(addr) else { return };
        if entry.hardware_addr.is_some() && !matches!(entry.state, State::Probe { .. }) {
            entry.state = State::Probe { sent: 0, due: now };
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
            let again = if !is_v4(&entry.addr) {
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
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Ip, HardwareAddr)> {
        self.entries()
            .filter_map(|entry| Some((entry.addr, entry.hardware_addr?)))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|slot| slot.0.as_ref())
    }

    #[inline]
    fn find(&mut self, addr: Ip) -> Option<&mut Entry> {
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
        addr: Ip,
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
