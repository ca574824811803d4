//! A device of 802.15.4 frames as one that carries IPv6 packets of 1280 octets: the adaptation
//! layer of RFC 4944 in both directions.

use litz_hal::time::Instant;
use litz_hal::{
    Capabilities, Device, DeviceError, LinkState, Medium, RxMeta, RxToken, TxError, TxMeta, TxToken,
};
use litz_wire::{Eui64, FrameType, MacAddress, MeshAddress, PanId, ShortAddress};

use super::context::Contexts;
use super::decompress::decompress;
use super::fragment::{DatagramSlot, Frame};
use super::link::STATIONS;
use super::reassembly::{Key, LowpanCounter, LowpanCounters, Reassembly, ReassemblySlot, Whole};
use super::start::{MeshStartPacket, StartPacket};
use super::{LinkAddrs, LowpanError};
use crate::iface::HardwareAddr;
use crate::parts::{COUNTERS, LOWPAN_FRAGMENTS, MESH};
use crate::storage::Storage;

/// IPv6 wants a link to carry this much (RFC 8200 §5).
const IP_MTU: usize = 1280;
/// Octets of the longest packet that one frame may stand for.
const SINGLE: usize = 512;

/// Who we are on the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LowpanConfig {
    /// The network.
    pub pan: PanId,
    /// Our short address; [`ShortAddress::UNASSIGNED`] without one.
    pub short_addr: ShortAddress,
    /// Our extended address.
    pub extended_addr: Eui64,
    /// Datagrams in fragments that one sender may have at once.
    pub quota: usize,
    /// Whether routers are believed that announce contexts; a border router announces its own.
    pub learn_contexts: bool,
}

/// Memory of an adaptation layer.
#[derive(Debug, Default)]
pub struct LowpanStorage<'a> {
    /// Packets that are being sent.
    pub tx: Storage<'a, DatagramSlot<'a>>,
    /// Datagrams of which fragments have come.
    pub reassembly: Storage<'a, ReassemblySlot<'a>>,
}

#[cfg(feature = "alloc")]
impl LowpanStorage<'_> {
    /// Memory on the heap: for so many packets of 1280 octets in either direction.
    #[must_use]
    pub fn heap(tx: usize, reassembly: usize) -> Self {
        use alloc::vec;
        use alloc::vec::Vec;
        let len = STATIONS.saturating_add(IP_MTU);
        let slots = core::iter::repeat_with(|| DatagramSlot::new(vec![0; len]));
        let rooms = core::iter::repeat_with(|| ReassemblySlot::new(vec![0; len]));
        Self {
            tx: slots.take(tx).collect::<Vec<_>>().into(),
            reassembly: rooms.take(reassembly).collect::<Vec<_>>().into(),
        }
    }
}

/// 6LoWPAN over a device of 802.15.4 frames.
#[derive(Debug)]
pub struct Lowpan<'a, D> {
    device: D,
    tx: Outgoing<'a>,
    rx: Incoming<'a>,
}

/// What is sent.
#[derive(Debug)]
struct Outgoing<'a> {
    config: LowpanConfig,
    contexts: Contexts,
    /// Octets of the longest packet.
    ip_mtu: usize,
    slots: Storage<'a, DatagramSlot<'a>>,
    tag: u16,
    /// Packets in the slots.
    queued: usize,
    numbers: u32,
    sent: u32,
    failed: u32,
}

/// What is received.
#[derive(Debug)]
struct Incoming<'a> {
    reassembly: Reassembly<'a>,
    counters: LowpanCounters,
    /// A packet that was in one frame, behind its stations; with what else there is if it waits.
    single: [u8; SINGLE],
    single_waits: Option<Whole>,
    /// The packet to be handed up next, the oldest that waits.
    ready: Option<Place>,
    /// Packets that were whole so far.
    numbers: u32,
}

/// Where a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Single,
    Slot(usize),
}

