//! The interface: one link with its addresses, its neighbors and its manners. It takes frames from
//! a device, answers what is to be answered, hands the rest to sockets, and sends what they have.
//!
//! It puts fragments together; it forwards and configures itself if it is told to.

mod addresses;
mod advertiser;
mod arp;
mod attach;
mod chain;
mod checks;
mod config;
mod counters;
mod egress;
mod forward;
mod fragmenting;
mod fragments;
mod framing;
mod hardware;
mod icmp;
mod ingress;
mod ip;
mod ipv4_link_local;
mod mib;
mod multicast;
mod ndisc;
mod neighbor;
mod output;
mod path_mtu;
mod pending;
mod proxying;
mod quote;
mod random;
mod rate;
mod raw;
mod reassembly;
mod redirecting;
mod registration;
mod report;
mod router_advert;
mod serving;
mod slaac;
mod sorting;
pub mod source;
mod table;
mod transport;
mod udp;
mod whole;

pub use addresses::{
    AddrConfig, AddrInfo, AddrOrigin, AddrSlot, AddrState, ConfigError, Defend, LearnedStorage,
    OfferedRouteSlot, PrefixRole, PrefixSlot, RedirectionSlot, Route, RouteSlot, Router,
    RouterSlot, ServedPrefix, ServedSlot,
};
pub use advertiser::{AdvertisedContext, AdvertisedPrefix, LowpanAdvert, RouterConfig};
pub use config::{Budget, InterfaceStorage, Link, PollResult};
pub use counters::{DropReason, InterfaceCounters};
pub use hardware::HardwareAddr;
pub use mib::{IcmpCounters, IpCounters, ProtocolCounters, Statistics, UdpCounters};
pub use multicast::{GroupSlot, SourceSlot};
pub use neighbor::NeighborSlot;
pub use path_mtu::PathMtuSlot;
pub use pending::PendingSlot;
pub use reassembly::ReassemblySlot;
pub use registration::{
    ConfirmationSlot, Owner, RegisteredAddr, RegisteredAt, RegisteredSlot, RegistrationConfig,
    RegistrationSlot, RegistrationState,
};
pub use slaac::{DnsStorage, DomainSlot, InterfaceIds, ServerSlot, SlaacConfig, SlaacInfo};

use core::net::IpAddr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Capabilities, Device, RxToken};

use self::addresses::Addresses;
use self::advertiser::Advertiser;
use self::fragmenting::Fragmenting;
use self::multicast::Multicast;
use self::neighbor::{NeighborCache, REACHABLE_TIME};
pub(crate) use self::path_mtu::PathMtus;
use self::pending::Pending;
use self::random::{Idents, Random};
use self::rate::TokenBucket;
use self::reassembly::Reassembly;
use self::registration::{Registering, Registrar};
use self::slaac::Slaac;
pub(crate) use self::transport::checksum;
use crate::addr::{Ip, IpCidr, full, kept};
use crate::parts::{
    AUTOCONF, Counted, ERRORS, ETHERNET, FRAGMENTS, INLINE, Kept, MULTICAST, NUD, ROUTER, TCP, part,
};
use crate::socket::{InterfaceId, SocketSet};

/// Frames received in a row before it is the turn of what is to be sent, so that a flood of frames
/// cannot keep acknowledgments from leaving.
const RX_BURST: usize = 16;

/// Whether a build sends errors or redirects.
const REPORTS: bool = ERRORS || FRAGMENTS || ROUTER;

