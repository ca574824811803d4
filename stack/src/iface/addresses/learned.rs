//! What routers told about where packets go: default routers (RFC 4861 §6.3.4), prefixes on the
//! link, routes (RFC 4191) and redirections (RFC 4861 §8.3). All of it in the caller's memory; who
//! comes when that is full is not remembered, so that a flood of advertisements displaces nobody.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::RoutePreference;

use super::super::table::{Slot, Table};
use super::own::deadline;
use crate::addr::{IpCidr, Ipv6Cidr};
use crate::parts::AUTOCONF;
use crate::storage::Storage;

/// How long a redirection is followed; the RFC sets no limit.
const REDIRECT_TIME: Duration = Duration::from_secs(600);

/// A router that advertised itself as a default router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Router {
    /// Its link-local address.
    pub addr: Ipv6Addr,
    /// How much it wants to be used (RFC 4191 §2.1).
    pub preference: RoutePreference,
    /// When it is a default router no more.
    pub until: Deadline,
    /// It did not answer when it was last asked for its hardware address; others are used first.
    pub silent: bool,
}

/// A prefix whose addresses are on the link.
#[derive(Clone, Copy, Debug)]
pub struct Prefix {
    network: Ipv6Cidr,
    until: Instant,
    /// The router that advertised it last.
    router: Ipv6Addr,
}

/// A route that a router offered (RFC 4191 §2.3).
#[derive(Clone, Copy, Debug)]
pub struct OfferedRoute {
    network: Ipv6Cidr,
    via: Ipv6Addr,
    preference: RoutePreference,
    until: Instant,
    silent: bool,
}

/// A better first hop for one destination.
#[derive(Clone, Copy, Debug)]
pub struct Redirection {
    dst: Ipv6Addr,
    via: Ipv6Addr,
    until: Instant,
}

/// Room for a default router.
pub type RouterSlot = Slot<Router>;
/// Room for a prefix on the link.
pub type PrefixSlot = Slot<Prefix>;
/// Room for a route that a router offered.
pub type OfferedRouteSlot = Slot<OfferedRoute>;
/// Room for a redirection.
pub type RedirectionSlot = Slot<Redirection>;

/// Memory for what routers tell about where packets go.
#[derive(Debug, Default)]
pub struct LearnedStorage<'a> {
    /// Default routers.
    pub routers: Storage<'a, RouterSlot>,
    /// Prefixes on the link.
    pub prefixes: Storage<'a, PrefixSlot>,
    /// Routes with a prefix.
    pub routes: Storage<'a, OfferedRouteSlot>,
    /// Destinations with a first hop of their own.
    pub redirections: Storage<'a, RedirectionSlot>,
}

#[cfg(feature = "alloc")]
impl LearnedStorage<'_> {
    /// Memory on the heap for 4 routers, 8 prefixes, 8 routes and 16 redirections.
    #[must_use]
    pub fn heap() -> Self {
        use alloc::vec;
        Self {
            routers: vec![RouterSlot::EMPTY; 4].into(),
            prefixes: vec![PrefixSlot::EMPTY; 8].into(),
            routes: vec![OfferedRouteSlot::EMPTY; 8].into(),
            redirections: vec![RedirectionSlot::EMPTY; 16].into(),
        }
    }
}

/// A way to a destination: how good it is, and the neighbor that it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) rank: Rank,
    pub(crate) hop: Ipv6Addr,
}

/// A router that answers is better than one that does not; then the longer prefix counts, then who
/// said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u64);

impl Rank {
    /// The lower the metric of the program's route, the more `nearness`.
    pub(crate) const fn new(answers: bool, prefix_len: u8, source: Source, nearness: u32) -> Self {
        let [a, b, c, d] = nearness.to_be_bytes();
        let octets = [0, answers as u8, prefix_len, source as u8, a, b, c, d];
        Self(u64::from_be_bytes(octets))
    }
}

/// Who knows of a way, from the least to the most trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A router, with this preference.
    Low,
    Medium,
    High,
    /// The program.
    Manual,
    /// No router is needed.
    OnLink,
}

impl From<RoutePreference> for Source {
    /// RFC 4191 §2.2: the reserved value counts as medium.
    fn from(preference: RoutePreference) -> Self {
        match preference {
            RoutePreference::High => Self::High,
            RoutePreference::Low => Self::Low,
            _ => Self::Medium,
        }
    }
}

/// What routers told.
#[derive(Debug, Default)]
pub(crate) struct Learned<'a> {
    routers: Table<'a, Router, { AUTOCONF as usize }>,
    prefixes: Table<'a, Prefix, { AUTOCONF as usize }>,
    routes: Table<'a, OfferedRoute, { AUTOCONF as usize }>,
    redirections: Table<'a, Redirection, { AUTOCONF as usize }>,
}