impl<'a, D: Device> Lowpan<'a, D> {
    /// 6LoWPAN over a device. `tag` is random: fragments are told apart by numbers that count from
    /// there.
    pub fn new(device: D, config: LowpanConfig, storage: LowpanStorage<'a>, tag: u16) -> Self {
        let lengths = storage.tx.iter().map(DatagramSlot::packet_len);
        let ip_mtu = lengths.min().unwrap_or(0).min(IP_MTU);
        Self {
            device,
            tx: Outgoing {
                config,
                contexts: Contexts::new(),
                ip_mtu,
                slots: storage.tx,
                tag,
                queued: 0,
                numbers: 0,
                sent: 0,
                failed: 0,
            },
            rx: Incoming {
                reassembly: Reassembly::new(storage.reassembly, config.quota),
                counters: LowpanCounters::default(),
                single: [0; SINGLE],
                single_waits: None,
                ready: None,
                numbers: 0,
            },
        }
    }

    /// The device below.
    pub const fn device(&self) -> &D {
        &self.device
    }

    /// The device below.
    pub const fn device_mut(&mut self) -> &mut D {
        &mut self.device
    }

    /// The contexts of compression.
    pub const fn contexts(&self) -> &Contexts {
        &self.tx.contexts
    }

    /// The contexts of compression.
    pub const fn contexts_mut(&mut self) -> &mut Contexts {
        &mut self.tx.contexts
    }

    /// What was received, sent and dropped.
    pub fn counters(&self) -> LowpanCounters {
        let mut counters = self.rx.counters;
        counters.add(LowpanCounter::Sent, self.tx.sent);
        counters.add(LowpanCounter::NotSent, self.tx.failed);
        counters
    }

    /// Whether every packet was given to the device.
    pub fn is_idle(&self) -> bool {
        self.tx.queued == 0
    }

    /// Send an IPv6 packet to a station, without an interface: as a router does whose other side
    /// is another stack.
    ///
    /// # Errors
    /// [`TxError::Full`] while every slot has a packet, [`TxError::TooLong`].
    pub fn send_packet(
        &mut self,
        now: Instant,
        station: HardwareAddr,
        packet: &[u8],
    ) -> Result<(), TxError> {
        let link = LinkAddrs {
            src: self.tx.config.own(),
            dst: station,
        };
        let room = self.transmit(now).ok_or(TxError::Full)?;
        let len = STATIONS.wrapping_add(packet.len());
        room.consume(len, TxMeta::default(), |octets| {
            if let (true, Some(room)) = (link.emit(octets), octets.get_mut(STATIONS..)) {
                crate::storage::put(room, packet);
            }
        })
    }

    /// Hand the next received packet and its stations to `f`; `None` if there is none.
    pub fn receive_packet<R>(
        &mut self,
        now: Instant,
        f: impl FnOnce(LinkAddrs, &[u8]) -> R,
    ) -> Option<R> {
        let (packet, _) = self.receive(now)?;
        packet.consume(|octets| LinkAddrs::parse(octets).map(|(link, packet)| f(link, packet)))
    }

    /// Whether a packet can be sent.
    pub fn has_room(&self) -> bool {
        self.tx.has_room()
    }

    /// Give the device as many frames as it takes.
    pub fn pump(&mut self, now: Instant) {
        self.tx.pump(now, &mut self.device);
    }
}

impl Outgoing<'_> {
    fn has_room(&self) -> bool {
        self.queued < self.slots.len()
    }

    #[inline]
    fn pump<D: Device>(&mut self, now: Instant, device: &mut D) {
        if self.queued > 0 {
            self.send_frames(now, device);
        }
    }

    #[inline(never)]
    fn send_frames<D: Device>(&mut self, now: Instant, device: &mut D) {
        let max_frame = device.capabilities().max_frame;
        while self.queued > 0 {
            let (numbers, mut oldest) = (self.numbers, None);
            for slot in self.slots.iter_mut() {
                let age = numbers.wrapping_sub(slot.number());
                if !slot.is_free() && oldest.as_ref().is_none_or(|&(most, _)| age > most) {
                    oldest = Some((age, slot));
                }
            }
            let (Some((_, slot)), Some(room)) = (oldest, device.transmit(now)) else {
                return;
            };
            let mut frame = Frame::new();
            let made = slot.frame(self.config.pan, &self.contexts, max_frame, &mut frame);
            let octets = frame.octets();
            let put = |to: &mut [u8]| crate::storage::put(to, octets);
            let taken = match made {
                true => room.consume(octets.len(), slot.meta(), put),
                false => Err(TxError::TooLong),
            };
            match taken {
                Ok(()) if !slot.advance(&frame) => continue,
                Ok(()) => self.sent = self.sent.wrapping_add(COUNTERS.into()),
                Err(TxError::Full) => return,
                Err(TxError::TooLong | TxError::Device) => {
                    slot.clear();
                    self.failed = self.failed.wrapping_add(COUNTERS.into());
                }
            }
            self.queued = self.queued.wrapping_sub(1);
        }
    }
}

