//! What an interface knows of the multicast routers of one IP version: the oldest version of their
//! protocol (RFC 3376 §7.2.1, RFC 3810 §8.2.1) and what their queries prescribe.

use litz_hal::time::{Deadline, Duration, Instant};

use super::Multicast;

/// How old the protocol is that the routers speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Compat {
    /// IGMPv1: groups are not left.
    Oldest,
    /// IGMPv2, MLDv1: groups are left, sources are not known.
    Older,
    /// IGMPv3, MLDv2.
    Latest,
}

/// Variables of one protocol; defaults of RFC 3376 §8 and RFC 3810 §9.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family {
    /// How often a change is reported.
    pub(super) robustness: u8,
    /// Time between queries of the latest version.
    pub(super) query_interval: Duration,
    /// When everything is to be reported.
    pub(super) general_at: Deadline,
    /// Until when routers of the oldest version are reckoned with.
    oldest_until: Option<Instant>,
    /// Until when routers of the older version are.
    older_until: Option<Instant>,
    /// What was reckoned with last.
    compat: Compat,
}

/// [Robustness Variable] (RFC 3376 §8.1).
const ROBUSTNESS: u8 = 2;
/// [Query Interval] (RFC 3376 §8.2).
const QUERY_INTERVAL: Duration = Duration::from_secs(125);
/// [Unsolicited Report Interval] (RFC 3376 §8.11, RFC 3810 §9.11).
pub(super) const UNSOLICITED: Duration = Duration::from_secs(1);
/// The same in older versions (RFC 2236 §8.10, RFC 2710 §7.10).
pub(super) const UNSOLICITED_OLD: Duration = Duration::from_secs(10);

impl Default for Family {
    fn default() -> Self {
        Self {
            robustness: ROBUSTNESS,
            query_interval: QUERY_INTERVAL,
            general_at: Deadline::NEVER,
            oldest_until: None,
            older_until: None,
            compat: Compat::Latest,
        }
    }
}

impl Family {
    /// Take note of what a query of the latest version prescribes; zeros prescribe nothing
    /// (RFC 3376 §4.1.6, §4.1.7).
    pub(super) const fn prescribed(&mut self, robustness: u8, interval: Duration) {
        self.robustness = if robustness == 0 {
            ROBUSTNESS
        } else {
            robustness
        };
        self.query_interval = if interval.is_zero() {
            QUERY_INTERVAL
        } else {
            interval
        };
    }

    /// Take note of a query of an older version, whose answers may be delayed by `max_resp`.
    pub(super) fn heard(&mut self, compat: Compat, max_resp: Duration, now: Instant) {
        let intervals = self.query_interval.saturating_mul(self.robustness.into());
        let until = now.saturating_add(intervals.saturating_add(max_resp));
        match compat {
            Compat::Oldest => self.oldest_until = Some(until),
            Compat::Older => self.older_until = Some(until),
            Compat::Latest => {}
        }
    }

    fn compat_at(&self, now: Instant) -> Compat {
        let reckoned = |until: Option<Instant>| until.is_some_and(|until| now < until);
        if reckoned(self.oldest_until) {
            Compat::Oldest
        } else if reckoned(self.older_until) {
            Compat::Older
        } else {
            Compat::Latest
        }
    }
}

impl Multicast<'_> {
    /// What version to speak. When that changes, all that was to be said is forgotten
    /// (RFC 3376 §7.2.1).
    pub(super) fn compat(&mut self, ipv4: bool, now: Instant) -> Compat {
        let family = self.family_mut(ipv4);
        let compat = family.compat_at(now);
        if compat != family.compat {
            family.compat = compat;
            family.general_at = Deadline::NEVER;
            for slot in self.of_family(ipv4) {
                slot.quiet();
                slot.last_reporter = false;
            }
            self.round = self.round.filter(|round| round.ipv4 != ipv4);
            self.settle();
        }
        compat
    }
}
