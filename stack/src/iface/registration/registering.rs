//! The addresses that a host registers with a router (RFC 6775 §5.5, RFC 8505 §5): when each is to
//! be registered, refreshed or given up. It decides; the messages are another file's.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::RegistrationStatus;

use super::super::random::Random;
use super::super::table::{Slot, Table};
use super::owner::{FIRST, Owner, next};
use crate::parts::{Kept, REGISTRATION};
use crate::storage::Storage;

/// Questions before a router counts as silent (RFC 6775 §5.5, RFC 4861 §10: `MAX_UNICAST_SOLICIT`,
/// `RETRANS_TIMER`).
const MOST_QUESTIONS: u8 = 3;
const RETRANS_TIMER: Duration = Duration::from_millis(1_000);
/// The longest wait before an address is first registered, so that hosts which heard one
/// advertisement do not ask together.
const MAX_DELAY: Duration = Duration::from_millis(500);
/// How long to wait after a refusal; twice as long each time, up to the second.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// How often a registration with a higher number is tried after a router knew a later one.
const MOST_MOVES: u8 = 20;
/// Between questions for what routers say, and how many (RFC 6775 §9: `RTR_SOLICITATION_INTERVAL`,
/// `MAX_RTR_SOLICITATIONS`).
const SOLICIT_INTERVAL: Duration = Duration::from_secs(10);
const MOST_SOLICITS: u8 = 3;

/// How a host registers its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationConfig {
    /// Whose registrations they are; the EUI-64 for most.
    pub owner: Owner,
    /// For how many minutes an address is registered; it is refreshed before.
    pub minutes: u16,
}

/// How far the registration of an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    /// No router has answered yet.
    Asking,
    /// It is registered, until then.
    Registered {
        /// The router that registered it.
        router: Ipv6Addr,
        /// Until when.
        until: Deadline,
    },
    /// A router has refused it; it will be asked again, or another one.
    Refused(RegistrationStatus),
}

/// What is known of the registration of an address.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    addr: Ipv6Addr,
    state: RegistrationState,
    /// The router that was asked last.
    router: Option<Ipv6Addr>,
    /// Questions without an answer.
    sent: u8,
    /// Number of the registration.
    number: u8,
    /// Refusals in a row, and how many of them because of a later number.
    refused: u8,
    moved: u8,
    /// The address is gone, and so is to be the registration.
    leaving: bool,
    due: Instant,
}

/// Room for the registration of an address.
pub type RegistrationSlot = Slot<Registration>;

/// What a host is to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask a router to register an address.
    Ask {
        addr: Ipv6Addr,
        router: Ipv6Addr,
        number: u8,
        minutes: u16,
    },
    /// A router did not answer.
    Silent(Ipv6Addr),
}

/// An answer to a registration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// The registered address; RFC 6775 alone does not repeat it in a refusal.
    pub(super) addr: Option<Ipv6Addr>,
    pub(super) router: Ipv6Addr,
    /// Number of the registration; RFC 6775 has none.
    pub(super) number: Option<u8>,
    pub(super) status: RegistrationStatus,
    pub(super) minutes: u16,
}

/// What an answer means for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is ours.
    Ours(Ipv6Addr),
    /// It is somebody else's.
    Lost(Ipv6Addr),
    /// Nothing changes for now.
    Later,
}

/// The registrations of a host.
#[derive(Debug, Default)]
pub(crate) struct Registering<'a> {
    config: Kept<Option<RegistrationConfig>, { REGISTRATION as usize }>,
    table: Table<'a, Registration, { REGISTRATION as usize }>,
    /// The routers know RFC 8505.
    pub(super) extended: Kept<bool, { REGISTRATION as usize }>,
    /// Changes of the addresses that are taken into account.
    seen: Kept<u32, { REGISTRATION as usize }>,
    /// When a router is asked again for what it advertised.
    refresh: Kept<Deadline, { REGISTRATION as usize }>,
    /// How often it was since it last answered.
    solicits: Kept<u8, { REGISTRATION as usize }>,
}

