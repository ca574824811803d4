//! One address of an interface: its state and lifetimes (RFC 4862 §5.5.4), where it came from, and
//! how far the check is whether somebody else has it (RFC 4862 §5.4, RFC 5227).

use litz_hal::time::{Deadline, Duration, Instant};

use super::super::random::Random;
use super::super::slaac::{Lifetimes, REGEN_ADVANCE};
use crate::addr::{Ip, IpCidr, Net, full_net, is_v4};
use crate::parts::{AUTOCONF, Kept};

/// The end of what has no end.
pub(crate) const FOREVER: Instant = Instant::from_micros(i64::MAX);

/// Solicitations that ask whether an IPv6 address is free (RFC 4862 §5.1,
/// `DupAddrDetectTransmits`).
const DAD_TRANSMITS: u8 = 1;
/// More of them when one came back to us (RFC 7527 §4.1, `MAX_MULTICAST_SOLICIT`).
const DAD_TRANSMITS_LOOPED: u8 = 3;
/// The longest wait before the first of them (RFC 4861 §10, `MAX_RTR_SOLICITATION_DELAY`).
const DAD_DELAY: Duration = Duration::from_millis(1000);

/// RFC 5227 §1.1: `PROBE_WAIT`, `PROBE_NUM`, `PROBE_MIN`, `PROBE_MAX`, `ANNOUNCE_WAIT`,
/// `ANNOUNCE_NUM`, `ANNOUNCE_INTERVAL`.
const PROBE_WAIT: Duration = Duration::from_millis(1000);
const PROBE_NUM: u8 = 3;
const PROBE_MIN: Duration = Duration::from_millis(1000);
const PROBE_MAX: Duration = Duration::from_millis(2000);
const ANNOUNCE_WAIT: Duration = Duration::from_millis(2000);
const ANNOUNCE_NUM: u8 = 2;
const ANNOUNCE_INTERVAL: Duration = Duration::from_millis(2000);
/// Least time between two defenses of an address (RFC 5227 §1.1, `DEFEND_INTERVAL`).
const DEFEND_INTERVAL: Duration = Duration::from_millis(10_000);

/// State of an interface's address (RFC 4862 §2, §5.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddrState {
    /// It is being asked whether somebody else has it; not used yet.
    Tentative,
    /// It is used.
    Preferred,
    /// It is used by what uses it already, and begins nothing new if there is another.
    Deprecated,
    /// Somebody else has it; it is not used.
    Duplicate,
}

/// Where an address came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddrOrigin {
    /// The program gave it.
    Manual,
    /// The interface made it itself: link-local of IPv6 (RFC 4862 §5.3) or of IPv4 (RFC 3927).
    LinkLocal,
    /// Made of a prefix that a router advertised; always the same in one network.
    Stable,
    /// Made of a prefix that a router advertised; another from time to time (RFC 8981).
    Temporary,
}

/// What is done when another station claims an IPv4 address that is in use (RFC 5227 §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defend {
    /// The address is given up.
    Never,
    /// It is announced once; if that does not help within ten seconds, it is given up.
    Once,
    /// It is announced, at most every ten seconds, and never given up.
    Always,
}

/// How an address is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddrConfig {
    /// Ask first whether somebody else has it: duplicate address detection (RFC 4862 §5.4) or a
    /// probe (RFC 5227 §2.1). Until the answer the address is tentative. Links without hardware
    /// addresses have nobody to ask.
    pub detect: bool,
    /// How long it begins connections; without an end if `None`.
    pub preferred: Option<Duration>,
    /// How long it is used at all; without an end if `None`.
    pub valid: Option<Duration>,
    /// Neighbors with the same prefix are on the link (RFC 5942 §4).
    pub on_link: bool,
    /// What is done if another station claims it; of IPv4 only.
    pub defend: Defend,
}

impl AddrConfig {
    /// An address that the program knows to be the interface's own: used at once, for ever.
    pub const STATIC: Self = Self {
        detect: false,
        preferred: None,
        valid: None,
        on_link: true,
        defend: Defend::Always,
    };
    /// An address that somebody else could have: asked for first.
    pub const DETECT: Self = Self {
        detect: true,
        defend: Defend::Once,
        ..Self::STATIC
    };
}

/// What is known of an address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddrInfo {
    /// The address, with the length of its prefix.
    pub cidr: IpCidr,
    /// Its state.
    pub state: AddrState,
    /// Where it came from.
    pub origin: AddrOrigin,
    /// When it begins no more connections.
    pub preferred_until: Deadline,
    /// When it is gone.
    pub valid_until: Deadline,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// There is none.
    Idle,
    /// It was asked for `sent` times of `of`; more, or the end, is due.
    Asking { sent: u8, of: u8, due: Instant },
    /// It was announced `sent` times; more is due (RFC 5227 §2.3).
    Announcing { sent: u8, due: Instant },
    /// Somebody else has it, which those who use it are to be told.
    Lost,
}

