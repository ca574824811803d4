//! Table of datagram sockets: slots with a receive and a transmit queue, found by a 16-bit key
//! (UDP's port, ICMP's identifier). What the queues carry beside octets is the user's type.

use super::error::{BindError, RecvError, SendError, StaleHandle};
use super::interfaces::InterfaceId;
use super::report::NetworkError;
use crate::addr::{Ip, IpPort, same};
use crate::parts::{ERRORS, Kept, SHARED};
use crate::storage::{
    Arena, Demux, LISTED, Links, List, Meta, NIL, NodeOf, PacketBuffer, Storage, in_turn,
};

/// List of sockets that have something to send.
const READY: usize = 0;

/// One datagram socket's memory.
#[derive(Debug)]
pub struct DatagramSlot<'a, M: Meta> {
    links: Links,
    generation: u32,
    bound: Option<Binding>,
    /// The only peer that it hears, if it is connected.
    pub(super) remote: Kept<Option<IpPort>, { SHARED as usize }>,
    pub(crate) hop_limit: u8,
    pub(crate) policy: Policy,
    /// What the network reported last about a packet of the socket.
    pub(super) error: Kept<Option<NetworkError>, { ERRORS as usize }>,
    /// The only interface that it sends and receives by, if it says so.
    pub(crate) interface: Option<InterfaceId>,
    pub(crate) rx: PacketBuffer<'a, M>,
    pub(crate) tx: PacketBuffer<'a, M>,
    /// Datagrams for which the receive queue had no room.
    pub(crate) rx_dropped: u32,
}

/// What a socket allows and wants of its packets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// Others that say the same may have the same address and port.
    pub(crate) shared: bool,
    /// It may send to everybody.
    pub(crate) broadcast: bool,
    /// What it sends to groups reaches sockets of this host that are members, too.
    pub(crate) loops: bool,
    /// Hop limit of what it sends to groups.
    pub(crate) multicast_hop_limit: u8,
    /// Code point of what it sends.
    pub(crate) dscp: u8,
    /// It sends no checksum where there need not be one.
    pub(crate) no_checksum: bool,
    /// Where it takes packets without a checksum.
    pub(crate) zero_checksum: ZeroChecksum,
}

impl Policy {
    const DEFAULT: Self = Self {
        shared: false,
        broadcast: false,
        loops: true,
        multicast_hop_limit: 1,
        dscp: 0,
        no_checksum: false,
        zero_checksum: ZeroChecksum::Ipv4,
    };
}

/// Where a UDP socket does without checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZeroChecksum {
    /// Nowhere.
    Never,
    /// Over IPv4 (RFC 768; RFC 1122 §4.1.3.4 makes it the default).
    Ipv4,
    /// Over IPv6, too: for tunnels that know what they do (RFC 6935 §5, RFC 6936 §5).
    Any,
}

/// What a datagram socket is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The local address, or `None` for all.
    pub(crate) addr: Option<Ip>,
    /// Port or identifier.
    pub(crate) key: u16,
}

impl<'a, M: Meta> DatagramSlot<'a, M> {
    /// An unused slot over the caller's queues.
    pub fn new(rx: PacketBuffer<'a, M>, tx: PacketBuffer<'a, M>) -> Self {
        Self {
            links: Links::EMPTY,
            generation: 0,
            bound: None,
            remote: Kept::default(),
            hop_limit: DEFAULT_HOP_LIMIT,
            policy: Policy::DEFAULT,
            error: Kept::default(),
            interface: None,
            rx,
            tx,
            rx_dropped: 0,
        }
    }

    /// The only peer that it hears, if it is connected.
    pub(super) fn peer(&self) -> Option<IpPort> {
        self.remote.get().copied().flatten()
    }

    /// What the socket is bound to, if it is in use.
    pub(crate) const fn binding(&self) -> Option<Binding> {
        self.bound
    }
}

/// Hop limit of datagrams whose socket says nothing else: that of the interface.
const DEFAULT_HOP_LIMIT: u8 = 0;

/// First and last key that is given to sockets that ask for any (RFC 6335 §6).
const DYNAMIC: core::ops::RangeInclusive<u16> = 49152..=65535;

/// Slot number and generation: what a handle of a datagram socket is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DatagramHandle {
    index: u32,
    generation: u32,
}

impl DatagramHandle {
    /// The number of the slot.
    pub(crate) const fn node(self) -> u32 {
        self.index
    }
}

pub(super) struct Slots<'a, M: Meta>(pub(super) Storage<'a, DatagramSlot<'a, M>>);

impl<M: Meta> Arena for Slots<'_, M> {
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

/// The datagram sockets of one protocol.
pub(crate) struct DatagramTable<'a, M: Meta> {
    pub(super) slots: Slots<'a, M>,
    ready: Kept<List<READY>, { LISTED as usize }>,
    /// The socket that has sent last, where they are looked through in turn.
    turn: NodeOf<{ !LISTED as usize }>,
    /// Sockets that are bound.
    used: u32,
    /// Sockets that are connected.
    pub(super) connected: Kept<u32, { SHARED as usize }>,
    /// Which bucket a peer falls into is not for it to choose.
    pub(super) secret: Kept<[u8; 16], { SHARED as usize }>,
}

