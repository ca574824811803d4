//! The echo on litz: 6LoWPAN as a device between a queue of frames and an interface, a UDP socket
//! at each end.

use litz::lowpan::{Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};
use litz::time::Instant;
use litz::wire::{Eui64, PanId, ShortAddress};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, UdpHandle};
use litz_bench::wire::{Direction, direction};

use super::{DATAGRAM, FRAME, PORTS, WARM, eui64, link_local};

struct Port {
    rx: Direction,
    tx: Direction,
}

struct Rx(Vec<u8>, Direction);
struct Tx(Direction);

impl RxToken for Rx {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        let result = f(&self.0);
        self.1.borrow_mut().give_back(self.0);
        result
    }
}

impl TxToken for Tx {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(
        self,
        len: usize,
        _: TxMeta,
        f: F,
    ) -> Result<R, TxError> {
        Ok(self.0.borrow_mut().send(len, f))
    }
}

impl Device for Port {
    type RxToken<'a> = Rx;
    type TxToken<'a> = Tx;

    fn receive(&mut self, _: Instant) -> Option<(Rx, Tx)> {
        if !self.tx.borrow().has_room() {
            return None;
        }
        let frame = self.rx.borrow_mut().take()?;
        Some((Rx(frame, self.rx.clone()), Tx(self.tx.clone())))
    }

    fn transmit(&mut self, _: Instant) -> Option<Tx> {
        self.tx.borrow().has_room().then(|| Tx(self.tx.clone()))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_frame: FRAME,
            ..Capabilities::new(Medium::Ieee802154, 1280)
        }
    }
}

struct End {
    device: Lowpan<'static, Port>,
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    socket: UdpHandle,
}

impl End {
    fn new(last: u8, port: Port, number: u16) -> Self {
        let extended_addr = Eui64(eui64(last));
        let config = LowpanConfig {
            pan: PanId(0xbeef),
            short_addr: ShortAddress::UNASSIGNED,
            extended_addr,
            quota: 2,
            learn_contexts: false,
        };
        let device = Lowpan::new(port, config, LowpanStorage::heap(2, 2), 7);
        let link = Link::Ieee802154(extended_addr.into());
        let storage = InterfaceStorage::heap(1280);
        let mut iface = Interface::new(link, [last; 16], storage).expect("interface");
        let cidr = IpCidr::new(link_local(last), 64).expect("prefix");
        iface.add_addr(cidr).expect("room");
        let capacity = SocketCapacity {
            tcp: 0,
            udp: 1,
            datagrams: 4,
            datagram_octets: 512,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap([last; 16], &capacity);
        let socket = sockets.udp_bind(number).expect("bind");
        Self {
            device,
            iface,
            sockets,
            socket,
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }
}

/// Echo `count` datagrams; returns how many octets came back.
pub fn run(count: usize) -> usize {
    let (there, back) = (direction(), direction());
    let port = |rx: &Direction, tx: &Direction| Port {
        rx: rx.clone(),
        tx: tx.clone(),
    };
    let [near, far] = PORTS;
    let mut a = End::new(1, port(&back, &there), near);
    let mut b = End::new(2, port(&there, &back), far);
    let mut octets = 0;
    for number in 0..count + WARM {
        let now = Instant::from_micros(10 * (number as i64 + 1));
        let mut socket = a.sockets.udp(a.socket).expect("handle");
        let sent = socket.send((link_local(2), far), &[0x5a; DATAGRAM]);
        sent.expect("send");
        a.poll(now);
        lowpan_echo(&mut b, now);
        a.poll(now);
        let mut socket = a.sockets.udp(a.socket).expect("handle");
        octets += socket.recv().map_or(0, |(_, data)| data.len());
    }
    octets
}

#[inline(never)]
fn lowpan_echo(end: &mut End, now: Instant) {
    end.poll(now);
    let mut socket = end.sockets.udp(end.socket).expect("handle");
    let mut buffer = [0; DATAGRAM];
    if let Some((meta, data)) = socket.recv() {
        let len = data.len().min(DATAGRAM);
        buffer[..len].copy_from_slice(&data[..len]);
        socket.send(meta, &buffer[..len]).expect("send");
        end.poll(now);
    }
}
