//! Ten megabytes from host to host over links that lose, reorder and duplicate, in virtual time.
//!
//! Shown for each loss and seed: the stream arrives identical, the connection closes in order on
//! both sides, and the deadlines of both hosts lead there, never in the past and never without end.

use litz::socket::tcp::{CloseReason, RecvError, State};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, ListenerHandle, SocketCapacity, SocketSet,
    TcpHandle,
};
use litz_hal::link::{Link as Line, LinkConfig, LinkEnd};
use litz_hal::prng::Chance;
use litz_hal::time::{Deadline, Duration, Instant};
use litz_tests::host::{ipv4, ipv6, mac};
use litz_tests::noise::Noise;

/// Octets of the stream.
const LENGTH: usize = 10_000_000;
/// Polls at one instant after which a host is taken to be stuck.
const STUCK: usize = 10_000;
/// Virtual time within which a transfer ends.
const LIMIT: Duration = Duration::from_secs(3600);
/// Octets of noise that are made at once.
const CHUNK: usize = 50_000;

struct Host {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    end: LinkEnd,
}

impl Host {
    fn new(number: u8, seed: u64, end: LinkEnd) -> Self {
        let secret = u128::from(seed * 2 + u64::from(number)).to_be_bytes();
        let storage = InterfaceStorage::heap(1500);
        let mut iface =
            Interface::new(Link::Ethernet(mac(number)), secret, storage).expect("unicast");
        for (address, length) in [(ipv4(number), 24), (ipv6(number), 64)] {
            let cidr = IpCidr::new(address, length).expect("a prefix");
            iface.add_addr(cidr).expect("room for an address");
        }
        Self {
            iface,
            sockets: SocketSet::heap(secret, &SocketCapacity::default()),
            end,
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.end, &mut self.sockets);
    }

    fn poll_at(&self, now: Instant) -> Deadline {
        self.iface.poll_at(now, &self.sockets)
    }
}

/// The stream, made piece by piece on both sides.
struct Stream {
    noise: Noise,
    piece: Vec<u8>,
    at: usize,
    done: usize,
}

impl Stream {
    fn new(seed: u64) -> Self {
        Self {
            noise: Noise::new(seed),
            piece: Vec::new(),
            at: 0,
            done: 0,
        }
    }

    /// The next octets, at least one before the end.
    fn rest(&mut self) -> &[u8] {
        if self.at == self.piece.len() {
            self.piece = self.noise.octets(CHUNK.min(LENGTH - self.done));
            self.at = 0;
        }
        &self.piece[self.at..]
    }

    fn advance(&mut self, octets: usize) {
        self.at += octets;
        self.done += octets;
    }
}

/// One transfer from host 1 to host 2.
struct Transfer {
    hosts: [Host; 2],
    line: Line,
    now: Instant,
    /// Polls since time has passed.
    polls: usize,
    listener: ListenerHandle,
    sender: TcpHandle,
    receiver: Option<TcpHandle>,
    sent: Stream,
    received: Stream,
}

impl Transfer {
    fn new(loss: u32, seed: u64) -> Self {
        let config = LinkConfig {
            seed,
            loss: Chance::percent(loss),
            duplicate: Chance::percent(1),
            delay: Duration::from_millis(10),
            jitter: Duration::from_millis(2),
            reorder: Chance::percent(2),
            hold: Duration::from_millis(5),
            bandwidth: Some(100_000_000),
            ..LinkConfig::default()
        };
        let (line, end_1, end_2) = Line::new(config);
        let mut hosts = [Host::new(1, seed, end_1), Host::new(2, seed, end_2)];
        let listener = hosts[1].sockets.tcp_listen(9, 4).expect("a listener");
        let to = if seed.is_multiple_of(2) {
            ipv4(2)
        } else {
            ipv6(2)
        };
        let sender = hosts[0]
            .sockets
            .tcp_connect(Endpoint::new(to, 9))
            .expect("a connection");
        Self {
            hosts,
            line,
            now: Instant::from_secs(1),
            polls: 0,
            listener,
            sender,
            receiver: None,
            sent: Stream::new(seed),
            received: Stream::new(seed),
        }
    }

