//! The scenarios on litz.

use core::net::Ipv4Addr;

use litz::phy::{Capabilities, Device, Medium, RxToken, TxError, TxMeta, TxToken};
use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz::{
    Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, TcpHandle, UdpHandle,
};

use crate::wire::{Direction, direction};
use crate::{BUFFER, DATAGRAM};

const IP_MTU: usize = 1500;

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
        Capabilities::new(Medium::Ethernet, IP_MTU)
    }
}

struct End {
    port: Port,
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
}

impl End {
    fn new(last: u8, rx: Direction, tx: Direction, capacity: &SocketCapacity) -> Self {
        let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, last]));
        let storage = InterfaceStorage::heap(IP_MTU);
        let mut iface = Interface::new(link, [last; 16], storage).expect("interface");
        let cidr = IpCidr::new(Ipv4Addr::new(192, 0, 2, last), 24).expect("prefix");
        iface.add_addr(cidr).expect("room");
        Self {
            port: Port { rx, tx },
            iface,
            sockets: SocketSet::heap([last; 16], capacity),
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.port, &mut self.sockets);
    }
}

fn ends(capacity: &SocketCapacity) -> (End, End) {
    let (there, back) = (direction(), direction());
    let a = End::new(1, back.clone(), there.clone(), capacity);
    (a, End::new(2, there, back, capacity))
}

/// Send `total` octets from one end to the other; returns how many were read.
pub fn tcp(total: usize, idle: usize) -> usize {
    let capacity = SocketCapacity {
        tcp: idle + 1,
        tcp_rx: BUFFER,
        tcp_tx: BUFFER,
        ..SocketCapacity::default()
    };
    let (mut a, mut b) = ends(&capacity);
    let listener = b.sockets.tcp_listen(9, 8).expect("listen");
    let mut open = || {
        let client = a
            .sockets
            .tcp_connect((Ipv4Addr::new(192, 0, 2, 2), 9))
            .expect("connect");
        for _ in 0..10 {
            a.poll(Instant::ZERO);
            b.poll(Instant::ZERO);
        }
        let (server, _) = b
            .sockets
            .tcp_accept(listener)
            .expect("listener")
            .expect("connection");
        (client, server)
    };
    for _ in 0..idle {
        open();
    }
    let (client, server) = open();
    let mut buffer = vec![0; BUFFER];
    let (mut sent, mut read, mut now) = (0, 0, 0);
    while read < total {
        now += 10;
        sent += sender_turn(&mut a, client, total - sent, Instant::from_micros(now));
        read += receiver_turn(&mut b, server, &mut buffer, Instant::from_micros(now));
    }
    read
}

#[inline(never)]
fn sender_turn(end: &mut End, handle: TcpHandle, left: usize, now: Instant) -> usize {
    static DATA: [u8; BUFFER] = [0x5a; BUFFER];
    let mut socket = end.sockets.tcp(handle).expect("handle");
    let queued = socket.send_slice(&DATA[..left.min(BUFFER)]).expect("open");
    end.poll(now);
    queued
}

#[inline(never)]
fn receiver_turn(end: &mut End, handle: TcpHandle, buffer: &mut [u8], now: Instant) -> usize {
    end.poll(now);
    let mut socket = end.sockets.tcp(handle).expect("handle");
    let read = socket.recv_slice(buffer).expect("open");
    end.poll(now);
    read
}

/// Echo `count` datagrams; returns how many octets came back.
pub fn udp(count: usize, idle: usize) -> usize {
    let capacity = SocketCapacity {
        tcp: 0,
        udp: idle + 1,
        datagrams: 4,
        datagram_octets: 512,
        ..SocketCapacity::default()
    };
    let (mut a, mut b) = ends(&capacity);
    for n in 0..idle {
        b.sockets
            .udp_bind(20_000 + u16::try_from(n).expect("port"))
            .expect("bind");
    }
    let client = a.sockets.udp_bind(1000).expect("bind");
    let server = b.sockets.udp_bind(7).expect("bind");
    let (mut back, mut now) = (0, 0);
    for _ in 0..count {
        now += 10;
        let now = Instant::from_micros(now);
        let mut socket = a.sockets.udp(client).expect("handle");
        socket
            .send((Ipv4Addr::new(192, 0, 2, 2), 7), &[0x5a; DATAGRAM])
            .expect("send");
        for _ in 0..3 {
            a.poll(now);
            echo_turn(&mut b, server, now);
        }
        a.poll(now);
        let mut socket = a.sockets.udp(client).expect("handle");
        back += socket.recv().map_or(0, |(_, data)| data.len());
    }
    back
}

#[inline(never)]
fn echo_turn(end: &mut End, handle: UdpHandle, now: Instant) {
    end.poll(now);
    let mut socket = end.sockets.udp(handle).expect("handle");
    let mut buffer = [0; DATAGRAM];
    if let Some((meta, data)) = socket.recv() {
        let len = data.len().min(DATAGRAM);
        buffer[..len].copy_from_slice(&data[..len]);
        socket.send(meta, &buffer[..len]).expect("send");
        end.poll(now);
    }
}