/// The address of a frame that is one of a station, or everybody's.
#[cfg_attr(not(feature = "inline"), inline(never))]
const fn station(addr: MacAddress) -> Option<HardwareAddr> {
    match addr {
        MacAddress::Short(addr) => Some(HardwareAddr::Short(addr)),
        MacAddress::Extended(addr) => Some(HardwareAddr::Eui64(addr)),
        MacAddress::Absent => None,
    }
}

const fn mesh_station(addr: MeshAddress) -> HardwareAddr {
    match addr {
        MeshAddress::Short(addr) => HardwareAddr::Short(addr),
        MeshAddress::Extended(addr) => HardwareAddr::Eui64(addr),
    }
}

impl LowpanConfig {
    /// The address by which we send: the short one if there is one.
    #[must_use]
    pub const fn own(&self) -> HardwareAddr {
        if self.short_addr.is_unicast() {
            HardwareAddr::Short(self.short_addr)
        } else {
            HardwareAddr::Eui64(self.extended_addr)
        }
    }

    fn is_ours(&self, addr: HardwareAddr) -> bool {
        match addr {
            HardwareAddr::Short(addr) => addr.is_broadcast() || addr == self.short_addr,
            HardwareAddr::Eui64(addr) => addr == self.extended_addr,
            HardwareAddr::Ethernet(_) => false,
        }
    }
}

