//! The socket set: every socket of a host, of whatever kind, over the caller's memory.

use core::net::IpAddr;
use core::task::Waker;

use super::datagram::DatagramTable;
use super::error::{AskError, BindError, ConnectError, ListenError, StaleHandle};
use super::frame::{FrameHandle, FrameMeta, FrameSlot, FrameSocket, key as frame_key};
use super::icmp::{EchoMeta, IcmpHandle, IcmpSlot, IcmpSocket};
use super::interfaces::{AttachError, InterfaceId, InterfaceSlot, Interfaces, PathSlot, Waiting};
use super::membership::{FilterMode, JoinError, MembershipSlot, Memberships, Owner, is_permanent};
use super::raw::{RawFilter, RawHandle, RawMeta, RawSlot, RawSocket};
#[cfg(feature = "alloc")]
use super::tcp::TcpMemory;
use super::tcp::{TcpConfig, TcpCounters};
use super::tcp_table::{
    HalfOpenSlot, ListenerHandle, ListenerSlot, NoWakerSlot, TcpDecision, TcpHandle, TcpPending,
    TcpSlot, TcpSocket, TcpTable, TimeWaitSlot, WakerSlot,
};
use super::udp::{UdpHandle, UdpMeta, UdpSlot, UdpSocket};
use crate::addr::{Endpoint, ListenEndpoint, is_spoken, kept};
use crate::iface::{PathMtuSlot, PathMtus};
use crate::parts::{Kept, MULTICAST, PING, RAW, ROUTER, SHARED, TCP, UDP};
use crate::sip::hash13;
use crate::storage::Storage;
use litz_hal::time::{Deadline, Instant};
use litz_wire::EtherType;

/// Memory of a [`SocketSet`]: as many of each kind of socket as it has slots for.
#[derive(Default)]
pub struct SocketStorage<'a> {
    /// TCP connections, with their buffers.
    pub tcp: Storage<'a, TcpSlot<'a>>,
    /// TCP connections whose handshake is under way; all listeners share them. Without the feature
    /// `backlog` they are not used: a handshake takes a connection's slot.
    pub half_open: Storage<'a, HalfOpenSlot>,
    /// TCP connections that both sides have finished and whose late segments are waited for
    /// (TIME-WAIT). Without any, a released connection keeps its slot for that time.
    pub time_wait: Storage<'a, TimeWaitSlot>,
    /// TCP listeners.
    pub listeners: Storage<'a, ListenerSlot>,
    /// Tasks that wait for TCP connections and listeners; without any, nobody can.
    pub wakers: Storage<'a, WakerSlot>,
    /// UDP sockets, with their queues.
    pub udp: Storage<'a, UdpSlot<'a>>,
    /// ICMP echo sockets, with their queues.
    pub icmp: Storage<'a, IcmpSlot<'a>>,
    /// Raw sockets, with their queues.
    pub raw: Storage<'a, RawSlot<'a>>,
    /// Frame sockets, with their queues.
    pub frames: Storage<'a, FrameSlot<'a>>,
    /// Memberships of sockets in multicast groups.
    pub memberships: Storage<'a, MembershipSlot<'a>>,
    /// Interfaces that share the sockets; one alone needs none.
    pub interfaces: Storage<'a, InterfaceSlot<'a>>,
    /// Addresses and routes of all these interfaces together.
    pub paths: Storage<'a, PathSlot>,
    /// Destinations whose paths are known to be narrower than the link.
    pub path_mtus: Storage<'a, PathMtuSlot>,
}

/// Addresses and routes of one interface on the heap.
#[cfg(feature = "alloc")]
const PATHS: usize = 16;

/// Paths whose MTU is remembered on the heap.
#[cfg(feature = "alloc")]
const PATH_MTUS: usize = 32;

