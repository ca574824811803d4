//! The border router: a host of litz over its own radio, which is a model of a chip with the driver
//! of this repository. It asks the boards for everything that they offer.

use std::net::Ipv6Addr;

use litz::lowpan::{Context, Lowpan, LowpanConfig, LowpanStorage, station_of};
use litz::time::{Deadline, Instant};
use litz::wire::{Eui64, Ipv6Packet, KeyId, PanId, ShortAddress};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_emulator::air::{Air, MICROSECOND};
use litz_emulator::nrf52840::Nrf52840 as Chip;
use litz_emulator::{HostChip, Peripherals};
use litz_hal::linux::Tun;
use litz_hal::mac::ccm::CcmStar;
use litz_hal::mac::security::{Key, NoStore, PeerSlot, Policy, Secured};
use litz_hal::mac::{Mac, MacConfig, MacStorage, NeighborSlot, RxSlot, SoftAes, TxSlot};
use litz_hal::nrf52840::{DMA_OCTETS, Nrf52840};
use litz_hal::radio::{AesKey, CcaMode, Channel, RadioConfig};
use litz_hal::{Device, RxToken, TxMeta, TxToken};

/// What the images have compiled in.
const PAN: PanId = PanId(0xABCD);
const KEY: AesKey = AesKey(*b"not a secret key");
pub(crate) const ROUTER: Eui64 = Eui64([0x02, 0, 0, 0, 0, 0, 0, 1]);
const PREFIX: Ipv6Addr = Ipv6Addr::new(0xFD00, 0, 0, 0, 0, 0, 0, 0);

type Driver = Nrf52840<HostChip<Chip>>;
type Protection = Secured<'static, CcmStar<SoftAes>, NoStore>;
pub(crate) type Link6 = Lowpan<'static, Mac<'static, Driver, Protection>>;

/// The address of a station.
pub(crate) fn address(station: Eui64) -> Ipv6Addr {
    let interface = u64::from_be_bytes(station.interface_id());
    Ipv6Addr::from_bits(PREFIX.to_bits() | u128::from(interface))
}

/// The router.
pub(crate) struct Router {
    chip: HostChip<Chip>,
    pub(crate) link: Link6,
    pub(crate) iface: Interface<'static>,
    pub(crate) sockets: SocketSet<'static>,
    due: Deadline,
    /// The device of Linux, whose packets go over the air and back; no interface of ours then.
    tun: Option<Tun>,
}

impl Router {
    pub(crate) fn new(air: &Air) -> Self {
        let chip = Chip::new(air.clone(), [1, 0]);
        let chip = HostChip::new(chip, MICROSECOND, DMA_OCTETS);
        let radio = RadioConfig {
            channel: Channel::new(15).expect("a channel"),
            tx_power: 0,
            pan: PAN,
            short_addr: ShortAddress::UNASSIGNED,
            extended_addr: ROUTER,
            pan_coordinator: false,
            promiscuous: false,
            auto_ack: true,
            cca: CcaMode::default(),
        };
        let driver = Nrf52840::new(chip.clone(), radio).expect("a radio");
        let key = Key {
            id: KeyId::Index { index: 1 },
            peer: None,
            key: KEY,
        };
        let protection = Secured::new(
            Policy::default(),
            CcmStar(SoftAes::default()),
            vec![Some(key)].leak(),
            vec![PeerSlot::EMPTY; 8].leak(),
            NoStore,
        );
        let storage = MacStorage {
            tx: vec![TxSlot::EMPTY; 16].leak(),
            rx: vec![RxSlot::EMPTY; 16].leak(),
            neighbors: vec![NeighborSlot::EMPTY; 8].leak(),
            children: &mut [],
            scan: &mut [],
        };
        let config = MacConfig {
            max_retries: 7,
            ..MacConfig::new(radio)
        };
        let protection = protection.expect("a store");
        let mac = Mac::new(chip.now(), driver, protection, config, storage, 1);
        let config = LowpanConfig {
            pan: PAN,
            short_addr: ShortAddress::UNASSIGNED,
            extended_addr: ROUTER,
            quota: 4,
            learn_contexts: false,
        };
        let mac = mac.expect("a radio that works");
        let mut link = Lowpan::new(mac, config, LowpanStorage::heap(4, 8), 1);
        // Not every board knows contexts: those that do may write with it, and are understood.
        let context = Context {
            compress: false,
            ..Context::new(PREFIX, 64)
        };
        link.contexts_mut().set(0, Some(context));
        let secret = [9; 16];
        let hardware = Link::Ieee802154(ROUTER.into());
        let iface = Interface::new(hardware, secret, InterfaceStorage::heap(1280));
        let mut iface = iface.expect("an interface");
        for (addr, length) in [(ROUTER.link_local(), 64), (address(ROUTER), 64)] {
            let cidr = IpCidr::new(addr, length).expect("an address");
            iface.add_addr(cidr).expect("room");
        }
        Self {
            chip,
            link,
            iface,
            sockets: SocketSet::heap(secret, &SocketCapacity::default()),
            due: Deadline::NEVER,
            tun: None,
        }
    }

