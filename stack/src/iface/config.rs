//! What an interface is made of: its medium, its hardware address and its memory.

use litz_wire::EthernetAddress;

use super::addresses::{AddrSlot, LearnedStorage, RouteSlot, ServedSlot};
use super::hardware::HardwareAddr;
use super::multicast::GroupSlot;
use super::neighbor::NeighborSlot;
use super::pending::PendingSlot;
use super::reassembly::ReassemblySlot;
use super::slaac::DnsStorage;
use crate::storage::Storage;

/// The link that an interface is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Ethernet, with this station address.
    Ethernet(EthernetAddress),
    /// IP packets without a link header, as on a TUN device.
    Ip,
    /// IEEE 802.15.4, with this station address, an EUI-64 or a short one; the device is a
    /// [`Lowpan`](crate::lowpan::Lowpan).
    Ieee802154(HardwareAddr),
}

/// Memory of an interface.
#[derive(Debug, Default)]
pub struct InterfaceStorage<'a> {
    /// Its addresses.
    pub addrs: Storage<'a, AddrSlot>,
    /// Its routes.
    pub routes: Storage<'a, RouteSlot>,
    /// Prefixes that it answers for ([`Interface::serve`](super::Interface::serve)).
    pub served: Storage<'a, ServedSlot>,
    /// What routers tell it of where packets go.
    pub learned: LearnedStorage<'a>,
    /// What routers tell it of DNS.
    pub dns: DnsStorage<'a>,
    /// Neighbors whose hardware addresses it remembers.
    pub neighbors: Storage<'a, NeighborSlot>,
    /// Packets that wait while a neighbor is resolved.
    pub pending: Storage<'a, PendingSlot<'a>>,
    /// Multicast groups that it is in, and tells routers of.
    pub groups: Storage<'a, GroupSlot<'a>>,
    /// Packets that arrive in fragments; without, fragments are dropped.
    pub reassembly: Storage<'a, ReassemblySlot<'a>>,
    /// Octets in which a message is kept that leaves in fragments; without, what is larger than the
    /// link is not sent.
    pub fragmenting: Storage<'a, u8>,
}

#[cfg(feature = "alloc")]
impl InterfaceStorage<'_> {
    /// Memory on the heap for a host on an Ethernet: 16 addresses, 8 routes, 4 served prefixes, 64
    /// neighbors, 8 waiting packets of up to `ip_mtu` octets, 4 packets of any length that arrive
    /// in fragments and one that leaves so, and 16 multicast groups of 8 sources.
    #[must_use]
    pub fn heap(ip_mtu: usize) -> Self {
        use alloc::vec;
        use alloc::vec::Vec;

        use super::multicast::SourceSlot;
        let pending = core::iter::repeat_with(|| PendingSlot::new(vec![0; ip_mtu])).take(8);
        let group = || GroupSlot::new(vec![SourceSlot::EMPTY; 8]);
        let groups = core::iter::repeat_with(group).take(16);
        let whole = || ReassemblySlot::new(vec![0; ReassemblySlot::room_for(65_535)]);
        let reassembly = core::iter::repeat_with(whole).take(4);
        Self {
            reassembly: reassembly.collect::<Vec<_>>().into(),
            fragmenting: vec![0; 65_535].into(),
            addrs: vec![AddrSlot::EMPTY; 16].into(),
            routes: vec![RouteSlot::EMPTY; 8].into(),
            served: vec![ServedSlot::EMPTY; 4].into(),
            learned: LearnedStorage::heap(),
            dns: DnsStorage::heap(),
            neighbors: vec![NeighborSlot::EMPTY; 64].into(),
            pending: pending.collect::<Vec<_>>().into(),
            groups: groups.collect::<Vec<_>>().into(),
        }
    }
}

/// How much work one poll may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Frames taken from the device.
    pub rx: usize,
    /// Frames given to the device beside direct answers.
    pub tx: usize,
}

impl Default for Budget {
    /// 256 frames each way.
    fn default() -> Self {
        Self { rx: 256, tx: 256 }
    }
}

/// What a poll did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PollResult {
    /// Frames taken from the device.
    pub received: usize,
    /// Frames given to the device beside direct answers.
    pub sent: usize,
    /// Whether the budget ran out with work left: poll again at once.
    pub more: bool,
}