/// How much memory [`SocketSet::heap`] takes.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug)]
pub struct SocketCapacity {
    /// TCP connections.
    pub tcp: usize,
    /// Octets of each TCP receive buffer.
    pub tcp_rx: usize,
    /// Octets of each TCP transmit buffer.
    pub tcp_tx: usize,
    /// TCP connections whose handshake is under way.
    pub half_open: usize,
    /// TCP connections in TIME-WAIT.
    pub time_wait: usize,
    /// TCP listeners.
    pub listeners: usize,
    /// Tasks that wait for TCP connections and listeners.
    pub wakers: usize,
    /// UDP sockets.
    pub udp: usize,
    /// Datagrams that each queue of a UDP or ICMP socket holds.
    pub datagrams: usize,
    /// Octets that each queue of a UDP or ICMP socket holds.
    pub datagram_octets: usize,
    /// ICMP echo sockets.
    pub icmp: usize,
    /// Raw sockets.
    pub raw: usize,
    /// Frame sockets.
    pub frames: usize,
    /// Memberships of sockets in multicast groups.
    pub memberships: usize,
    /// Sources that each membership can list.
    pub sources: usize,
    /// Interfaces that share the sockets, each with 16 addresses and routes and a queue of 64 KiB
    /// for what is forwarded to it; one alone needs none.
    pub interfaces: usize,
}

#[cfg(feature = "alloc")]
impl Default for SocketCapacity {
    /// A small host: 16 connections of 64 KiB each way, 4 UDP sockets, 1 ICMP socket, 8
    /// memberships of 4 sources each.
    fn default() -> Self {
        Self {
            tcp: 16,
            tcp_rx: 65_536,
            tcp_tx: 65_536,
            half_open: 16,
            time_wait: 64,
            listeners: 4,
            wakers: 32,
            udp: 4,
            datagrams: 16,
            datagram_octets: 32_768,
            icmp: 1,
            raw: 0,
            frames: 0,
            memberships: 8,
            sources: 4,
            interfaces: 4,
        }
    }
}

#[cfg(feature = "alloc")]
impl SocketStorage<'_> {
    /// Memory on the heap.
    fn heap(capacity: &SocketCapacity) -> Self {
        use super::datagram::DatagramSlot;
        use crate::storage::{Meta, PacketBuffer};
        use alloc::vec::Vec;
        use core::iter::repeat_with;

        fn datagrams<M: Meta>(capacity: &SocketCapacity) -> DatagramSlot<'static, M> {
            let queue = || PacketBuffer::heap(capacity.datagrams, capacity.datagram_octets);
            DatagramSlot::new(queue(), queue())
        }
        let nobody = IpAddr::V4(core::net::Ipv4Addr::UNSPECIFIED);
        let sources = || alloc::vec![nobody; capacity.sources];
        let connection = || TcpSlot::with_memory(TcpMemory::heap(capacity.tcp_rx, capacity.tcp_tx));
        Self {
            tcp: repeat_with(connection)
                .take(capacity.tcp)
                .collect::<Vec<_>>()
                .into(),
            half_open: repeat_with(|| HalfOpenSlot::EMPTY)
                .take(capacity.half_open)
                .collect::<Vec<_>>()
                .into(),
            time_wait: repeat_with(|| TimeWaitSlot::EMPTY)
                .take(capacity.time_wait)
                .collect::<Vec<_>>()
                .into(),
            listeners: repeat_with(|| ListenerSlot::EMPTY)
                .take(capacity.listeners)
                .collect::<Vec<_>>()
                .into(),
            wakers: alloc::vec![WakerSlot::EMPTY; capacity.wakers].into(),
            udp: repeat_with(|| datagrams(capacity))
                .take(capacity.udp)
                .collect::<Vec<_>>()
                .into(),
            icmp: repeat_with(|| datagrams(capacity))
                .take(capacity.icmp)
                .collect::<Vec<_>>()
                .into(),
            raw: repeat_with(|| datagrams(capacity))
                .take(capacity.raw)
                .collect::<Vec<_>>()
                .into(),
            frames: repeat_with(|| datagrams(capacity))
                .take(capacity.frames)
                .collect::<Vec<_>>()
                .into(),
            memberships: repeat_with(|| MembershipSlot::new(sources()))
                .take(capacity.memberships)
                .collect::<Vec<_>>()
                .into(),
            interfaces: repeat_with(|| InterfaceSlot::new(PacketBuffer::heap(64, 65_536)))
                .take(capacity.interfaces)
                .collect::<Vec<_>>()
                .into(),
            paths: repeat_with(|| PathSlot::EMPTY)
                .take(capacity.interfaces.saturating_mul(PATHS))
                .collect::<Vec<_>>()
                .into(),
            path_mtus: alloc::vec![PathMtuSlot::EMPTY; PATH_MTUS].into(),
        }
    }
}

