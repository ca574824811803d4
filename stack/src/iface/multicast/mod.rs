//! Multicast groups of an interface: which it is in, and what it tells the routers of that, as IGMP
//! (RFC 1112, RFC 2236, RFC 3376) and MLD (RFC 2710, RFC 3810) have it. Both are one machine here;
//! `igmp` and `mld` read and write its messages.
//!
//! What the sockets want is merged into one state per group (RFC 3376 §3.2) whenever it changes.
//! Groups and their sources lie in memory of the caller's; a group without room is not joined, and
//! counted. Routers' and queriers' side is not done.

mod family;
mod group;
mod igmp;
mod mld;
mod query;
mod report;

pub use group::{GroupSlot, SourceSlot};

use core::net::IpAddr;

use litz_hal::time::{Deadline, Duration, Instant};
use litz_hal::{Capabilities, TxToken};

use self::family::{Compat, Family};
use self::group::Reason;
use super::addresses::{ALL_ROUTERS, Destination};
use super::ingress::Verdict;
use super::random::Random;
use super::{Interface, Link};
use crate::addr::{Ip, full, kept, solicited_node};
use crate::socket::{Concerning, FilterMode, SocketSet, is_permanent};
use crate::storage::{Arena, Demux, Links, NIL, Storage};

/// The groups of one interface.
#[derive(Debug)]
pub(crate) struct Multicast<'a> {
    slots: Slots<'a>,
    igmp: Family,
    mld: Family,
    /// What is being reported.
    round: Option<Round>,
    /// When the next report is due.
    due: Deadline,
    /// The changes of memberships and addresses that the groups are up to date with.
    seen: Option<(u32, u32)>,
    random: Random,
    draws: u64,
    /// Groups for which there was no slot.
    refused: u32,
}

/// A report that may take several packets.
#[derive(Clone, Copy, Debug)]
struct Round {
    ipv4: bool,
    reason: Reason,
}

#[derive(Debug)]
struct Slots<'a>(Storage<'a, GroupSlot<'a>>);

impl Arena for Slots<'_> {
    fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(NIL)
    }
    fn links(&self, node: u32) -> Option<&Links> {
        self.0.get(node as usize).map(|slot| &slot.links)
    }
    fn links_mut(&mut self, node: u32) -> Option<&mut Links> {
        self.0.get_mut(node as usize).map(|slot| &mut slot.links)
    }
}

impl<'a> Multicast<'a> {
    pub(super) fn new(slots: Storage<'a, GroupSlot<'a>>, secret: [u8; 16]) -> Self {
        Self {
            slots: Slots(slots),
            igmp: Family::default(),
            mld: Family::default(),
            round: None,
            due: Deadline::NEVER,
            seen: None,
            random: Random::new(secret),
            draws: 0,
            refused: 0,
        }
    }

    /// Whether packets to a group are wanted.
    #[inline]
    fn has(&self, group: IpAddr) -> bool {
        self.find(group)
            .and_then(|node| self.slots.0.get(node as usize))
            .is_some_and(GroupSlot::is_wanted)
    }

    /// The groups that are wanted.
    fn groups(&self) -> impl Iterator<Item = IpAddr> {
        self.slots
            .0
            .iter()
            .filter(|slot| slot.is_wanted())
            .filter_map(|slot| slot.group)
    }

    /// When there is something to be reported next.
    pub(super) const fn poll_at(&self) -> Deadline {
        self.due
    }

    const fn family(&self, ipv4: bool) -> &Family {
        if ipv4 { &self.igmp } else { &self.mld }
    }

    const fn family_mut(&mut self, ipv4: bool) -> &mut Family {
        if ipv4 { &mut self.igmp } else { &mut self.mld }
    }

