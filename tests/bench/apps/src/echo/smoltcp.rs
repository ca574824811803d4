//! The echo on smoltcp: an interface on the medium of IEEE 802.15.4 over the same queue of frames,
//! a UDP socket at each end.

use litz_bench::wire::{Direction, direction};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::udp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, Ieee802154Address, Ieee802154Pan, IpAddress, IpCidr};

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
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        self.0.borrow_mut().send(len, f)
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

    fn capabilities(&self) -> DeviceCapabilities {
        let mut caps = DeviceCapabilities::default();
        caps.max_transmission_unit = FRAME;
        caps.medium = Medium::Ieee802154;
        caps
    }
}

struct End {
    port: Port,
    iface: Interface,
    sockets: SocketSet<'static>,
    socket: SocketHandle,
}

impl End {
    fn new(last: u8, mut port: Port, number: u16) -> Self {
        let addr = Ieee802154Address::Extended(eui64(last));
        let mut config = Config::new(HardwareAddress::Ieee802154(addr));
        config.pan_id = Some(Ieee802154Pan(0xbeef));
        let mut iface = Interface::new(config, &mut port, Instant::ZERO);
        iface.update_ip_addrs(|addrs| {
            let cidr = IpCidr::new(IpAddress::Ipv6(link_local(last)), 64);
            addrs.push(cidr).expect("room");
        });
        let buffer = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 512]);
        let mut socket = udp::Socket::new(buffer(), buffer());
        socket.bind(number).expect("bind");
        let mut sockets = SocketSet::new(Vec::new());
        let socket = sockets.add(socket);
        Self {
            port,
            iface,
            sockets,
            socket,
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.port, &mut self.sockets);
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
        let socket = a.sockets.get_mut::<udp::Socket>(a.socket);
        let sent = socket.send_slice(&[0x5a; DATAGRAM], (IpAddress::Ipv6(link_local(2)), far));
        sent.expect("send");
        // The first ones wait until both know each other.
        let turns = if number < WARM { 4 } else { 1 };
        for _ in 0..turns {
            a.poll(now);
            lowpan_echo(&mut b, now);
        }
        a.poll(now);
        let socket = a.sockets.get_mut::<udp::Socket>(a.socket);
        octets += socket.recv().map_or(0, |(data, _)| data.len());
    }
    octets
}

#[inline(never)]
fn lowpan_echo(end: &mut End, now: Instant) {
    end.poll(now);
    let socket = end.sockets.get_mut::<udp::Socket>(end.socket);
    let mut buffer = [0; DATAGRAM];
    if let Ok((len, meta)) = socket.recv_slice(&mut buffer) {
        let sent = socket.send_slice(&buffer[..len], meta.endpoint);
        sent.expect("send");
        end.poll(now);
    }
}
