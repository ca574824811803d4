//! The neighbor cache: one state machine (RFC 4861 §7.3.2) for ARP and neighbor discovery, each
//! entry with its own timer and retries. It decides when to ask and what to believe; the asking
//! itself is the caller's.
//!
//! Nobody outside can make it grow: entries are made for destinations that we send to, and for
//! neighbors that ask us something, and when it is full an entry that is not in use makes room.

use core::net::IpAddr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::ShortAddress;

use super::hardware::HardwareAddr;
use crate::storage::Storage;

/// Time between solicitations (RFC 4861 §10, `RETRANS_TIMER`).
const RETRANS_TIMER: Duration = Duration::from_millis(1000);
/// Solicitations before giving up (RFC 4861 §10, `MAX_MULTICAST_SOLICIT`, `MAX_UNICAST_SOLICIT`).
const MAX_SOLICIT: u8 = 3;
/// How long an answer is good for (RFC 4861 §10, `REACHABLE_TIME`).
const REACHABLE_TIME: Duration = Duration::from_millis(30_000);
/// How long to wait for a sign of life before asking (RFC 4861 §10, `DELAY_FIRST_PROBE_TIME`).
const DELAY_FIRST_PROBE_TIME: Duration = Duration::from_millis(5_000);

/// How long a neighbor counts as in use after it was sent to: longer than an answer is good for,
/// because while it is, sending may not look here.
const IN_USE: Duration = Duration::from_millis(60_000);
/// In the place of an address that is being asked for.
const UNKNOWN: HardwareAddr = HardwareAddr::Short(ShortAddress::UNASSIGNED);
/// When an entry was used that never was.
const NEVER_USED: Instant = Instant::from_micros(i64::MIN);

/// State of an entry (RFC 4861 §7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Asked for, `sent` times; next at `due`.
    Incomplete { sent: u8, due: Instant },
    /// Known to be right until `until`.
    Reachable { until: Instant },
    /// Was right; to be checked when used.
    Stale,
    /// Used; checked from `due` on.
    Delay { due: Instant },
    /// Being checked: asked `sent` times; next at `due`.
    Probe { sent: u8, due: Instant },
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    addr: IpAddr,
    /// [`UNKNOWN`] while the entry is incomplete.
    hardware_addr: HardwareAddr,
    state: State,
    used: Instant,
}

/// Room for one neighbor.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeighborSlot(Option<Entry>);

impl NeighborSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);

    /// What is lost if another entry takes the slot, least first: nothing, an entry that is not
    /// used, one that is, one that is being asked for.
    fn worth(&self) -> (bool, bool, Instant) {
        match &self.0 {
            None => (false, false, NEVER_USED),
            Some(entry) => {
                let asked_for = matches!(entry.state, State::Incomplete { .. });
                (true, asked_for, entry.used)
            }
        }
    }
}

impl Entry {
    /// Whether nothing has been sent to the neighbor for long, and nothing is being asked of it.
    fn is_idle(&self, now: Instant) -> bool {
        matches!(self.state, State::Stale | State::Reachable { .. })
            && self.used.saturating_add(IN_USE) <= now
    }
}

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

/// A solicitation that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Solicit {
    /// Ask everybody who has the address.
    Multicast(IpAddr),
    /// Ask the one who had it.
    Unicast(IpAddr, HardwareAddr),
}

/// What a message about a neighbor is worth (RFC 4861 §7.2.3, §7.2.5; RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// It answered our question.
    Solicited { overrides: bool },
    /// It told without being asked.
    Unsolicited { overrides: bool },
    /// It asked us something, so it will want to hear from us.
    Asked,
}

/// The neighbors of one interface.
#[derive(Debug, Default)]
pub(crate) struct NeighborCache<'a> {
    slots: Storage<'a, NeighborSlot>,
    /// Earliest timer, kept up by whatever changes one.
    due: Deadline,
}

impl<'a> NeighborCache<'a> {
    pub(crate) fn new(slots: Storage<'a, NeighborSlot>) -> Self {
        Self {
            slots,
            due: Deadline::NEVER,
        }
    }

    /// The hardware address of a next hop. Asking for one that is unknown begins its resolution.
    pub(crate) fn resolve(&mut self, addr: IpAddr, now: Instant) -> Resolution {
        let Some(entry) = self.find(addr) else {
            let state = State::Incomplete { sent: 0, due: now };
            let hardware_addr = UNKNOWN;
            self.insert(Entry {
                addr,
                hardware_addr,
                state,
                used: now,
            });
            return Resolution::Wait;
        };
        entry.used = now;
        let station = entry.hardware_addr;
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
            .find(|entry| entry.addr == addr)
            .filter(|entry| !matches!(entry.state, State::Incomplete { .. }))
            .map(|entry| entry.hardware_addr)
    }

