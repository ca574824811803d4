//! A host over a device made of two queues, and virtual time: a test gives frames and looks at what
//! comes out.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::phy::{
    Capabilities, Device, LinkState, Medium, RxMeta, RxToken, TxError, TxMeta, TxToken,
};
use litz::time::{Deadline, Duration, Instant};
use litz::wire::EthernetAddress;
use litz::{
    Budget, Interface, InterfaceStorage, IpCidr, Link, PollResult, SocketCapacity, SocketSet,
};

pub(crate) const OWN: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 1]);
pub(crate) const OWN_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
pub(crate) const OWN_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
pub(crate) const GATEWAY: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 254);
pub(crate) const DIRECTED_BROADCAST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 255);
pub(crate) const MTU: usize = 1500;

/// The device: what the host receives next, and what it has sent.
pub(crate) struct Wire {
    pub(crate) rx: VecDeque<Vec<u8>>,
    pub(crate) tx: VecDeque<Vec<u8>>,
    /// Frames that it takes before it has no more room.
    pub(crate) room: usize,
    pub(crate) caps: Capabilities,
    /// What goes with every received frame.
    pub(crate) meta: RxMeta,
    /// Every frame to be sent is refused with this.
    pub(crate) failure: Option<TxError>,
    pub(crate) link: LinkState,
}

impl Wire {
    pub(crate) fn new(medium: Medium) -> Self {
        Self {
            rx: VecDeque::new(),
            tx: VecDeque::new(),
            room: usize::MAX,
            caps: Capabilities::new(medium, MTU),
            meta: RxMeta::default(),
            failure: None,
            link: LinkState::Up,
        }
    }
}

pub(crate) struct Received(Vec<u8>, RxMeta);

impl RxToken for Received {
    fn meta(&self) -> RxMeta {
        self.1
    }

    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

pub(crate) struct Room<'a> {
    tx: &'a mut VecDeque<Vec<u8>>,
    room: &'a mut usize,
    max_len: usize,
    failure: Option<TxError>,
}

impl TxToken for Room<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _meta: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if len > self.max_len {
            return Err(TxError::TooLong);
        }
        // What is not written shows.
        let mut frame = vec![0xa5; len];
        let result = f(&mut frame);
        self.tx.push_back(frame);
        *self.room -= 1;
        Ok(result)
    }
}

impl Device for Wire {
    type RxToken<'a> = Received;
    type TxToken<'a> = Room<'a>;

    fn receive(&mut self, now: Instant) -> Option<(Received, Room<'_>)> {
        if self.room == 0 {
            return None;
        }
        let frame = self.rx.pop_front()?;
        let meta = self.meta;
        Some((Received(frame, meta), self.transmit(now)?))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Room<'_>> {
        if self.room == 0 {
            return None;
        }
        let header = if self.caps.medium == Medium::Ethernet {
            14
        } else {
            0
        };
        Some(Room {
            tx: &mut self.tx,
            room: &mut self.room,
            max_len: self.caps.ip_mtu + header,
            failure: self.failure,
        })
    }

    fn capabilities(&self) -> Capabilities {
        self.caps
    }

    fn link_state(&self) -> LinkState {
        self.link
    }
}

/// A host with one interface.
pub(crate) struct Host {
    pub(crate) iface: Interface<'static>,
    pub(crate) sockets: SocketSet<'static>,
    pub(crate) wire: Wire,
    pub(crate) now: Instant,
}

/// Small tables, so that they are soon full.
pub(crate) const CAPACITY: SocketCapacity = SocketCapacity {
    tcp: 4,
    tcp_rx: 4096,
    tcp_tx: 4096,
    half_open: 4,
    time_wait: 4,
    listeners: 2,
    wakers: 8,
    udp: 2,
    datagrams: 4,
    datagram_octets: 2048,
    icmp: 2,
    interfaces: 3,
    raw: 3,
    frames: 3,
    memberships: 4,
    sources: 4,
};

impl Host {
    /// On Ethernet, with an address of each version and a default router for IPv4.
    pub(crate) fn new() -> Self {
        Self::with(CAPACITY)
    }

    pub(crate) fn with(capacity: SocketCapacity) -> Self {
        Self::build(
            Link::Ethernet(OWN),
            Medium::Ethernet,
            capacity,
            InterfaceStorage::heap(MTU),
        )
    }

    pub(crate) fn with_storage(storage: InterfaceStorage<'static>) -> Self {
        Self::build(Link::Ethernet(OWN), Medium::Ethernet, CAPACITY, storage)
    }

    pub(crate) fn with_storage_and(
        storage: InterfaceStorage<'static>,
        capacity: SocketCapacity,
    ) -> Self {
        Self::build(Link::Ethernet(OWN), Medium::Ethernet, capacity, storage)
    }

