//! What applications are offered beside octets: tasks that wait, what IP is told, a local address.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU8;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use litz::socket::tcp::{CloseReason, TcpConfig};
use litz::socket::{ConnectError, Interest, NoWakerSlot};
use litz::time::Duration;
use litz::wire::{Ipv4Packet, Ipv6Packet};
use litz::{ListenerHandle, SocketCapacity, TcpHandle};

use super::frames::{ACK, PEER, PEER_V4, PEER_V6, RST, Seg, V4, V6, both, packets, tcp};
use super::host::{CAPACITY, Host, OWN_V4};
use super::tcp_open::{accepted, enter};

/// A task that counts how often it is woken.
#[derive(Default)]
struct Task(AtomicUsize);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn task() -> (Arc<Task>, Waker) {
    let task = Arc::new(Task::default());
    (Arc::clone(&task), Waker::from(task))
}

impl Task {
    fn woken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn open(capacity: SocketCapacity) -> (Host, ListenerHandle, TcpHandle, u32) {
    let mut host = Host::with(capacity);
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    (host, listener, handle, next)
}

fn with_wakers(wakers: usize) -> SocketCapacity {
    SocketCapacity { wakers, ..CAPACITY }
}

#[test]
fn a_task_is_woken_when_there_is_something_to_read() {
    let (mut host, _, handle, next) = open(with_wakers(4));
    let (reader, waker) = task();
    let mut socket = host.sockets.tcp(handle).unwrap();
    socket.register_recv_waker(&waker).unwrap();
    assert_eq!(reader.woken(), 0);
    host.answers(V4.tcp(&Seg::ack(1000, next).payload(b"abc")));
    assert_eq!(reader.woken(), 1);
    host.answers(
        V4.tcp(
            &Seg {
                seq: 1004,
                ..Seg::ack(1000, next)
            }
            .payload(b"def"),
        ),
    );
    assert_eq!(reader.woken(), 1, "once for each time it waits");
    let mut socket = host.sockets.tcp(handle).unwrap();
    socket.register_recv_waker(&waker).unwrap();
    assert_eq!(reader.woken(), 2, "at once, as there is something");
}

/// Several tasks wait for one connection, each for what it needs.
#[test]
fn several_tasks_wait_for_one_connection() {
    let (mut host, _, handle, next) = open(with_wakers(4));
    let [(one, a), (two, b), (writer, c), (closer, d)] = [task(), task(), task(), task()];
    let mut socket = host.sockets.tcp(handle).unwrap();
    while socket.can_send() {
        socket.send_slice(&[7; 4096]).unwrap();
    }
    socket.register_recv_waker(&a).unwrap();
    socket.register_recv_waker(&b).unwrap();
    socket.register_send_waker(&c).unwrap();
    socket.register_waker(Interest::CLOSED, &d).unwrap();
    let (_, e) = task();
    assert_eq!(socket.register_recv_waker(&e), Err(NoWakerSlot));
    assert_eq!(socket.register_send_waker(&a), Ok(()), "it waits already");
    host.sent();
    host.answers(V4.tcp(&Seg::ack(1000, next).payload(b"x")));
    let woken = || [&one, &two, &writer, &closer].map(|task| task.woken());
    assert_eq!(woken(), [1, 1, 0, 0]);
    host.answers(V4.tcp(&Seg {
        seq: 1002,
        ..Seg::ack(1000, next.wrapping_add(1000))
    }));
    assert_eq!(woken(), [1, 1, 1, 0], "there is room again");
    host.answers(
        V4.tcp(
            &Seg {
                seq: 1002,
                ..Seg::ack(1000, next)
            }
            .flags(RST),
        ),
    );
    assert_eq!(woken(), [1, 1, 1, 1]);
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.close_reason(), Some(CloseReason::Reset));
    for _ in 0..100 {
        socket.register_recv_waker(&a).unwrap();
    }
    assert_eq!(one.woken(), 101, "nothing waits for what is over");
}

#[test]
fn a_task_that_accepts_is_woken_by_a_connection() {
    let (mut host, listener, handle, _) = open(with_wakers(2));
    let (acceptor, waker) = task();
    host.sockets.tcp_accept_waker(listener, &waker).unwrap();
    enter(&mut host, 1001);
    assert_eq!(acceptor.woken(), 1);
    host.sockets.tcp_accept_waker(listener, &waker).unwrap();
    assert_eq!(acceptor.woken(), 2, "it has not been accepted yet");
    accepted(&mut host, listener);
    host.sockets.tcp_accept_waker(listener, &waker).unwrap();
    host.sockets.tcp_unlisten(listener).unwrap();
    assert_eq!(acceptor.woken(), 3, "nobody will come any more");
    // Whoever holds a connection that is released finds out, too.
    let (reader, waker) = task();
    let mut socket = host.sockets.tcp(handle).unwrap();
    socket.register_recv_waker(&waker).unwrap();
    host.sockets.tcp_release(handle).unwrap();
    assert_eq!(reader.woken(), 1);
}