    /// Whether a neighbor is in the cache at all, resolved or not.
    pub(crate) fn contains(&self, addr: IpAddr) -> bool {
        self.entries().any(|entry| entry.addr == addr)
    }

    /// Take note of a neighbor's hardware address. Returns whether its packets can be sent that
    /// could not before.
    pub(crate) fn learn(
        &mut self,
        addr: IpAddr,
        hardware_addr: HardwareAddr,
        evidence: Evidence,
        now: Instant,
    ) -> bool {
        if !hardware_addr.is_unicast() {
            return false;
        }
        let Some(entry) = self.find(addr) else {
            if evidence == Evidence::Asked {
                self.insert_asker(addr, hardware_addr, now);
            }
            return false;
        };
        let was_incomplete = matches!(entry.state, State::Incomplete { .. });
        let same = !was_incomplete && entry.hardware_addr == hardware_addr;
        let reachable = State::Reachable {
            until: now.saturating_add(REACHABLE_TIME),
        };
        let (overrides, fresh) = match evidence {
            Evidence::Solicited { overrides } => (overrides, reachable),
            Evidence::Unsolicited { overrides } => (overrides, State::Stale),
            Evidence::Asked => (true, State::Stale),
        };
        if same {
            if matches!(evidence, Evidence::Solicited { .. }) {
                entry.state = reachable;
            }
        } else if was_incomplete || overrides {
            entry.hardware_addr = hardware_addr;
            entry.state = fresh;
        } else if matches!(entry.state, State::Reachable { .. }) {
            entry.state = State::Stale;
        }
        self.refresh();
        was_incomplete
    }

    /// The next solicitation that is due. An entry that has been asked for often enough in vain is
    /// removed on the way.
    pub(crate) fn next_solicit(&mut self, now: Instant) -> Option<Solicit> {
        if !self.due.is_due(now) {
            return None;
        }
        let mut found = None;
        for slot in self.slots.iter_mut() {
            let Some(entry) = &mut slot.0 else { continue };
            let next = now.saturating_add(RETRANS_TIMER);
            match &mut entry.state {
                State::Delay { due } if *due <= now => {
                    entry.state = State::Probe { sent: 1, due: next };
                    found = Some(Solicit::Unicast(entry.addr, entry.hardware_addr));
                }
                State::Incomplete { sent, due } | State::Probe { sent, due } if *due <= now => {
                    if *sent >= MAX_SOLICIT {
                        slot.0 = None;
                        continue;
                    }
                    *sent = sent.saturating_add(1);
                    *due = next;
                    found = Some(match entry.state {
                        State::Probe { .. } => Solicit::Unicast(entry.addr, entry.hardware_addr),
                        _ => Solicit::Multicast(entry.addr),
                    });
                }
                _ => {}
            }
            if found.is_some() {
                break;
            }
        }
        self.refresh();
        found
    }

    /// When the next solicitation is due.
    pub(crate) const fn poll_at(&self) -> Deadline {
        self.due
    }

    /// Neighbors whose hardware address is known.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (IpAddr, HardwareAddr)> {
        self.entries()
            .filter(|entry| !matches!(entry.state, State::Incomplete { .. }))
            .map(|entry| (entry.addr, entry.hardware_addr))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|slot| slot.0.as_ref())
    }

    #[inline]
    fn find(&mut self, addr: IpAddr) -> Option<&mut Entry> {
        self.slots
            .iter_mut()
            .filter_map(|slot| slot.0.as_mut())
            .find(|entry| entry.addr == addr)
    }

    /// Put an entry into a free slot, or into that of the entry that is of least use: the longest
    /// unused of those that we are not in the middle of asking for.
    fn insert(&mut self, entry: Entry) {
        if let Some(slot) = self.slots.iter_mut().min_by_key(|slot| slot.worth()) {
            slot.0 = Some(entry);
        }
        self.refresh();
    }

    /// Remember a neighbor that asked, until it is sent to as one that was never used. It takes no
    /// place from a neighbor that is in use, so that strangers cannot displace those.
    fn insert_asker(&mut self, addr: IpAddr, hardware_addr: HardwareAddr, now: Instant) {
        let entry = Entry {
            addr,
            hardware_addr,
            state: State::Stale,
            used: NEVER_USED,
        };
        let victim = self.slots.iter_mut().min_by_key(|slot| slot.worth());
        if let Some(slot) = victim.filter(|slot| slot.0.as_ref().is_none_or(|old| old.is_idle(now)))
        {
            slot.0 = Some(entry);
        }
    }

    fn refresh(&mut self) {
        self.due = self
            .entries()
            .fold(Deadline::NEVER, |earliest, entry| match entry.state {
                State::Incomplete { due, .. } | State::Delay { due } | State::Probe { due, .. } => {
                    earliest.min(Deadline::at(due))
                }
                State::Reachable { .. } | State::Stale => earliest,
            });
    }
}

#[cfg(test)]
mod tests;