/// One network interface.
///
/// [`Interface::poll`] does all its work; [`Interface::poll_at`] says when to call it next if the
/// device receives nothing before.
pub struct Interface<'a> {
    link: Link,
    addrs: Addresses<'a>,
    neighbors: NeighborCache<'a>,
    pending: Pending<'a>,
    multicast: Kept<Multicast<'a>, { MULTICAST as usize }>,
    reassembly: Reassembly<'a>,
    fragmenting: Kept<Fragmenting<'a>, { FRAGMENTS as usize }>,
    /// What a router said that the link takes of IPv6 (RFC 4861 §4.6.4).
    mtu_v6: Kept<Option<usize>, { AUTOCONF as usize }>,
    slaac: Slaac<'a>,
    advertiser: Kept<Advertiser<'a>, { ROUTER as usize }>,
    registering: Registering<'a>,
    registrar: Registrar<'a>,
    counters: InterfaceCounters,
    protocols: Counted<ProtocolCounters>,
    /// Bounds ICMP errors.
    errors: Kept<TokenBucket, { REPORTS as usize }>,
    random: Random,
    /// Identifications of packets of IPv4.
    idents: Kept<Idents, { FRAGMENTS as usize }>,
    /// Where packets of the last destination go.
    route: Kept<Option<output::CachedRoute>, { INLINE as usize }>,
    /// Whose turn it is to send.
    turn: u32,
    /// When it was last polled.
    now: Instant,
    /// Its name among those that share a socket set.
    id: Option<InterfaceId>,
    /// Changes whenever the addresses or routes do.
    state: Kept<u32, { ROUTER as usize }>,
    /// Whether packets for other hosts are forwarded.
    forwarding: bool,
    /// Whether it looks at hop-by-hop options of what it forwards.
    examines: bool,
    /// Octets of payload of the packet being forwarded that have left in fragments.
    forwarded: Kept<usize, { ROUTER as usize }>,
    /// Whether it sends for the sockets that it was last polled with.
    serves: bool,
    /// Whether the device had no room when there was something to send.
    blocked: bool,
}

impl<'a> Interface<'a> {
    /// An interface without addresses. `secret` must be random; packet identifications depend on
    /// it.
    ///
    /// # Errors
    /// [`ConfigError::HardwareAddr`] if the hardware address is not one of a station on such a
    /// link; [`ConfigError::Medium`] if this build has no such links.
    pub fn new(
        link: Link,
        secret: [u8; 16],
        storage: InterfaceStorage<'a>,
    ) -> Result<Self, ConfigError> {
        if !link.is_built() {
            return Err(ConfigError::Medium);
        }
        if !link.is_sound() {
            return Err(ConfigError::HardwareAddr);
        }
        let mut random = Random::new(secret);
        let mut neighbors = NeighborCache::new(storage.neighbors);
        if NUD {
            neighbors.set_reachable_time(random_reachable_time(&mut random, REACHABLE_TIME));
        }
        Ok(Self {
            link,
            addrs: Addresses::new(
                storage.addrs,
                storage.routes,
                storage.served,
                storage.learned,
            ),
            neighbors,
            pending: Pending::new(storage.pending),
            multicast: Kept::new(Multicast::new(storage.groups, secret)),
            reassembly: Reassembly::new(storage.reassembly),
            fragmenting: Kept::new(Fragmenting::new(storage.fragmenting)),
            mtu_v6: Kept::default(),
            slaac: Slaac::new(storage.dns),
            advertiser: Kept::default(),
            registering: Registering::default(),
            registrar: Registrar::default(),
            counters: InterfaceCounters::default(),
            protocols: Counted::default(),
            errors: Kept::default(),
            random,
            idents: Kept::new(Idents::new(secret)),
            route: Kept::default(),
            turn: 0,
            now: Instant::ZERO,
            id: None,
            state: Kept::default(),
            forwarding: false,
            examines: false,
            forwarded: Kept::default(),
            serves: true,
            blocked: false,
        })
    }

    /// Add a route, or change the router of one.
    ///
    /// # Errors
    /// [`ConfigError::Full`], or [`ConfigError::Address`] if the router's address is no unicast
    /// address or of the other IP version.
    pub fn add_route(&mut self, network: IpCidr, via: IpAddr) -> Result<(), ConfigError> {
        self.add_route_with(Route {
            network,
            via,
            metric: 0,
        })
    }