    /// Polls both hosts, lets their applications act, and lets time pass to the next event.
    fn step(&mut self) {
        for host in &mut self.hosts {
            host.poll(self.now);
        }
        self.send();
        self.receive();
        let deadlines = [0, 1].map(|n| self.hosts[n].poll_at(self.now));
        for deadline in deadlines.iter().filter_map(|deadline| deadline.instant()) {
            assert!(
                deadline >= self.now,
                "a deadline at {deadline}, and it is {}",
                self.now
            );
        }
        let next = deadlines[0].min(deadlines[1]).min(self.line.next_event());
        let Some(next) = next.instant() else {
            assert!(self.is_over(), "neither a deadline nor a frame: stuck");
            return;
        };
        self.polls = if next > self.now { 0 } else { self.polls + 1 };
        assert!(self.polls < STUCK, "work without end at {}", self.now);
        self.now = next.max(self.now);
    }

    fn send(&mut self) {
        let mut socket = self.hosts[0].sockets.tcp(self.sender).expect("held");
        while self.sent.done < LENGTH && socket.can_send() {
            let sent = socket
                .send_slice(self.sent.rest())
                .expect("an open connection");
            self.sent.advance(sent);
        }
        if self.sent.done == LENGTH && socket.state() == State::Established {
            socket.close();
        }
    }

    fn receive(&mut self) {
        let sockets = &mut self.hosts[1].sockets;
        if self.receiver.is_none() {
            self.receiver = sockets
                .tcp_accept(self.listener)
                .expect("held")
                .map(|(tcp, _)| tcp);
        }
        let Some(mut socket) = self
            .receiver
            .and_then(|receiver| sockets.tcp(receiver).ok())
        else {
            return;
        };
        let mut buffer = [0; 4096];
        loop {
            match socket.recv_slice(&mut buffer) {
                Ok(0) => return,
                Ok(length) => {
                    let mut got = &buffer[..length];
                    while !got.is_empty() {
                        assert!(self.received.done < LENGTH, "more than was sent");
                        let expected = self.received.rest();
                        let part = expected.len().min(got.len());
                        assert!(got[..part] == expected[..part], "a wrong octet");
                        self.received.advance(part);
                        got = &got[part..];
                    }
                }
                Err(RecvError::Finished) => {
                    assert_eq!(self.received.done, LENGTH, "the end came too early");
                    if socket.may_send() {
                        socket.close();
                    }
                    return;
                }
                Err(error) => panic!("the receiver's connection failed: {error:?}"),
            }
        }
    }

    fn is_over(&mut self) -> bool {
        let sender = self.hosts[0]
            .sockets
            .tcp(self.sender)
            .expect("held")
            .is_closed();
        let receiver = self.receiver.is_some_and(|receiver| {
            self.hosts[1]
                .sockets
                .tcp(receiver)
                .expect("held")
                .is_closed()
        });
        sender && receiver
    }
}

/// Transfers under `loss` percent with each of `seeds`.
fn transfers(loss: u32, seeds: core::ops::Range<u64>) {
    for seed in seeds {
        println!("loss {loss} %, seed {seed}");
        let mut transfer = Transfer::new(loss, seed);
        let begin = transfer.now;
        while !transfer.is_over() {
            transfer.step();
            assert!(
                transfer.now.duration_since(begin) < LIMIT,
                "not over after an hour"
            );
        }
        assert_eq!(
            (transfer.sent.done, transfer.received.done),
            (LENGTH, LENGTH)
        );
        let handles = [transfer.sender, transfer.receiver.expect("accepted")];
        for (host, handle) in transfer.hosts.iter_mut().zip(handles) {
            let reason = host.sockets.tcp(handle).expect("held").close_reason();
            assert_eq!(reason, Some(CloseReason::Finished));
        }
        let again = transfer.hosts[0].sockets.tcp_counters().retransmissions;
        let time = transfer.now.duration_since(begin);
        println!("    {time} of virtual time with TIME-WAIT, {again} retransmissions");
        // What is released leaves nothing behind that wants to be polled.
        for (host, handle) in transfer.hosts.iter_mut().zip(handles) {
            host.sockets.tcp_release(handle).expect("held");
        }
    }
}

#[test]
fn ten_megabytes_without_loss() {
    transfers(0, 0..4);
}

#[test]
fn ten_megabytes_at_1_percent_loss() {
    transfers(1, 10..14);
}

#[test]
fn ten_megabytes_at_5_percent_loss() {
    transfers(5, 20..24);
}

#[test]
fn ten_megabytes_at_20_percent_loss() {
    transfers(20, 30..34);
}
