//! What a query asks of an interface, and what another member's report spares it (RFC 3376 §5.2,
//! RFC 2236 §3, RFC 3810 §6.2).

use core::net::IpAddr;

use litz_hal::time::{Deadline, Duration, Instant};

use super::Multicast;
use super::family::Compat;
use crate::socket::is_permanent;

/// A query, of whichever protocol.
pub(super) struct Query<I> {
    pub(super) version: Compat,
    /// The longest that an answer may be delayed.
    pub(super) max_resp: Duration,
    /// What is asked about; all groups if `None`.
    pub(super) group: Option<IpAddr>,
    /// The sources that are asked about; all if `None`.
    pub(super) sources: Option<I>,
    /// What the querier prescribes: robustness and time between queries.
    pub(super) prescribed: Option<(u8, Duration)>,
}

impl Multicast<'_> {
    /// Plan the answer to a query.
    pub(super) fn asked<I: Iterator<Item = IpAddr>>(
        &mut self,
        ipv4: bool,
        query: Query<I>,
        now: Instant,
    ) {
        let family = self.family_mut(ipv4);
        if let Some((robustness, interval)) = query.prescribed {
            family.prescribed(robustness, interval);
        }
        if query.group.is_none() {
            family.heard(query.version, query.max_resp, now);
        }
        let compat = self.compat(ipv4, now);
        let delay = self.random(query.max_resp);
        let at = now.saturating_add(delay);
        match query.group {
            None if compat == Compat::Latest => {
                let family = self.family_mut(ipv4);
                family.general_at = family.general_at.min(Deadline::at(at));
            }
            None => self.ask_each(ipv4, query.max_resp, now),
            Some(group) => {
                let sources = query.sources.filter(|_| compat == Compat::Latest);
                self.ask_one(group, sources, at);
            }
        }
        self.settle();
    }

    /// Older versions report each group in a packet of its own, at a time of its own.
    fn ask_each(&mut self, ipv4: bool, max_resp: Duration, now: Instant) {
        for node in 0..self.slots.0.len() {
            let at = now.saturating_add(self.random(max_resp));
            let slot = self.slots.0.get_mut(node);
            if let Some(slot) = slot.filter(|slot| slot.is_of(ipv4) && slot.is_wanted()) {
                slot.answer_by(at);
            }
        }
    }

    fn ask_one(
        &mut self,
        group: IpAddr,
        sources: Option<impl Iterator<Item = IpAddr>>,
        at: Instant,
    ) {
        // An answer about everything that comes sooner answers this, too.
        let general_at = self.family(group.is_ipv4()).general_at;
        if general_at.is_due(at) || is_permanent(group) {
            return;
        }
        let slot = self.find(group).and_then(|node| self.slot(node));
        if let Some(slot) = slot.filter(|slot| slot.is_wanted()) {
            slot.note_question(sources);
            slot.answer_by(at);
        }
    }

    /// Another member has reported a group: with an older version that is enough (RFC 2236 §3).
    pub(super) fn heard_report(&mut self, group: IpAddr, now: Instant) {
        if self.compat(group.is_ipv4(), now) == Compat::Latest {
            return;
        }
        let slot = self.find(group).and_then(|node| self.slot(node));
        if let Some(slot) = slot.filter(|slot| slot.is_wanted()) {
            slot.quiet();
            slot.last_reporter = false;
            self.settle();
        }
    }
}