    /// Add a route with a metric, beside others to the same network with other metrics.
    ///
    /// # Errors
    /// As [`Interface::add_route`].
    pub fn add_route_with(&mut self, route: Route) -> Result<(), ConfigError> {
        self.changed();
        self.addrs.add_route(route)
    }

    /// Set the default router of the IP version of `via`.
    ///
    /// # Errors
    /// As [`Interface::add_route`].
    pub fn set_default_route(&mut self, via: IpAddr) -> Result<(), ConfigError> {
        let network = match via {
            IpAddr::V4(_) => IpCidr::new(core::net::Ipv4Addr::UNSPECIFIED, 0),
            IpAddr::V6(_) => IpCidr::new(core::net::Ipv6Addr::UNSPECIFIED, 0),
        };
        self.add_route(network.map_err(ConfigError::Address)?, via)
    }

    /// Remove the routes to a network. Returns whether there was one.
    pub fn remove_route(&mut self, network: IpCidr) -> bool {
        self.changed();
        self.addrs.remove_route(network)
    }

    /// The hardware address, if the link has such.
    #[must_use]
    pub const fn hardware_addr(&self) -> Option<HardwareAddr> {
        self.link.own()
    }

    /// Neighbors whose hardware address is known.
    pub fn neighbors(&self) -> impl Iterator<Item = (IpAddr, HardwareAddr)> {
        let known = self.neighbors.iter();
        known.map(|(addr, station)| (full(addr), station))
    }

    /// Say that a host has just answered something that was sent to it, so the neighbor by way of
    /// which it is reached need not be asked (RFC 4861 §7.3.1). TCP does so by itself; this is for
    /// protocols over UDP.
    pub fn confirm_reachable(&mut self, remote: IpAddr, now: Instant) {
        self.confirm(kept(remote), now);
    }

    /// What [`Interface::confirm_reachable`] says.
    fn confirm(&mut self, remote: Ip, now: Instant) {
        // While no neighbor is being checked there is nothing to confirm.
        if self.neighbors.poll_at() != Deadline::NEVER
            && let Some(hop) = self.addrs.next_hop(remote)
        {
            self.forget_route();
            self.neighbors.confirm(hop, now);
        }
    }

    /// Nothing that was sent to a host is answered: perhaps the neighbor by way of which it is
    /// reached is another one now, or gone (RFC 9293 §3.8.3, SHLD-9).
    fn doubt_reachable(&mut self, remote: Ip, now: Instant) {
        if let Some(hop) = self.addrs.next_hop(remote) {
            self.forget_route();
            self.neighbors.doubt(hop, now);
        }
    }

    /// What was received, sent and dropped.
    #[must_use]
    pub const fn counters(&self) -> &InterfaceCounters {
        &self.counters
    }

    /// Receive, run timers and send, within the default [`Budget`].
    pub fn poll<D: Device>(
        &mut self,
        now: Instant,
        device: &mut D,
        sockets: &mut SocketSet<'_>,
    ) -> PollResult {
        self.poll_with(now, device, sockets, Budget::default())
    }

