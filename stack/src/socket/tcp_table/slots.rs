//! The slots of the TCP table: their memory, whose they are, and how a node number finds one.
//! Half-open connections have the low numbers, connections those after them.

use core::net::{IpAddr, Ipv6Addr};

use super::super::datagram::Binding;
use super::super::interfaces::InterfaceId;
use super::super::tcp::{CloseReason, HalfOpen, Tcb, TcpConfig, TcpMemory, Traffic};
use super::accept::ListenerHandle;
use super::wakers::Sleepers;
use crate::addr::{Ip, IpPort, full, kept, same, v4};
use crate::parts::{
    BACKLOG, CONNECT, DECIDE, INLINE, IPV4, IPV6, Kept, SCALE, TCP, TCP_CONFIG, TIME_WAIT,
};
use crate::sip::hash13;
use crate::storage::{Arena, Demux, Links, List, NIL, Room, Storage};

/// The four numbers that name a connection. Aligned, so that an empty one is cleared by words.
#[repr(align(4))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tuple {
    pub(crate) local: IpPort,
    pub(crate) remote: IpPort,
    /// The link of the addresses, where they are of one link alone; else 0.
    pub(crate) zone: u8,
}

impl Tuple {
    /// The tuple of no connection. Not inlined: where the slot is made it would be cleared together
    /// with what lies beside it, by code that is there for nothing else.
    #[inline(never)]
    fn nowhere() -> Self {
        Self {
            local: NOWHERE,
            remote: NOWHERE,
            zone: 0,
        }
    }

    /// The tuple's octets, addresses in network order, and how many there are.
    pub(crate) fn octets(&self) -> ([u8; 37], usize) {
        let mut out = [0; 37];
        let [a, b] = self.local.port.to_be_bytes();
        let [c, d] = self.remote.port.to_be_bytes();
        let len = match (full(self.local.addr), full(self.remote.addr)) {
            (IpAddr::V4(local), IpAddr::V4(remote)) if IPV4 => {
                let ([e, f, g, h], [i, j, k, l]) = (local.octets(), remote.octets());
                crate::storage::put(&mut out, &[a, b, c, d, e, f, g, h, i, j, k, l]);
                12
            }
            _ if !IPV6 => 0,
            (local, remote) => {
                let (ports, rest) = out.split_at_mut(4);
                crate::storage::put(ports, &[a, b, c, d]);
                crate::storage::put(rest, &mapped(local));
                crate::storage::put(rest.split_at_mut(16).1, &mapped(remote));
                36
            }
        };
        if self.zone == 0 {
            return (out, len);
        }
        if let Some(last) = out.get_mut(len) {
            *last = self.zone;
        }
        (out, len.saturating_add(1))
    }

    /// The tuple in words, of which fewer are needed where there is no IPv6.
    pub(super) fn words(&self) -> ([u64; 5], usize) {
        let ports = u32::from(self.local.port) | u32::from(self.remote.port) << 16;
        let ports = u64::from(ports) | u64::from(self.zone) << 32;
        match (full(self.local.addr), full(self.remote.addr)) {
            (IpAddr::V4(local), IpAddr::V4(remote)) if IPV4 => {
                let addrs = u64::from(local.to_bits()) | u64::from(remote.to_bits()) << 32;
                ([ports, addrs, 0, 0, 0], 2)
            }
            (IpAddr::V6(local), IpAddr::V6(remote)) if IPV6 => {
                let [a, b] = halves(local);
                let [c, d] = halves(remote);
                ([ports, a, b, c, d], 5)
            }
            _ => ([0; 5], 0),
        }
    }

    /// Whether this is the same tuple. Ports differ more often than addresses.
    #[inline]
    pub(crate) fn is(&self, other: &Self) -> bool {
        let ends = |tuple: &Self| (tuple.local.port, tuple.remote.port, tuple.zone);
        if !INLINE {
            return ends(self) == ends(other)
                && same(&self.remote.addr, &other.remote.addr)
                && same(&self.local.addr, &other.local.addr);
        }
        let same = |own: Ip, other: Ip| match (full(own), full(other)) {
            (IpAddr::V4(own), IpAddr::V4(other)) if IPV4 => own.to_bits() == other.to_bits(),
            (IpAddr::V6(own), IpAddr::V6(other)) if IPV6 => own.to_bits() == other.to_bits(),
            _ => false,
        };
        ends(self) == ends(other)
            && same(self.remote.addr, other.remote.addr)
            && same(self.local.addr, other.local.addr)
    }

