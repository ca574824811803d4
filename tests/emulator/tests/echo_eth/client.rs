//! A host of litz at the test's end of the cable, which asks the board for everything it offers.

use std::net::IpAddr;
use std::time::{Duration, Instant as Clock};

use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};

use crate::cable::Cable;

/// The board's.
pub(crate) const ADDRESSES: [&str; 2] = ["192.0.2.1", "2001:db8:1::1"];
/// Time for one of the tasks.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    cable: Cable,
    interface: Interface<'static>,
    sockets: SocketSet<'static>,
    start: Clock,
    stream: Option<(usize, Duration)>,
}

impl Client {
    pub(crate) fn new(cable: Cable) -> Self {
        let secret = [7; 16];
        let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 9]));
        let storage = InterfaceStorage::heap(1500);
        let mut interface = Interface::new(link, secret, storage).expect("an interface");
        let v4 = IpCidr::new([192, 0, 2, 9], 24).expect("an address");
        let v6 = IpCidr::new([0x2001, 0xDB8, 1, 0, 0, 0, 0, 9], 64).expect("an address");
        interface.add_addr(v4).expect("room");
        interface.add_addr(v6).expect("room");
        Self {
            cable,
            interface,
            sockets: SocketSet::heap(secret, &SocketCapacity::default()),
            start: Clock::now(),
            stream: None,
        }
    }

    fn now(&self) -> Instant {
        let micros = self.start.elapsed().as_micros();
        Instant::from_micros(i64::try_from(micros).expect("a short test") + 1_000_000)
    }

    /// Lets frames pass until `done` says so.
    #[track_caller]
    fn until<R>(&mut self, what: &str, mut done: impl FnMut(&mut SocketSet<'_>) -> Option<R>) -> R {
        let begin = Clock::now();
        loop {
            let now = self.now();
            while self
                .interface
                .poll(now, &mut self.cable, &mut self.sockets)
                .more
            {}
            if let Some(result) = done(&mut self.sockets) {
                return result;
            }
            assert!(begin.elapsed() < LIMIT, "{what}: nothing more happens");
            let now = self.now();
            let deadline = self.interface.poll_at(now, &self.sockets);
            let left = deadline.remaining(now).map(|left| left.total_micros());
            let left = Duration::from_micros(left.unwrap_or(u64::MAX).min(20_000));
            self.cable.wait(left);
        }
    }

    /// Answers of a ping each second until one comes: the board may not be ready yet.
    pub(crate) fn ping(&mut self, address: IpAddr) {
        let handle = self.sockets.icmp_bind(77).expect("a socket");
        let mut next = Clock::now();
        let mut seq = 0;
        self.until("ping", |sockets| {
            let mut socket = sockets.icmp(handle).expect("our socket");
            if Clock::now() >= next {
                seq += 1;
                let _ = socket.send_echo(address, seq, b"are you there?");
                next = Clock::now() + Duration::from_secs(1);
            }
            let (meta, payload) = socket.recv()?;
            assert_eq!(
                (meta.remote, payload),
                (address, b"are you there?".as_slice())
            );
            Some(())
        });
        self.sockets.icmp_release(handle).expect("our socket");
    }

    /// Datagrams from nothing to what one packet holds.
    pub(crate) fn echo_datagrams(&mut self, address: IpAddr) {
        let handle = self.sockets.udp_bind(0).expect("a socket");
        let largest = if address.is_ipv4() { 1472 } else { 1452 };
        for length in (0..=largest).step_by(92).chain([largest]) {
            let datagram: Vec<u8> = (0..length).map(|at| (at * 7) as u8).collect();
            let mut socket = self.sockets.udp(handle).expect("our socket");
            socket.send((address, 7), &datagram).expect("room");
            self.until("UDP echo", |sockets| {
                let mut socket = sockets.udp(handle).expect("our socket");
                let (_, echo) = socket.recv()?;
                assert_eq!(echo, datagram, "{length} octets");
                Some(())
            });
        }
        self.sockets.udp_release(handle).expect("our socket");
    }

    /// `octets` there and back.
    pub(crate) fn echo_stream(&mut self, address: IpAddr, octets: usize) {
        let handle = self.sockets.tcp_connect((address, 7)).expect("a slot");
        let (mut sent, mut received) = (0, 0);
        let byte = |at: usize| (at * 31 / 8) as u8;
        let begin = Clock::now();
        self.until("TCP echo", |sockets| {
            let mut socket = sockets.tcp(handle).expect("our connection");
            while socket.can_send() && sent < octets {
                let chunk: Vec<u8> = (sent..octets.min(sent + 512)).map(byte).collect();
                let queued = socket.send_slice(&chunk).expect("an open connection");
                sent += queued;
                if queued == 0 {
                    break;
                }
            }
            if sent == octets && received == octets {
                socket.close();
                return Some(());
            }
            let mut buffer = [0; 2048];
            while socket.can_recv() {
                let length = socket.recv_slice(&mut buffer).expect("an open connection");
                for octet in &buffer[..length] {
                    assert_eq!(*octet, byte(received), "octet {received}");
                    received += 1;
                }
            }
            None
        });
        self.stream = Some((octets, begin.elapsed()));
        self.until("the end of the echo", |sockets| {
            let socket = sockets.tcp(handle).expect("our connection");
            (!socket.may_recv()).then_some(())
        });
        self.sockets.tcp_release(handle).expect("our connection");
    }

    /// The page of `board`.
    pub(crate) fn page(&mut self, address: IpAddr, board: &str) {
        let handle = self.sockets.tcp_connect((address, 80)).expect("a slot");
        let request = b"GET / HTTP/1.0\r\nHost: board\r\n\r\n";
        let mut asked = false;
        let mut page = Vec::new();
        self.until("HTTP", |sockets| {
            let mut socket = sockets.tcp(handle).expect("our connection");
            if socket.can_send() && !asked {
                asked = true;
                assert_eq!(socket.send_slice(request), Ok(request.len()));
            }
            let mut buffer = [0; 512];
            while socket.can_recv() {
                let length = socket.recv_slice(&mut buffer).expect("octets");
                page.extend_from_slice(&buffer[..length]);
            }
            (asked && !socket.may_recv()).then_some(())
        });
        self.sockets.tcp_release(handle).expect("our connection");
        let page = String::from_utf8(page).expect("text");
        assert!(page.starts_with("HTTP/1.0 200 OK\r\n"), "{page}");
        assert!(page.contains(&format!("litz on {board}\n")), "{page}");
        assert!(page.contains("up since "), "{page}");
    }

    pub(crate) fn figures(&self) -> String {
        let (octets, time) = self.stream.unwrap_or_default();
        let seconds = time.as_secs_f64().max(1e-9);
        format!(
            "{} frames there, {} back; the last stream {:.2} Mbit/s",
            self.cable.sent,
            self.cable.received,
            octets as f64 * 8e-6 / seconds
        )
    }
}