/// The sockets of a host. Interfaces are polled with it; the application asks it for sockets.
///
/// Handles name sockets; a handle whose socket was released is refused with [`StaleHandle`], also
/// when another socket has its place.
pub struct SocketSet<'a> {
    pub(crate) tcp: TcpTable<'a>,
    pub(crate) udp: DatagramTable<'a, UdpMeta>,
    pub(crate) icmp: Kept<DatagramTable<'a, EchoMeta>, { PING as usize }>,
    pub(crate) raw: Kept<DatagramTable<'a, RawMeta>, { RAW as usize }>,
    pub(crate) frames: Kept<DatagramTable<'a, FrameMeta>, { RAW as usize }>,
    pub(crate) memberships: Memberships<'a>,
    pub(crate) interfaces: Interfaces<'a>,
    pub(crate) path_mtus: PathMtus<'a>,
    /// Draws taken from the secret.
    draws: u32,
}

impl<'a> SocketSet<'a> {
    /// A set over the caller's memory.
    ///
    /// `secret` must be random and unknown to others: sequence numbers (RFC 6528), ports (RFC 6056)
    /// and hash buckets depend on it. The same secret and the same events give the same run.
    #[must_use]
    pub fn new(secret: [u8; 16], storage: SocketStorage<'a>) -> Self {
        Self {
            tcp: TcpTable::new(
                secret,
                storage.tcp,
                storage.half_open,
                storage.time_wait,
                storage.listeners,
                storage.wakers,
            ),
            udp: DatagramTable::new(secret, storage.udp),
            icmp: Kept::new(DatagramTable::new(secret, storage.icmp)),
            raw: Kept::new(DatagramTable::new(secret, storage.raw)),
            frames: Kept::new(DatagramTable::new(secret, storage.frames)),
            memberships: Memberships::new(storage.memberships),
            interfaces: Interfaces::new(storage.interfaces, storage.paths),
            path_mtus: PathMtus::new(storage.path_mtus),
            draws: 0,
        }
    }

