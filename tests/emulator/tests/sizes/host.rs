//! The host that the images serve: litz with everything, on the other side of the mailbox.

use core::net::IpAddr;

use litz::iface::HardwareAddr;
use litz::lowpan::{Lowpan, LowpanConfig, LowpanStorage};
use litz::time::Instant;
use litz::wire::{EthernetAddress, Eui64, PanId, ShortAddress};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, TcpHandle,
    UdpHandle, UdpMeta,
};
use litz_hal::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};

use super::mailbox::Mailbox;

/// Datagrams of so many octets, and octets of the stream.
const DATAGRAMS: [usize; 4] = [0, 1, 64, 200];
const STREAM: usize = 5_000;

/// Our end of the cable.
struct Cable {
    mailbox: Mailbox,
    medium: Medium,
    mtu: usize,
}

struct Received(Vec<u8>);
struct ToSend(Mailbox);

impl Device for Cable {
    type RxToken<'a> = Received;
    type TxToken<'a> = ToSend;

    fn receive(&mut self, _: Instant) -> Option<(Received, ToSend)> {
        let frame = self.mailbox.take()?;
        Some((Received(frame), ToSend(self.mailbox.clone())))
    }

    fn transmit(&mut self, _: Instant) -> Option<ToSend> {
        Some(ToSend(self.mailbox.clone()))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(self.medium, self.mtu)
    }
}

impl RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for ToSend {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        let mut frame = vec![0; len];
        let result = f(&mut frame);
        self.0.put(&frame);
        Ok(result)
    }
}

enum Ours {
    Ethernet(Cable),
    Air(Box<Lowpan<'static, Cable>>),
}

pub(crate) struct Host {
    device: Ours,
    interface: Interface<'static>,
    sockets: SocketSet<'static>,
    board: Endpoint,
    udp: UdpHandle,
    tcp: Option<TcpHandle>,
    asked: bool,
    echoed: usize,
    sent: usize,
    received: usize,
}

impl Host {
    pub(crate) fn new(mailbox: Mailbox, board: IpAddr, air: bool) -> Self {
        let secret = [9; 16];
        let eui64 = Eui64([2, 0, 0, 0, 0, 0, 0, 9]);
        let (medium, mtu, link) = if air {
            let link = Link::Ieee802154(HardwareAddr::Eui64(eui64));
            (Medium::Ieee802154, 125, link)
        } else {
            let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 9]));
            (Medium::Ethernet, 1500, link)
        };
        let cable = Cable {
            mailbox,
            medium,
            mtu,
        };
        let storage = InterfaceStorage::heap(1500);
        let mut interface = Interface::new(link, secret, storage).expect("an interface");
        let mut add = |addr: IpAddr, len| {
            let cidr = IpCidr::new(addr, len).expect("an address");
            interface.add_addr(cidr).expect("room");
        };
        if air {
            add(eui64.link_local().into(), 64);
        } else {
            add([192, 0, 2, 9].into(), 24);
            add([0x2001, 0xDB8, 1, 0, 0, 0, 0, 9].into(), 64);
        }
        let device = if air {
            let config = LowpanConfig {
                pan: PanId(0xABCD),
                short_addr: ShortAddress::UNASSIGNED,
                extended_addr: eui64,
                quota: 2,
                learn_contexts: false,
            };
            let storage = LowpanStorage::heap(4, 4);
            Ours::Air(Box::new(Lowpan::new(cable, config, storage, 1)))
        } else {
            Ours::Ethernet(cable)
        };
        let mut sockets = SocketSet::heap(secret, &SocketCapacity::default());
        let udp = sockets.udp_bind(5000).expect("a port");
        Self {
            device,
            interface,
            sockets,
            board: Endpoint::from((board, 7)),
            udp,
            tcp: None,
            asked: false,
            echoed: 0,
            sent: 0,
            received: 0,
        }
    }

    pub(crate) fn progress(&self) -> String {
        let (echoed, received) = (self.echoed, self.received);
        format!("{echoed} datagrams and {received} octets of a stream came back")
    }

    /// Whether everything came back.
    pub(crate) fn is_done(&self, tcp: bool) -> bool {
        self.echoed == DATAGRAMS.len() && (!tcp || self.received == STREAM)
    }

    /// Does what is to be done at this microsecond.
    pub(crate) fn poll(&mut self, micros: u64, tcp: bool) {
        let now = Instant::from_micros(i64::try_from(micros).expect("a short test"));
        let (interface, sockets) = (&mut self.interface, &mut self.sockets);
        match &mut self.device {
            Ours::Ethernet(cable) => while interface.poll(now, cable, sockets).more {},
            Ours::Air(lowpan) => while interface.poll(now, &mut **lowpan, sockets).more {},
        }
        self.datagrams();
        if tcp && self.echoed == DATAGRAMS.len() {
            self.stream();
        }
    }

    fn datagrams(&mut self) {
        let mut socket = self.sockets.udp(self.udp).expect("it is bound");
        let Some(&len) = DATAGRAMS.get(self.echoed) else {
            return;
        };
        let sent: Vec<u8> = (0..len).map(|n| n as u8).collect();
        if !self.asked {
            socket.send(UdpMeta::to(self.board), &sent).expect("room");
            self.asked = true;
        }
        if let Some((_, datagram)) = socket.recv() {
            assert_eq!(datagram, sent);
            self.echoed += 1;
            self.asked = false;
        }
    }

    fn stream(&mut self) {
        let handle = match self.tcp {
            Some(handle) => handle,
            None => *self
                .tcp
                .insert(self.sockets.tcp_connect(self.board).expect("a slot")),
        };
        let octet = |at: usize| (at * 7 % 251) as u8;
        let mut socket = self.sockets.tcp(handle).expect("a connection");
        if socket.can_send() && self.sent < STREAM {
            let next: Vec<u8> = (self.sent..STREAM).map(octet).collect();
            self.sent += socket.send_slice(&next).expect("it is open");
        }
        let mut buffer = [0; 512];
        while socket.can_recv() {
            let length = socket.recv_slice(&mut buffer).expect("it is open");
            for &got in &buffer[..length] {
                assert_eq!(got, octet(self.received), "octet {}", self.received);
                self.received += 1;
            }
        }
    }
}
