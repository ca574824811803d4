//! The memory of a node: that of a host, queues of frames, and packets under way in fragments.

use litz::lowpan::{DatagramSlot, LowpanStorage, ReassemblySlot};
use litz_hal::mac::security::{Key, PeerSlot};
use litz_hal::mac::{MacStorage, NeighborSlot, RxSlot, TxSlot};
use static_cell::{ConstStaticCell, StaticCell};

use crate::memory::{Memory, Taken};

/// Octets of the largest packet, and of a datagram in it.
const MTU: usize = 1280;
/// Octets of a packet behind the addresses of two stations.
const PACKET: usize = MTU + 18;
/// Senders whose frames are believed.
const PEERS: usize = 4;

struct Frames {
    packets: [[u8; PACKET]; 3],
    tx: [TxSlot; 4],
    rx: [RxSlot; 4],
    neighbors: [NeighborSlot; PEERS],
    peers: [PeerSlot; PEERS],
}

struct Packets {
    tx: [DatagramSlot<'static>; 1],
    reassembly: [ReassemblySlot<'static>; 2],
}

/// The memory of a node with `N` connections of `TCP` octets each way.
pub struct NodeMemory<const N: usize, const TCP: usize> {
    host: Memory<N, TCP, MTU, 0>,
    frames: ConstStaticCell<Frames>,
    keys: StaticCell<[Option<Key>; 1]>,
    slots: StaticCell<Packets>,
}

/// Memory that was handed out.
pub struct NodeTaken {
    /// Of the host.
    pub host: Taken,
    /// Of the MAC.
    pub mac: MacStorage<'static>,
    /// Of 6LoWPAN.
    pub lowpan: LowpanStorage<'static>,
    /// Keys.
    pub keys: &'static mut [Option<Key>],
    /// Senders whose counters are remembered.
    pub peers: &'static mut [PeerSlot],
}

impl<const N: usize, const TCP: usize> NodeMemory<N, TCP> {
    /// Memory that nobody has taken.
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self {
            host: Memory::new(),
            frames: ConstStaticCell::new(Frames {
                packets: [[0; PACKET]; 3],
                tx: [const { TxSlot::EMPTY }; 4],
                rx: [const { RxSlot::EMPTY }; 4],
                neighbors: [NeighborSlot::EMPTY; PEERS],
                peers: [PeerSlot::EMPTY; PEERS],
            }),
            keys: StaticCell::new(),
            slots: StaticCell::new(),
        }
    }

    /// Hands the memory out, with a key; `None` the second time.
    pub fn take(&'static self, key: Key) -> Option<NodeTaken> {
        let host = self.host.take()?;
        let frames = self.frames.try_take()?;
        let [outgoing, first, second] = &mut frames.packets;
        let keys = self.keys.try_init([Some(key)])?;
        let slots = self.slots.try_init_with(|| Packets {
            tx: [DatagramSlot::new(outgoing.as_mut_slice())],
            reassembly: [
                ReassemblySlot::new(first.as_mut_slice()),
                ReassemblySlot::new(second.as_mut_slice()),
            ],
        })?;
        Some(NodeTaken {
            host,
            mac: MacStorage {
                tx: &mut frames.tx,
                rx: &mut frames.rx,
                neighbors: &mut frames.neighbors,
                children: &mut [],
                scan: &mut [],
            },
            lowpan: LowpanStorage {
                tx: slots.tx.as_mut_slice().into(),
                reassembly: slots.reassembly.as_mut_slice().into(),
            },
            keys,
            peers: &mut frames.peers,
        })
    }
}