/// What the check of an address wants to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckStep {
    /// Ask whether somebody has it: the question of this number, from 1.
    Ask { addr: Ip, number: u8 },
    /// Tell everybody that we have it.
    Announce(Ip),
}

/// An address.
#[derive(Clone, Copy, Debug)]
pub struct OwnAddr {
    pub(crate) cidr: Net,
    pub(super) on_link: bool,
    life: Kept<Life, { AUTOCONF as usize }>,
}

/// What changes about an address with time. In a build where nothing does, all are as
/// [`Life::GIVEN`] says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    state: AddrState,
    pub(crate) origin: AddrOrigin,
    defend: Defend,
    /// How many of the same making were found to be somebody else's before.
    pub(crate) attempt: u8,
    pub(super) check: Check,
    pub(crate) preferred_until: Instant,
    pub(crate) valid_until: Instant,
    /// When a temporary address was made; else when the address was last defended.
    pub(crate) since: Instant,
    /// A temporary address has its successor.
    pub(crate) renewed: bool,
}

/// The instant so long after another; [`FOREVER`] if there is no end.
pub(crate) fn after(now: Instant, span: Option<Duration>) -> Instant {
    span.map_or(FOREVER, |span| now.saturating_add(span))
}

/// [`FOREVER`] is no deadline.
pub(crate) fn deadline(at: Instant) -> Deadline {
    Deadline::from((at != FOREVER).then_some(at))
}

impl OwnAddr {
    pub(crate) fn new(cidr: Net, origin: AddrOrigin, config: &AddrConfig, now: Instant) -> Self {
        let mut life = Life {
            state: AddrState::Tentative,
            origin,
            defend: config.defend,
            preferred_until: after(now, config.preferred),
            valid_until: after(now, config.valid),
            ..Life::GIVEN
        };
        if !config.detect {
            life.assign(now);
        }
        Self {
            cidr,
            on_link: config.on_link,
            life: Kept::new(life),
        }
    }

    pub(crate) fn addr(&self) -> Ip {
        self.cidr.addr()
    }

    /// What time has made of it.
    #[inline]
    pub(crate) const fn life(&self) -> &Life {
        match self.life.get() {
            Some(life) => life,
            None => &Life::GIVEN,
        }
    }

    /// Change what time makes of it, in a build where there is such.
    #[inline]
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Life)) {
        self.life.note(change);
    }

    /// Whether packets may come from it and go to it.
    #[inline]
    pub(crate) const fn is_assigned(&self) -> bool {
        self.life().is_assigned()
    }

    pub(crate) const fn is_tentative(&self) -> bool {
        matches!(self.life().state, AddrState::Tentative)
    }

    pub(crate) const fn is_duplicate(&self) -> bool {
        matches!(self.life().state, AddrState::Duplicate)
    }

    pub(crate) const fn is_deprecated(&self) -> bool {
        matches!(self.life().state, AddrState::Deprecated)
    }

    pub(crate) fn info(&self) -> AddrInfo {
        let life = self.life();
        AddrInfo {
            cidr: full_net(self.cidr),
            state: life.state,
            origin: life.origin,
            preferred_until: deadline(life.preferred_until),
            valid_until: deadline(life.valid_until),
        }
    }

    /// Begin to ask whether somebody else has it, after `delay` and a little more, so that hosts
    /// that were switched on together do not ask in step.
    pub(crate) fn begin_check(&mut self, now: Instant, delay: Duration, random: &mut Random) {
        let (spread, of) = match full_net(self.cidr) {
            IpCidr::V4(_) => (PROBE_WAIT, PROBE_NUM),
            IpCidr::V6(_) => (DAD_DELAY, DAD_TRANSMITS),
        };
        let delay = delay.saturating_add(random.below(spread));
        self.change(|life| {
            life.state = AddrState::Tentative;
            life.check = Check::Asking {
                sent: 0,
                of,
                due: now.saturating_add(delay),
            };
        });
    }

    /// Go on with the check, if it is due; `retrans` is the time between questions of IPv6.
    /// Returns what is to be sent, if anything is.
    pub(super) fn step(
        &mut self,
        now: Instant,
        retrans: Duration,
        random: &mut Random,
    ) -> Option<CheckStep> {
        let addr = self.addr();
        let v4 = is_v4(&addr);
        let life = self.life.get_mut()?;
        if !life.check_at().is_due(now) {
            return None;
        }
        match life.check {
            Check::Idle | Check::Lost => None,
            Check::Asking { sent, of, .. } if sent < of => {
                let number = sent.saturating_add(1);
                let wait = match v4 {
                    false => retrans,
                    true if number == of => ANNOUNCE_WAIT,
                    true => random.between(PROBE_MIN, PROBE_MAX),
                };
                life.check = Check::Asking {
                    sent: number,
                    of,
                    due: now.saturating_add(wait),
                };
                Some(CheckStep::Ask { addr, number })
            }
            Check::Asking { .. } => {
                life.assign(now);
                v4.then(|| life.announce(addr, 1, now))
            }
            Check::Announcing { sent, .. } => {
                Some(life.announce(addr, sent.saturating_add(1), now))
            }
        }
    }
}

