//! Stateless address autoconfiguration (RFC 4862): what the program asks for, what routers said,
//! and how it is read. It is off until [`Interface::start_slaac`].

mod dns;
mod form;
mod id;
mod solicit;

use litz_hal::time::{Deadline, Duration, Instant};

use self::dns::DnsTables;
pub use self::dns::{DnsStorage, DomainSlot, ServerSlot};
pub(crate) use self::form::{Lifetimes, REGEN_ADVANCE};
use self::solicit::Solicitation;
use super::Interface;
use super::addresses::{ConfigError, Router};
use super::random::Random;
use crate::addr::{Ip, Ipv6Cidr, is_v4};
use crate::parts::{AUTOCONF, Kept};
use core::net::Ipv6Addr;
use core::num::NonZeroU8;
use litz_wire::DnsName;

/// Hop limit of packets where no router said another (RFC 1700, "default TTL").
const HOP_LIMIT: u8 = 64;

/// How interface identifiers are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InterfaceIds {
    /// Of a secret: always the same in one network, unrelated in another (RFC 7217).
    #[default]
    Stable,
    /// Of the hardware address (RFC 4291 appendix A), which makes the host known everywhere.
    HardwareAddr,
}

/// How an interface configures itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlaacConfig {
    /// How interface identifiers are made.
    pub ids: InterfaceIds,
    /// What stable identifiers are made of; the interface's own secret if `None`. Kept over
    /// restarts, addresses stay the same.
    pub stable_secret: Option<[u8; 16]>,
    /// Make temporary addresses beside the others, and prefer them (RFC 8981).
    pub temporary: bool,
    /// Follow redirections of the router that is in use (RFC 4861 §8.3).
    pub redirects: bool,
}

impl Default for SlaacConfig {
    /// Stable identifiers of the interface's secret, no temporary addresses, redirections followed.
    fn default() -> Self {
        Self {
            ids: InterfaceIds::Stable,
            stable_secret: None,
            temporary: false,
            redirects: true,
        }
    }
}

/// What routers said beside addresses and routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlaacInfo {
    /// Router advertisements that were taken note of.
    pub adverts: u32,
    /// Addresses are to be had by DHCPv6.
    pub managed: bool,
    /// Other configuration is to be had by DHCPv6.
    pub other: bool,
    /// Hop limit of IPv6 packets.
    pub hop_limit: u8,
    /// Octets of an IPv6 packet on the link, if a router said so.
    pub mtu: Option<u32>,
    /// How long a neighbor counts as reachable on average.
    pub reachable_time: Duration,
    /// Time between solicitations.
    pub retrans_timer: Duration,
    /// Prefixes, routers and routes that there was no room for.
    pub refused: u32,
}

/// State of autoconfiguration.
#[derive(Debug)]
pub(crate) struct Slaac<'a> {
    pub(super) work: Kept<Work, { AUTOCONF as usize }>,
    pub(super) dns: DnsTables<'a>,
}

/// What the interface does to configure itself, and what it was told.
#[derive(Debug, Default)]
pub(crate) struct Work {
    config: Option<SlaacConfig>,
    pub(super) solicitation: Solicitation,
    pub(super) info: SlaacInfo,
}

impl SlaacInfo {
    /// Nothing was said.
    const NONE: Self = Self {
        adverts: 0,
        managed: false,
        other: false,
        hop_limit: HOP_LIMIT,
        mtu: None,
        reachable_time: super::neighbor::REACHABLE_TIME,
        retrans_timer: super::neighbor::RETRANS_TIMER,
        refused: 0,
    };
}

impl Default for SlaacInfo {
    fn default() -> Self {
        Self::NONE
    }
}

impl<'a> Slaac<'a> {
    pub(super) fn new(storage: DnsStorage<'a>) -> Self {
        Self {
            work: Kept::default(),
            dns: DnsTables::new(storage),
        }
    }