impl Incoming<'_> {
    /// What is known of the packet at a place, if there is one.
    fn at(&self, place: Place) -> Option<&Whole> {
        match place {
            Place::Single => self.single_waits.as_ref(),
            Place::Slot(_) if !LOWPAN_FRAGMENTS => None,
            Place::Slot(place) => self.reassembly.slots.get(place)?.whole(),
        }
    }

    /// The packet at a place, behind its stations.
    fn packet(&self, place: Place) -> &[u8] {
        let size = self.at(place).map_or(0, |whole| whole.size);
        match place {
            Place::Single => self.single.get(..STATIONS.wrapping_add(size)),
            Place::Slot(_) if !LOWPAN_FRAGMENTS => None,
            Place::Slot(place) => {
                let slot = self.reassembly.slots.get(place);
                slot.map(|slot| slot.packet(size))
            }
        }
        .unwrap_or_default()
    }

    /// Whether a frame can be taken, whatever is in it, while a packet waits to be handed up: if it
    /// cannot, it stays with the device.
    fn has_room(&self) -> bool {
        match self.single_waits {
            _ if self.ready.is_none() => true,
            _ if !LOWPAN_FRAGMENTS => false,
            None => self.reassembly.has_room(),
            Some(_) => self.reassembly.free().is_some(),
        }
    }

    /// The packet at a place is whole.
    fn keep(&mut self, place: Place, size: usize, meta: &RxMeta) -> Place {
        self.numbers = self.numbers.wrapping_add(1);
        let whole = Whole {
            size,
            number: self.numbers,
            meta: *meta,
        };
        match place {
            Place::Single => self.single_waits = Some(whole),
            Place::Slot(place) => {
                if let Some(slot) = self.reassembly.slots.get_mut(place) {
                    slot.keep(whole);
                }
            }
        }
        self.ready = self.ready.or(Some(place));
        place
    }

    /// The packet that was ready was handed up; the next one is.
    fn release(&mut self) {
        match self.ready.take() {
            None => {}
            Some(Place::Single) => self.single_waits = None,
            Some(Place::Slot(place)) => {
                if let Some(slot) = self.reassembly.slots.get_mut(place) {
                    slot.clear();
                }
            }
        }
        if LOWPAN_FRAGMENTS {
            self.ready = self.oldest();
        }
    }

    /// The packet that was whole first.
    fn oldest(&self) -> Option<Place> {
        let age = |whole: &Whole| self.numbers.wrapping_sub(whole.number);
        let single = self.single_waits.as_ref();
        let mut oldest = single.map(|whole| (age(whole), Place::Single));
        for (place, slot) in self.reassembly.slots.iter().enumerate() {
            if let Some(whole) = slot.whole()
                && oldest.is_none_or(|(most, _)| age(whole) > most)
            {
                oldest = Some((age(whole), Place::Slot(place)));
            }
        }
        oldest.map(|(_, place)| place)
    }

    /// Take a frame. Returns the place of the packet that it makes whole.
    fn frame(
        &mut self,
        now: Instant,
        octets: &[u8],
        meta: &RxMeta,
        config: &LowpanConfig,
        contexts: &Contexts,
    ) -> Result<Option<Place>, LowpanCounter> {
        self.counters.count(LowpanCounter::Frames);
        let head = litz_hal::mac::Head::parse(octets).ok_or(LowpanCounter::Malformed)?;
        let (Some(src), Some(dst)) = (station(head.src), station(head.dst)) else {
            return Err(LowpanCounter::NotForUs);
        };
        let near = head
            .dst_pan
            .is_none_or(|pan| pan == config.pan || pan == PanId::BROADCAST);
        let data = head.frame_type == FrameType::Data && !head.secured;
        if !near || !data || !src.is_unicast() || !config.is_ours(dst) {
            return Err(LowpanCounter::NotForUs);
        }
        let link = LinkAddrs { src, dst };
        let payload = head.payload(octets).ok_or(LowpanCounter::Malformed)?;
        self.payload(now, payload, link, meta, config, contexts)
    }

    fn payload(
        &mut self,
        now: Instant,
        octets: &[u8],
        mut link: LinkAddrs,
        meta: &RxMeta,
        config: &LowpanConfig,
        contexts: &Contexts,
    ) -> Result<Option<Place>, LowpanCounter> {
        let malformed = |_| LowpanCounter::Malformed;
        let mut octets = octets;
        // Headers of a mesh come first (RFC 4944 §5.1); we are its end or nothing to it.
        for _ in 0..if MESH { 2 } else { 0 } {
            match MeshStartPacket::new_checked(octets).map_err(malformed)? {
                MeshStartPacket::Mesh(mesh) => {
                    link.src = mesh_station(mesh.originator());
                    link.dst = mesh_station(mesh.final_destination());
                    if !config.is_ours(link.dst) || !link.src.is_unicast() {
                        return Err(LowpanCounter::NotForUs);
                    }
                    octets = mesh.payload();
                }
                MeshStartPacket::Broadcast(broadcast) => octets = broadcast.payload(),
                MeshStartPacket::Unknown(_) => break,
            }
        }
        let fragment = match StartPacket::new_checked(octets).map_err(malformed)? {
            StartPacket::First(fragment) | StartPacket::Next(fragment) => fragment,
            StartPacket::Whole(octets) => {
                return Ok(Some(self.whole(octets, &link, meta, contexts)?));
            }
        };
        if !LOWPAN_FRAGMENTS {
            return Err(LowpanCounter::Refused);
        }
        let (size, tag) = (fragment.size(), fragment.tag());
        let mut stations = [0; STATIONS];
        if !link.emit(&mut stations) {
            return Err(LowpanCounter::Malformed);
        }
        let key = Key {
            stations,
            size,
            tag,
            authentic: meta.authentic,
        };
        let counters = &mut self.counters;
        let place = self
            .reassembly
            .take(now, &key, &fragment, &link, contexts, counters)?;
        Ok(place.map(|place| self.keep(Place::Slot(place), size.into(), meta)))
    }

    /// A packet in one frame.
    fn whole(
        &mut self,
        octets: &[u8],
        link: &LinkAddrs,
        meta: &RxMeta,
        contexts: &Contexts,
    ) -> Result<Place, LowpanError> {
        let slot = match self.single_waits {
            Some(_) if LOWPAN_FRAGMENTS => self.reassembly.free(),
            _ => None,
        };
        let place = slot.map_or(Place::Single, Place::Slot);
        let slot = slot.and_then(|place| self.reassembly.slots.get_mut(place));
        let buffer = slot.map_or(&mut self.single[..], ReassemblySlot::buffer_mut);
        let (stations, room) = buffer
            .split_at_mut_checked(STATIONS)
            .ok_or(LowpanError::NoRoom)?;
        let done = decompress(octets, link, contexts, None, room)?;
        if done.elided.is_some() && !meta.authentic {
            return Err(LowpanError::ElidedChecksum);
        }
        let rest = octets.get(done.consumed..).unwrap_or_default();
        let body = room.get_mut(done.written..done.total);
        let body = body.filter(|body| body.len() == rest.len());
        crate::storage::put(body.ok_or(LowpanError::NoRoom)?, rest);
        if let Some(elided) = done.elided {
            elided.fill(room.get_mut(..done.total).unwrap_or_default())?;
        }
        if !link.emit(stations) {
            return Err(LowpanError::Malformed);
        }
        Ok(self.keep(place, done.total, meta))
    }
}

