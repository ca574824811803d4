//! An interface's own addresses and routes: which destinations are ours, which source to use, and
//! who is the next hop. IPv6 source selection follows RFC 6724 §5, rules 1, 2 and 8.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::addr::{AddrError, IpCidr, is_unicast, solicited_node};
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
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Full => f.write_str("no room for another address or route"),
            Self::Address(error) => error.fmt(f),
            Self::HardwareAddr => f.write_str("the hardware address is not a unicast address"),
        }
    }
}

impl core::error::Error for ConfigError {}

/// Room for one address of an interface.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddrSlot(Option<IpCidr>);

impl AddrSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);
}

/// Room for one route.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteSlot(Option<Route>);

impl RouteSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);
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

/// The addresses and routes of an interface.
#[derive(Debug, Default)]
pub(crate) struct Addresses<'a> {
    /// The first `own_count` are in use; what is scanned for every packet is kept short.
    own: Storage<'a, AddrSlot>,
    own_count: usize,
    routes: Storage<'a, RouteSlot>,
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(own: Storage<'a, AddrSlot>, routes: Storage<'a, RouteSlot>) -> Self {
        Self {
            own,
            own_count: 0,
            routes,
        }
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = IpCidr> {
        let used = self.own.get(..self.own_count).unwrap_or(&[]);
        used.iter().filter_map(|slot| slot.0)
    }

    pub(crate) fn add(&mut self, cidr: IpCidr) -> Result<(), ConfigError> {
        if !is_unicast(cidr.addr()) || cidr.broadcast().map(IpAddr::V4) == Some(cidr.addr()) {
            return Err(ConfigError::Address(AddrError::NotUnicast));
        }
        let known = self.iter().position(|own| own.addr() == cidr.addr());
        let at = known.unwrap_or(self.own_count);
        self.own.get_mut(at).ok_or(ConfigError::Full)?.0 = Some(cidr);
        self.own_count = self.own_count.max(at.saturating_add(1));
        Ok(())
    }

    /// Whether the address was there.
    pub(crate) fn remove(&mut self, addr: IpAddr) -> bool {
        let Some(at) = self.iter().position(|own| own.addr() == addr) else {
            return false;
        };
        let last = self.own_count.saturating_sub(1);
        self.own.swap(at, last);
        self.own_count = last;
        true
    }

    pub(crate) fn add_route(&mut self, route: Route) -> Result<(), ConfigError> {
        let mixed = route.network.addr().is_ipv4() != route.via.is_ipv4();
        if !is_unicast(route.via) || mixed {
            return Err(ConfigError::Address(AddrError::NotUnicast));
        }
        let known = self.routes.iter().position(|s| {
            s.0.is_some_and(|r| (r.network, r.metric) == (route.network, route.metric))
        });
        let free = || self.routes.iter().position(|slot| slot.0.is_none());
        let at = known.or_else(free).ok_or(ConfigError::Full)?;
        self.routes.get_mut(at).ok_or(ConfigError::Full)?.0 = Some(route);
        Ok(())
    }

    pub(crate) fn remove_route(&mut self, network: IpCidr) -> bool {
        let mut removed = false;
        for slot in self.routes.iter_mut() {
            if slot.0.is_some_and(|route| route.network == network) {
                slot.0 = None;
                removed = true;
            }
        }
        removed
    }

    /// The routes.
    pub(crate) fn routes(&self) -> impl Iterator<Item = Route> {
        self.routes.iter().filter_map(|slot| slot.0)
    }

    /// Whether an address is one of the interface's own.
    #[inline]
    pub(crate) fn owns(&self, addr: IpAddr) -> bool {
        self.iter().any(|cidr| cidr.addr() == addr)
    }

    /// Whether packets to an address are for this interface, and as what.
    #[inline]
    pub(crate) fn accepts(&self, addr: IpAddr) -> Option<Destination> {
        if self.owns(addr) {
            return Some(Destination::Unicast);
        }
        match addr {
            IpAddr::V4(v4) if self.is_broadcast(v4) => Some(Destination::Broadcast),
            IpAddr::V4(v4) if v4 == Ipv4Addr::new(224, 0, 0, 1) => Some(Destination::Multicast),
            IpAddr::V6(v6) if self.is_member(v6) => Some(Destination::Multicast),
            _ => None,
        }
    }

    /// Whether an address is the limited broadcast or that of one of our networks.
    pub(crate) fn is_broadcast(&self, addr: Ipv4Addr) -> bool {
        addr.is_broadcast() || self.iter().any(|cidr| cidr.broadcast() == Some(addr))
    }

    /// All nodes, and the solicited-node groups of our addresses (RFC 4291 §2.8).
    fn is_member(&self, group: Ipv6Addr) -> bool {
        const ALL_NODES: [Ipv6Addr; 2] = [
            Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0xff01, 0, 0, 0, 0, 0, 0, 1),
        ];
        group.is_multicast()
            && (ALL_NODES.contains(&group)
                || self.iter().any(|cidr| match cidr.addr() {
                    IpAddr::V6(own) => solicited_node(own) == group,
                    IpAddr::V4(_) => false,
                }))
    }

    /// The neighbor to which a packet goes on its way to `dst`: itself if it is on the link.
    pub(crate) fn next_hop(&self, dst: IpAddr) -> Option<IpAddr> {
        let on_link = match dst {
            IpAddr::V4(v4) => v4.is_multicast() || self.is_broadcast(v4),
            IpAddr::V6(v6) => v6.is_multicast() || v6.is_unicast_link_local(),
        };
        if on_link || self.iter().any(|cidr| cidr.contains(dst)) {
            return Some(dst);
        }
        self.routes
            .iter()
            .filter_map(|slot| slot.0)
            .filter(|route| route.network.contains(dst))
            .max_by_key(|route| (route.network.prefix_len(), !route.metric))
            .map(|route| route.via)
    }

    /// Whether a connection to an address can be begun: there is a way to it, and it is neither
    /// everybody's nor our own.
    pub(crate) fn reaches(&self, dst: IpAddr) -> bool {
        let broadcast = matches!(dst, IpAddr::V4(v4) if self.is_broadcast(v4));
        !broadcast && self.next_hop(dst).is_some_and(|hop| !self.owns(hop))
    }

    /// The source address for packets to `dst`.
    pub(crate) fn source_for(&self, dst: IpAddr) -> Option<IpAddr> {
        if self.owns(dst) {
            return Some(dst);
        }
        match dst {
            IpAddr::V4(_) => {
                let hop = self.next_hop(dst)?;
                let all = || self.iter().filter(|cidr| cidr.addr().is_ipv4());
                let near = all().find(|cidr| cidr.contains(hop));
                near.or_else(|| all().next()).map(|cidr| cidr.addr())
            }
            IpAddr::V6(dst) => self
                .iter()
                .filter_map(|cidr| match cidr.addr() {
                    IpAddr::V6(own) => Some(own),
                    IpAddr::V4(_) => None,
                })
                .max_by_key(|&own| source_rank(own, dst))
                .map(IpAddr::V6),
        }
    }
}

/// How well a source suits a destination: the better scope (rule 2), then the longer common prefix
/// (rule 8).
fn source_rank(own: Ipv6Addr, dst: Ipv6Addr) -> (u8, u32) {
    let (own_scope, dst_scope) = (scope(own), scope(dst));
    // Of scopes wide enough the narrowest is best; of those too narrow, the widest.
    let by_scope = if own_scope >= dst_scope {
        u8::MAX.saturating_sub(own_scope)
    } else {
        own_scope
    };
    (by_scope, (own.to_bits() ^ dst.to_bits()).leading_zeros())
}

/// Scope of an address (RFC 4291 §2.7, RFC 6724 §3.1).
fn scope(addr: Ipv6Addr) -> u8 {
    if addr.is_multicast() {
        let [_, flags_scope, ..] = addr.octets();
        flags_scope & 0x0f
    } else if addr.is_unicast_link_local() || addr.is_loopback() {
        0x2
    } else {
        0xe
    }
}

#[cfg(test)]
mod tests;