    /// Keyed hash of the tuple, so that who does not know the secret cannot fill one bucket.
    #[inline]
    pub(crate) fn key(&self, secret: &[u8; 16]) -> u64 {
        if !(SCALE || TIME_WAIT) {
            return 0;
        }
        // The same octets as below, put together in three words.
        if let (IpAddr::V4(local), IpAddr::V4(remote), 0) =
            (full(self.local.addr), full(self.remote.addr), self.zone)
        {
            let [a, b] = self.local.port.to_be_bytes();
            let [c, d] = self.remote.port.to_be_bytes();
            let ([e, f, g, h], [i, j, k, l]) = (local.octets(), remote.octets());
            let octets = [a, b, c, d, e, f, g, h, i, j, k, l];
            return hash13(secret, &octets);
        }
        self.long_key(secret)
    }

    #[inline(never)]
    fn long_key(&self, secret: &[u8; 16]) -> u64 {
        let (octets, len) = self.octets();
        let octets = octets.get(..len).unwrap_or(&octets);
        hash13(secret, octets)
    }

    /// The half of the key that chooses a bucket of the demultiplexer.
    pub(crate) fn hash(&self, secret: &[u8; 16]) -> u32 {
        bucket_half(self.key(secret))
    }
}

/// The octets of an address in words; their order is nobody else's business.
const fn halves(addr: Ipv6Addr) -> [u64; 2] {
    let bits = u128::from_ne_bytes(addr.octets());
    [(bits >> 64) as u64, bits as u64]
}

/// The half of a tuple's key that chooses a bucket of the demultiplexer.
pub(super) const fn bucket_half(key: u64) -> u32 {
    (key >> 32) as u32
}

/// A tuple in 36 octets, for where many are kept; IPv4 addresses as those that stand for them
/// (RFC 4291 §2.5.5.2), which no packet has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PackedTuple {
    local: [u8; 16],
    remote: [u8; 16],
    ports: [u16; 2],
}

impl PackedTuple {
    /// The tuple of nothing: no connection has port 0.
    const NONE: Self = Self {
        local: [0; 16],
        remote: [0; 16],
        ports: [0; 2],
    };

    pub(super) fn new(tuple: &Tuple) -> Self {
        Self {
            local: mapped(full(tuple.local.addr)),
            remote: mapped(full(tuple.remote.addr)),
            ports: [tuple.local.port, tuple.remote.port],
        }
    }

    pub(super) fn tuple(&self, zone: u8) -> Tuple {
        let [local, remote] = self.ports;
        let end = |octets: [u8; 16], port| IpPort {
            addr: kept(unmapped(octets)),
            port,
        };
        Tuple {
            local: end(self.local, local),
            remote: end(self.remote, remote),
            zone,
        }
    }
}

fn mapped(addr: IpAddr) -> [u8; 16] {
    match addr {
        IpAddr::V4(v4) if IPV4 => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) if IPV6 => v6.octets(),
        _ => [0; 16],
    }
}

fn unmapped(octets: [u8; 16]) -> IpAddr {
    let v6 = IpAddr::V6(octets.into());
    if IPV4 { v6.to_canonical() } else { v6 }
}

/// Names a TCP connection of a [`SocketSet`](crate::SocketSet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TcpHandle {
    pub(super) node: u32,
    pub(super) generation: u32,
}

/// Whose a connection slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nobody's.
    Free,
    /// The application holds a handle to it.
    Application,
    /// It waits to be accepted.
    Listener(ListenerHandle),
    /// The application released it; it lives until the protocol is done.
    Orphan,
}

impl Owner {
    /// Whether the slot is free when its connection is over.
    pub(super) const fn is_nobody(self) -> bool {
        match self {
            Self::Orphan => true,
            // One that is done before it is accepted is not worth accepting.
            Self::Listener(_) => !BACKLOG,
            Self::Free | Self::Application => false,
        }
    }
}

/// Memory of one TCP connection.
pub struct TcpSlot<'a> {
    pub(super) links: Links,
    pub(super) generation: u32,
    pub(super) owner: Owner,
    pub(super) tuple: Tuple,
    /// The only interface that it may use, if the application says so.
    pub(super) interface: Option<InterfaceId>,
    /// It has been asked for and has no local address yet; it gets one when an interface first
    /// sends for it.
    connecting: bool,
    /// Why the connection ended, where the protocol was not asked.
    pub(super) failure: Option<CloseReason>,
    /// What IP is told of its segments.
    pub(super) traffic: Traffic,
    /// Tasks that wait for it.
    pub(super) sleepers: Sleepers,
    pub(super) tcb: Tcb<'a>,
}

impl<'a> TcpSlot<'a> {
    /// A free slot whose connections receive into `rx` and send from `tx`.
    pub fn new(rx: impl Into<Storage<'a, u8>>, tx: impl Into<Storage<'a, u8>>) -> Self {
        Self::with_memory(TcpMemory::new(rx, tx))
    }