    /// The time on its clock.
    pub(crate) fn now(&self) -> Instant {
        self.chip.now()
    }

    /// When something happens next, in ticks.
    pub(crate) fn next(&self) -> u64 {
        let next = self.chip.with(|chip| chip.next_event());
        let due = self.due.instant().map_or(u64::MAX, |due| {
            (due.total_micros().max(0) as u64).saturating_mul(MICROSECOND)
        });
        next.min(due)
    }

    /// Lets time pass until `until`, in ticks.
    pub(crate) fn run(&mut self, until: u64) {
        let mut interrupted = false;
        let mut rounds = 0;
        while !self.chip.pass(until) {
            let now = self.now();
            self.link.device_mut().radio_mut().on_interrupt(now);
            interrupted = true;
            rounds += 1;
            assert!(rounds < 100, "the interrupt stays high");
        }
        if interrupted || self.due.is_due(self.now()) {
            self.poll();
        }
    }

    /// Joins Linux to the air from now on.
    pub(crate) fn bridge(&mut self, tun: Tun) {
        self.tun = Some(tun);
    }

    /// Does what there is to do, for whoever has used a socket.
    pub(crate) fn poll(&mut self) {
        if self.tun.is_some() {
            while self.pass_to_linux() || self.pass_to_air() {}
            return self.look();
        }
        while self
            .iface
            .poll(self.now(), &mut self.link, &mut self.sockets)
            .more
        {}
        self.look();
    }

    /// Hands what came over the air to Linux; whether there was something.
    fn pass_to_linux(&mut self) -> bool {
        let now = self.now();
        let packet = self.link.receive_packet(now, |_, packet| packet.to_vec());
        let (Some(packet), Some(tun)) = (&packet, &mut self.tun) else {
            return false;
        };
        if let Some(room) = tun.transmit(now) {
            let put = |to: &mut [u8]| to.copy_from_slice(packet);
            let sent = room.consume(packet.len(), TxMeta::default(), put);
            sent.expect("Linux takes it");
        }
        true
    }

    /// Sends a packet of Linux over the air; whether there was one.
    fn pass_to_air(&mut self) -> bool {
        let now = self.now();
        // What would have no room stays with Linux.
        let tun = self.tun.as_mut().filter(|_| self.link.has_room());
        let Some((packet, _)) = tun.and_then(|tun| tun.receive(now)) else {
            return false;
        };
        let link = &mut self.link;
        packet.consume(|octets| {
            let Ok(ip) = Ipv6Packet::new_checked(octets) else {
                return;
            };
            // Questions to everybody have no answer here, and fill the air.
            if !ip.dst_addr().is_multicast() {
                let sent = link.send_packet(now, station_of(ip.dst_addr()), octets);
                sent.expect("there is room");
            }
        });
        true
    }

    /// Finds out when to poll next.
    pub(crate) fn look(&mut self) {
        let now = self.now();
        let mac = self.link.device().poll_at(now);
        if self.tun.is_some() {
            self.due = mac;
            return;
        }
        self.due = self.iface.poll_at(now, &self.sockets).min(mac);
    }
}