    fn of_family(&mut self, ipv4: bool) -> impl Iterator<Item = &mut GroupSlot<'a>> {
        self.slots.0.iter_mut().filter(move |slot| slot.is_of(ipv4))
    }

    fn find(&self, group: IpAddr) -> Option<u32> {
        let mut node = Demux::first(&self.slots, hash(group));
        while let Some(slot) = self.slots.0.get(node as usize) {
            if slot.group == Some(group) {
                return Some(node);
            }
            node = Demux::next(&self.slots, node);
        }
        None
    }

    fn slot(&mut self, node: u32) -> Option<&mut GroupSlot<'a>> {
        self.slots.0.get_mut(node as usize)
    }

    /// The slot of a group; else a free one; else one that is kept only to say that it was left.
    fn slot_for(&mut self, group: IpAddr) -> Option<u32> {
        if let Some(node) = self.find(group) {
            return Some(node);
        }
        let slots = &self.slots.0;
        let free = slots.iter().position(|slot| slot.group.is_none());
        let left = || slots.iter().position(|slot| !slot.is_wanted());
        let node = u32::try_from(free.or_else(left)?).ok()?;
        Demux::remove(&mut self.slots, node);
        self.slot(node)?.begin(group);
        Demux::insert(&mut self.slots, node, hash(group));
        Some(node)
    }

    /// Free the slots of groups that are over, and find out when the next report is due.
    fn settle(&mut self) {
        let mut due = self.igmp.general_at.min(self.mld.general_at);
        for node in 0..self.slots.len() {
            let Some(slot) = self.slot(node).filter(|slot| slot.group.is_some()) else {
                continue;
            };
            if slot.is_over() {
                slot.quiet();
                slot.group = None;
                Demux::remove(&mut self.slots, node);
            } else {
                due = due.min(slot.due());
            }
        }
        self.due = due;
    }

    /// Bring a group up to date with what is wanted of it.
    fn want(
        &mut self,
        group: IpAddr,
        memberships: &Concerning<'_, '_>,
        always: bool,
        now: Instant,
    ) {
        let wanted = if always {
            Some(FilterMode::Exclude)
        } else {
            memberships.mode(group)
        };
        let known = if wanted.is_none() {
            self.find(group)
        } else {
            self.slot_for(group)
        };
        let robustness = self.family(group.is_ipv4()).robustness;
        let old = self.compat(group.is_ipv4(), now) != Compat::Latest;
        let Some(slot) = known.and_then(|node| self.slot(node)) else {
            if wanted.is_some() {
                self.refused = self.refused.wrapping_add(1);
            }
            return;
        };
        let lists = |source| !always && memberships.lists(group, source);
        let include = wanted.is_none_or(|mode| mode == FilterMode::Include);
        let had = slot.is_wanted();
        let changed = if include && distinct(memberships, group) <= slot.room() {
            let candidates = memberships.sources(group);
            slot.want(FilterMode::Include, lists, candidates, robustness)
        } else if include {
            // Not to include all that is wanted would lose it; so everything is taken.
            let none = core::iter::empty();
            slot.want(FilterMode::Exclude, |_| false, none, robustness)
        } else {
            let candidates = memberships.sources(group);
            slot.want(FilterMode::Exclude, lists, candidates, robustness)
        };
        let has = slot.is_wanted();
        if old && had != has {
            slot.quiet();
            slot.mode_changes = if has { robustness } else { 1 };
            slot.change_at = Deadline::at(now);
        } else if !old && changed {
            slot.change_at = Deadline::at(now);
        }
    }

    /// A random span of at most `bound`.
    fn random(&mut self, bound: Duration) -> Duration {
        self.draws = self.draws.wrapping_add(1);
        let draw = self.random.keyed(b"mult", &self.draws.to_be_bytes());
        let product = u128::from(bound.total_micros()).wrapping_mul(u128::from(draw));
        Duration::from_micros((product >> 64) as u64)
    }
}

impl Default for Multicast<'_> {
    /// Without room for any group.
    fn default() -> Self {
        Self::new(Storage::default(), [0; 16])
    }
}