impl<'a> Learned<'a> {
    pub(crate) fn new(storage: LearnedStorage<'a>) -> Self {
        Self {
            routers: Table::new(storage.routers),
            prefixes: Table::new(storage.prefixes),
            routes: Table::new(storage.routes),
            redirections: Table::new(storage.redirections),
        }
    }

    pub(crate) fn routers(&self) -> impl Iterator<Item = &Router> {
        self.routers.iter()
    }

    pub(crate) fn prefixes(&self) -> impl Iterator<Item = (Ipv6Cidr, Deadline)> {
        self.prefixes
            .iter()
            .map(|prefix| (prefix.network, deadline(prefix.until)))
    }

    pub(crate) fn offered(&self) -> impl Iterator<Item = (Ipv6Cidr, Ipv6Addr, Deadline)> {
        self.routes
            .iter()
            .map(|route| (route.network, route.via, deadline(route.until)))
    }

    pub(crate) fn redirections(&self) -> impl Iterator<Item = (Ipv6Addr, Ipv6Addr, Deadline)> {
        self.redirections
            .iter()
            .map(|known| (known.dst, known.via, deadline(known.until)))
    }

    /// Whether there is no default router.
    pub(crate) fn has_no_router(&self) -> bool {
        self.routers.iter().next().is_none()
    }

    /// Whether a router advertised a prefix that holds an address.
    pub(crate) fn advertises(&self, router: Ipv6Addr, addr: Ipv6Addr) -> bool {
        self.prefixes
            .iter()
            .any(|prefix| prefix.router == router && prefix.network.contains(addr))
    }

    /// A router says how long it is a default router, from `now` on not at all if `until` is not
    /// later. Returns whether it was taken note of.
    pub(crate) fn set_router(
        &mut self,
        addr: Ipv6Addr,
        preference: RoutePreference,
        until: Instant,
        now: Instant,
    ) -> bool {
        if until <= now {
            self.routers.retain(|router| router.addr != addr);
            return true;
        }
        let until = deadline(until);
        if let Some(router) = self.routers.find(|router| router.addr == addr) {
            router.preference = preference;
            router.until = until;
            router.silent = false;
            return true;
        }
        if self.routers.is_full() {
            // One that does not answer is worth less than one that has just spoken.
            self.routers.take(|router| router.silent);
        }
        let router = Router {
            addr,
            preference,
            until,
            silent: false,
        };
        self.routers.push(router).is_some()
    }

    /// A router says until when a prefix is on the link. Returns whether it was taken note of.
    pub(crate) fn set_prefix(
        &mut self,
        network: Ipv6Cidr,
        router: Ipv6Addr,
        until: Instant,
        now: Instant,
    ) -> bool {
        if until <= now {
            self.prefixes.retain(|prefix| prefix.network != network);
            return true;
        }
        let new = Prefix {
            network,
            until,
            router,
        };
        match self.prefixes.find(|prefix| prefix.network == network) {
            Some(prefix) => {
                *prefix = new;
                true
            }
            None => self.prefixes.push(new).is_some(),
        }
    }

    /// A router offers a route until an instant. Returns whether it was taken note of.
    pub(crate) fn set_route(
        &mut self,
        network: Ipv6Cidr,
        via: Ipv6Addr,
        preference: RoutePreference,
        until: Instant,
        now: Instant,
    ) -> bool {
        let same = |route: &OfferedRoute| route.network == network && route.via == via;
        if until <= now {
            self.routes.retain(|route| !same(route));
            return true;
        }
        let new = OfferedRoute {
            network,
            via,
            preference,
            until,
            silent: false,
        };
        match self.routes.find(same) {
            Some(route) => {
                *route = new;
                true
            }
            None => self.routes.push(new).is_some(),
        }
    }

    /// A router knows a better first hop for a destination. Where there is no room, the oldest
    /// redirection makes way: what it saved is a detour.
    pub(crate) fn redirect(&mut self, dst: Ipv6Addr, via: Ipv6Addr, now: Instant) {
        let until = now.saturating_add(REDIRECT_TIME);
        let new = Redirection { dst, via, until };
        if let Some(known) = self.redirections.find(|known| known.dst == dst) {
            *known = new;
            return;
        }
        if self.redirections.is_full() {
            let oldest = self.redirections.iter().map(|known| known.until).min();
            self.redirections.take(|known| Some(known.until) == oldest);
        }
        self.redirections.push(new);
    }

    /// The first hop that a router named for a destination.
    pub(crate) fn redirected(&self, dst: Ipv6Addr) -> Option<Ipv6Addr> {
        let known = self.redirections.iter().find(|known| known.dst == dst);
        known.map(|known| known.via)
    }

