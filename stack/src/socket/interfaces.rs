//! The interfaces that share a socket set, and which of them leads where: a table of destinations
//! with a metric, the longest prefix first (RFC 1122 §3.3.1.2). An interface writes its own rows;
//! the next hop itself is found by the interface that sends.
//!
//! One interface alone needs none of this: where none has attached, whoever is polled sends.

use core::net::IpAddr;

pub use super::interface_id::InterfaceId;
use crate::addr::{IpCidr, is_unicast};
use crate::iface::ServedPrefix;
use crate::parts::{Kept, ROUTER};
use crate::storage::{List, PacketBuffer, Room, Storage};

/// Why an interface was not attached to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachError {
    /// The set has no room for another interface.
    NoFreeSlot,
    /// The interface is attached already.
    Attached,
}

impl core::fmt::Display for AttachError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoFreeSlot => "the set has no room for another interface",
            Self::Attached => "the interface is attached already",
        })
    }
}

impl core::error::Error for AttachError {}

/// Sockets that wait for one interface, by table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) tcp: List<0>,
    pub(crate) udp: List<0>,
    pub(crate) icmp: List<0>,
    pub(crate) raw: List<0>,
    pub(crate) frames: List<0>,
}

impl Waiting {
    const EMPTY: Self = Self {
        tcp: List::EMPTY,
        udp: List::EMPTY,
        icmp: List::EMPTY,
        raw: List::EMPTY,
        frames: List::EMPTY,
    };

    const fn is_empty(&self) -> bool {
        let datagrams = self.udp.is_empty() && self.icmp.is_empty();
        self.tcp.is_empty() && datagrams && self.raw.is_empty() && self.frames.is_empty()
    }
}

/// Memory of one interface in a set.
#[derive(Debug)]
pub struct InterfaceSlot<'a> {
    generation: u16,
    used: bool,
    up: bool,
    /// Which state of the interface's configuration its rows show.
    shown: Option<u32>,
    /// Octets of the largest IP packet of its device.
    mtu: usize,
    /// Packets that others have forwarded to it.
    queue: PacketBuffer<'a, ()>,
    waiting: Waiting,
}

impl<'a> InterfaceSlot<'a> {
    /// A free slot. Packets that others forward to this interface wait in `queue`; with one for
    /// nothing, none are.
    pub fn new(queue: PacketBuffer<'a, ()>) -> Self {
        Self {
            generation: 0,
            used: false,
            up: false,
            shown: None,
            mtu: 0,
            queue,
            waiting: Waiting::EMPTY,
        }
    }
}

impl Default for InterfaceSlot<'_> {
    fn default() -> Self {
        Self::new(PacketBuffer::new(Storage::default(), Storage::default()))
    }
}

/// Memory of one row of the table of destinations: an address of an interface, or one of its
/// routes.
#[derive(Clone, Copy, Debug, Default)]
pub struct PathSlot(Option<Row>);

impl PathSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(None);
}

#[derive(Clone, Copy, Debug)]
struct Row {
    interface: u8,
    kind: PathKind,
}

/// What an interface says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathKind {
    /// It has this address, and reaches its neighbors.
    Address(IpCidr),
    /// It takes packets for these addresses as if they were its own.
    Served(ServedPrefix),
    /// It has a router for these destinations, preferred if the metric is low.
    Route(IpCidr, u32),
}

/// Who sends a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Egress {
    /// The interface that asked.
    Mine,
    /// Another one.
    Other(u8),
    /// None has a way.
    Nowhere,
}

/// Interfaces that a set can tell apart; the masks below have a bit for each.
const MAX_INTERFACES: usize = 64;

/// What a way out is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) dst: IpAddr,
    /// The source, if that is decided.
    pub(crate) src: Option<IpAddr>,
    /// The only interface that may be used, if the socket says so.
    pub(crate) bound: Option<InterfaceId>,
    /// The only interface that may be used, by its number plus one, if an address of the socket is
    /// of its link alone.
    pub(crate) zone: u8,
}

