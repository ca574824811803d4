//! An interface's own addresses and routes: which destinations are ours, which source to use, and
//! who is the next hop.

mod learned;
mod own;
mod served;

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz_hal::time::{Deadline, Duration, Instant};

pub(crate) use self::learned::Learned;
pub use self::learned::{
    LearnedStorage, OfferedRouteSlot, PrefixSlot, RedirectionSlot, Router, RouterSlot,
};
use self::learned::{Rank, Source};
use self::own::Life;
pub use self::own::{AddrConfig, AddrInfo, AddrOrigin, AddrState, Defend};
pub(crate) use self::own::{CheckStep, FOREVER, OwnAddr, after, deadline};
pub(crate) use self::served::Question;
pub(crate) use self::served::Served;
pub use self::served::{PrefixRole, ServedPrefix, ServedSlot};
use super::random::Random;
use super::slaac::Lifetimes;
pub(crate) use super::source::Policy;
use super::source::{self, Candidate, DEFAULT_POLICY, mapped, select};
use super::table::{Slot, Table};
use crate::addr::{
    AddrError, Ip, IpCidr, Net, asks_for, common_prefix, covers, full, full_net, is_at, is_host,
    kept, kept_net, v4, v6,
};
use crate::parts::{AUTOCONF, IPV4, IPV6, Kept, ROUTER};
use crate::storage::Storage;

/// A destination network and the router that leads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Destinations.
    pub network: IpCidr,
    /// The router, a neighbor on the link.
    pub via: IpAddr,
    /// Of several routes to one network, that with the lowest metric is taken.
    pub metric: u32,
}

/// Why an address or a route was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// Every slot for addresses or routes is taken.
    Full,
    /// The address cannot be an interface's own, or a router's.
    Address(AddrError),
    /// The interface has no unicast hardware address, which its medium needs.
    HardwareAddr,
    /// This build is without links of the medium (features `ethernet`, `ieee802154`, `ip`).
    Medium,
    /// An interval or a lifetime is out of its bounds.
    Interval,
    /// The address is of a version of IP that this build is without (features `ipv4`, `ipv6`).
    Version,
    /// In this build addresses have no end (feature `autoconf`).
    Lifetime,
    /// This build cannot find out whether an address is somebody else's (feature `autoconf`).
    Detection,
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Full => f.write_str("no room for another address or route"),
            Self::Address(error) => error.fmt(f),
            Self::Interval => f.write_str("an interval or a lifetime is out of its bounds"),
            Self::Version => f.write_str("this build is without the version of IP"),
            Self::Lifetime => f.write_str("in this build addresses have no end"),
            Self::Detection => f.write_str("this build asks nobody for an address"),
            Self::Medium => f.write_str("this build has no links of the medium"),
            Self::HardwareAddr => f.write_str("the hardware address is not a unicast address"),
        }
    }
}

impl core::error::Error for ConfigError {}

/// Room for one address of an interface.
pub type AddrSlot = Slot<OwnAddr>;

/// Room for one route.
pub type RouteSlot = Slot<Way>;

/// A [`Route`] as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    network: Net,
    via: Ip,
    metric: u32,
}

/// What a destination address is to an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// One of its addresses.
    Unicast,
    /// A broadcast address of its network.
    Broadcast,
    /// A group that it is a member of.
    Multicast,
}

/// The groups of all routers, of the host, the link and the site (RFC 4291 §2.7.1).
pub(crate) const ALL_ROUTERS: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xff01, 0, 0, 0, 0, 0, 0, 2),
    Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2),
    Ipv6Addr::new(0xff05, 0, 0, 0, 0, 0, 0, 2),
];

/// What time has done to an address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aged {
    /// It has run out.
    Gone(OwnAddr),
    /// It was found to be somebody else's.
    Lost(OwnAddr),
    /// It wants a successor.
    Renew(OwnAddr),
}

/// When time changes something about the addresses, kept up by whatever changes them.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    /// When a check goes on.
    checks: Deadline,
    /// When a lifetime ends.
    ages: Deadline,
}