    /// Without memory for fragments.
    pub(crate) fn whole_packets_only() -> Self {
        Self::with_storage(InterfaceStorage {
            reassembly: Default::default(),
            fragmenting: Default::default(),
            ..InterfaceStorage::heap(MTU)
        })
    }

    /// On a link without frames, as a TUN device is.
    pub(crate) fn on_ip() -> Self {
        Self::build(Link::Ip, Medium::Ip, CAPACITY, InterfaceStorage::heap(MTU))
    }

    fn build(
        link: Link,
        medium: Medium,
        capacity: SocketCapacity,
        storage: InterfaceStorage<'static>,
    ) -> Self {
        let secret = *b"sixteen octets!!";
        let mut iface = Interface::new(link, secret, storage).unwrap();
        iface.add_addr(IpCidr::new(OWN_V4, 24).unwrap()).unwrap();
        iface.add_addr(IpCidr::new(OWN_V6, 64).unwrap()).unwrap();
        iface.add_addr(IpCidr::link_local(OWN)).unwrap();
        iface.set_default_route(GATEWAY.into()).unwrap();
        let mut host = Self {
            iface,
            sockets: SocketSet::heap(secret, &capacity),
            wire: Wire::new(medium),
            now: Instant::from_secs(1000),
        };
        // The groups that neighbors ask for its addresses in are reported.
        host.pass(Duration::from_secs(5));
        host
    }

    pub(crate) fn poll(&mut self) -> PollResult {
        self.iface.poll(self.now, &mut self.wire, &mut self.sockets)
    }

    pub(crate) fn poll_with(&mut self, budget: Budget) -> PollResult {
        self.iface
            .poll_with(self.now, &mut self.wire, &mut self.sockets, budget)
    }

    pub(crate) fn poll_at(&self) -> Deadline {
        self.iface.poll_at(self.now, &self.sockets)
    }

    /// Poll, and take what was sent.
    pub(crate) fn sent(&mut self) -> Vec<Vec<u8>> {
        self.poll();
        self.wire.tx.drain(..).collect()
    }

    /// Give a frame, and take what was sent.
    pub(crate) fn answers(&mut self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.wire.rx.push_back(frame);
        self.sent()
    }

    /// Give a frame that has one answer.
    #[track_caller]
    pub(crate) fn answer(&mut self, frame: Vec<u8>) -> Vec<u8> {
        let mut answers = self.answers(frame);
        assert_eq!(answers.len(), 1, "one answer: {answers:02x?}");
        answers.remove(0)
    }

    /// Give a frame that has none, and say why it was dropped.
    #[track_caller]
    pub(crate) fn silent(&mut self, frame: Vec<u8>) {
        let answers = self.answers(frame);
        assert!(answers.is_empty(), "no answer: {answers:02x?}");
    }

    /// Give a frame that is dropped without an answer, for a reason.
    #[track_caller]
    pub(crate) fn dropped(&mut self, frame: Vec<u8>, reason: litz::iface::DropReason) {
        let before = self.iface.counters().dropped(reason);
        self.silent(frame);
        let counters = self.iface.counters();
        let drops: Vec<_> = counters.drops().collect();
        assert_eq!(
            counters.dropped(reason),
            before + 1,
            "dropped as {reason}: {drops:?}"
        );
    }

    /// Let time pass, polling only when the interface asks for it. Returns what was sent, and how
    /// many polls there were.
    #[track_caller]
    pub(crate) fn pass(&mut self, time: Duration) -> (Vec<Vec<u8>>, usize) {
        let end = self.now.saturating_add(time);
        let mut polls = 0;
        let mut still = 0;
        while let Some(at) = self.poll_at().instant().filter(|&at| at <= end) {
            assert!(
                at >= self.now,
                "asked for a poll at {at:?}, and it is {:?}",
                self.now
            );
            still = if at == self.now { still + 1 } else { 0 };
            assert!(still < 10, "polled ten times at {at:?} and asked for more");
            self.now = at;
            self.poll();
            polls += 1;
        }
        self.now = end;
        (self.wire.tx.drain(..).collect(), polls)
    }

    /// Make a neighbor known, by its asking for us.
    pub(crate) fn meet(&mut self, addr: Ipv4Addr, station: EthernetAddress) {
        let reply = self.answers(super::frames::arp_request(addr, station, OWN_V4));
        assert_eq!(reply.len(), 1);
    }

    pub(crate) fn knows(&self, addr: impl Into<IpAddr>) -> Option<EthernetAddress> {
        let addr = addr.into();
        self.iface
            .neighbors()
            .find(|&(known, _)| known == addr)
            .and_then(|(_, station)| station.ethernet())
    }
}