impl<'a, M: Meta> DatagramTable<'a, M> {
    pub(crate) fn new(secret: [u8; 16], slots: Storage<'a, DatagramSlot<'a, M>>) -> Self {
        Self {
            slots: Slots(slots),
            ready: Kept::of(List::EMPTY),
            turn: NodeOf::NONE,
            used: 0,
            connected: Kept::default(),
            secret: Kept::of(secret),
        }
    }

    /// Bind a free slot to a key, or to a free one of the dynamic range if it is 0; `seed` decides
    /// where the search for that begins.
    pub(crate) fn bind(
        &mut self,
        addr: Option<Ip>,
        key: u16,
        seed: u16,
        shared: bool,
    ) -> Result<DatagramHandle, BindError> {
        let index = self
            .slots
            .0
            .iter()
            .position(|slot| slot.bound.is_none())
            .and_then(|index| u32::try_from(index).ok())
            .ok_or(BindError::NoFreeSlot)?;
        let key = if key == 0 { self.free_key(seed)? } else { key };
        let binding = Binding { addr, key };
        let taken = |other: &Binding| match (&other.addr, &addr) {
            (Some(other), Some(addr)) => same(other, addr),
            _ => true,
        };
        let in_use = |slot: &DatagramSlot<'_, M>| {
            let together = shared && slot.policy.shared;
            let other = slot.bound.as_ref().filter(|other| other.key == key);
            !together && other.is_some_and(taken)
        };
        if self.slots.0.iter().any(in_use) {
            return Err(BindError::InUse);
        }
        Demux::insert(&mut self.slots, index, hash(key));
        self.used = self.used.saturating_add(1);
        let slot = self
            .slots
            .0
            .get_mut(index as usize)
            .ok_or(BindError::NoFreeSlot)?;
        slot.bound = Some(binding);
        slot.hop_limit = DEFAULT_HOP_LIMIT;
        slot.policy = Policy {
            shared,
            ..Policy::DEFAULT
        };
        slot.remote = Kept::default();
        slot.error = Kept::default();
        slot.interface = None;
        slot.rx_dropped = 0;
        slot.rx.clear();
        slot.tx.clear();
        Ok(DatagramHandle {
            index,
            generation: slot.generation,
        })
    }

    fn free_key(&self, seed: u16) -> Result<u16, BindError> {
        let span = DYNAMIC.end().abs_diff(*DYNAMIC.start());
        DYNAMIC
            .map(|key| {
                DYNAMIC
                    .start()
                    .saturating_add(key.wrapping_add(seed) & span)
            })
            .find(|&key| {
                let has = |slot: &DatagramSlot<'_, M>| slot.bound.is_some_and(|b| b.key == key);
                !self.slots.0.iter().any(has)
            })
            .ok_or(BindError::InUse)
    }

    /// The socket of a node number, as `find` gives it.
    pub(crate) fn slot_mut(&mut self, node: u32) -> Option<&mut DatagramSlot<'a, M>> {
        self.slots
            .0
            .get_mut(node as usize)
            .filter(|slot| slot.bound.is_some())
    }

    pub(crate) fn get(&self, handle: DatagramHandle) -> Result<&DatagramSlot<'a, M>, StaleHandle> {
        self.slots
            .0
            .get(handle.index as usize)
            .filter(|slot| slot.bound.is_some() && slot.generation == handle.generation)
            .ok_or(StaleHandle)
    }

    pub(crate) fn get_mut(
        &mut self,
        handle: DatagramHandle,
    ) -> Result<&mut DatagramSlot<'a, M>, StaleHandle> {
        self.get(handle)?;
        self.slots
            .0
            .get_mut(handle.index as usize)
            .ok_or(StaleHandle)
    }

    /// Free a socket; what it has not sent or read is forgotten.
    pub(crate) fn release(&mut self, handle: DatagramHandle) -> Result<(), StaleHandle> {
        self.connect(handle, None)?;
        let slot = self.get_mut(handle)?;
        slot.bound = None;
        slot.generation = slot.generation.wrapping_add(1);
        slot.rx.clear();
        slot.tx.clear();
        Demux::remove(&mut self.slots, handle.index);
        self.used = self.used.saturating_sub(1);
        Ok(())
    }

    /// Whether any socket is connected.
    pub(super) fn has_connected(&self) -> bool {
        self.connected.get().is_some_and(|&count| count > 0)
    }

    /// Whether no socket is bound.
    #[inline]
    pub(crate) const fn is_unused(&self) -> bool {
        self.used == 0
    }

    /// Queue octets to be sent.
    pub(crate) fn queue(
        &mut self,
        handle: DatagramHandle,
        meta: M,
        octets: &[u8],
    ) -> Result<(), SendError> {
        let slot = self.get_mut(handle).map_err(|_| SendError::Full)?;
        if octets.len() > slot.tx.max_len() {
            return Err(SendError::TooLong);
        }
        slot.tx.push(meta, octets).ok_or(SendError::Full)?;
        self.mark_ready(handle);
        Ok(())
    }

    /// Copy the oldest packet into a buffer and take it off the queue; it stays if the buffer is
    /// too short. Returns its length.
    pub(crate) fn copy_first(
        &mut self,
        handle: DatagramHandle,
        buffer: &mut [u8],
    ) -> Result<(M, usize), RecvError> {
        let slot = self.get_mut(handle).map_err(|_| RecvError::Empty)?;
        let (_, octets) = slot.rx.peek().ok_or(RecvError::Empty)?;
        let len = octets.len();
        let room = buffer.get_mut(..len);
        let room = room.ok_or(RecvError::TooShort { len })?;
        let (meta, octets) = slot.rx.pop().ok_or(RecvError::Empty)?;
        crate::storage::put(room, octets);
        Ok((meta, len))
    }

    /// Note that a socket has something to send.
    pub(crate) fn mark_ready(&mut self, handle: DatagramHandle) {
        self.ready
            .note(|ready| ready.push(&mut self.slots, handle.index));
    }

    /// The next socket with something to send; the caller takes one packet off it.
    pub(crate) fn next_ready(&mut self) -> Option<u32> {
        if !LISTED {
            return self.look_for_ready();
        }
        while let Some(node) = self.ready.get()?.first() {
            if self.slot_mut(node).is_some_and(|slot| !slot.tx.is_empty()) {
                return Some(node);
            }
            self.ready.get_mut()?.pop(&mut self.slots);
        }
        None
    }

    /// The first of few sockets, in turn, that has something to send.
    fn look_for_ready(&self) -> Option<u32> {
        let sends = |node: &u32| {
            let slot = self.slots.0.get(*node as usize);
            slot.is_some_and(|slot| !slot.tx.is_empty())
        };
        in_turn(self.slots.len(), self.turn.get()).find(sends)
    }

    /// Put the first ready socket behind the others.
    fn rotate_ready(&mut self) {
        if let Some(ready) = self.ready.get_mut()
            && let Some(node) = ready.pop(&mut self.slots)
        {
            ready.push(&mut self.slots, node);
        }
    }

    /// The packet that a ready socket would send now.
    #[inline]
    pub(crate) fn front(&self, node: u32) -> Option<(&DatagramSlot<'a, M>, &M::Kept, &[u8])> {
        let slot = self.slots.0.get(node as usize)?;
        let (meta, octets) = slot.tx.peek()?;
        Some((slot, meta, octets))
    }

    /// Copy the packet that one socket would send now to the receive queue of another, or to its
    /// own. Returns whether there was room.
    pub(crate) fn copy_across(&mut self, from: u32, to: u32, meta: M) -> bool {
        let (from, to) = (from as usize, to as usize);
        let copied = if from == to {
            let slot = self.slots.0.get_mut(from);
            slot.map(|DatagramSlot { rx, tx, .. }| copy(tx, rx, meta))
        } else {
            let both = self.slots.0.get_disjoint_mut([from, to]).ok();
            both.map(|[one, other]| copy(&one.tx, &mut other.rx, meta))
        };
        let full = copied == Some(None);
        if let Some(slot) = self.slots.0.get_mut(to).filter(|_| full) {
            slot.rx_dropped = slot.rx_dropped.wrapping_add(1);
        }
        !full
    }

    /// The packet that the first ready socket would send now has been sent, or is lost; it is
    /// another socket's turn.
    pub(crate) fn done(&mut self, node: u32) {
        if let Some(slot) = self.slot_mut(node) {
            slot.tx.skip();
        }
        self.turn.set(node);
        self.rotate_ready();
    }

    /// Move the first ready socket to a list of what waits for another interface.
    pub(crate) fn hand_over(&mut self, to: &mut List<READY>) {
        if let Some(ready) = self.ready.get_mut()
            && let Some(node) = ready.pop(&mut self.slots)
        {
            to.push(&mut self.slots, node);
        }
    }

    /// Take such a list back.
    pub(crate) fn take_back(&mut self, list: List<READY>) {
        self.ready.note(|ready| ready.append(&mut self.slots, list));
    }

    /// Whether any socket has something to send.
    #[inline]
    pub(crate) fn has_ready(&self) -> bool {
        match self.ready.get() {
            Some(ready) => !ready.is_empty(),
            None => self.look_for_ready().is_some(),
        }
    }
}

impl<M: Meta> Default for DatagramTable<'_, M> {
    fn default() -> Self {
        Self::new([0; 16], Storage::default())
    }
}

/// Copy the first packet of a queue to another one; `None` if that has no room.
fn copy<M: Meta>(from: &PacketBuffer<'_, M>, to: &mut PacketBuffer<'_, M>, meta: M) -> Option<()> {
    match from.peek() {
        Some((_, octets)) => to.push(meta, octets),
        None => Some(()),
    }
}

/// Spread keys over the buckets. Keys are chosen by the application, so no secret is needed.
pub(super) const fn hash(key: u16) -> u32 {
    (key as u32).wrapping_mul(0x9e37_79b1)
}