    /// A set over memory on the heap.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn heap(secret: [u8; 16], capacity: &SocketCapacity) -> Self {
        Self::new(secret, SocketStorage::heap(capacity))
    }

    /// What connections are made with from now on, if nothing else is said.
    #[cfg(feature = "tcp-config")]
    pub fn set_tcp_config(&mut self, config: TcpConfig) {
        self.tcp.config.note(|own| *own = config);
    }

    /// Listen for TCP connections on a port, or on an address and a port; port 0 means every port
    /// that no other listener has. At most `backlog` connections are half open or wait to be
    /// accepted at once. A SYN beyond that is answered with a SYN cookie as long as there is room
    /// for more to wait ([`TcpConfig::syn_cookies`]), else it is dropped, and comes again.
    ///
    /// # Errors
    /// See [`ListenError`].
    pub fn tcp_listen(
        &mut self,
        at: impl Into<ListenEndpoint>,
        backlog: usize,
    ) -> Result<ListenerHandle, ListenError> {
        self.listen(at.into(), backlog, None)
    }

    /// [`SocketSet::tcp_listen`] with a configuration of its own.
    ///
    /// # Errors
    /// See [`ListenError`].
    pub fn tcp_listen_with(
        &mut self,
        at: impl Into<ListenEndpoint>,
        backlog: usize,
        config: TcpConfig,
    ) -> Result<ListenerHandle, ListenError> {
        self.listen(at.into(), backlog, Some(&config))
    }

    #[inline]
    fn listen(
        &mut self,
        at: ListenEndpoint,
        backlog: usize,
        config: Option<&TcpConfig>,
    ) -> Result<ListenerHandle, ListenError> {
        if at.addr.is_some_and(|addr| !is_spoken(&addr)) {
            return Err(ListenError::NotBuilt);
        }
        self.tcp.listen(at, backlog, config)
    }

    /// The oldest connection of a listener that nobody has accepted yet, and who it is from. Call
    /// it after each poll, until it gives `None`.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn tcp_accept(
        &mut self,
        listener: ListenerHandle,
    ) -> Result<Option<(TcpHandle, Endpoint)>, StaleHandle> {
        self.tcp.accept(listener)
    }

    /// Wake a task once, when a connection waits to be accepted or a SYN for a decision; at once if
    /// one does, or if the listener is gone.
    ///
    /// # Errors
    /// [`NoWakerSlot`]: there is memory for no more tasks that wait ([`SocketStorage::wakers`]).
    pub fn tcp_accept_waker(
        &mut self,
        listener: ListenerHandle,
        waker: &Waker,
    ) -> Result<(), NoWakerSlot> {
        self.tcp.wait_to_accept(listener, waker)
    }

    /// Whether every SYN for a listener waits for a decision, which the application makes with
    /// [`SocketSet::tcp_pending`] and [`SocketSet::tcp_decide`]. A listener that asks sends no
    /// cookies. Off at first.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn tcp_ask_first(&mut self, listener: ListenerHandle, asks: bool) -> Result<(), AskError> {
        self.tcp.set_asking(listener, asks)
    }

    /// The oldest SYN that waits for a decision: who wants to reach whom. It is given again until
    /// it is decided on, or until it is too old, as a handshake would be.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn tcp_pending(
        &mut self,
        listener: ListenerHandle,
    ) -> Result<Option<TcpPending>, StaleHandle> {
        self.tcp.pending(listener)
    }

    /// Decide on the SYN that [`SocketSet::tcp_pending`] has given last.
    ///
    /// # Errors
    /// [`StaleHandle`] if the listener is gone, or the SYN is not the oldest any more.
    pub fn tcp_decide(
        &mut self,
        listener: ListenerHandle,
        pending: &TcpPending,
        decision: TcpDecision,
    ) -> Result<(), StaleHandle> {
        self.tcp.decide(listener, pending, decision)
    }

    /// Stop listening. Connections that were accepted go on; those that were not are reset.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn tcp_unlisten(&mut self, listener: ListenerHandle) -> Result<(), StaleHandle> {
        self.tcp.unlisten(listener)
    }

    /// Open a TCP connection. The local address and port are chosen when an interface is polled.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub fn tcp_connect(&mut self, remote: impl Into<Endpoint>) -> Result<TcpHandle, ConnectError> {
        let config = *self.tcp.config();
        self.tcp.connect(remote.into(), None, config)
    }

    /// [`SocketSet::tcp_connect`] with a configuration of its own.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub fn tcp_connect_with(
        &mut self,
        remote: impl Into<Endpoint>,
        config: TcpConfig,
    ) -> Result<TcpHandle, ConnectError> {
        self.tcp.connect(remote.into(), None, config)
    }

    /// [`SocketSet::tcp_connect_with`] from one of our addresses.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub fn tcp_connect_from(
        &mut self,
        local: IpAddr,
        remote: impl Into<Endpoint>,
        config: TcpConfig,
    ) -> Result<TcpHandle, ConnectError> {
        self.tcp.connect(remote.into(), Some(local), config)
    }

    /// A TCP connection, to use.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn tcp(&mut self, handle: TcpHandle) -> Result<TcpSocket<'_, 'a>, StaleHandle> {
        self.tcp.check(handle)?;
        Ok(TcpSocket {
            table: &mut self.tcp,
            handle,
        })
    }

    /// Be done with a TCP connection. What is queued is still sent, and the slot is free when the
    /// protocol has ended; unread data resets the connection (RFC 2525 §2.17).
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn tcp_release(&mut self, handle: TcpHandle) -> Result<(), StaleHandle> {
        self.tcp.release(handle)
    }

    /// Counters of all TCP connections together.
    #[must_use]
    pub const fn tcp_counters(&self) -> &TcpCounters {
        match self.tcp.counters.get() {
            Some(counters) => counters,
            None => &TcpCounters::ZERO,
        }
    }

    /// TCP connections that are established: in ESTABLISHED or CLOSE-WAIT (RFC 4022,
    /// `tcpCurrEstab`). They are counted when asked for.
    #[must_use]
    pub fn tcp_established(&self) -> u32 {
        self.tcp.established()
    }

    /// Bind a UDP socket to a port, or to an address and a port; port 0 means any free one.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn udp_bind(&mut self, at: impl Into<ListenEndpoint>) -> Result<UdpHandle, BindError> {
        let at = at.into();
        if at.addr.is_some_and(|addr| !is_spoken(&addr)) {
            return Err(BindError::NotBuilt);
        }
        let seed = self.seed(at.port);
        self.udp
            .bind(at.addr.map(kept), at.port, seed, false)
            .map(UdpHandle)
    }

    /// [`SocketSet::udp_bind`] to what other sockets may have, too, if they are bound by this call.
    /// What is sent to a group or to everybody reaches all of them; of the rest, each sender falls
    /// to one.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn udp_bind_shared(
        &mut self,
        at: impl Into<ListenEndpoint>,
    ) -> Result<UdpHandle, BindError> {
        let at = at.into();
        let seed = self.seed(at.port);
        if !SHARED || at.addr.is_some_and(|addr| !is_spoken(&addr)) {
            return Err(BindError::NotBuilt);
        }
        self.udp
            .bind(at.addr.map(kept), at.port, seed, true)
            .map(UdpHandle)
    }

    /// A UDP socket, to use.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn udp(&mut self, handle: UdpHandle) -> Result<UdpSocket<'_, 'a>, StaleHandle> {
        self.udp.get(handle.0)?;
        Ok(UdpSocket {
            table: &mut self.udp,
            memberships: &mut self.memberships,
            handle: handle.0,
        })
    }

    /// Release a UDP socket; what it has not sent is forgotten.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn udp_release(&mut self, handle: UdpHandle) -> Result<(), StaleHandle> {
        self.udp.release(handle.0)?;
        self.memberships.release(Owner::Udp(handle.0.node()));
        Ok(())
    }

    /// Have the interfaces listen to a multicast group, of which no UDP socket needs anything: what
    /// is sent to it reaches raw sockets. `sources` are as for a socket's own filter.
    ///
    /// # Errors
    /// See [`JoinError`].
    pub fn set_group_filter(
        &mut self,
        group: IpAddr,
        mode: FilterMode,
        sources: &[IpAddr],
    ) -> Result<(), JoinError> {
        self.memberships
            .set(Owner::Host, group, mode, sources, None)
    }

    /// Take an ICMP echo identifier; 0 means any free one.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn icmp_bind(&mut self, ident: u16) -> Result<IcmpHandle, BindError> {
        let seed = self.seed(ident);
        let table = self.icmp.get_mut().ok_or(BindError::NotBuilt)?;
        table.bind(None, ident, seed, false).map(IcmpHandle)
    }

    /// An ICMP echo socket, to use.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn icmp(&mut self, handle: IcmpHandle) -> Result<IcmpSocket<'_, 'a>, StaleHandle> {
        let table = self.icmp.get_mut().ok_or(StaleHandle)?;
        table.get(handle.0)?;
        Ok(IcmpSocket {
            table,
            handle: handle.0,
        })
    }

    /// Release an ICMP echo socket.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn icmp_release(&mut self, handle: IcmpHandle) -> Result<(), StaleHandle> {
        let table = self.icmp.get_mut().ok_or(StaleHandle)?;
        table.release(handle.0)
    }

    /// Open a raw socket for the packets that a filter lets through. There may be several of one
    /// filter, and each gets all of them.
    ///
    /// # Errors
    /// [`BindError::NoFreeSlot`], or [`BindError::NotBuilt`].
    pub fn raw_open(&mut self, filter: RawFilter) -> Result<RawHandle, BindError> {
        let table = self.raw.get_mut().ok_or(BindError::NotBuilt)?;
        table.bind(None, filter.key(), 0, true).map(RawHandle)
    }

    /// A raw socket, to use.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn raw(&mut self, handle: RawHandle) -> Result<RawSocket<'_, 'a>, StaleHandle> {
        let table = self.raw.get_mut().ok_or(StaleHandle)?;
        table.get(handle.0)?;
        Ok(RawSocket {
            table,
            handle: handle.0,
        })
    }

    /// Release a raw socket; what it has not sent is forgotten.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn raw_release(&mut self, handle: RawHandle) -> Result<(), StaleHandle> {
        let table = self.raw.get_mut().ok_or(StaleHandle)?;
        table.release(handle.0)
    }

    /// Open a frame socket for frames of an EtherType, or with `None` for all. There may be
    /// several, and each gets all of them.
    ///
    /// # Errors
    /// [`BindError::NoFreeSlot`], or [`BindError::NotBuilt`].
    pub fn frame_open(&mut self, ethertype: Option<EtherType>) -> Result<FrameHandle, BindError> {
        let key = frame_key(ethertype);
        let table = self.frames.get_mut().ok_or(BindError::NotBuilt)?;
        table.bind(None, key, 0, true).map(FrameHandle)
    }

    /// A frame socket, to use.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn frame(&mut self, handle: FrameHandle) -> Result<FrameSocket<'_, 'a>, StaleHandle> {
        let table = self.frames.get_mut().ok_or(StaleHandle)?;
        table.get(handle.0)?;
        Ok(FrameSocket {
            table,
            handle: handle.0,
        })
    }

    /// Release a frame socket; what it has not sent is forgotten.
    ///
    /// # Errors
    /// [`StaleHandle`].
    pub fn frame_release(&mut self, handle: FrameHandle) -> Result<(), StaleHandle> {
        let table = self.frames.get_mut().ok_or(StaleHandle)?;
        table.release(handle.0)
    }

    /// Whether a UDP socket wants what a source sends to everybody or to a group: a membership says
    /// so, else broadcasts and what every host listens to.
    pub(crate) fn wants_group(&self, node: u32, group: IpAddr, source: IpAddr) -> bool {
        let member = || self.memberships.admits(Owner::Udp(node), group, source);
        let member = MULTICAST.then(member).flatten();
        member.unwrap_or(!group.is_multicast() || is_permanent(group))
    }

    /// Forget an interface that is gone, as [`Interface::detach`](crate::Interface::detach) does,
    /// where only its name is left. Connections over its addresses end by their timers. Returns
    /// whether it was attached.
    pub fn forget_interface(&mut self, id: InterfaceId) -> bool {
        match self.interfaces.detach(id) {
            Some(waiting) => {
                self.take_back(waiting);
                true
            }
            None => false,
        }
    }

    pub(crate) fn attach(&mut self) -> Result<InterfaceId, AttachError> {
        self.interfaces.attach()
    }

    /// Take back what waits for an interface, which then looks through it once more.
    pub(crate) fn gather(&mut self, id: InterfaceId) {
        if let Some(waiting) = self.interfaces.take_waiting(id) {
            self.take_back(waiting);
        }
    }

    fn take_back(&mut self, waiting: Waiting) {
        self.tcp.take_back(waiting.tcp);
        self.udp.take_back(waiting.udp);
        self.icmp.note(|icmp| icmp.take_back(waiting.icmp));
        self.raw.note(|raw| raw.take_back(waiting.raw));
        self.frames.note(|frames| frames.take_back(waiting.frames));
    }

    /// Whether a socket that sends whole datagrams may have one.
    #[inline]
    pub(crate) fn has_datagrams(&self) -> bool {
        (UDP && self.udp.has_ready()) || !self.has_udp_alone()
    }

    /// Whether none but UDP sockets may have one.
    #[inline]
    pub(crate) fn has_udp_alone(&self) -> bool {
        let icmp = self.icmp.get().is_some_and(DatagramTable::has_ready);
        let raw = self.raw.get().is_some_and(DatagramTable::has_ready);
        let frames = self.frames.get().is_some_and(DatagramTable::has_ready);
        !(icmp || raw || frames)
    }

    /// When sockets need the next poll of an interface, if nothing is received before.
    pub(crate) fn poll_at(&self, now: Instant, id: Option<InterfaceId>) -> Deadline {
        let ready = (TCP && self.tcp.has_ready()) || self.has_datagrams();
        if ready || (ROUTER && id.is_some_and(|id| self.interfaces.has_waiting(id))) {
            return Deadline::at(now);
        }
        self.tcp.timers_at()
    }

    /// Where the search for a free port begins, if none is wanted: sixteen bits that nobody without
    /// the secret can predict.
    fn seed(&mut self, wanted: u16) -> u16 {
        if wanted != 0 {
            return wanted;
        }
        self.draws = self.draws.wrapping_add(1);
        hash13(self.tcp.secret(), &self.draws.to_be_bytes()) as u16
    }
}
