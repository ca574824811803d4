//! The hosts that are attacked: a server that echoes to whoever comes, and clients that check what
//! comes back.

use std::cell::Cell;
use std::rc::Rc;

use litz::socket::tcp::{CloseReason, TcpConfig};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, ListenerHandle, SocketCapacity, SocketSet,
    TcpHandle,
};
use litz_hal::time::{Deadline, Duration, Instant};
use litz_tests::noise::Noise;
use litz_tests::sim::port::PortDevice;
use litz_tests::sim::transfer::octets;
use litz_tests::sim::{Port, Stack, ip};

/// The port that is served.
pub(crate) const PORT: u16 = 9;

fn host(
    number: usize,
    port: Port,
    tcp: usize,
) -> (Interface<'static>, SocketSet<'static>, PortDevice) {
    let secret = [number as u8 + 1; 16];
    let storage = InterfaceStorage::heap(1500);
    let mut iface = Interface::new(Link::Ip, secret, storage).expect("a link");
    let cidr = IpCidr::new(ip(number), 24).expect("a prefix");
    iface.add_addr(cidr).expect("room");
    let capacity = SocketCapacity {
        tcp,
        tcp_rx: 16_384,
        tcp_tx: 16_384,
        half_open: 8,
        udp: 0,
        icmp: 0,
        ..SocketCapacity::default()
    };
    let sockets = SocketSet::heap(secret, &capacity);
    (iface, sockets, PortDevice { port, mtu: 1500 })
}

/// Echoes whatever comes, on 64 connections with 8 places in the backlog; who takes nothing for ten
/// seconds is let go of.
pub(crate) struct Server {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: PortDevice,
    listener: ListenerHandle,
    held: Vec<TcpHandle>,
    pub(crate) load: Load,
}

/// How busy a server is; clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Load {
    /// Connections that it holds, and the most that it held at once.
    pub(crate) now: Rc<Cell<usize>>,
    pub(crate) most: Rc<Cell<usize>>,
    /// Connections that it has accepted.
    pub(crate) accepted: Rc<Cell<u64>>,
}

impl Server {
    pub(crate) fn new(number: usize, port: Port) -> Self {
        let (iface, mut sockets, device) = host(number, port, 64);
        let config = TcpConfig {
            user_timeout: Some(Duration::from_secs(10)),
            keep_alive: Some(Duration::from_secs(10)),
            keep_alive_probes: 2,
            keep_alive_interval: Duration::from_secs(2),
            ..TcpConfig::DEFAULT
        };
        let listener = sockets
            .tcp_listen_with(PORT, 8, config)
            .expect("a listener");
        Self {
            iface,
            sockets,
            device,
            listener,
            held: Vec::new(),
            load: Load::default(),
        }
    }

    fn echo(sockets: &mut SocketSet<'static>, handle: TcpHandle) -> (bool, bool) {
        let mut socket = sockets.tcp(handle).expect("held");
        let mut buffer = [0; 4_096];
        let mut acted = false;
        while socket.can_send() && socket.can_recv() {
            let room = socket.info().map_or(0, |_| 16_384 - socket.send_queue());
            let len = room.min(buffer.len());
            match socket.recv_slice(&mut buffer[..len]) {
                Ok(len) if len > 0 => {
                    assert_eq!(socket.send_slice(&buffer[..len]), Ok(len));
                    acted = true;
                }
                _ => break,
            }
        }
        let over = socket.is_closed() || (!socket.may_recv() && socket.may_send());
        if over {
            socket.close_within(Duration::from_secs(10));
        }
        (acted, over)
    }
}

impl Stack for Server {
    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        self.iface.poll_at(now, &self.sockets)
    }

    fn act(&mut self, _: Instant) -> bool {
        let mut acted = false;
        while let Some((handle, _)) = self.sockets.tcp_accept(self.listener).expect("held") {
            self.held.push(handle);
            self.load.accepted.set(self.load.accepted.get() + 1);
            acted = true;
        }
        self.load
            .most
            .set(self.load.most.get().max(self.held.len()));
        let sockets = &mut self.sockets;
        self.held.retain(|handle| {
            let (moved, over) = Self::echo(sockets, *handle);
            acted |= moved || over;
            if over {
                sockets.tcp_release(*handle).expect("held");
            }
            !over
        });
        self.load.now.set(self.held.len());
        acted
    }
}

/// How far a client has come; clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    /// Octets that came back.
    pub(crate) heard: Rc<Cell<u64>>,
    /// When all had come back.
    pub(crate) finished: Rc<Cell<Option<Instant>>>,
    /// Its port.
    pub(crate) port: Rc<Cell<u16>>,
}

/// Says so many octets and checks the echo; begins at a time.
pub(crate) struct Client {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: PortDevice,
    begins: Instant,
    handle: Option<TcpHandle>,
    server: usize,
    total: u64,
    said: u64,
    pub(crate) progress: Progress,
}

