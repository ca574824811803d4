//! litz as a host of the simulated network: it listens on a port or connects to it, and every
//! connection sends one stream and receives another.

use litz::socket::TcpSocket;
use litz::socket::tcp::{CloseReason, RecvError, State, TcpConfig, TcpCounters, TcpInfo};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, ListenerHandle, SocketCapacity, SocketSet,
    TcpHandle,
};
use litz_hal::time::{Deadline, Duration, Instant};

use super::port::PortDevice;
use super::transfer::Stream;
use super::{Port, Stack, ip};

/// How a host is made.
#[derive(Clone, Debug)]
pub struct LitzConfig {
    /// Octets of each TCP buffer.
    pub buffers: usize,
    /// Octets of the largest IP packet.
    pub mtu: usize,
    /// Settings of its connections.
    pub tcp: TcpConfig,
    /// Its secret.
    pub secret: u128,
    /// How often it stops to let nobody read, at most: once in so many polls; 0 for never.
    pub lazy: u32,
}

impl Default for LitzConfig {
    fn default() -> Self {
        Self {
            buffers: 65_536,
            mtu: 1500,
            tcp: TcpConfig::DEFAULT,
            secret: 1,
            lazy: 0,
        }
    }
}

/// A connection and what it is to do.
struct Conversation {
    handle: TcpHandle,
    sends: Stream,
    receives: Stream,
    closed: bool,
    ended: bool,
}

/// A host.
pub struct LitzHost {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: PortDevice,
    listener: Option<ListenerHandle>,
    /// For each other host, by number: what it is told, and what it tells.
    streams: Vec<Option<(Stream, Stream)>>,
    conversations: Vec<Conversation>,
    lazy: u32,
    polls: u32,
    /// How often an application acted.
    events: u64,
}

/// The port that servers listen on.
const PORT: u16 = 9;

/// Octets that are read at once.
const PIECE: usize = 16_384;

impl LitzHost {
    /// Host `number` of the network.
    ///
    /// # Panics
    /// If the configuration makes no sense.
    #[must_use]
    pub fn new(number: usize, port: Port, config: &LitzConfig) -> Self {
        let secret = config.secret.to_be_bytes();
        let storage = InterfaceStorage::heap(config.mtu);
        let mut iface = Interface::new(Link::Ip, secret, storage).expect("a link");
        let cidr = IpCidr::new(ip(number), 24).expect("a prefix");
        iface.add_addr(cidr).expect("room");
        let capacity = SocketCapacity {
            tcp: 8,
            tcp_rx: config.buffers,
            tcp_tx: config.buffers,
            udp: 0,
            icmp: 0,
            ..SocketCapacity::default()
        };
        let mut sockets = SocketSet::heap(secret, &capacity);
        sockets.set_tcp_config(config.tcp);
        Self {
            iface,
            sockets,
            device: PortDevice {
                port,
                mtu: config.mtu,
            },
            listener: None,
            streams: Vec::new(),
            conversations: Vec::new(),
            lazy: config.lazy,
            polls: 0,
            events: 0,
        }
    }

