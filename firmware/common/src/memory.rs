//! The memory of a host: octets in a static that begins as zeros, so that they take no flash, and
//! tables and slots on the stack of whoever runs the host.

use litz::iface::{AddrSlot, NeighborSlot, PendingSlot, RouteSlot};
use litz::socket::{HalfOpenSlot, ListenerSlot};
use litz::{InterfaceStorage, PacketBuffer, PacketMeta, SocketStorage, TcpSlot, UdpSlot};

/// The octets of a host with `N` connections of `TCP` octets each way, a UDP socket of `UDP` octets
/// each way, and a packet of up to `MTU` octets that waits for a neighbor.
pub struct Buffers<const N: usize, const TCP: usize, const UDP: usize, const MTU: usize> {
    tcp: [[[u8; TCP]; 2]; N],
    /// Receiving, sending, and where a datagram is copied through.
    udp: [[u8; UDP]; 3],
    waiting: [u8; MTU],
}

/// Memory that is lent to a host.
pub struct Memory<'a> {
    /// For the interface.
    pub interface: InterfaceStorage<'a>,
    /// For the sockets.
    pub sockets: SocketStorage<'a>,
    /// For a datagram that is copied through.
    pub scratch: &'a mut [u8],
}

impl<const N: usize, const TCP: usize, const UDP: usize, const MTU: usize>
    Buffers<N, TCP, UDP, MTU>
{
    /// Octets that nobody uses, all of them zero.
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self {
            tcp: [[[0; TCP]; 2]; N],
            udp: [[0; UDP]; 3],
            waiting: [0; MTU],
        }
    }

    #[allow(
        clippy::needless_update,
        reason = "the stack may come to use more kinds of memory"
    )]
    /// Lends the memory of a host to `run`, which is called once and may run for ever. Tables and
    /// slots are made where they stay, which is the stack; `slots` makes those of connections.
    #[inline]
    pub fn lend<R>(
        &mut self,
        slots: impl FnOnce(&mut [[[u8; TCP]; 2]; N]) -> [TcpSlot<'_>; N],
        run: impl FnOnce(Memory<'_>) -> R,
    ) -> R {
        let Self { tcp, udp, waiting } = self;
        let [udp_rx, udp_tx, scratch] = udp;
        let mut rx_meta = [PacketMeta::EMPTY; 4];
        let mut tx_meta = [PacketMeta::EMPTY; 4];
        let mut addrs = [AddrSlot::EMPTY; 4];
        let mut routes = [RouteSlot::EMPTY; 2];
        let mut neighbors = [NeighborSlot::EMPTY; 8];
        let mut half_open = [const { HalfOpenSlot::EMPTY }; N];
        let mut listeners = [const { ListenerSlot::EMPTY }; 2];
        let mut tcp = slots(tcp);
        let mut udp = [UdpSlot::new(
            PacketBuffer::new(&mut rx_meta[..], &mut udp_rx[..]),
            PacketBuffer::new(&mut tx_meta[..], &mut udp_tx[..]),
        )];
        let mut pending = [PendingSlot::new(&mut waiting[..])];
        run(Memory {
            interface: InterfaceStorage {
                addrs: (&mut addrs[..]).into(),
                routes: (&mut routes[..]).into(),
                neighbors: (&mut neighbors[..]).into(),
                pending: (&mut pending[..]).into(),
                ..InterfaceStorage::default()
            },
            sockets: SocketStorage {
                tcp: (&mut tcp[..]).into(),
                half_open: (&mut half_open[..]).into(),
                listeners: (&mut listeners[..]).into(),
                udp: (&mut udp[..]).into(),
                ..SocketStorage::default()
            },
            scratch,
        })
    }
}
