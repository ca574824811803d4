//! The memory of a host: every buffer and slot that the stack asks for, in statics that begin as
//! zeros, so that they take no flash.

use litz::iface::{AddrSlot, NeighborSlot, PendingSlot, RouteSlot};
use litz::socket::{HalfOpenSlot, ListenerSlot};
use litz::{InterfaceStorage, PacketBuffer, PacketMeta, SocketStorage, TcpSlot, UdpMeta, UdpSlot};
use static_cell::{ConstStaticCell, StaticCell};

/// The small tables, whose empty entries need not be zeros.
struct Tables<const N: usize> {
    datagrams: [[PacketMeta<UdpMeta>; 4]; 2],
    addrs: [AddrSlot; 4],
    routes: [RouteSlot; 2],
    neighbors: [NeighborSlot; 8],
    half_open: [HalfOpenSlot; N],
    listeners: [ListenerSlot; 2],
}

/// What borrows of the others.
struct Slots<const N: usize> {
    tcp: [TcpSlot<'static>; N],
    udp: [UdpSlot<'static>; 1],
    pending: [PendingSlot<'static>; 1],
}

/// The memory of a host with `N` connections of `TCP` octets each way, a UDP socket of `UDP` octets
/// each way, and a packet of up to `MTU` octets that waits for a neighbor.
pub struct Memory<const N: usize, const TCP: usize, const UDP: usize, const MTU: usize> {
    buffers: ConstStaticCell<Buffers<N, TCP, UDP, MTU>>,
    tables: StaticCell<Tables<N>>,
    slots: StaticCell<Slots<N>>,
}

/// Octets.
struct Buffers<const N: usize, const TCP: usize, const UDP: usize, const MTU: usize> {
    tcp: [[[u8; TCP]; 2]; N],
    /// Receiving, sending, and where a datagram is copied through.
    udp: [[u8; UDP]; 3],
    waiting: [u8; MTU],
}

/// Memory that was handed out.
pub struct Taken {
    /// For the interface.
    pub interface: InterfaceStorage<'static>,
    /// For the sockets.
    pub sockets: SocketStorage<'static>,
    /// For a datagram that is copied through.
    pub scratch: &'static mut [u8],
}

impl<const N: usize, const TCP: usize, const UDP: usize, const MTU: usize>
    Memory<N, TCP, UDP, MTU>
{
    /// Memory that nobody has taken.
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self {
            buffers: ConstStaticCell::new(Buffers {
                tcp: [[[0; TCP]; 2]; N],
                udp: [[0; UDP]; 3],
                waiting: [0; MTU],
            }),
            tables: StaticCell::new(),
            slots: StaticCell::new(),
        }
    }

    #[allow(
        clippy::needless_update,
        reason = "the stack may come to use more kinds of memory"
    )]
    /// Hands the memory out; `None` the second time.
    pub fn take(&'static self) -> Option<Taken> {
        let tables = self.tables.try_init_with(|| Tables {
            datagrams: [[PacketMeta::EMPTY; 4]; 2],
            addrs: [AddrSlot::EMPTY; 4],
            routes: [RouteSlot::EMPTY; 2],
            neighbors: [NeighborSlot::EMPTY; 8],
            half_open: [const { HalfOpenSlot::EMPTY }; N],
            listeners: [const { ListenerSlot::EMPTY }; 2],
        })?;
        let Buffers { tcp, udp, waiting } = self.buffers.try_take()?;
        let [udp_rx, udp_tx, scratch] = udp;
        let [rx_meta, tx_meta] = &mut tables.datagrams;
        let slots = self.slots.try_init_with(|| Slots {
            tcp: tcp
                .each_mut()
                .map(|[rx, tx]| TcpSlot::new(rx.as_mut_slice(), tx.as_mut_slice())),
            udp: [UdpSlot::new(
                PacketBuffer::new(rx_meta.as_mut_slice(), udp_rx.as_mut_slice()),
                PacketBuffer::new(tx_meta.as_mut_slice(), udp_tx.as_mut_slice()),
            )],
            pending: [PendingSlot::new(waiting.as_mut_slice())],
        })?;
        Some(Taken {
            interface: InterfaceStorage {
                addrs: tables.addrs.as_mut_slice().into(),
                routes: tables.routes.as_mut_slice().into(),
                neighbors: tables.neighbors.as_mut_slice().into(),
                pending: slots.pending.as_mut_slice().into(),
                ..InterfaceStorage::default()
            },
            sockets: SocketStorage {
                tcp: slots.tcp.as_mut_slice().into(),
                half_open: tables.half_open.as_mut_slice().into(),
                listeners: tables.listeners.as_mut_slice().into(),
                udp: slots.udp.as_mut_slice().into(),
                ..SocketStorage::default()
            },
            scratch,
        })
    }
}