    /// A free slot with memory beyond the buffers, for long or lossy paths.
    #[must_use]
    pub fn with_memory(memory: TcpMemory<'a>) -> Self {
        Self {
            links: Links::EMPTY,
            generation: 0,
            owner: Owner::Free,
            tuple: Tuple::nowhere(),
            interface: None,
            connecting: false,
            failure: None,
            traffic: Traffic::default(),
            sleepers: Sleepers::NONE,
            tcb: Tcb::with_memory(memory),
        }
    }

    /// Whether it has been asked for and has no local address yet.
    #[inline]
    pub(super) const fn is_connecting(&self) -> bool {
        CONNECT && self.connecting
    }

    #[inline]
    pub(super) const fn set_connecting(&mut self, connecting: bool) {
        self.connecting = connecting;
    }

    /// The same, and from now on it is not.
    #[inline]
    pub(super) const fn take_connecting(&mut self) -> bool {
        CONNECT && core::mem::replace(&mut self.connecting, false)
    }
}

const NOWHERE: IpPort = IpPort {
    addr: v4(core::net::Ipv4Addr::UNSPECIFIED),
    port: 0,
};

/// Memory of one connection whose handshake is not finished.
pub struct HalfOpenSlot {
    pub(super) links: Links,
    pub(super) embryo: Embryo,
}

/// A connection in the making, 64 octets. Its half-open connection knows the number of its listener
/// and the zone of its addresses.
#[derive(Clone, Copy)]
pub(super) struct Embryo {
    pub(super) tuple: PackedTuple,
    pub(super) half: HalfOpen,
}

const _: () = assert!(size_of::<Embryo>() <= 64);
// What it costs to find one by its tuple, to time it and to list it.
const _: () = assert!(size_of::<Links>() <= 40);

impl Embryo {
    pub(super) const NONE: Self = Self {
        tuple: PackedTuple::NONE,
        half: HalfOpen::NONE,
    };

    pub(super) fn tuple(&self) -> Tuple {
        self.tuple.tuple(self.half.zone)
    }

    pub(super) fn is_free(&self) -> bool {
        self.tuple == PackedTuple::NONE
    }

    /// Not inlined: packing the tuple would be done ahead for connections, too.
    #[inline(never)]
    fn is_of(&self, tuple: &Tuple) -> bool {
        self.half.zone == tuple.zone && self.tuple == PackedTuple::new(tuple)
    }
}

impl HalfOpenSlot {
    /// A free slot.
    pub const EMPTY: Self = Self {
        links: Links::EMPTY,
        embryo: Embryo::NONE,
    };
}

/// Memory of one listener.
pub struct ListenerSlot {
    pub(super) links: Links,
    pub(super) generation: u32,
    pub(super) listening: Option<Listening>,
}

/// What a listener listens on, and what it has.
#[derive(Clone, Copy)]
pub(super) struct Listening {
    pub(super) local: Binding,
    config: ListenerConfig,
    pub(super) backlog: usize,
    /// Connections that are half open.
    pub(super) half_open: usize,
    /// Connections that wait to be accepted.
    pub(super) waiting: usize,
    pub(super) queue: List<{ super::QUEUE }>,
    /// Whether the application decides on every SYN, and those it has not decided on.
    pub(super) asks: bool,
    pub(super) undecided: Kept<List<{ super::QUEUE }>, { DECIDE as usize }>,
    /// Tasks that wait for connections.
    pub(super) sleepers: Sleepers,
}

/// What the connections of a listener are made with: the defaults, if this build has nothing else
/// and gives them a buffer at once. (With a backlog, what a SYN-ACK may promise is kept here.)
type ListenerConfig = Kept<TcpConfig, { (TCP_CONFIG || BACKLOG) as usize }>;

impl Listening {
    /// A listener that has nothing yet.
    pub(super) fn new(local: Binding, backlog: usize, config: &TcpConfig) -> Self {
        Self {
            local,
            config: ListenerConfig::of(*config),
            backlog,
            half_open: 0,
            waiting: 0,
            queue: List::EMPTY,
            asks: false,
            undecided: Kept::default(),
            sleepers: Sleepers::NONE,
        }
    }

    /// The SYN that waits longest for a decision.
    pub(super) fn first_undecided(&self) -> Option<u32> {
        self.undecided.get()?.first()
    }

    /// What connections are made with.
    #[inline]
    pub(super) const fn config(&self) -> &TcpConfig {
        match self.config.get() {
            Some(config) => config,
            None => &TcpConfig::DEFAULT,
        }
    }
}