    /// [`Interface::poll`] within a budget of the caller's.
    #[cfg_attr(all(feature = "tcp", not(feature = "inline")), inline(never))]
    pub fn poll_with<D: Device>(
        &mut self,
        now: Instant,
        device: &mut D,
        sockets: &mut SocketSet<'_>,
        budget: Budget,
    ) -> PollResult {
        let caps = device.capabilities();
        let mut result = PollResult::default();
        if !self.link.fits(caps.medium) {
            self.counters.drop(DropReason::Medium);
            return result;
        }
        self.now = now;
        self.join(device, sockets);
        if TCP {
            sockets.tcp.set_now(now);
            sockets.tcp.run_timers(now);
        }
        self.run_lifetimes(now, sockets);
        if MULTICAST && self.groups_are_stale(sockets) {
            self.update_groups(now, sockets);
        }
        loop {
            let burst = RX_BURST.min(budget.rx.saturating_sub(result.received));
            let received = self.receive(now, device, &caps, sockets, burst);
            sockets.tcp.end_input();
            result.received = result.received.saturating_add(received);
            // What was received may have cost us an address.
            self.run_lifetimes(now, sockets);
            let room = budget.tx.saturating_sub(result.sent);
            let sent = self.transmit(now, device, &caps, sockets, room);
            result.sent = result.sent.saturating_add(sent);
            let spent = result.received >= budget.rx || result.sent >= budget.tx;
            if received < burst || spent {
                result.more = spent && (received > 0 || sent > 0);
                return result;
            }
        }
    }

    /// When to poll next, if the device receives nothing before: `now` if there is work, never if
    /// nothing is under way. While the device has no room to send, poll when it has.
    #[must_use]
    pub fn poll_at(&self, now: Instant, sockets: &SocketSet<'_>) -> Deadline {
        if self.blocked {
            return sockets.tcp.timers_at().min(self.addrs.ages_at());
        }
        // What this build leaves out is never done, and must not keep a host awake.
        if self.pending.check || (MULTICAST && self.groups_are_stale(sockets)) {
            return Deadline::at(now);
        }
        let sockets = if self.serves {
            sockets.poll_at(now, self.id)
        } else {
            Deadline::NEVER
        };
        let fragments = self.fragments_at(now).min(self.reassembly.poll_at());
        part(ETHERNET, self.neighbors.poll_at())
            .min(fragments)
            .min(self.groups_at())
            .min(self.duty_at())
            .min(self.slaac.dns.expires_at())
            .min(self.addrs.ages_at())
            .min(sockets)
    }

    fn receive<D: Device>(
        &mut self,
        now: Instant,
        device: &mut D,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
        burst: usize,
    ) -> usize {
        for received in 0..burst {
            if !self.receive_one(now, device, caps, sockets) {
                return received;
            }
        }
        burst
    }

    /// Take a frame from the device. Returns whether there was one.
    #[cfg_attr(feature = "inline", inline)]
    #[cfg_attr(not(feature = "inline"), inline(never))]
    fn receive_one<D: Device>(
        &mut self,
        now: Instant,
        device: &mut D,
        caps: &Capabilities,
        sockets: &mut SocketSet<'_>,
    ) -> bool {
        let Some((rx, tx)) = device.receive(now) else {
            return false;
        };
        self.counters.received();
        let meta = rx.meta();
        let (layer, result) = rx.consume(|frame| {
            let mut context = ingress::Context {
                now,
                caps,
                meta: &meta,
                tx: Some(tx),
                reassembled: false,
                to_group: false,
                peer: None,
                layer: mib::Layer::Link,
                path_mtu: path_mtu::UNKNOWN,
            };
            let result = self.frame(&mut context, frame, sockets);
            (context.layer, result)
        });
        self.protocols.note(|all| all.ended(layer, &result));
        if let Err(reason) = result {
            self.counters.drop(reason);
        }
        true
    }

    /// The identification of the next packet of IPv4 that may be fragmented.
    fn next_ident(&mut self) -> u16 {
        self.idents.get_mut().map_or(0, Idents::next)
    }

    /// Whether one more error may be reported now.
    fn may_report(&mut self, now: Instant) -> bool {
        let bucket = self.errors.get_mut();
        bucket.is_some_and(|bucket| bucket.take(now))
    }
}

/// How long an answer of a neighbor is good for: half of what is said to half more, so that hosts
/// do not ask in step (RFC 4861 §6.3.4).
fn random_reachable_time(random: &mut Random, base: Duration) -> Duration {
    let half = base.halved(1);
    random.between(half, base.saturating_add(half))
}