/// No memory for tasks, no tasks; nothing else changes.
#[test]
fn without_memory_nobody_waits() {
    let (mut host, listener, handle, _) = open(with_wakers(0));
    let (_, waker) = task();
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.register_recv_waker(&waker), Err(NoWakerSlot));
    assert_eq!(
        host.sockets.tcp_accept_waker(listener, &waker),
        Err(NoWakerSlot)
    );
}

/// DSCP and time to live of an IPv4 packet.
fn marks(frame: &[u8]) -> (u8, u8) {
    let packet = Ipv4Packet::new_checked(&frame[14..]).unwrap();
    (packet.dscp(), packet.hop_limit())
}

/// MUST-48, MUST-49, SHLD-21, SHLD-22: the application says what IP is told, from the SYN-ACK on,
/// and may change it.
#[test]
fn must_48_49_diffserv_and_time_to_live() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let config = TcpConfig {
        dscp: 46,
        hop_limit: NonZeroU8::new(3),
        ..TcpConfig::DEFAULT
    };
    let listener = host.sockets.tcp_listen_with(80, 4, config).unwrap();
    let answer = host.answer(V4.tcp(&Seg::syn(1000)));
    assert_eq!(marks(&answer), (46, 3));
    let next = tcp(&answer).seq.wrapping_add(1);
    host.silent(V4.tcp(&Seg::ack(1000, next)));
    let handle = accepted(&mut host, listener);
    host.sockets.tcp(handle).unwrap().send_slice(b"a").unwrap();
    assert_eq!(marks(&host.sent()[0]), (46, 3));
    // A challenge, too.
    let challenge = host.answer(
        V4.tcp(
            &Seg {
                seq: 1500,
                ..Seg::ack(1000, next)
            }
            .flags(RST),
        ),
    );
    assert_eq!(marks(&challenge), (46, 3));
    let mut socket = host.sockets.tcp(handle).unwrap();
    socket.set_dscp(0xff);
    socket.set_hop_limit(None);
    socket.set_nagle(false);
    socket.send_slice(b"b").unwrap();
    assert_eq!(marks(&host.sent()[0]), (63, 64));
    let connecting = TcpConfig { dscp: 10, ..config };
    let peer = (PEER_V4, 7);
    host.sockets.tcp_connect_with(peer, connecting).unwrap();
    assert_eq!(marks(&host.sent()[0]), (10, 3));
}

/// MUST-43, MUST-45: a connection may be begun from one of several addresses.
#[test]
fn must_43_a_local_address_may_be_given() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let other = Ipv4Addr::new(192, 0, 2, 77);
    let cidr = litz::IpCidr::new(other, 24).unwrap();
    host.iface.add_addr(cidr).unwrap();
    let config = TcpConfig::DEFAULT;
    for from in [IpAddr::V4(OWN_V4), IpAddr::V4(other)] {
        let peer = (PEER_V4, 7);
        let handle = host.sockets.tcp_connect_from(from, peer, config).unwrap();
        let sent = packets(host.sent());
        let packet = Ipv4Packet::new_checked(&sent[0][14..]).unwrap();
        assert_eq!(IpAddr::V4(packet.src_addr()), from);
        let socket = host.sockets.tcp(handle).unwrap();
        assert_eq!(socket.local().unwrap().addr, from);
    }
    let stranger = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));
    let handle = host
        .sockets
        .tcp_connect_from(stranger, (PEER_V4, 7), config);
    host.sent();
    let socket = host.sockets.tcp(handle.unwrap()).unwrap();
    assert_eq!(socket.close_reason(), Some(CloseReason::Unreachable));
    for bad in [IpAddr::V4(Ipv4Addr::BROADCAST), IpAddr::V6(PEER_V6)] {
        let refused = host.sockets.tcp_connect_from(bad, (PEER_V4, 7), config);
        assert_eq!(refused, Err(ConnectError::BadLocal), "{bad}");
    }
}

/// MUST-15: a peer over IPv6 that does not say its segment size can take 1220 octets.
#[test]
fn must_15_1220_octets_over_ipv6() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let syn = host.answers(V6.tcp(&Seg::syn(1000)));
    let answer = syn
        .iter()
        .find(|frame| Ipv6Packet::new_checked(&frame[14..]).is_ok());
    let next = tcp(answer.unwrap()).seq.wrapping_add(1);
    host.answers(V6.tcp(&Seg::ack(1000, next)));
    let handle = accepted(&mut host, listener);
    let socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.info().unwrap().send_mss, 1_220);
}

/// Closing with a limit in time holds after the release, and frees the slot.
#[test]
fn closing_within_a_time_holds_after_the_release() {
    let (mut host, listener, handle, _) = open(CAPACITY);
    let mut socket = host.sockets.tcp(handle).unwrap();
    socket.send_slice(b"never acknowledged").unwrap();
    socket.close_within(Duration::from_secs(3));
    host.sockets.tcp_release(handle).unwrap();
    let (sent, _) = host.pass(Duration::from_secs(4));
    let last = packets(sent);
    let last = tcp(last.last().unwrap());
    assert_eq!((last.flags, last.payload.len()), (both(RST, ACK), 0));
    // The neighbor, which does not answer either, is asked a few times yet.
    host.pass(Duration::from_secs(10));
    for port in 2_000..2_004 {
        enter(&mut host, port);
        accepted(&mut host, listener);
    }
}