/// The interfaces of a set.
#[derive(Debug, Default)]
pub(crate) struct Interfaces<'a> {
    slots: Room<'a, InterfaceSlot<'a>, { ROUTER as usize }>,
    rows: Room<'a, PathSlot, { ROUTER as usize }>,
    count: Kept<usize, { ROUTER as usize }>,
    /// The last question and its answer; none after a change.
    last: Kept<Option<(Way, Option<u8>)>, { ROUTER as usize }>,
}

impl<'a> Interfaces<'a> {
    pub(crate) fn new(slots: Storage<'a, InterfaceSlot<'a>>, rows: Storage<'a, PathSlot>) -> Self {
        Self {
            slots: Room::new(slots),
            rows: Room::new(rows),
            count: Kept::default(),
            last: Kept::default(),
        }
    }

    /// Whether no interface has attached: whoever is polled sends everything.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.count.get().is_none_or(|&count| count == 0)
    }

    pub(crate) fn attach(&mut self) -> Result<InterfaceId, AttachError> {
        let index = self
            .slots
            .iter()
            .take(MAX_INTERFACES)
            .position(|slot| !slot.used)
            .ok_or(AttachError::NoFreeSlot)?;
        let slot = self.slots.get_mut(index).ok_or(AttachError::NoFreeSlot)?;
        slot.generation = slot.generation.wrapping_add(1);
        slot.used = true;
        (slot.up, slot.shown, slot.mtu) = (false, None, 0);
        let id = InterfaceId::new(index as u8, slot.generation).ok_or(AttachError::NoFreeSlot)?;
        self.count.note(|count| *count = count.saturating_add(1));
        self.last = Kept::default();
        Ok(id)
    }

    /// Forget an interface. Gives what waited for it; `None` if it is not attached.
    pub(crate) fn detach(&mut self, id: InterfaceId) -> Option<Waiting> {
        let slot = self.slot_mut(id)?;
        slot.used = false;
        slot.queue.clear();
        let waiting = core::mem::replace(&mut slot.waiting, Waiting::EMPTY);
        self.count.note(|count| *count = count.saturating_sub(1));
        self.clear_rows(id);
        Some(waiting)
    }

    fn slot(&self, id: InterfaceId) -> Option<&InterfaceSlot<'a>> {
        self.slots
            .get(usize::from(id.index()))
            .filter(|slot| slot.used && slot.generation == id.generation())
    }

    fn slot_mut(&mut self, id: InterfaceId) -> Option<&mut InterfaceSlot<'a>> {
        self.slots
            .get_mut(usize::from(id.index()))
            .filter(|slot| slot.used && slot.generation == id.generation())
    }

    /// Whether the interface is attached.
    pub(crate) fn contains(&self, id: InterfaceId) -> bool {
        self.slot(id).is_some()
    }

    /// Whether the table shows this state of the interface.
    pub(crate) fn shows(&self, id: InterfaceId, state: u32, (up, mtu): (bool, usize)) -> bool {
        self.slot(id)
            .is_some_and(|slot| slot.shown == Some(state) && slot.up == up && slot.mtu == mtu)
    }

    /// Show the present state of an interface. Returns whether there was room for all of it.
    pub(crate) fn show(
        &mut self,
        id: InterfaceId,
        state: u32,
        (up, mtu): (bool, usize),
        mut paths: impl Iterator<Item = PathKind>,
    ) -> bool {
        let Some(slot) = self.slot_mut(id) else {
            return true;
        };
        slot.shown = Some(state);
        slot.up = up;
        slot.mtu = mtu;
        if !up {
            slot.queue.clear();
        }
        self.clear_rows(id);
        let mut free = self.rows.iter_mut().filter(|row| row.0.is_none());
        paths.all(|kind| {
            let row = free.next();
            row.map(|row| {
                row.0 = Some(Row {
                    interface: id.index(),
                    kind,
                });
            })
            .is_some()
        })
    }

    fn clear_rows(&mut self, id: InterfaceId) {
        self.last = Kept::default();
        for row in self.rows.iter_mut() {
            if row.0.is_some_and(|row| row.interface == id.index()) {
                row.0 = None;
            }
        }
    }

    /// Who sends a packet that `asker` could send.
    #[inline]
    pub(crate) fn egress(&mut self, asker: Option<InterfaceId>, way: &Way) -> Egress {
        if self.is_open() {
            return Egress::Mine;
        }
        match (self.way_out(way), asker) {
            (Some(index), Some(asker)) if index == asker.index() => Egress::Mine,
            (Some(index), _) => Egress::Other(index),
            (None, _) => Egress::Nowhere,
        }
    }

    /// Who sends what `asker` could send, and what is for an interface of this name, if for any.
    pub(crate) fn by_name(&self, asker: Option<InterfaceId>, name: Option<InterfaceId>) -> Egress {
        match name {
            Some(name) if asker == Some(name) => Egress::Mine,
            Some(name) if self.contains(name) => Egress::Other(name.index()),
            Some(_) => Egress::Nowhere,
            None => Egress::Mine,
        }
    }

    /// The number of the interface that leads to a destination.
    pub(crate) fn way_out(&mut self, way: &Way) -> Option<u8> {
        if let Some(Some((asked, answer))) = self.last.get()
            && asked == way
        {
            return *answer;
        }
        let answer = self.look_up(way);
        self.last = Kept::new(Some((*way, answer)));
        answer
    }

    /// Of the interfaces that have a way to the destination, those first that have the source
    /// address, then the one with the longest prefix, then that with the lowest metric.
    fn look_up(&self, way: &Way) -> Option<u8> {
        let usable = self.usable(way);
        let sources = way.src.map_or(0, |src| self.speakers(src));
        let on_every_link = !is_unicast(way.dst);
        let rank = |row: Row| {
            let owns = sources & bit(row.interface) != 0;
            let (prefix_len, metric) = match row.kind {
                PathKind::Address(cidr) if cidr.contains(way.dst) => (cidr.prefix_len(), 0),
                PathKind::Route(cidr, metric) if cidr.contains(way.dst) => {
                    (cidr.prefix_len(), metric)
                }
                // A group is on every link that speaks its version.
                PathKind::Address(cidr)
                    if on_every_link && cidr.addr().is_ipv4() == way.dst.is_ipv4() =>
                {
                    (0, u32::MAX)
                }
                _ => return None,
            };
            let lower = (!metric, !row.interface);
            Some((owns, prefix_len, lower, row.interface))
        };
        self.rows
            .iter()
            .filter_map(|row| row.0)
            .filter(|row| usable & bit(row.interface) != 0)
            .filter_map(rank)
            .max()
            .map(|(.., interface)| interface)
    }

    /// A bit for each interface that is up and allowed.
    fn usable(&self, way: &Way) -> u64 {
        let up = (0u8..).zip(self.slots.iter()).filter(|(index, slot)| {
            let bound = way
                .bound
                .is_none_or(|id| id.index() == *index && id.generation() == slot.generation);
            let zone = way.zone == 0 || way.zone == index.saturating_add(1);
            slot.used && slot.up && bound && zone
        });
        up.fold(0, |mask, (index, _)| mask | bit(index))
    }

    /// A bit for each interface that has an address.
    fn owners(&self, addr: IpAddr) -> u64 {
        self.where_row(|kind| matches!(kind, PathKind::Address(cidr) if cidr.addr() == addr))
    }

    /// A bit for each interface that has a row like this.
    fn where_row(&self, wanted: impl Fn(&PathKind) -> bool) -> u64 {
        let rows = self.rows.iter().filter_map(|row| row.0);
        rows.filter(|row| wanted(&row.kind))
            .fold(0, |mask, row| mask | bit(row.interface))
    }

    /// A bit for each interface that packets from an address may come from: those that have it,
    /// else those that take packets for it.
    fn speakers(&self, addr: IpAddr) -> u64 {
        match self.owners(addr) {
            0 => {
                self.where_row(|kind| matches!(kind, PathKind::Served(prefix) if prefix.has(addr)))
            }
            owners => owners,
        }
    }

    /// Whether any of the interfaces takes packets for an address.
    pub(crate) fn speaks_for(&self, addr: IpAddr) -> bool {
        if !ROUTER {
            return false;
        }
        self.speakers(addr) != 0
    }

    /// The number of the interface that leads to a destination, if the packet is not bound to any.
    pub(crate) fn leads(&self, dst: IpAddr) -> Option<u8> {
        self.look_up(&Way {
            dst,
            src: None,
            bound: None,
            zone: 0,
        })
    }

    /// Whether an address belongs to any of the interfaces.
    pub(crate) fn owns(&self, addr: IpAddr) -> bool {
        self.owners(addr) != 0
    }

    /// Whether an address is that of everybody on a link of one of the interfaces.
    pub(crate) fn is_broadcast(&self, addr: IpAddr) -> bool {
        self.rows.iter().filter_map(|row| row.0).any(|row| {
            matches!(row.kind, PathKind::Address(cidr)
                if cidr.broadcast().map(IpAddr::V4) == Some(addr))
        })
    }

    /// Octets of the largest IP packet that an interface carries.
    pub(crate) fn mtu(&self, index: u8) -> usize {
        self.slots
            .get(usize::from(index))
            .map_or(0, |slot| slot.mtu)
    }

    /// Put a packet, which `fill` writes, into the queue of an interface. Returns whether there was
    /// room.
    pub(crate) fn queue(&mut self, index: u8, len: usize, fill: impl FnOnce(&mut [u8])) -> bool {
        let slot = self.slots.get_mut(usize::from(index));
        slot.is_some_and(|slot| {
            let write = |buffer: &mut [u8]| {
                fill(buffer);
                len
            };
            slot.queue.push_with(len, (), write).is_some()
        })
    }

    /// The packet that an interface is to forward next.
    pub(crate) fn first_queued(&self, id: InterfaceId) -> Option<&[u8]> {
        self.slot(id)?.queue.peek().map(|((), packet)| packet)
    }

    /// It has been forwarded.
    pub(crate) fn drop_queued(&mut self, id: InterfaceId) {
        if let Some(slot) = self.slot_mut(id) {
            slot.queue.pop();
        }
    }

    /// What waits for an interface, taken.
    pub(crate) fn take_waiting(&mut self, id: InterfaceId) -> Option<Waiting> {
        let slot = self.slot_mut(id)?;
        if slot.waiting.is_empty() {
            return None;
        }
        Some(core::mem::replace(&mut slot.waiting, Waiting::EMPTY))
    }

    /// The lists of what waits for an interface.
    pub(crate) fn waiting_mut(&mut self, index: u8) -> Option<&mut Waiting> {
        let slot = self.slots.get_mut(usize::from(index))?;
        Some(&mut slot.waiting)
    }

    /// Whether a packet waits to be forwarded by an interface.
    #[inline]
    pub(crate) fn has_queued(&self, id: InterfaceId) -> bool {
        self.slot(id).is_some_and(|slot| !slot.queue.is_empty())
    }

    /// Whether something waits for an interface.
    pub(crate) fn has_waiting(&self, id: InterfaceId) -> bool {
        self.slot(id)
            .is_some_and(|slot| !slot.waiting.is_empty() || !slot.queue.is_empty())
    }
}

impl InterfaceId {
    /// Whether it is the interface of this number.
    pub(crate) const fn is(self, index: u8) -> bool {
        self.index() == index
    }

    /// The zone of addresses of this interface's link.
    pub(crate) const fn zone(self) -> u8 {
        self.index().saturating_add(1)
    }
}

const fn bit(index: u8) -> u64 {
    1_u64.wrapping_shl(index as u32)
}
