//! What the border router asks a board for.

use std::net::IpAddr;

use litz::TcpHandle;

use crate::log::tell;
use crate::router::address;
use crate::world::World;

/// Virtual microseconds for one task.
const LIMIT: u64 = 120_000_000;
/// Seconds after which a datagram is sent again.
const PATIENCE: f64 = 2.0;

fn target(world: &World, node: usize) -> IpAddr {
    address(world.nodes[node].address).into()
}

/// Waits until every board has said that it is ready.
pub(crate) fn wait_until_ready(world: &mut World) {
    let ready = world.until(LIMIT, |world| {
        let mut nodes = world.nodes.iter();
        nodes.all(|node| node.has_said("is ready") > 0)
    });
    assert!(ready, "a board does not start");
}

/// A ping with so many octets.
pub(crate) fn ping(world: &mut World, node: usize, octets: usize) {
    let target = target(world, node);
    let payload: Vec<u8> = (0..octets).map(|at| at as u8).collect();
    let handle = world.router.sockets.icmp_bind(77).expect("a socket");
    let begin = world.seconds();
    let (mut next, mut seq) = (begin, 0);
    let answered = world.until(LIMIT, |world| {
        let now = world.seconds();
        let router = &mut world.router;
        let mut socket = router.sockets.icmp(handle).expect("our socket");
        if let Some((meta, echo)) = socket.recv() {
            assert_eq!((meta.remote, echo), (target, payload.as_slice()));
            return true;
        }
        if now >= next {
            seq += 1;
            next = now + PATIENCE;
            socket.send_echo(target, seq, &payload).expect("room");
            router.poll();
        }
        false
    });
    assert!(answered, "no answer to a ping of {octets} octets");
    let released = world.router.sockets.icmp_release(handle);
    released.expect("our socket");
    let took = (world.seconds() - begin) * 1e3;
    tell!("ping of {octets} octets to {target}: answered after {took:.1} ms, try {seq}");
}

/// Datagrams of these sizes there and back.
pub(crate) fn echo_datagrams(world: &mut World, node: usize, sizes: impl Iterator<Item = usize>) {
    let target = target(world, node);
    let begin = world.seconds();
    let (mut octets, mut count, mut tries) = (0, 0, 0);
    for size in sizes {
        let handle = world.router.sockets.udp_bind(0).expect("a socket");
        let datagram: Vec<u8> = (0..size).map(|at| (at * 7) as u8).collect();
        let mut next = world.seconds();
        let answered = world.until(LIMIT, |world| {
            let now = world.seconds();
            let router = &mut world.router;
            let mut socket = router.sockets.udp(handle).expect("our socket");
            if let Some((_, echo)) = socket.recv() {
                assert_eq!(echo, datagram, "{size} octets");
                return true;
            }
            if now >= next {
                next = now + PATIENCE;
                tries += 1;
                socket.send((target, 7), &datagram).expect("room");
                router.poll();
            }
            false
        });
        assert!(answered, "no echo of {size} octets");
        let released = world.router.sockets.udp_release(handle);
        released.expect("our socket");
        (octets, count) = (octets + size, count + 1);
    }
    let took = (world.seconds() - begin) * 1e3;
    tell!(
        "UDP: {count} datagrams, {octets} octets to {target} and back in {took:.1} ms, {tries} sent"
    );
}

/// A stream there and back.
pub(crate) struct Stream {
    node: usize,
    handle: TcpHandle,
    octets: usize,
    sent: usize,
    received: usize,
    begin: f64,
}

/// How a stream goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Going,
    Done,
    /// The connection has ended too early.
    Broken,
}

fn octet(at: usize) -> u8 {
    (at * 31 / 8) as u8
}

impl Stream {
    pub(crate) fn open(world: &mut World, node: usize, octets: usize) -> Self {
        let target = target(world, node);
        let begin = world.seconds();
        let handle = world.router.sockets.tcp_connect((target, 7));
        world.router.poll();
        Self {
            node,
            handle: handle.expect("a slot"),
            octets,
            sent: 0,
            received: 0,
            begin,
        }
    }

