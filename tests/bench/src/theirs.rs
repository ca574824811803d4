//! The scenarios on smoltcp.

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::{tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, IpAddress, IpCidr};

use crate::wire::{Direction, FRAME, direction};
use crate::{BUFFER, DATAGRAM};

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
        caps.medium = Medium::Ethernet;
        caps
    }
}

struct End {
    port: Port,
    iface: Interface,
    sockets: SocketSet<'static>,
}

impl End {
    fn new(last: u8, rx: Direction, tx: Direction) -> Self {
        let mut port = Port { rx, tx };
        let addr = EthernetAddress([2, 0, 0, 0, 0, last]);
        let mut iface = Interface::new(Config::new(addr.into()), &mut port, Instant::ZERO);
        iface.update_ip_addrs(|addrs| {
            addrs
                .push(IpCidr::new(IpAddress::v4(192, 0, 2, last), 24))
                .expect("room");
        });
        Self {
            port,
            iface,
            sockets: SocketSet::new(Vec::new()),
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.port, &mut self.sockets);
    }

    fn add_tcp(&mut self, size: usize) -> SocketHandle {
        let buffer = || tcp::SocketBuffer::new(vec![0; size]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        // What it costs to send is counted without its congestion control, which is optional there.
        socket.set_congestion_control(tcp::CongestionControl::None);
        self.sockets.add(socket)
    }
}

fn ends() -> (End, End) {
    let (there, back) = (direction(), direction());
    (
        End::new(1, back.clone(), there.clone()),
        End::new(2, there, back),
    )
}

/// Open a connection from `a` to `b` and wait until both ends have it.
fn open(a: &mut End, b: &mut End, n: usize, size: usize) -> (SocketHandle, SocketHandle) {
    let (client, server) = (a.add_tcp(size), b.add_tcp(size));
    b.sockets
        .get_mut::<tcp::Socket>(server)
        .listen(9)
        .expect("listen");
    let local = 20_000 + u16::try_from(n).expect("port");
    let socket = a.sockets.get_mut::<tcp::Socket>(client);
    socket
        .connect(a.iface.context(), (IpAddress::v4(192, 0, 2, 2), 9), local)
        .expect("connect");
    for _ in 0..10 {
        a.poll(Instant::ZERO);
        b.poll(Instant::ZERO);
    }
    assert!(
        b.sockets.get::<tcp::Socket>(server).may_recv(),
        "no connection"
    );
    (client, server)
}

/// Send `total` octets from one end to the other; returns how many were read.
pub fn tcp(total: usize, idle: usize) -> usize {
    let (mut a, mut b) = ends();
    for n in 0..idle {
        open(&mut a, &mut b, n, 16);
    }
    let (client, server) = open(&mut a, &mut b, idle, BUFFER);
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
fn sender_turn(end: &mut End, handle: SocketHandle, left: usize, now: Instant) -> usize {
    static DATA: [u8; BUFFER] = [0x5a; BUFFER];
    let socket = end.sockets.get_mut::<tcp::Socket>(handle);
    let queued = socket.send_slice(&DATA[..left.min(BUFFER)]).expect("open");
    end.poll(now);
    queued
}

#[inline(never)]
fn receiver_turn(end: &mut End, handle: SocketHandle, buffer: &mut [u8], now: Instant) -> usize {
    end.poll(now);
    let socket = end.sockets.get_mut::<tcp::Socket>(handle);
    let read = socket.recv_slice(buffer).expect("open");
    end.poll(now);
    read
}

/// Echo `count` datagrams; returns how many octets came back.
pub fn udp(count: usize, idle: usize) -> usize {
    let (mut a, mut b) = ends();
    let add = |end: &mut End, port: u16| {
        let buffer = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 512]);
        let mut socket = udp::Socket::new(buffer(), buffer());
        socket.bind(port).expect("bind");
        end.sockets.add(socket)
    };
    for n in 0..idle {
        add(&mut b, 20_000 + u16::try_from(n).expect("port"));
    }
    let (client, server) = (add(&mut a, 1000), add(&mut b, 7));
    let (mut back, mut now) = (0, 0);
    for _ in 0..count {
        now += 10;
        let now = Instant::from_micros(now);
        let socket = a.sockets.get_mut::<udp::Socket>(client);
        socket
            .send_slice(&[0x5a; DATAGRAM], (IpAddress::v4(192, 0, 2, 2), 7))
            .expect("send");
        for _ in 0..3 {
            a.poll(now);
            echo_turn(&mut b, server, now);
        }
        a.poll(now);
        let socket = a.sockets.get_mut::<udp::Socket>(client);
        back += socket.recv().map_or(0, |(data, _)| data.len());
    }
    back
}

#[inline(never)]
fn echo_turn(end: &mut End, handle: SocketHandle, now: Instant) {
    end.poll(now);
    let socket = end.sockets.get_mut::<udp::Socket>(handle);
    let mut buffer = [0; DATAGRAM];
    if let Ok((len, meta)) = socket.recv_slice(&mut buffer) {
        socket
            .send_slice(&buffer[..len], meta.endpoint)
            .expect("send");
        end.poll(now);
    }
}
