//! Addresses made of prefixes (RFC 4862 §5.3, §5.5.3) and of nothing (RFC 8981), their lifetimes,
//! and others in the place of those that somebody else has.

use litz_hal::time::{Duration, Instant};

use super::super::Interface;
use super::super::addresses::{AddrConfig, AddrOrigin, ConfigError, FOREVER, OwnAddr};
use super::super::random::Random;
use crate::addr::{IpCidr, Ipv6Cidr, full_net, kept, kept_net, v6};

/// Nobody may shorten a lifetime below this without proving who he is (RFC 4862 §5.5.3 (e)).
const TWO_HOURS: Duration = Duration::from_secs(7200);
/// RFC 8981 §3.8: `TEMP_VALID_LIFETIME`, `TEMP_PREFERRED_LIFETIME`.
const TEMP_VALID: Duration = Duration::from_secs(2 * 86_400);
const TEMP_PREFERRED: Duration = Duration::from_secs(86_400);
/// RFC 8981 §3.8: `MAX_DESYNC_FACTOR`, 0.4 of the preferred lifetime.
const MAX_DESYNC: Duration = Duration::from_secs(86_400 / 10 * 4);
/// How long before the end the next temporary address is made (RFC 8981 §3.8, `REGEN_ADVANCE`):
/// time for three attempts.
pub(crate) const REGEN_ADVANCE: Duration = Duration::from_secs(5);
/// Attempts to find an address that nobody has (RFC 7217 §6, RFC 8981 §3.8, `IDGEN_RETRIES`).
const RETRIES: u8 = 3;

/// Until when an address of a prefix is preferred and valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    pub(crate) preferred: Instant,
    pub(crate) valid: Instant,
}

impl Lifetimes {
    /// What an address has left of what its prefix was given, by the two-hour rule.
    fn renewed(self, valid_until: Instant, now: Instant) -> Self {
        let two_hours = now.saturating_add(TWO_HOURS);
        let valid = if self.valid > two_hours || self.valid > valid_until {
            self.valid
        } else if valid_until <= two_hours {
            valid_until
        } else {
            two_hours
        };
        let preferred = self.preferred.min(valid);
        Self { preferred, valid }
    }

    /// At most those of a temporary address that was made at `since`.
    fn temporary(self, since: Instant, desync: Duration) -> Self {
        let preferred = since.saturating_add(TEMP_PREFERRED.saturating_sub(desync));
        Self {
            preferred: self.preferred.min(preferred),
            valid: self.valid.min(since.saturating_add(TEMP_VALID)),
        }
    }
}

/// The time by which a temporary address is preferred shorter than others, so that hosts do not
/// change theirs in step (RFC 8981 §3.8, `DESYNC_FACTOR`).
fn desync(random: &Random, addr: Ipv6Cidr) -> Duration {
    let number = random.keyed(b"8981", &addr.addr().octets());
    let micros = number.checked_rem(MAX_DESYNC.total_micros());
    Duration::from_micros(micros.unwrap_or(0))
}

/// Whether an address was made of a prefix.
fn is_of(own: &OwnAddr, prefix: Ipv6Cidr, origin: AddrOrigin) -> bool {
    own.life().origin == origin
        && matches!(full_net(own.cidr), IpCidr::V6(cidr) if cidr.network() == prefix)
}

