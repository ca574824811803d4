//! One neighbor: its state (RFC 4861 §7.3.2), what messages and time do to it, and what it is worth
//! when room is short.

use litz_hal::time::{Deadline, Duration, Instant};

use crate::addr::Ip;
use crate::iface::hardware::HardwareAddr;
use crate::iface::neighbor::{Evidence, MAX_SOLICIT, Solicit};

/// How long a neighbor counts as in use after it was sent to: longer than an answer is good for,
/// because while it is, sending may not look here.
const IN_USE: Duration = Duration::from_millis(60_000);
/// When an entry was used that never was.
pub(super) const NEVER_USED: Instant = Instant::from_micros(i64::MIN);

/// State of an entry (RFC 4861 §7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
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

impl State {
    /// When its timer is due.
    pub(super) const fn due(self) -> Deadline {
        match self {
            Self::Incomplete { due, .. } | Self::Delay { due } | Self::Probe { due, .. } => {
                Deadline::at(due)
            }
            Self::Reachable { .. } | Self::Stale => Deadline::NEVER,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) addr: Ip,
    /// Unknown while the entry is incomplete.
    pub(super) hardware_addr: Option<HardwareAddr>,
    /// It advertises itself as a router.
    pub(super) is_router: bool,
    pub(super) state: State,
    /// When a packet was last to be sent to it.
    pub(super) used: Instant,
}

impl Entry {
    /// The address that was asked for is known now (RFC 4861 §7.2.5). An answer is an answer
    /// whatever its override flag says.
    pub(super) fn complete(&mut self, station: HardwareAddr, evidence: Evidence, reachable: State) {
        self.hardware_addr = Some(station);
        self.state = match evidence {
            Evidence::Advert {
                solicited: true, ..
            } => reachable,
            _ => State::Stale,
        };
    }

    /// A message about an entry that is complete; `other` is the hardware address in it if that is
    /// another than the known one. Returns whether the message is believed (RFC 4861 §7.2.5).
    pub(super) fn update(
        &mut self,
        other: Option<HardwareAddr>,
        evidence: Evidence,
        reachable: State,
    ) -> bool {
        if let (
            Some(_),
            Evidence::Advert {
                overrides: false, ..
            },
        ) = (other, evidence)
        {
            // Rule I: somebody disagrees. What is known is not replaced, but has to be checked.
            if matches!(self.state, State::Reachable { .. }) {
                self.state = State::Stale;
            }
            return false;
        }
        if other.is_some() {
            self.hardware_addr = other;
        }
        if let Evidence::Advert {
            solicited: true, ..
        } = evidence
        {
            self.state = reachable;
        } else if other.is_some() {
            self.state = State::Stale;
        }
        true
    }

    /// What is to be done at `now`, if its timer is due; the next time is `again`.
    pub(super) fn on_timer(&mut self, now: Instant, again: Instant) -> Option<Solicit> {
        if !self.state.due().is_due(now) {
            return None;
        }
        let sent = match self.state {
            State::Incomplete { sent, .. } | State::Probe { sent, .. } => sent,
            _ => 0,
        };
        if sent >= MAX_SOLICIT {
            return Some(Solicit::GiveUp(self.addr));
        }
        let sent = sent.saturating_add(1);
        Some(match self.hardware_addr {
            None => {
                self.state = State::Incomplete { sent, due: again };
                Solicit::Multicast(self.addr)
            }
            Some(station) => {
                self.state = State::Probe { sent, due: again };
                Solicit::Unicast(self.addr, station)
            }
        })
    }

    /// Whether nothing has been sent to the neighbor for long, and nothing is being asked of it.
    fn is_idle(&self, now: Instant) -> bool {
        matches!(self.state, State::Stale | State::Reachable { .. })
            && self.used.saturating_add(IN_USE) <= now
    }
}

/// Room for one neighbor.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeighborSlot(pub(super) Option<Entry>);

/// What is lost if another entry takes a slot, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Nothing.
    Free,
    /// A neighbor that is not used.
    Idle,
    /// One that has not answered yet. Whoever makes us send to many addresses fills the cache with
    /// such, and they displace each other.
    Unanswered,
    /// One that is in use.
    InUse,
}

impl NeighborSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);

    /// What is lost if another entry takes the slot; the longer unused, the less.
    pub(super) fn worth(&self, now: Instant) -> (Worth, Instant) {
        match &self.0 {
            None => (Worth::Free, NEVER_USED),
            Some(entry) if entry.is_idle(now) => (Worth::Idle, entry.used),
            Some(entry) if entry.hardware_addr.is_none() => (Worth::Unanswered, entry.used),
            Some(entry) => (Worth::InUse, entry.used),
        }
    }

    /// Whether a neighbor that nobody has sent to may have the slot.
    pub(super) fn is_spare(&self, now: Instant) -> bool {
        self.worth(now).0 <= Worth::Idle
    }
}