impl Interface<'_> {
    /// Tell the routers the next thing that is due.
    pub(super) fn send_groups<T: TxToken>(
        &mut self,
        tx: T,
        now: Instant,
        caps: &Capabilities,
    ) -> Verdict {
        let measure = |ipv4| match ipv4 {
            true => igmp::measure(caps.ip_mtu),
            false => mld::measure(caps.ip_mtu),
        };
        let groups = self.multicast.get_mut();
        match groups.and_then(|all| all.next_message(now, measure)) {
            Some((true, message)) => self.send_igmp(tx, now, caps, message),
            Some((false, message)) => self.send_mld(tx, now, caps, message),
            None => Ok(()),
        }
    }

    /// When there is something to tell the routers next.
    pub(super) fn groups_at(&self) -> Deadline {
        let multicast = self.multicast.get();
        multicast.map_or(Deadline::NEVER, Multicast::poll_at)
    }

    /// What a destination is to the interface: its own, everybody's, or of a group that it is in.
    #[inline]
    pub(super) fn accepts(&self, dst: Ip) -> Option<Destination> {
        self.addrs.accepts(dst).or_else(|| {
            let has = || self.multicast.get().is_some_and(|all| all.has(full(dst)));
            let joined = dst.is_multicast() && has();
            joined.then_some(Destination::Multicast)
        })
    }

    /// Multicast groups that the interface is in, beside those that every host is in.
    pub fn groups(&self) -> impl Iterator<Item = IpAddr> {
        self.multicast.get().into_iter().flat_map(Multicast::groups)
    }

    /// How often a group was not joined for want of a [`GroupSlot`].
    #[must_use]
    pub const fn groups_refused(&self) -> u32 {
        match self.multicast.get() {
            Some(multicast) => multicast.refused,
            None => 0,
        }
    }

    /// Whether memberships or addresses have changed since the groups were brought up to date.
    #[inline]
    pub(super) fn groups_are_stale(&self, sockets: &SocketSet<'_>) -> bool {
        let changes = Some((sockets.memberships.changes(), self.addrs.changes));
        self.multicast.get().is_some_and(|all| all.seen != changes)
    }

    /// Bring the groups up to date with the memberships of sockets and the addresses that neighbors
    /// ask for.
    pub(super) fn update_groups(&mut self, now: Instant, sockets: &SocketSet<'_>) {
        let Self {
            multicast,
            addrs,
            link,
            ..
        } = self;
        let Some(multicast) = multicast.get_mut() else {
            return;
        };
        // Where there are no stations nobody asks for them.
        let asks = *link != Link::Ip;
        multicast.seen = Some((sockets.memberships.changes(), addrs.changes));
        let memberships = &sockets.memberships.of(self.id);
        // RFC 4291 §2.8; what does not leave the host is not reported.
        let [_, of_link, of_site] = ALL_ROUTERS;
        let routers = [of_link, of_site].map(IpAddr::V6);
        let as_router = asks && addrs.router;
        let solicited = |group: IpAddr| {
            asks && (addrs.solicits(&kept(group)) || (as_router && routers.contains(&group)))
        };
        for node in 0..multicast.slots.len() {
            let group = multicast.slot(node).and_then(|slot| slot.group);
            if let Some(group) = group {
                multicast.want(group, memberships, solicited(group), now);
            }
        }
        for group in memberships.groups().filter(|&group| !is_permanent(group)) {
            multicast.want(group, memberships, solicited(group), now);
        }
        for cidr in addrs.iter().filter(|_| asks) {
            if let IpAddr::V6(own) = full(cidr.addr()) {
                multicast.want(solicited_node(own).into(), memberships, true, now);
            }
        }
        for group in routers.into_iter().filter(|_| as_router) {
            multicast.want(group, memberships, true, now);
        }
        multicast.settle();
    }
}

/// How many different sources of a group are listed.
fn distinct(memberships: &Concerning<'_, '_>, group: IpAddr) -> usize {
    let all = || memberships.sources(group);
    all()
        .enumerate()
        .filter(|&(at, source)| !all().take(at).any(|earlier| earlier == source))
        .count()
}

/// Groups are chosen by the application, so no secret is needed.
fn hash(group: IpAddr) -> u32 {
    let low = match group {
        IpAddr::V4(v4) => v4.to_bits(),
        IpAddr::V6(v6) => v6.to_bits() as u32,
    };
    low.wrapping_mul(0x9e37_79b1)
}
