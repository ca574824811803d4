//! The memory of a node: that of a host, queues of frames, and packets under way in fragments.

use litz::TcpSlot;
use litz::lowpan::{DatagramSlot, LowpanStorage, ReassemblySlot};
use litz_hal::mac::security::{Key, PeerSlot};
use litz_hal::mac::{MacStorage, NeighborSlot, RxSlot, TxSlot};

use crate::memory::{Buffers, Memory};

/// Octets of the largest packet, and of a datagram in it.
const MTU: usize = 1280;
/// Octets of a packet behind the addresses of two stations.
const PACKET: usize = MTU + 18;
/// Senders whose frames are believed.
const PEERS: usize = 4;

/// Connections at a time.
pub const CONNECTIONS: usize = 2;

/// The octets of a node with two connections of `TCP` octets each way.
pub struct NodeBuffers<const TCP: usize> {
    host: Buffers<CONNECTIONS, TCP, MTU, 0>,
    packets: [[u8; PACKET]; 3],
    tx: [TxSlot; 4],
    rx: [RxSlot; 4],
    neighbors: [NeighborSlot; PEERS],
    peers: [PeerSlot; PEERS],
}

/// Memory that is lent to a node: that of its host for `'h`.
pub struct NodeMemory<'h, 'a> {
    /// Of the host.
    pub host: Memory<'h>,
    /// Of the MAC.
    pub mac: MacStorage<'a>,
    /// Of 6LoWPAN.
    pub lowpan: LowpanStorage<'a>,
    /// Keys.
    pub keys: &'a mut [Option<Key>],
    /// Senders whose counters are remembered.
    pub peers: &'a mut [PeerSlot],
}

/// The slots of its connections.
#[inline]
fn slots<const TCP: usize>(
    [[rx_a, tx_a], [rx_b, tx_b]]: &mut [[[u8; TCP]; 2]; CONNECTIONS],
) -> [TcpSlot<'_>; CONNECTIONS] {
    [
        TcpSlot::new(&mut rx_a[..], &mut tx_a[..]),
        TcpSlot::new(&mut rx_b[..], &mut tx_b[..]),
    ]
}

impl<const TCP: usize> NodeBuffers<TCP> {
    /// Memory that nobody uses.
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self {
            host: Buffers::new(),
            packets: [[0; PACKET]; 3],
            tx: [const { TxSlot::EMPTY }; 4],
            rx: [const { RxSlot::EMPTY }; 4],
            neighbors: [NeighborSlot::EMPTY; PEERS],
            peers: [PeerSlot::EMPTY; PEERS],
        }
    }

    /// Lends the memory of a node, with a key, to `run`, as [`Buffers::lend`] does.
    #[inline]
    pub fn lend<R>(&mut self, key: Key, run: impl FnOnce(NodeMemory<'_, '_>) -> R) -> R {
        let [outgoing, first, second] = &mut self.packets;
        let keys: &mut [_] = &mut [Some(key)];
        let mut tx = [DatagramSlot::new(&mut outgoing[..])];
        let mut reassembly = [
            ReassemblySlot::new(&mut first[..]),
            ReassemblySlot::new(&mut second[..]),
        ];
        let peers: &mut [_] = &mut self.peers;
        let mac = MacStorage {
            tx: &mut self.tx,
            rx: &mut self.rx,
            neighbors: &mut self.neighbors,
            children: &mut [],
            scan: &mut [],
        };
        let lowpan = LowpanStorage {
            tx: (&mut tx[..]).into(),
            reassembly: (&mut reassembly[..]).into(),
        };
        self.host.lend(slots, move |host| {
            run(NodeMemory {
                host,
                mac,
                lowpan,
                keys,
                peers,
            })
        })
    }
}