impl ListenerSlot {
    /// A free slot.
    pub const EMPTY: Self = Self {
        links: Links::EMPTY,
        generation: 0,
        listening: None,
    };
}

/// Half-open connections and connections, under one numbering.
pub(super) struct Slots<'a> {
    pub(super) half_open: Room<'a, HalfOpenSlot, { BACKLOG as usize }>,
    pub(super) connections: Room<'a, TcpSlot<'a>, { TCP as usize }>,
}

impl<'a> Slots<'a> {
    pub(super) fn node_count(&self) -> u32 {
        u32::try_from(
            self.before_connections()
                .saturating_add(self.connections.len()),
        )
        .unwrap_or(NIL)
    }

    /// How many numbers stand before those of connections.
    #[inline]
    fn before_connections(&self) -> usize {
        if BACKLOG { self.half_open.len() } else { 0 }
    }

    #[inline]
    pub(super) fn is_half_open(&self, node: u32) -> bool {
        (node as usize) < self.before_connections()
    }

    #[inline]
    pub(super) fn connection(&self, node: u32) -> Option<&TcpSlot<'a>> {
        self.connections
            .get((node as usize).checked_sub(self.before_connections())?)
    }

    #[inline]
    pub(super) fn connection_mut(&mut self, node: u32) -> Option<&mut TcpSlot<'a>> {
        let index = (node as usize).checked_sub(self.before_connections())?;
        self.connections.get_mut(index)
    }

    /// The first connection slot that is somebody's.
    pub(super) fn owned_by(&self, owner: Owner) -> Option<u32> {
        let at = self.connections.iter().position(|slot| slot.owner == owner);
        u32::try_from(at?.saturating_add(self.before_connections())).ok()
    }

    /// A connection slot that is free, for an owner who may have fewer than `most`.
    pub(super) fn free_for(&self, owner: Owner, most: usize) -> Option<u32> {
        let (mut free, mut has) = (None, 0_usize);
        for (at, slot) in self.connections.iter().enumerate() {
            if slot.owner == Owner::Free {
                free = Some(at);
            } else if slot.owner == owner {
                has = has.saturating_add(1);
            }
        }
        let at = free.filter(|_| has < most)?;
        u32::try_from(at.saturating_add(self.before_connections())).ok()
    }

    pub(super) fn embryo_mut(&mut self, node: u32) -> Option<&mut Embryo> {
        if !BACKLOG {
            return None;
        }
        let slot = self.half_open.get_mut(node as usize)?;
        (!slot.embryo.is_free()).then_some(&mut slot.embryo)
    }

    #[inline]
    fn has_tuple(&self, node: u32, tuple: &Tuple) -> bool {
        match self.half_open.get(node as usize) {
            Some(slot) if BACKLOG => slot.embryo.is_of(tuple),
            _ => self
                .connection(node)
                .is_some_and(|slot| slot.tuple.is(tuple)),
        }
    }

    /// Whether a connection has a tuple and is in the demultiplexer: then no other node has it.
    #[inline]
    pub(super) fn is_of_connection(&self, node: u32, tuple: &Tuple) -> bool {
        self.connection(node)
            .is_some_and(|slot| slot.links.is_hashed() && slot.tuple.is(tuple))
    }

    /// The node with a tuple, if one is in the demultiplexer.
    #[inline]
    pub(super) fn find(&self, tuple: &Tuple, hash: u32) -> Option<u32> {
        if !SCALE {
            let is_in = |node| self.links(node).is_some_and(Links::is_hashed);
            let mut all = 0..self.node_count();
            return all.find(|&node| is_in(node) && self.has_tuple(node, tuple));
        }
        let mut node = Demux::first(self, hash);
        while node != NIL {
            if self.has_tuple(node, tuple) {
                return Some(node);
            }
            node = Demux::next(self, node);
        }
        None
    }
}

impl Arena for Slots<'_> {
    #[inline]
    fn len(&self) -> u32 {
        self.node_count()
    }

    #[inline]
    fn links(&self, node: u32) -> Option<&Links> {
        match self.half_open.get(node as usize) {
            Some(slot) if BACKLOG => Some(&slot.links),
            _ => self.connection(node).map(|slot| &slot.links),
        }
    }

    #[inline]
    fn links_mut(&mut self, node: u32) -> Option<&mut Links> {
        if self.is_half_open(node) {
            self.half_open
                .get_mut(node as usize)
                .map(|slot| &mut slot.links)
        } else {
            self.connection_mut(node).map(|slot| &mut slot.links)
        }
    }
}

/// The listeners.
pub(super) struct Listeners<'a>(pub(super) Room<'a, ListenerSlot, { TCP as usize }>);

impl Arena for Listeners<'_> {
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