impl Client {
    pub(crate) fn new(
        number: usize,
        port: Port,
        server: usize,
        total: u64,
        begins: Instant,
    ) -> Self {
        let (iface, sockets, device) = host(number, port, 2);
        Self {
            iface,
            sockets,
            device,
            begins,
            handle: None,
            server,
            total,
            said: 0,
            progress: Progress::default(),
        }
    }
}

impl Stack for Client {
    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        if self.handle.is_none() {
            return Deadline::at(self.begins.max(now));
        }
        self.iface.poll_at(now, &self.sockets)
    }

    fn act(&mut self, now: Instant) -> bool {
        let Some(handle) = self.handle else {
            if now < self.begins {
                return false;
            }
            let to = Endpoint::new(ip(self.server), PORT);
            self.handle = Some(self.sockets.tcp_connect(to).expect("a connection"));
            return true;
        };
        let mut socket = self.sockets.tcp(handle).expect("held");
        let done = self.progress.finished.get().is_some();
        if socket.is_closed() && !done {
            panic!("the connection failed: {:?}", socket.close_reason());
        }
        if done {
            let orderly = [None, Some(CloseReason::Finished)];
            assert!(orderly.contains(&socket.close_reason()));
            return false;
        }
        self.progress
            .port
            .set(socket.local().map_or(0, |local| local.port));
        let mut acted = false;
        while socket.can_send() && self.said < self.total {
            let left = (self.total - self.said) as usize;
            let taken = socket.send_slice(octets(1, self.said, left)).expect("open");
            self.said += taken as u64;
            acted |= taken > 0;
        }
        let mut buffer = [0; 4_096];
        while let Ok(len @ 1..) = socket.recv_slice(&mut buffer) {
            let mut got = &buffer[..len];
            while !got.is_empty() {
                let at = self.progress.heard.get();
                let expected = octets(1, at, got.len());
                assert!(got.starts_with(expected), "a wrong octet at {at}");
                self.progress.heard.set(at + expected.len() as u64);
                got = &got[expected.len()..];
            }
            acted = true;
        }
        if self.progress.heard.get() == self.total {
            self.progress.finished.set(Some(now));
            socket.close();
            acted = true;
        }
        acted
    }
}

/// Comes and goes: one connection after the other, with an end of another kind each time.
pub(crate) struct Visitor {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: PortDevice,
    handle: Option<TcpHandle>,
    noise: Noise,
    next: Instant,
    until: Instant,
    /// Whether they were said.
    said: bool,
    /// Octets of this visit, and how many were heard.
    len: usize,
    heard: usize,
    /// How it ends.
    end: usize,
    /// Visits made.
    pub(crate) visits: Rc<Cell<u64>>,
}

impl Visitor {
    pub(crate) fn new(number: usize, port: Port, now: Instant, until: Instant) -> Self {
        let (iface, sockets, device) = host(number, port, 16);
        Self {
            iface,
            sockets,
            device,
            handle: None,
            noise: Noise::new(number as u64),
            next: now,
            until,
            said: false,
            len: 0,
            heard: 0,
            end: 0,
            visits: Rc::default(),
        }
    }

    fn begin(&mut self) {
        self.len = 1 + self.noise.below(3_000);
        self.heard = 0;
        self.end = self.noise.below(4);
        let to = Endpoint::new(ip(0), PORT);
        let handle = self.sockets.tcp_connect(to).expect("a slot");
        self.said = false;
        self.handle = Some(handle);
    }

    /// What came back; whether the visit is over.
    fn hear(&mut self, handle: TcpHandle) -> (bool, bool) {
        let mut socket = self.sockets.tcp(handle).expect("held");
        let mut buffer = [0; 4_096];
        let mut acted = false;
        if !self.said && socket.can_send() {
            self.said = true;
            acted = true;
            assert_eq!(socket.send_slice(octets(2, 0, self.len)), Ok(self.len));
            if self.end == 1 {
                socket.close();
            }
        }
        while let Ok(len @ 1..) = socket.recv_slice(&mut buffer) {
            assert_eq!(&buffer[..len], &octets(2, 0, self.len)[self.heard..][..len]);
            self.heard += len;
            acted = true;
        }
        let part = self.heard > 0 && self.heard >= self.len / 2;
        match self.end {
            0 | 1 => (acted, self.heard == self.len),
            2 if part => {
                socket.abort();
                (true, true)
            }
            3 if part => (true, true),
            _ => (acted, false),
        }
    }
}

impl Stack for Visitor {
    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        let due = self.iface.poll_at(now, &self.sockets);
        if self.handle.is_none() && self.next < self.until {
            return due.min(Deadline::at(self.next.max(now)));
        }
        due
    }

    fn act(&mut self, now: Instant) -> bool {
        let Some(handle) = self.handle else {
            let begins = now >= self.next && now < self.until;
            if begins {
                self.begin();
            }
            return begins;
        };
        let (acted, over) = self.hear(handle);
        if over {
            self.sockets.tcp_release(handle).expect("held");
            self.handle = None;
            self.visits.set(self.visits.get() + 1);
            let pause = self.noise.below(100) as u64;
            self.next = now.saturating_add(Duration::from_millis(pause));
        }
        acted || over
    }
}