    pub(crate) const fn received(&self) -> usize {
        self.received
    }

    /// Does what can be done now.
    pub(crate) fn advance(&mut self, world: &mut World) -> Progress {
        let router = &mut world.router;
        let Ok(mut socket) = router.sockets.tcp(self.handle) else {
            return Progress::Broken;
        };
        let mut used = false;
        while socket.can_send() && self.sent < self.octets {
            let end = self.octets.min(self.sent + 512);
            let chunk: Vec<u8> = (self.sent..end).map(octet).collect();
            let queued = socket.send_slice(&chunk).unwrap_or(0);
            self.sent += queued;
            used |= queued > 0;
            if queued == 0 {
                break;
            }
        }
        let mut buffer = [0; 2048];
        while socket.can_recv() {
            let Ok(length) = socket.recv_slice(&mut buffer) else {
                break;
            };
            used |= length > 0;
            for found in &buffer[..length] {
                assert_eq!(*found, octet(self.received), "octet {}", self.received);
                self.received += 1;
            }
        }
        let ended = !socket.may_recv() && !socket.can_recv() && self.sent > 0;
        if self.received == self.octets {
            socket.close();
            router.poll();
            return Progress::Done;
        }
        if used {
            router.poll();
        }
        if ended {
            Progress::Broken
        } else {
            Progress::Going
        }
    }

    /// Goes on to the end; whether that was all of it.
    pub(crate) fn finish(mut self, world: &mut World) -> bool {
        let mut progress = Progress::Going;
        let ended = world.until(10 * LIMIT, |world| {
            progress = self.advance(world);
            progress != Progress::Going
        });
        assert!(ended, "the stream stands still at {} octets", self.received);
        let took = world.seconds() - self.begin;
        tell!(
            "TCP: {} of {} octets to {} and back in {took:.3} s ({:.1} kbit/s each way)",
            self.received,
            self.octets,
            target(world, self.node),
            self.received as f64 * 8e-3 / took
        );
        let released = world.router.sockets.tcp_release(self.handle);
        released.expect("our connection");
        progress == Progress::Done
    }
}

/// The page of a board.
pub(crate) fn page(world: &mut World, node: usize) {
    let target = target(world, node);
    let name = world.nodes[node].name;
    let handle = world.router.sockets.tcp_connect((target, 80));
    let handle = handle.expect("a slot");
    world.router.poll();
    let request = b"GET / HTTP/1.0\r\nHost: board\r\n\r\n";
    let mut asked = false;
    let mut page = Vec::new();
    let ended = world.until(LIMIT, |world| {
        let router = &mut world.router;
        let mut socket = router.sockets.tcp(handle).expect("our connection");
        if socket.can_send() && !asked {
            asked = true;
            assert_eq!(socket.send_slice(request), Ok(request.len()));
        }
        let mut buffer = [0; 512];
        let mut used = asked && page.is_empty();
        while socket.can_recv() {
            let length = socket.recv_slice(&mut buffer).expect("octets");
            page.extend_from_slice(&buffer[..length]);
            used = true;
        }
        let ended = asked && !socket.may_recv();
        if used {
            router.poll();
        }
        ended
    });
    assert!(ended, "the page does not end");
    let released = world.router.sockets.tcp_release(handle);
    released.expect("our connection");
    let page = String::from_utf8(page).expect("text");
    tell!("HTTP: {target} says {page:?}");
    assert!(page.starts_with("HTTP/1.0 200 OK\r\n"), "{page}");
    assert!(page.contains(&format!("litz on {name}\n")), "{page}");
    // The chips are at 22.5 degrees; the converter of one has steps of 0.24.
    let measured = page.contains("\n22.50 C\n") || page.contains("\n22.75 C\n");
    assert!(measured, "{page}");
}