/// A received packet.
#[derive(Debug)]
pub struct LowpanRxToken<'t, 'a>(&'t mut Incoming<'a>);

/// Room for a packet to be sent.
#[derive(Debug)]
pub struct LowpanTxToken<'t, 'a, D> {
    tx: &'t mut Outgoing<'a>,
    device: &'t mut D,
    now: Instant,
}

impl<'a, D: Device> Device for Lowpan<'a, D> {
    type RxToken<'t>
        = LowpanRxToken<'t, 'a>
    where
        Self: 't;
    type TxToken<'t>
        = LowpanTxToken<'t, 'a, D>
    where
        Self: 't;

    fn receive(&mut self, now: Instant) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        // Most frames of a flood of fragments make no packet; others want to be served too.
        const FRAMES: usize = 32;
        self.pump(now);
        self.tx.contexts.expire(now);
        self.rx.reassembly.expire(now, &mut self.rx.counters);
        for _ in 0..FRAMES {
            // Whole packets wait here until there is room for their answers, and frames in the
            // device if there are too many of these.
            if !self.rx.has_room() {
                break;
            }
            let Some(frame) = self.device.receive_only(now) else {
                break;
            };
            let meta = frame.meta();
            let (rx, tx) = (&mut self.rx, &self.tx);
            let result =
                frame.consume(|octets| rx.frame(now, octets, &meta, &tx.config, &tx.contexts));
            match result {
                Err(reason) => self.rx.counters.count(reason),
                Ok(Some(place)) if self.tx.config.learn_contexts => {
                    let packet = self.rx.packet(place);
                    let packet = packet.get(STATIONS..).unwrap_or_default();
                    self.tx.contexts.learn(now, packet);
                }
                Ok(_) => {}
            }
        }
        if self.rx.ready.is_none() || !self.tx.has_room() {
            return None;
        }
        let tx = LowpanTxToken {
            tx: &mut self.tx,
            device: &mut self.device,
            now,
        };
        Some((LowpanRxToken(&mut self.rx), tx))
    }

    fn transmit(&mut self, now: Instant) -> Option<Self::TxToken<'_>> {
        self.pump(now);
        self.tx.has_room().then_some(LowpanTxToken {
            tx: &mut self.tx,
            device: &mut self.device,
            now,
        })
    }

    fn capabilities(&self) -> Capabilities {
        let ip_mtu = self.tx.ip_mtu;
        Capabilities {
            checksum: self.device.capabilities().checksum,
            ..Capabilities::new(Medium::Lowpan, ip_mtu)
        }
    }

    fn link_state(&self) -> LinkState {
        self.device.link_state()
    }

    fn take_error(&mut self) -> Option<DeviceError> {
        self.device.take_error()
    }
}

impl RxToken for LowpanRxToken<'_, '_> {
    fn meta(&self) -> RxMeta {
        let whole = self.0.ready.and_then(|place| self.0.at(place));
        whole.map_or_else(RxMeta::default, |whole| whole.meta)
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let incoming = self.0;
        incoming.counters.count(LowpanCounter::Packets);
        let packet = match incoming.ready {
            Some(place) => incoming.packet(place),
            None => &[],
        };
        let result = f(packet);
        incoming.release();
        result
    }
}

impl<D: Device> TxToken for LowpanTxToken<'_, '_, D> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let Self { tx, device, now } = self;
        let slot = tx.slots.iter_mut().find(|slot| slot.is_free());
        let slot = slot.ok_or(TxError::Full)?;
        let result = f(slot.room(len).ok_or(TxError::TooLong)?);
        if len > STATIONS {
            tx.tag = tx.tag.wrapping_add(1);
            tx.numbers = tx.numbers.wrapping_add(1);
            slot.queue(len, tx.tag, tx.numbers, meta);
            tx.queued = tx.queued.wrapping_add(1);
            tx.pump(now, device);
        }
        Ok(result)
    }
}