impl Interface<'_> {
    /// RFC 4862 §5.3: a link-local address, unless there is one.
    pub(super) fn make_link_local(&mut self, now: Instant) -> Result<(), ConfigError> {
        let is_link_local = |own: &OwnAddr| match full_net(own.cidr) {
            IpCidr::V6(cidr) => cidr.addr().is_unicast_link_local(),
            IpCidr::V4(_) => false,
        };
        if self.addrs.all().any(is_link_local) {
            return Ok(());
        }
        let Some(cidr) = self.stable_addr(Ipv6Cidr::LINK_LOCAL, 0) else {
            return Ok(());
        };
        let forever = Lifetimes {
            preferred: FOREVER,
            valid: FOREVER,
        };
        self.form(cidr, AddrOrigin::LinkLocal, forever, now)
    }

    /// RFC 4862 §5.5.3: a router says how long addresses of a prefix may be used.
    pub(crate) fn autoconfigure(&mut self, prefix: Ipv6Cidr, told: Lifetimes, now: Instant) {
        let random = self.random;
        let (mut stable, mut temporary) = (false, false);
        self.addrs.change(|table| {
            for own in table.iter_mut() {
                let IpCidr::V6(cidr) = full_net(own.cidr) else {
                    continue;
                };
                if is_of(own, prefix, AddrOrigin::Stable) {
                    stable = true;
                    let renewed = told.renewed(own.life().valid_until, now);
                    own.change(|life| life.renew(renewed, now));
                } else if is_of(own, prefix, AddrOrigin::Temporary) {
                    let desync = desync(&random, cidr);
                    let renewed = told.renewed(own.life().valid_until, now);
                    let renewed = renewed.temporary(own.life().since, desync);
                    own.change(|life| life.renew(renewed, now));
                    temporary |= !own.life().renewed;
                }
            }
        });
        if told.valid <= now {
            return;
        }
        if !stable && let Some(cidr) = self.stable_addr(prefix, 0) {
            let formed = self.form(cidr, AddrOrigin::Stable, told, now);
            self.slaac.refuse(formed.is_ok());
        }
        if !temporary && self.slaac.config().is_some_and(|config| config.temporary) {
            self.form_temporary(prefix, told, now);
        }
    }

    /// RFC 8981 §3.4: another temporary address of a prefix, if it will be preferred for long
    /// enough to be of use.
    fn form_temporary(&mut self, prefix: Ipv6Cidr, told: Lifetimes, now: Instant) {
        let Some(cidr) = self.temporary_addr(prefix) else {
            return;
        };
        let lifetimes = told.temporary(now, desync(&self.random, cidr));
        if lifetimes.preferred <= now.saturating_add(REGEN_ADVANCE) {
            return;
        }
        let formed = self.form(cidr, AddrOrigin::Temporary, lifetimes, now);
        self.slaac.refuse(formed.is_ok());
    }

    /// RFC 8981 §3.5: a temporary address is soon to be deprecated, and the next one is due.
    pub(crate) fn renew_temporary(&mut self, old: &OwnAddr, now: Instant) {
        let IpCidr::V6(cidr) = full_net(old.cidr) else {
            return;
        };
        let prefix = cidr.network();
        let mut all = self.addrs.all();
        let stable = all.find(|own| is_of(own, prefix, AddrOrigin::Stable));
        let told = stable.map(|own| Lifetimes {
            preferred: own.life().preferred_until,
            valid: own.life().valid_until,
        });
        drop(all);
        if let Some(told) = told
            && self.slaac.config().is_some_and(|config| config.temporary)
        {
            self.changed();
            self.form_temporary(prefix, told, now);
        }
    }

    /// Begin to use an address, or to ask whether it is free.
    fn form(
        &mut self,
        cidr: Ipv6Cidr,
        origin: AddrOrigin,
        lifetimes: Lifetimes,
        now: Instant,
    ) -> Result<(), ConfigError> {
        let config = AddrConfig {
            detect: self.link.detects(),
            on_link: origin == AddrOrigin::LinkLocal,
            ..AddrConfig::DETECT
        };
        let cidr = IpCidr::V6(cidr);
        let random = &mut self.random;
        self.addrs.add(cidr, origin, &config, now, random)?;
        if self.awaits_registration(cidr.addr()) {
            self.addrs.await_registration(kept(cidr.addr()));
        }
        self.addrs.change(|table| {
            if let Some(own) = table.find(|own| full_net(own.cidr) == cidr) {
                own.change(|life| {
                    life.since = now;
                    life.renew(lifetimes, now);
                });
            }
        });
        Ok(())
    }

    /// Ask for another address in the place of one that somebody else has.
    pub(crate) fn replace_formed(&mut self, lost: &OwnAddr, now: Instant) {
        let IpCidr::V6(cidr) = full_net(lost.cidr) else {
            return;
        };
        let attempt = lost.life().attempt.saturating_add(1);
        let next = match lost.life().origin {
            _ if attempt > RETRIES => None,
            AddrOrigin::Manual => None,
            AddrOrigin::Temporary => self.temporary_addr(cidr.network()),
            AddrOrigin::LinkLocal | AddrOrigin::Stable => self.stable_addr(cidr.network(), attempt),
        };
        // An identifier of the hardware address is the same at every attempt.
        let Some(next) = next.filter(|&next| next != cidr) else {
            return;
        };
        let random = &mut self.random;
        self.addrs.change(|table| {
            if let Some(own) = table.find(|own| own.cidr == lost.cidr) {
                own.cidr = kept_net(IpCidr::V6(next)).unwrap_or(own.cidr);
                own.change(|life| life.attempt = attempt);
                own.begin_check(now, Duration::ZERO, random);
            }
        });
        self.addrs.changes = self.addrs.changes.wrapping_add(1);
        if self.awaits_registration(next.addr().into()) {
            self.addrs.await_registration(v6(next.addr()));
        }
    }
}

#[cfg(test)]
mod tests;
