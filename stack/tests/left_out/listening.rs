//! A listener with and without the part `backlog`: whoever knocks gets in while there is room, and
//! nothing that a handshake meets keeps the room taken.

use litz::socket::tcp::{State, TcpConfig};
use litz::time::Duration;
use litz::{ListenerHandle, SocketCapacity, TcpHandle};

use super::frames::{FIN_ACK, PEER, PEER_V4, RST, SYN_ACK, Seg, Sent, V4, arp, tcp};
use super::host::{CAPACITY, Host};

/// One connection, and one that is half open where the build has such.
const SMALL: SocketCapacity = SocketCapacity {
    tcp: 1,
    half_open: 1,
    ..CAPACITY
};

/// Without cookies; a build that has nothing but the defaults has none.
const CONFIG: TcpConfig = TcpConfig {
    syn_cookies: !super::TCP_CONFIG,
    ..TcpConfig::DEFAULT
};

pub(super) fn host(capacity: SocketCapacity) -> (Host, ListenerHandle) {
    let mut host = Host::with(capacity);
    let listener = host.sockets.tcp_listen_with(80, 4, CONFIG).unwrap();
    host.meet(PEER_V4, PEER);
    (host, listener)
}

/// The SYN-ACK's sequence number, and one.
fn knock(host: &mut Host, port: u16) -> u32 {
    let syn_ack = tcp(&host.answer(V4.tcp(&Seg::syn(port))));
    assert_eq!(syn_ack.flags, SYN_ACK);
    syn_ack.seq.wrapping_add(1)
}

pub(super) fn enter(host: &mut Host, port: u16) -> u32 {
    let next = knock(host, port);
    host.silent(V4.tcp(&Seg::ack(port, next)));
    next
}

pub(super) fn accepted(host: &mut Host, listener: ListenerHandle) -> (TcpHandle, u16) {
    let (handle, remote) = host.sockets.tcp_accept(listener).unwrap().unwrap();
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::Established
    );
    (handle, remote.port)
}

#[test]
fn connections_come_in_and_are_accepted_once() {
    let (mut host, listener) = host(CAPACITY);
    knock(&mut host, 1000);
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None), "half open");
    for port in 1001..1003 {
        enter(&mut host, port);
    }
    let mut ports = [0; 2].map(|_| accepted(&mut host, listener).1);
    ports.sort_unstable();
    assert_eq!(ports, [1001, 1002]);
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
}

#[test]
fn who_finds_it_full_is_not_refused_and_gets_in_later() {
    let (mut host, listener) = host(SMALL);
    let next = enter(&mut host, 1000);
    let (handle, _) = accepted(&mut host, listener);
    // With a backlog the handshake begins, but does not end.
    let begun = host.answers(V4.tcp(&Seg::syn(1001)));
    assert!(begun.iter().all(|frame| tcp(frame).flags == SYN_ACK));
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    host.silent(V4.tcp(&Seg::ack(1000, next).flags(RST)));
    host.sockets.tcp_release(handle).unwrap();
    enter(&mut host, 1001);
    assert_eq!(accepted(&mut host, listener).1, 1001);
}

#[test]
fn a_listener_that_has_enough_takes_no_slot_of_others() {
    let mut host = Host::with(CAPACITY);
    let listener = host.sockets.tcp_listen_with(80, 1, CONFIG).unwrap();
    host.meet(PEER_V4, PEER);
    enter(&mut host, 1000);
    for port in 1001..1010 {
        host.silent(V4.tcp(&Seg::syn(port)));
    }
    assert_eq!(accepted(&mut host, listener).1, 1000);
    enter(&mut host, 1010);
    assert_eq!(accepted(&mut host, listener).1, 1010);
}

#[test]
fn a_reset_of_a_handshake_returns_to_listening() {
    let (mut host, listener) = host(SMALL);
    let next = knock(&mut host, 1000);
    host.silent(V4.tcp(&Seg::ack(1000, next).flags(RST)));
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    enter(&mut host, 1001);
    assert_eq!(accepted(&mut host, listener).1, 1001);
}

#[test]
fn a_syn_ack_is_repeated_and_a_silent_peer_forgotten() {
    let (mut host, listener) = host(SMALL);
    knock(&mut host, 1000);
    let (repeats, _) = host.pass(Duration::from_secs(120));
    let repeats = repeats.iter().filter(|frame| arp(frame).is_none());
    let flags: Vec<_> = repeats.map(|frame| tcp(frame).flags).collect();
    assert!(flags.len() <= 5 && !flags.is_empty(), "{flags:?}");
    assert!(flags.iter().all(|flags| *flags == SYN_ACK));
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    host.meet(PEER_V4, PEER);
    enter(&mut host, 1001);
    assert_eq!(accepted(&mut host, listener).1, 1001);
}

#[test]
fn who_stops_listening_keeps_no_slot() {
    let (mut host, listener) = host(SMALL);
    enter(&mut host, 1000);
    host.sockets.tcp_unlisten(listener).unwrap();
    assert!(host.sockets.tcp_accept(listener).is_err());
    assert_eq!(host.sent().len(), 1, "the reset");
    let listener = host.sockets.tcp_listen_with(80, 4, CONFIG).unwrap();
    enter(&mut host, 1001);
    assert_eq!(accepted(&mut host, listener).1, 1001);
}

/// What was sent, but for questions after neighbors.
pub(super) fn segments(frames: &[Vec<u8>]) -> Vec<Sent> {
    let frames = frames.iter().filter(|frame| arp(frame).is_none());
    frames.map(|frame| tcp(frame)).collect()
}

#[test]
fn data_goes_both_ways_and_the_slot_comes_back() {
    let (mut host, listener) = host(SMALL);
    let next = enter(&mut host, 1000);
    let (handle, _) = accepted(&mut host, listener);
    let late = Seg {
        seq: 1006,
        ..Seg::ack(1000, next).payload(b"world")
    };
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).ack, 1001);
    let first = Seg::ack(1000, next).payload(b"hello");
    let kept = if super::OUT_OF_ORDER { 1011 } else { 1006 };
    assert_eq!(tcp(&host.answer(V4.tcp(&first))).ack, kept);
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).ack, 1011);
    let mut heard = [0; 16];
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.recv_slice(&mut heard), Ok(10));
    assert_eq!(&heard[..10], b"helloworld");
    assert_eq!(socket.send_slice(b"back"), Ok(4));
    let sent = segments(&host.sent());
    assert_eq!((sent[0].seq, &sent[0].payload[..]), (next, &b"back"[..]));
    let (again, _) = host.pass(Duration::from_secs(1));
    let again = segments(&again);
    assert!(!again.is_empty(), "it was lost");
    assert!(again.iter().all(|sent| sent.payload == b"back"));
    let end = Seg {
        seq: 1011,
        ..Seg::ack(1000, next.wrapping_add(4)).flags(FIN_ACK)
    };
    assert_eq!(tcp(&host.answer(V4.tcp(&end))).ack, 1012);
    host.sockets.tcp_release(handle).unwrap();
    let fin = segments(&host.sent());
    assert!(fin.len() == 1 && fin[0].flags.fin, "{fin:?}");
    let last = Seg {
        seq: 1012,
        ..Seg::ack(1000, next.wrapping_add(5))
    };
    host.silent(V4.tcp(&last));
    enter(&mut host, 1001);
    assert_eq!(accepted(&mut host, listener).1, 1001);
}