    /// A neighbor does not answer: it is a router no more as long as there are others, and
    /// redirections to it are void (RFC 4861 §6.3.6, §7.3.3).
    pub(crate) fn silent(&mut self, addr: Ipv6Addr) {
        // Where no router answers, each is tried in its turn: it goes behind the others.
        if let Some(mut router) = self.routers.take(|router| router.addr == addr) {
            router.silent = true;
            self.routers.push(router);
        }
        for route in self.routes.iter_mut().filter(|route| route.via == addr) {
            route.silent = true;
        }
        self.redirections.retain(|known| known.via != addr);
    }

    /// A neighbor answers. Returns whether that makes a difference.
    pub(crate) fn answers(&mut self, addr: Ipv6Addr) -> bool {
        let mut again = false;
        for router in self.routers.iter_mut().filter(|router| router.addr == addr) {
            again |= core::mem::take(&mut router.silent);
        }
        for route in self.routes.iter_mut().filter(|route| route.via == addr) {
            again |= core::mem::take(&mut route.silent);
        }
        again
    }

    /// A neighbor is a router no more (RFC 4861 §7.2.5).
    pub(crate) fn no_router(&mut self, addr: Ipv6Addr) {
        self.routers.retain(|router| router.addr != addr);
        self.routes.retain(|route| route.via != addr);
        self.redirections
            .retain(|known| known.via != addr || known.dst == addr);
    }

    /// The best way to a destination that routers told of.
    pub(crate) fn way(&self, dst: Ipv6Addr) -> Option<Way> {
        let on_link = self.prefixes.iter().map(|prefix| {
            let rank = Rank::new(true, prefix.network.prefix_len(), Source::OnLink, 0);
            (prefix.network.contains(dst), Way { rank, hop: dst })
        });
        let routes = self.routes.iter().map(|route| {
            let source = route.preference.into();
            let rank = Rank::new(!route.silent, route.network.prefix_len(), source, 0);
            let hop = route.via;
            (route.network.contains(dst), Way { rank, hop })
        });
        let routers = self.routers.iter().map(|router| {
            let rank = Rank::new(!router.silent, 0, router.preference.into(), 0);
            let hop = router.addr;
            (true, Way { rank, hop })
        });
        better(
            on_link
                .chain(routes)
                .chain(routers)
                .filter_map(|(leads_there, way)| leads_there.then_some(way)),
        )
    }

    /// Every network that routers told of, with a metric that makes the program's own routes
    /// better.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = (IpCidr, u32)> {
        let prefixes = self.prefixes.iter().map(|prefix| (prefix.network, 0));
        let routes = self.routes.iter().map(|route| {
            let metric = metric(route.preference, route.silent);
            (route.network, metric)
        });
        let routers = self.routers.iter().filter_map(|router| {
            let everywhere = Ipv6Cidr::new(Ipv6Addr::UNSPECIFIED, 0).ok()?;
            Some((everywhere, metric(router.preference, router.silent)))
        });
        prefixes
            .chain(routes)
            .chain(routers)
            .map(|(network, metric)| (IpCidr::V6(network), metric))
    }

    /// When the next of it ends.
    pub(crate) fn expires_at(&self) -> Deadline {
        let routers = self.routers.iter().map(|router| router.until);
        let prefixes = self.prefixes.iter().map(|prefix| deadline(prefix.until));
        let routes = self.routes.iter().map(|route| deadline(route.until));
        let redirections = self.redirections.iter().map(|known| deadline(known.until));
        routers
            .chain(prefixes)
            .chain(routes)
            .chain(redirections)
            .fold(Deadline::NEVER, Deadline::min)
    }

    /// Forget what has ended.
    pub(crate) fn expire(&mut self, now: Instant) {
        self.routers.retain(|router| !router.until.is_due(now));
        self.prefixes.retain(|prefix| prefix.until > now);
        self.routes.retain(|route| route.until > now);
        self.redirections.retain(|known| known.until > now);
    }
}

/// The best of some ways; the first of those that are equal.
pub(crate) fn better(ways: impl Iterator<Item = Way>) -> Option<Way> {
    ways.reduce(|best, way| if way.rank > best.rank { way } else { best })
}

/// The metric of a route that a router told of.
fn metric(preference: RoutePreference, silent: bool) -> u32 {
    match (Source::from(preference), silent) {
        (Source::High, false) => 1000,
        (Source::Low, false) => 3000,
        (_, false) => 2000,
        (Source::High, true) => 11_000,
        (Source::Low, true) => 13_000,
        (_, true) => 12_000,
    }
}