    /// When a router solicitation is due.
    pub(super) fn solicit_at(&self) -> Deadline {
        let work = self.work.get();
        work.map_or(Deadline::NEVER, |work| work.solicitation.due)
    }

    /// How the interface configures itself, if it does.
    pub(super) fn config(&self) -> Option<&SlaacConfig> {
        self.work.get()?.config.as_ref()
    }

    /// What routers said.
    pub(super) const fn info(&self) -> &SlaacInfo {
        match self.work.get() {
            Some(work) => &work.info,
            None => &SlaacInfo::NONE,
        }
    }

    /// Look for routers.
    pub(super) fn look_for_routers(&mut self, now: Instant, random: &mut Random) {
        self.work.note(|work| work.solicitation.begin(now, random));
    }

    /// There was no room for something that a router said.
    pub(super) fn refuse(&mut self, taken: bool) {
        if !taken {
            self.work
                .note(|Work { info, .. }| info.refused = info.refused.wrapping_add(1));
        }
    }
}

impl Interface<'_> {
    /// The hop limit of a packet: what its socket chose, else what a router said, else the default.
    #[inline]
    pub(super) const fn hop_limit(&self, dst: Ip, chosen: Option<NonZeroU8>) -> u8 {
        match chosen {
            Some(chosen) => chosen.get(),
            None if !is_v4(&dst) => self.slaac.info().hop_limit,
            None => HOP_LIMIT,
        }
    }

    /// Begin to configure the interface: make a link-local address if it has none, look for routers
    /// (RFC 7559), and take from what they advertise addresses, routes, timers, MTU and DNS
    /// servers. What was learned stays in [`InterfaceStorage`](super::InterfaceStorage); a storage
    /// without slots learns nothing.
    ///
    /// # Errors
    /// [`ConfigError::Full`] if there is no room for the link-local address.
    pub fn start_slaac(&mut self, config: SlaacConfig, now: Instant) -> Result<(), ConfigError> {
        self.changed();
        self.slaac.work.note(|work| work.config = Some(config));
        self.make_link_local(now)?;
        self.slaac.look_for_routers(now, &mut self.random);
        Ok(())
    }

    /// Take note of router advertisements no more. What was learned stays until it runs out.
    pub fn stop_slaac(&mut self) {
        self.slaac.work.note(|work| {
            work.config = None;
            work.solicitation.end();
        });
    }

    /// What routers said beside addresses and routes.
    #[must_use]
    pub const fn slaac_info(&self) -> SlaacInfo {
        *self.slaac.info()
    }

    /// Routers that advertised themselves as default routers.
    pub fn routers(&self) -> impl Iterator<Item = &Router> {
        self.addrs.learned.routers()
    }

    /// Prefixes that routers said are on the link, and until when.
    pub fn on_link_prefixes(&self) -> impl Iterator<Item = (Ipv6Cidr, Deadline)> {
        self.addrs.learned.prefixes()
    }

    /// Routes that routers offered (RFC 4191): network, router, until when.
    pub fn offered_routes(&self) -> impl Iterator<Item = (Ipv6Cidr, Ipv6Addr, Deadline)> {
        self.addrs.learned.offered()
    }

    /// Destinations that a router redirected (RFC 4861 §8.3): the destination, its first hop, and
    /// until when.
    pub fn redirections(&self) -> impl Iterator<Item = (Ipv6Addr, Ipv6Addr, Deadline)> {
        self.addrs.learned.redirections()
    }

    /// Recursive DNS servers that routers named (RFC 8106), and until when.
    pub fn dns_servers(&self) -> impl Iterator<Item = (Ipv6Addr, Deadline)> {
        self.slaac.dns.servers()
    }

    /// Domains to search for names (RFC 8106), and until when.
    pub fn search_domains(&self) -> impl Iterator<Item = (DnsName<'_>, Deadline)> {
        self.slaac.dns.domains()
    }
}