/// The addresses and routes of an interface.
#[derive(Debug)]
pub(crate) struct Addresses<'a> {
    own: Table<'a, OwnAddr>,
    routes: Table<'a, Way>,
    /// Prefixes that it answers for as if they were its own.
    pub(crate) served: Served<'a>,
    pub(crate) learned: Learned<'a>,
    /// Whether it forwards, or advertises itself as a router.
    pub(crate) router: bool,
    /// What source selection prefers (RFC 6724 §2.1).
    policy: Kept<Option<&'a [Policy]>, { AUTOCONF as usize }>,
    /// When the check of one goes on, and when a lifetime ends.
    due: Kept<Due, { AUTOCONF as usize }>,
    /// Counts changes of the addresses.
    pub(super) changes: u32,
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(
        own: Storage<'a, AddrSlot>,
        routes: Storage<'a, RouteSlot>,
        served: Storage<'a, ServedSlot>,
        learned: LearnedStorage<'a>,
    ) -> Self {
        Self {
            own: Table::new(own),
            routes: Table::new(routes),
            served: Served::new(served),
            learned: Learned::new(learned),
            router: false,
            policy: Kept::default(),
            due: Kept::default(),
            changes: 0,
        }
    }

    /// What source selection prefers (RFC 6724 §2.1).
    pub(crate) fn policy(&self) -> &[Policy] {
        self.policy
            .get()
            .copied()
            .flatten()
            .unwrap_or(&DEFAULT_POLICY)
    }

    /// Prefer something else.
    pub(crate) fn set_policy(&mut self, policy: &'a [Policy]) {
        self.policy = Kept::new(Some(policy));
    }

    /// The addresses that are used.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = Net> {
        self.own
            .iter()
            .filter(|own| own.is_assigned())
            .map(|own| own.cidr)
    }

    /// Every address, whatever its state.
    pub(crate) fn all(&self) -> impl Iterator<Item = &OwnAddr> {
        self.own.iter()
    }

    /// Change addresses, and keep the deadlines right.
    pub(crate) fn change<R>(&mut self, change: impl FnOnce(&mut Table<'a, OwnAddr>) -> R) -> R {
        let result = change(&mut self.own);
        if AUTOCONF {
            self.refresh();
        }
        result
    }

    /// Bring the deadlines up to date with what they depend on.
    pub(crate) fn refresh(&mut self) {
        let ages = self.learned.expires_at();
        let begin = Due {
            ages,
            ..Due::default()
        };
        self.due = Kept::new(self.own.iter().fold(begin, |due, own| Due {
            checks: due.checks.min(own.life().check_at()),
            ages: due.ages.min(own.life().ages_at()),
        }));
    }

    /// Add an address, or give one that is there another prefix and other lifetimes.
    pub(crate) fn add(
        &mut self,
        cidr: IpCidr,
        origin: AddrOrigin,
        config: &AddrConfig,
        now: Instant,
        random: &mut Random,
    ) -> Result<(), ConfigError> {
        let broadcast = cidr.broadcast().map(v4);
        let cidr = kept_net(cidr).ok_or(ConfigError::Version)?;
        if !is_host(&cidr.addr()) || broadcast == Some(cidr.addr()) {
            return Err(ConfigError::Address(AddrError::NotUnicast));
        }
        let new = OwnAddr::new(cidr, origin, config, now);
        self.changes = self.changes.wrapping_add(1);
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &cidr.addr())) {
                if !AUTOCONF {
                    *own = new;
                    return Ok(());
                }
                if !own.is_duplicate() {
                    own.cidr = cidr;
                    let Life {
                        preferred_until: preferred,
                        valid_until: valid,
                        ..
                    } = *new.life();
                    own.change(|life| life.renew(Lifetimes { preferred, valid }, now));
                }
                if own.is_duplicate() || (own.is_tentative() && !config.detect) {
                    *own = new;
                }
            } else {
                table.push(new).ok_or(ConfigError::Full)?;
            }
            if AUTOCONF
                && let Some(own) = table.find(|own| is_at(&own.cidr, &cidr.addr()))
                && own.is_tentative()
                && own.life().check_at() == Deadline::NEVER
            {
                own.begin_check(now, Duration::ZERO, random);
            }
            Ok(())
        })
    }

    /// Whether the address was there.
    pub(crate) fn remove(&mut self, addr: Ip) -> bool {
        self.changes = self.changes.wrapping_add(1);
        self.change(|table| table.take(|own| is_at(&own.cidr, &addr)).is_some())
    }

    /// When a check goes on.
    #[inline]
    pub(crate) fn checks_at(&self) -> Deadline {
        self.due.get().map_or(Deadline::NEVER, |due| due.checks)
    }

    /// When a lifetime ends.
    #[inline]
    pub(crate) fn ages_at(&self) -> Deadline {
        self.due.get().map_or(Deadline::NEVER, |due| due.ages)
    }

    /// What the checks of addresses want to send, if one is due; `retrans` is the time between
    /// questions of IPv6.
    pub(crate) fn next_check(
        &mut self,
        now: Instant,
        retrans: Duration,
        random: &mut Random,
    ) -> Option<CheckStep> {
        self.change(|table| {
            table
                .iter_mut()
                .find_map(|own| own.step(now, retrans, random))
        })
    }

    /// Do what time does to addresses and routes. Returns what is to be done about an address, if
    /// there is something; ask until there is nothing.
    pub(crate) fn age(&mut self, now: Instant) -> Option<Aged> {
        self.learned.expire(now);
        let aged = self.change(|table| {
            for own in table.iter_mut() {
                own.change(|life| life.age(now));
            }
            if let Some(lost) =
                table.find(|own| own.is_duplicate() && own.life().ages_at().is_due(now))
            {
                let copy = *lost;
                lost.change(Life::settle);
                return Some(Aged::Lost(copy));
            }
            if let Some(own) = table.find(|own| own.life().renews_at().is_due(now)) {
                own.change(|life| life.renewed = true);
                return Some(Aged::Renew(*own));
            }
            table
                .take(|own| own.life().valid_until <= now)
                .map(Aged::Gone)
        });
        if let Some(Aged::Gone(_)) = aged {
            self.changes = self.changes.wrapping_add(1);
        }
        aged
    }

    /// Whether an address is ours and being asked for.
    pub(crate) fn is_tentative(&self, addr: Ip) -> bool {
        AUTOCONF
            && self
                .own
                .iter()
                .any(|own| is_at(&own.cidr, &addr) && own.is_tentative())
    }

    /// Somebody else has a tentative address.
    pub(crate) fn lose(&mut self, addr: Ip) {
        self.changes = self.changes.wrapping_add(1);
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &addr)) {
                own.change(Life::lose);
            }
        });
    }

    /// An address is used when a router has registered it.
    pub(crate) fn await_registration(&mut self, addr: Ip) {
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &addr)) {
                own.change(Life::await_registration);
            }
        });
    }

    /// A router has registered an address.
    pub(crate) fn granted(&mut self, addr: Ip, now: Instant) {
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &addr)) {
                own.change(|life| life.granted(now));
            }
        });
    }

    /// A question for a tentative address came back to us.
    pub(crate) fn looped(&mut self, addr: Ip) {
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &addr)) {
                own.change(Life::looped);
            }
        });
    }

    /// Another station claims an IPv4 address of ours (RFC 5227 §2.1.1, §2.4).
    pub(crate) fn claimed(&mut self, addr: Ip, now: Instant) {
        if !AUTOCONF {
            return;
        }
        self.change(|table| {
            if let Some(own) = table.find(|own| is_at(&own.cidr, &addr)) {
                if own.is_tentative() {
                    own.change(Life::lose);
                } else if own.is_assigned() {
                    own.change(|life| life.claimed(now));
                }
            }
        });
    }

    pub(crate) fn add_route(&mut self, route: Route) -> Result<(), ConfigError> {
        let way = Way {
            network: kept_net(route.network).ok_or(ConfigError::Version)?,
            via: kept(route.via),
            metric: route.metric,
        };
        let mixed = route.network.addr().is_ipv4() != route.via.is_ipv4();
        if !is_host(&way.via) || mixed {
            return Err(ConfigError::Address(AddrError::NotUnicast));
        }
        let same = |known: &Way| (known.network, known.metric) == (way.network, way.metric);
        match self.routes.find(same) {
            Some(known) => *known = way,
            None => {
                self.routes.push(way).ok_or(ConfigError::Full)?;
            }
        }
        Ok(())
    }

    pub(crate) fn remove_route(&mut self, network: IpCidr) -> bool {
        self.routes
            .retain(|route| full_net(route.network) != network)
    }

    /// The routes: those of the program, and those that routers told of.
    pub(crate) fn routes(&self) -> impl Iterator<Item = (IpCidr, u32)> {
        let manual = self
            .routes
            .iter()
            .map(|route| (full_net(route.network), route.metric));
        manual.chain(self.learned.metrics())
    }

    /// Whether an address is one of the interface's own, and used.
    #[inline]
    pub(crate) fn owns(&self, addr: Ip) -> bool {
        self.own
            .iter()
            .any(|own| is_at(&own.cidr, &addr) && own.is_assigned())
    }

    /// Whether packets may come from an address: its own, or one that it answers for.
    #[inline]
    pub(crate) fn speaks_for(&self, addr: Ip) -> bool {
        self.owns(addr) || self.served.takes(full(addr))
    }

    /// A link-local address of IPv6 that is used.
    pub(crate) fn link_local(&self) -> Option<Ipv6Addr> {
        self.iter().find_map(|cidr| match full(cidr.addr()) {
            IpAddr::V6(addr) if addr.is_unicast_link_local() => Some(addr),
            _ => None,
        })
    }

    /// Whether packets to an address are for this interface, and as what.
    #[inline]
    pub(crate) fn accepts(&self, addr: Ip) -> Option<Destination> {
        if self.owns(addr) {
            return Some(Destination::Unicast);
        }
        match full(addr) {
            IpAddr::V4(v4) if self.is_broadcast(v4) => Some(Destination::Broadcast),
            IpAddr::V4(v4) if v4 == Ipv4Addr::new(224, 0, 0, 1) => Some(Destination::Multicast),
            IpAddr::V6(_) if IPV6 && self.is_member(&addr) => Some(Destination::Multicast),
            _ => self
                .served
                .takes(full(addr))
                .then_some(Destination::Unicast),
        }
    }

    /// Whether an address is the limited broadcast or that of one of our networks.
    pub(crate) fn is_broadcast(&self, addr: Ipv4Addr) -> bool {
        addr.is_broadcast()
            || self
                .iter()
                .any(|cidr| full_net(cidr).broadcast() == Some(addr))
    }

    /// All nodes, all routers if it is one, and the solicited-node groups of our addresses
    /// (RFC 4291 §2.8), also of those that are still being asked for (RFC 4862 §5.4.2).
    fn is_member(&self, group: &Ip) -> bool {
        const ALL_NODES: [Ip; 2] = [
            v6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1)),
            v6(Ipv6Addr::new(0xff01, 0, 0, 0, 0, 0, 0, 1)),
        ];
        if !group.is_multicast() {
            return false;
        }
        if ALL_NODES.contains(group) || self.solicits(group) {
            return true;
        }
        ROUTER
            && matches!(full(*group), IpAddr::V6(group)
                if (self.router && ALL_ROUTERS.contains(&group)) || self.served.solicits(group))
    }

    /// Whether neighbors ask in this group for an address of ours.
    pub(super) fn solicits(&self, group: &Ip) -> bool {
        self.own
            .iter()
            .any(|own| !own.is_duplicate() && asks_for(group, &own.addr()))
    }

    /// The neighbor to which a packet goes on its way to `dst`: itself if it is on the link.
    pub(crate) fn next_hop(&self, dst: Ip) -> Option<Ip> {
        match full(dst) {
            // RFC 3927 §2.6.2: link-local addresses of IPv4 are on the link, whatever routes say.
            IpAddr::V4(v4) if v4.is_multicast() || v4.is_link_local() || self.is_broadcast(v4) => {
                Some(dst)
            }
            IpAddr::V4(_) => self.way(&dst).map(|(_, hop)| *hop),
            IpAddr::V6(v6) if v6.is_multicast() || v6.is_unicast_link_local() => Some(dst),
            IpAddr::V6(_) if !IPV6 => None,
            IpAddr::V6(_) if !AUTOCONF => self.way(&dst).map(|(_, hop)| *hop),
            IpAddr::V6(addr) => {
                if let Some(hop) = self.learned.redirected(addr) {
                    return Some(v6(hop));
                }
                let told = self.learned.way(addr);
                match (self.way(&dst), told) {
                    (Some((rank, hop)), told) if told.is_none_or(|told| rank >= told.rank) => {
                        Some(*hop)
                    }
                    (_, told) => told.map(|told| v6(told.hop)),
                }
            }
        }
    }

    /// The best way that the program's addresses and routes know.
    fn way<'s>(&'s self, dst: &'s Ip) -> Option<(Rank, &'s Ip)> {
        let own = self.own.iter();
        let near = own.filter(|own| own.on_link && own.is_assigned());
        let near = near.map(|own| (&own.cidr, Source::OnLink, 0, dst));
        let routes = self.routes.iter();
        let routes =
            routes.map(|route| (&route.network, Source::Manual, !route.metric, &route.via));
        let mut best = None;
        for (network, source, nearness, hop) in near.chain(routes) {
            let rank = Rank::new(true, network.prefix_len(), source, nearness);
            if covers(network, dst) && best.is_none_or(|(of_best, _)| rank > of_best) {
                best = Some((rank, hop));
            }
        }
        best
    }

    /// Whether a connection to an address can be begun: there is a way to it, and it is neither
    /// everybody's nor our own.
    pub(crate) fn reaches(&self, dst: Ip) -> bool {
        let broadcast = matches!(full(dst), IpAddr::V4(v4) if self.is_broadcast(v4));
        !broadcast && self.next_hop(dst).is_some_and(|hop| !self.owns(hop))
    }

    /// The source address for packets to `dst`.
    pub(crate) fn source_for(&self, dst: Ip) -> Option<Ip> {
        if self.owns(dst) {
            return Some(dst);
        }
        match full(dst) {
            IpAddr::V4(dst) if IPV4 => self.source_v4(dst).map(v4),
            IpAddr::V6(_) if IPV6 && !AUTOCONF => self.given_source_v6(dst),
            IpAddr::V6(dst) if IPV6 => self.source_v6(dst).map(v6),
            _ => None,
        }
    }

    /// [`Addresses::source_v6`] where every address was given by the program for ever: what is left
    /// of the rules is the scope and the longest common prefix (RFC 6724 §5, rules 2 and 8).
    fn given_source_v6(&self, dst: Ip) -> Option<Ip> {
        let wanted = scope_of(dst);
        let mut best = None;
        for own in self.own.iter().filter(|own| own.is_assigned()) {
            let scope = source::by_scope(scope_of(own.addr()), wanted);
            let common = common_prefix(&own.addr(), &dst).min(own.cidr.prefix_len());
            let rank = u16::from_be_bytes([scope, common]);
            if best.is_none_or(|(of_best, _)| rank > of_best) {
                best = Some((rank, own));
            }
        }
        best.map(|(_, own)| own.addr())
    }

    /// An address of the network that the packet crosses first is best, and a link-local one only
    /// for its like (RFC 3927 §2.6.1).
    fn source_v4(&self, dst: Ipv4Addr) -> Option<Ipv4Addr> {
        let hop = self.next_hop(v4(dst))?;
        let mut best = None;
        for own in self.own.iter().filter(|own| own.is_assigned()) {
            let IpCidr::V4(cidr) = full_net(own.cidr) else {
                continue;
            };
            // Each rule before the next.
            let rank = u8::from(cidr.addr().is_link_local() == dst.is_link_local()) << 2
                | u8::from(covers(&own.cidr, &hop)) << 1
                | u8::from(!own.is_deprecated());
            if best.is_none_or(|(of_best, _)| rank > of_best) {
                best = Some((rank, cidr.addr()));
            }
        }
        best.map(|(_, addr)| addr)
    }

    /// What is asked of an address when destinations are ordered.
    pub(crate) fn destination(&self, addr: Ip) -> source::Destination {
        let source = self.source_for(addr).filter(|_| self.reaches(addr));
        let source = source.and_then(|source| {
            let own = self.own.iter().find(|own| own.addr() == source)?;
            let prefix_len = match full_net(own.cidr) {
                IpCidr::V4(cidr) => cidr.prefix_len().saturating_add(96),
                IpCidr::V6(cidr) => cidr.prefix_len(),
            };
            Some(Candidate {
                deprecated: own.is_deprecated(),
                temporary: own.life().origin == AddrOrigin::Temporary,
                ..Candidate::new(mapped(full(source)), prefix_len)
            })
        });
        source::Destination {
            addr: full(addr),
            source,
            encapsulated: false,
        }
    }

    fn source_v6(&self, dst: Ipv6Addr) -> Option<Ipv6Addr> {
        let router = match self.next_hop(v6(dst)).map(full) {
            Some(IpAddr::V6(hop)) if hop != dst => Some(hop),
            _ => None,
        };
        let candidates = self.own.iter().filter_map(|own| {
            let IpCidr::V6(cidr) = full_net(own.cidr) else {
                return None;
            };
            let addr = cidr.addr();
            own.is_assigned().then(|| Candidate {
                deprecated: own.is_deprecated(),
                temporary: own.life().origin == AddrOrigin::Temporary,
                advertised: router.is_some_and(|hop| self.learned.advertises(hop, addr)),
                ..Candidate::new(addr, cidr.prefix_len())
            })
        });
        select(dst, candidates, self.policy())
    }
}

/// The scope of an address of IPv6.
fn scope_of(addr: Ip) -> u8 {
    match full(addr) {
        IpAddr::V6(addr) => source::scope_on_link(addr),
        IpAddr::V4(_) => 0,
    }
}

#[cfg(test)]
mod tests;