    /// Listen; host `n` is told and tells the `n`th streams.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn serving(mut self, streams: Vec<Option<(Stream, Stream)>>) -> Self {
        self.listener = Some(self.sockets.tcp_listen(PORT, 8).expect("a listener"));
        self.streams = streams;
        self
    }

    /// Connect to a host, send one stream and receive another.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn connecting(mut self, to: usize, sends: Stream, receives: Stream) -> Self {
        let handle = self
            .sockets
            .tcp_connect(Endpoint::new(ip(to), PORT))
            .expect("a connection");
        self.conversations.push(Conversation {
            handle,
            sends,
            receives,
            closed: false,
            ended: false,
        });
        self
    }

    /// What happened to its segments.
    #[must_use]
    pub fn counters(&self) -> TcpCounters {
        *self.sockets.tcp_counters()
    }

    /// Figures of its first connection.
    pub fn info(&mut self) -> Option<TcpInfo> {
        let handle = self.conversations.first()?.handle;
        self.sockets.tcp(handle).ok()?.info()
    }

    /// Whether all its connections are over, and what they are over for.
    ///
    /// # Panics
    /// If one failed.
    pub fn is_over(&mut self) -> bool {
        let sockets = &mut self.sockets;
        self.conversations.iter().all(|conversation| {
            let socket = sockets.tcp(conversation.handle).expect("held");
            if socket.is_closed() {
                assert_eq!(socket.close_reason(), Some(CloseReason::Finished));
            }
            socket.is_closed()
        })
    }

    fn accept(&mut self) {
        let Some(listener) = self.listener else {
            return;
        };
        while let Some((handle, remote)) = self.sockets.tcp_accept(listener).expect("held") {
            let core::net::IpAddr::V4(addr) = remote.addr else {
                panic!("a stranger");
            };
            let [_, _, _, last] = addr.octets();
            let streams = self.streams.get_mut(usize::from(last) - 1);
            let (sends, receives) = streams
                .and_then(Option::take)
                .expect("one connection for each host");
            self.conversations.push(Conversation {
                handle,
                sends,
                receives,
                closed: false,
                ended: false,
            });
        }
    }
}

impl Conversation {
    fn send(&mut self, socket: &mut TcpSocket<'_, '_>) -> bool {
        let mut acted = false;
        while socket.can_send() && !self.sends.is_sent() {
            let taken = socket
                .send_slice(self.sends.next(usize::MAX))
                .expect("open");
            self.sends.sent(taken);
            acted |= taken > 0;
        }
        let open = matches!(socket.state(), State::Established | State::CloseWait);
        if self.sends.is_sent() && !self.closed && open {
            self.closed = true;
            socket.close();
            acted = true;
        }
        acted
    }

    fn receive(&mut self, socket: &mut TcpSocket<'_, '_>, now: Instant) -> bool {
        let mut buffer = [0; PIECE];
        let mut acted = false;
        while !self.ended {
            match socket.recv_slice(&mut buffer) {
                Ok(0) => break,
                Ok(len) => {
                    self.receives.received(&buffer[..len]);
                    acted = true;
                }
                Err(RecvError::Finished) => {
                    self.receives.finish(now);
                    self.ended = true;
                    acted = true;
                }
                Err(error) => panic!("a connection failed: {error}"),
            }
        }
        acted
    }
}

impl Stack for LitzHost {
    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }

    fn poll_at(&mut self, now: Instant) -> Deadline {
        let due = self.iface.poll_at(now, &self.sockets);
        // A lazy application comes back by itself.
        if self.lazy > 0 && self.conversations.iter().any(|one| !one.ended) {
            return due.min(Deadline::at(now.saturating_add(Duration::from_millis(50))));
        }
        due
    }

    fn act(&mut self, now: Instant) -> bool {
        self.accept();
        self.polls += 1;
        let rests = self.lazy > 0 && !self.polls.is_multiple_of(self.lazy);
        let mut acted = false;
        for conversation in &mut self.conversations {
            let mut socket = self.sockets.tcp(conversation.handle).expect("held");
            acted |= conversation.send(&mut socket);
            if !rests {
                acted |= conversation.receive(&mut socket, now);
            }
            if let Some(info) = socket.info() {
                check(&info, socket.send_queue());
            }
        }
        self.events += u64::from(acted);
        acted
    }
}

/// What is true of every connection at every time.
fn check(info: &TcpInfo, queued: usize) {
    assert!(info.in_flight as usize <= queued + 1, "{info:?}");
    assert!(info.pipe <= info.in_flight, "{info:?}");
    assert!(info.congestion_window >= 1, "{info:?}");
    assert!(info.congestion_window <= 1 << 30, "{info:?}");
    if info.state == State::Established {
        assert!(info.slow_start_threshold >= 2, "{info:?}");
    }
    assert!(info.receive_window <= 1 << 30, "{info:?}");
}