impl Life {
    /// An address that the program gives, for ever.
    const GIVEN: Self = Self {
        state: AddrState::Preferred,
        origin: AddrOrigin::Manual,
        defend: Defend::Always,
        attempt: 0,
        check: Check::Idle,
        preferred_until: FOREVER,
        valid_until: FOREVER,
        since: Instant::from_micros(i64::MIN),
        renewed: false,
    };

    /// Whether packets may come from the address and go to it.
    const fn is_assigned(&self) -> bool {
        matches!(self.state, AddrState::Preferred | AddrState::Deprecated)
    }

    /// Nobody else has it.
    fn assign(&mut self, now: Instant) {
        self.check = Check::Idle;
        self.state = AddrState::Preferred;
        self.age(now);
    }

    /// Prefer or deprecate it, as its lifetime says.
    pub(crate) fn age(&mut self, now: Instant) {
        if self.is_assigned() {
            self.state = if self.preferred_until <= now {
                AddrState::Deprecated
            } else {
                AddrState::Preferred
            };
        }
    }

    /// Give it other lifetimes.
    pub(crate) fn renew(&mut self, lifetimes: Lifetimes, now: Instant) {
        self.preferred_until = lifetimes.preferred;
        self.valid_until = lifetimes.valid;
        self.age(now);
    }

    /// When a temporary address wants a successor (RFC 8981 §3.5).
    pub(super) fn renews_at(&self) -> Deadline {
        if self.origin == AddrOrigin::Temporary
            && !self.renewed
            && !matches!(self.state, AddrState::Duplicate)
        {
            deadline(self.preferred_until.saturating_sub(REGEN_ADVANCE))
        } else {
            Deadline::NEVER
        }
    }

    /// When its state changes with time.
    pub(super) fn ages_at(&self) -> Deadline {
        if matches!(self.check, Check::Lost) {
            return Deadline::at(Instant::from_micros(i64::MIN));
        }
        let valid = deadline(self.valid_until).min(self.renews_at());
        match self.state {
            AddrState::Preferred => valid.min(deadline(self.preferred_until)),
            _ => valid,
        }
    }

    /// When its check has something to do.
    pub(super) const fn check_at(&self) -> Deadline {
        match self.check {
            Check::Idle | Check::Lost => Deadline::NEVER,
            Check::Asking { due, .. } | Check::Announcing { due, .. } => Deadline::at(due),
        }
    }

    /// Announce the address for the `number`th time.
    fn announce(&mut self, addr: Ip, number: u8, now: Instant) -> CheckStep {
        self.check = if number < ANNOUNCE_NUM {
            Check::Announcing {
                sent: number,
                due: now.saturating_add(ANNOUNCE_INTERVAL),
            }
        } else {
            Check::Idle
        };
        CheckStep::Announce(addr)
    }

    /// A question of ours came back to us: the link is looped, and it takes more questions to hear
    /// another's answer (RFC 7527 §4.2).
    pub(super) fn looped(&mut self) {
        if let Check::Asking { sent, of, due } = self.check
            && of == DAD_TRANSMITS
        {
            let of = of.saturating_add(DAD_TRANSMITS_LOOPED);
            self.check = Check::Asking { sent, of, due };
        }
    }

    /// It is used when a router has registered it (RFC 6775 §5.5).
    pub(super) const fn await_registration(&mut self) {
        self.state = AddrState::Tentative;
        self.check = Check::Idle;
    }

    /// A router has registered it.
    pub(super) fn granted(&mut self, now: Instant) {
        if matches!(self.state, AddrState::Tentative) {
            self.assign(now);
        }
    }

    /// Somebody else has it (RFC 4862 §5.4.5, RFC 5227 §2.1.1).
    pub(super) const fn lose(&mut self) {
        self.state = AddrState::Duplicate;
        self.check = Check::Lost;
    }

    /// What became of it has been dealt with.
    pub(crate) const fn settle(&mut self) {
        if matches!(self.check, Check::Lost) {
            self.check = Check::Idle;
        }
    }

    /// Another station claims it while it is in use (RFC 5227 §2.4): announce it, or lose it.
    pub(super) fn claimed(&mut self, now: Instant) {
        let lately = now < self.since.saturating_add(DEFEND_INTERVAL);
        match (self.defend, lately) {
            (Defend::Never, _) | (Defend::Once, true) => self.lose(),
            (Defend::Always, true) => {}
            (Defend::Once | Defend::Always, false) => {
                self.since = now;
                // One announcement, not the two that begin the use.
                self.check = Check::Announcing {
                    sent: ANNOUNCE_NUM.saturating_sub(1),
                    due: now,
                };
            }
        }
    }
}

impl Default for Life {
    fn default() -> Self {
        Self::GIVEN
    }
}