impl<'a> Registering<'a> {
    pub(super) fn new(
        config: RegistrationConfig,
        storage: Storage<'a, RegistrationSlot>,
        seen: u32,
    ) -> Self {
        Self {
            config: Kept::new(Some(config)),
            table: Table::new(storage),
            extended: Kept::new(true),
            seen: Kept::new(seen),
            refresh: Kept::default(),
            solicits: Kept::default(),
        }
    }

    /// Whether the host registers its addresses.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.config().is_some()
    }

    /// Whether the routers know RFC 8505.
    pub(super) fn is_extended(&self) -> bool {
        self.extended.get().is_some_and(|&extended| extended)
    }

    /// Whether as many changes of the addresses are taken into account.
    pub(super) fn has_seen(&self, changes: u32) -> bool {
        self.seen.get() == Some(&changes)
    }

    /// They are.
    pub(super) fn see(&mut self, changes: u32) {
        self.seen = Kept::new(changes);
    }

    /// How it does.
    pub(super) fn config(&self) -> Option<&RegistrationConfig> {
        self.config.get()?.as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Ipv6Addr, RegistrationState)> {
        self.table.iter().map(|known| (known.addr, known.state))
    }

    /// When something is due.
    pub(crate) fn due(&self) -> Deadline {
        let registrations = self.table.iter().map(|known| Deadline::at(known.due));
        registrations.fold(self.refresh_at(), Deadline::min)
    }

    /// The host has an address. Returns whether there was room for its registration.
    pub(super) fn add(&mut self, addr: Ipv6Addr, now: Instant, random: &mut Random) -> bool {
        if let Some(known) = self.table.find(|known| known.addr == addr) {
            // It was given up, and is back before that was said.
            if core::mem::take(&mut known.leaving) {
                known.ask_at(now);
            }
            return true;
        }
        let registration = Registration {
            addr,
            state: RegistrationState::Asking,
            router: None,
            sent: 0,
            number: FIRST,
            refused: 0,
            moved: 0,
            leaving: false,
            due: now.saturating_add(random.below(MAX_DELAY)),
        };
        self.table.push(registration).is_some()
    }

    /// Give up the registration of every address that is not to be kept.
    pub(super) fn keep(&mut self, now: Instant, keep: impl Fn(Ipv6Addr) -> bool) {
        self.table.retain(|known| {
            let told = matches!(known.state, RegistrationState::Registered { .. });
            keep(known.addr) || known.leaving || told
        });
        for known in self.table.iter_mut().filter(|known| !keep(known.addr)) {
            if !core::mem::replace(&mut known.leaving, true) {
                known.ask_at(now);
            }
        }
    }

    /// Register every address again: with another router, or with one that has forgotten them.
    pub(super) fn again(&mut self, now: Instant) {
        for known in self.table.iter_mut() {
            known.ask_at(now);
        }
    }

    /// The registration that is due goes on with this router. `None` if none is.
    pub(super) fn step(&mut self, now: Instant, router: Option<Ipv6Addr>) -> Option<Step> {
        let minutes = self.config()?.minutes;
        let known = self.table.find(|known| known.due <= now)?;
        let Some(router) = router else {
            // Whoever looks for routers will find one.
            known.due = now.saturating_add(FIRST_WAIT);
            return None;
        };
        if known.router.is_some_and(|asked| asked != router) {
            known.sent = 0;
        }
        if known.sent >= MOST_QUESTIONS {
            known.sent = 0;
            known.put_off(now);
            if known.leaving {
                let addr = known.addr;
                self.table.retain(|known| known.addr != addr);
            }
            return Some(Step::Silent(router));
        }
        if known.sent == 0 {
            known.number = next(known.number);
        }
        known.router = Some(router);
        known.sent = known.sent.saturating_add(1);
        known.due = now.saturating_add(RETRANS_TIMER);
        Some(Step::Ask {
            addr: known.addr,
            router,
            number: known.number,
            minutes: if known.leaving { 0 } else { minutes },
        })
    }

    /// A router has answered. `None` if nobody has asked it.
    pub(super) fn answered(
        &mut self,
        now: Instant,
        answer: &Answer,
        random: &mut Random,
    ) -> Option<Outcome> {
        let withdrawn = answer.status == RegistrationStatus::Removed;
        let known = self.table.find(|known| {
            let asked = known.router == Some(answer.router) && (known.sent > 0 || withdrawn);
            let numbered = answer.number.is_none_or(|number| number == known.number);
            asked && (numbered || withdrawn) && answer.addr.is_none_or(|addr| addr == known.addr)
        })?;
        known.sent = 0;
        let addr = known.addr;
        if known.leaving {
            self.table.retain(|known| known.addr != addr);
            return Some(Outcome::Later);
        }
        match answer.status {
            RegistrationStatus::Success => {
                known.registered(now, answer, random);
                return Some(Outcome::Ours(addr));
            }
            RegistrationStatus::Moved if known.moved < MOST_MOVES => {
                // We have been here before, and have forgotten the number.
                known.moved = known.moved.saturating_add(1);
                known.due = now;
                return Some(Outcome::Later);
            }
            RegistrationStatus::Duplicate
            | RegistrationStatus::Moved
            | RegistrationStatus::NotOnLink => {
                self.table.retain(|known| known.addr != addr);
                return Some(Outcome::Lost(addr));
            }
            RegistrationStatus::Removed => known.due = now.saturating_add(FIRST_WAIT),
            _ => known.put_off(now),
        }
        known.state = RegistrationState::Refused(answer.status);
        Some(Outcome::Later)
    }

    /// A router has advertised itself; the first of what it said ends after `span`.
    pub(super) fn advertised(&mut self, now: Instant, span: Option<Duration>) {
        let asked = core::mem::take(&mut self.solicits)
            .get()
            .is_some_and(|&sent| sent > 0);
        // What another router said may end before.
        let other = self.refresh_at();
        let mut next = Deadline::from(span.map(|span| now.saturating_add(early(span))));
        if !asked && !other.is_due(now) {
            next = next.min(other);
        }
        self.refresh = Kept::new(next);
    }

    /// When a router is to be asked again for what it said.
    pub(super) fn refresh_at(&self) -> Deadline {
        self.refresh.get().copied().unwrap_or_default()
    }

    /// A router is being asked again. Returns whether it was asked often enough before.
    pub(super) fn solicits(&mut self, now: Instant) -> bool {
        let sent = self.solicits.get().copied().unwrap_or(0);
        if sent >= MOST_SOLICITS {
            self.solicits = Kept::default();
            self.refresh = Kept::default();
            return true;
        }
        self.solicits = Kept::new(sent.saturating_add(1));
        self.refresh = Kept::new(Deadline::at(now.saturating_add(SOLICIT_INTERVAL)));
        false
    }
}

/// When to ask again about what ends after a span: three quarters of it.
const fn early(span: Duration) -> Duration {
    span.saturating_sub(span.halved(2))
}

impl Registration {
    /// Ask anew.
    const fn ask_at(&mut self, at: Instant) {
        self.sent = 0;
        self.due = at;
    }

    /// Wait longer than last time.
    fn put_off(&mut self, now: Instant) {
        let wait = FIRST_WAIT.doubled(self.refused.into()).min(LONGEST_WAIT);
        self.refused = self.refused.saturating_add(1).min(16);
        self.due = now.saturating_add(wait);
    }

    fn registered(&mut self, now: Instant, answer: &Answer, random: &mut Random) {
        let span = Duration::from_secs(u64::from(answer.minutes).saturating_mul(60));
        let early = early(span);
        // Not all at once.
        let wait = random.between(early.saturating_sub(early.halved(3)), early);
        self.refused = 0;
        self.moved = 0;
        self.due = now.saturating_add(wait);
        self.state = RegistrationState::Registered {
            router: answer.router,
            until: Deadline::at(now.saturating_add(span)),
        };
    }
}

#[cfg(test)]
mod tests;
