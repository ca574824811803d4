//! Polling (pain 10 of LESSONS): bounded work, exact deadlines, devices without room, and what the
//! application may count on.

use std::net::Ipv4Addr;

use litz::Budget;
use litz::socket::tcp::State;
use litz::time::{Duration, Instant};
use litz::wire::Icmpv4;

use super::frames::{EVERYBODY, PEER, PEER_V4, Seg, V4, V6, arp_reply, tcp, udp};
use super::host::{Host, OWN_V4};
use super::tcp_open::{accepted, enter};

fn ping() -> Vec<u8> {
    V4.icmpv4(&Icmpv4::EchoRequest {
        ident: 1,
        seq_no: 1,
        data: b"abc",
    })
}

#[test]
fn an_idle_host_wants_nothing() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    host.sockets.udp_bind(9).unwrap();
    assert!(host.poll_at().instant().is_none());
    let result = host.poll();
    assert_eq!((result.received, result.sent, result.more), (0, 0, false));
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn what_the_application_queues_is_due_now() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"x")
        .unwrap();
    assert_eq!(host.poll_at().instant(), Some(host.now));
    host.poll();
    assert_eq!(
        host.poll_at().instant(),
        Some(host.now.saturating_add(Duration::from_secs(1)))
    );
    host.answers(arp_reply(PEER_V4, PEER));
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn a_flood_is_cut_into_polls_of_bounded_length() {
    // smoltcp #848, #954: poll never returned while frames came.
    let mut host = Host::new();
    for _ in 0..1000 {
        host.wire.rx.push_back(ping());
    }
    let result = host.poll();
    assert_eq!((result.received, result.more), (256, true));
    let result = host.poll_with(Budget { rx: 10, tx: 10 });
    assert_eq!((result.received, result.more), (10, true));
    let mut polls = 2;
    while host.poll().more {
        polls += 1;
    }
    assert!(polls <= 5);
    assert!(host.wire.rx.is_empty());
    assert_eq!(host.wire.tx.len(), 1000);
}

#[test]
fn a_flood_does_not_keep_our_own_from_leaving() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"mine")
        .unwrap();
    for _ in 0..10_000 {
        host.wire
            .rx
            .push_back(V4.to_station(EVERYBODY).udp(1, 2, b"noise"));
    }
    host.poll();
    assert_eq!(host.wire.tx.len(), 1);
    assert_eq!(udp(&host.wire.tx[0]).2, b"mine");
}

#[test]
fn a_budget_for_sending_leaves_the_rest_for_the_next_poll() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    for turn in 0..4 {
        host.sockets
            .udp(socket)
            .unwrap()
            .send((PEER_V4, 7), &[turn])
            .unwrap();
    }
    for left in (1..4).rev() {
        let result = host.poll_with(Budget { rx: 10, tx: 1 });
        assert_eq!((result.sent, result.more), (1, true));
        assert_eq!(host.poll_at().instant(), Some(host.now), "{left} left");
    }
    host.poll();
    assert_eq!(host.wire.tx.len(), 4);
    assert!(host.poll_at().instant().is_none_or(|at| at > host.now));
    host.poll_with(Budget { rx: 0, tx: 0 });
}

#[test]
fn sockets_take_turns() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    enter(&mut host, 1000);
    let stream = accepted(&mut host, listener);
    let one = host.sockets.udp_bind(9).unwrap();
    let two = host.sockets.udp_bind(10).unwrap();
    for turn in 0..4 {
        host.sockets
            .udp(one)
            .unwrap()
            .send((PEER_V4, 7), &[turn])
            .unwrap();
        host.sockets
            .udp(two)
            .unwrap()
            .send((PEER_V4, 7), &[turn])
            .unwrap();
    }
    host.sockets
        .tcp(stream)
        .unwrap()
        .send_slice(&[0; 4000])
        .unwrap();
    host.poll_with(Budget { rx: 0, tx: 6 });
    let frames: Vec<_> = host.wire.tx.drain(..).collect();
    let datagrams: Vec<_> = frames.iter().filter(|frame| frame[14 + 9] == 17).collect();
    let ports: Vec<_> = datagrams.iter().map(|frame| udp(frame).0).collect();
    assert!(ports.contains(&9) && ports.contains(&10), "{ports:?}");
    assert!(datagrams.len() < frames.len(), "the stream has its turn");
}

#[test]
fn a_device_without_room_is_waited_for_and_not_polled_in_vain() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    let stream = accepted(&mut host, listener);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.wire.room = 0;
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"later")
        .unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((Ipv4Addr::new(192, 0, 2, 77), 7), b"?")
        .unwrap();
    host.sockets
        .tcp(stream)
        .unwrap()
        .send_slice(&[1; 3000])
        .unwrap();
    let result = host.poll();
    assert_eq!((result.sent, result.more), (0, false));
    let (sent, polls) = host.pass(Duration::from_secs(30));
    assert!(sent.is_empty());
    assert!(polls < 30, "{polls} polls without room");
    host.wire.room = usize::MAX;
    let sent = host.sent();
    let streams: Vec<_> = sent.iter().filter(|frame| frame[14 + 9] == 6).collect();
    assert!(sent.len() >= 4, "all that waited: {}", sent.len());
    assert_eq!(tcp(streams[0]).seq, next);
    assert_eq!(
        host.sockets.tcp(stream).unwrap().state(),
        State::Established
    );
}

#[test]
fn room_that_comes_frame_by_frame_loses_nothing() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    for turn in 0..4 {
        host.sockets
            .udp(socket)
            .unwrap()
            .send((PEER_V4, 7), &[turn])
            .unwrap();
        host.wire.rx.push_back(ping());
    }
    host.wire.room = 0;
    for _ in 0..20 {
        host.wire.room += 1;
        host.poll();
    }
    let datagrams: Vec<u8> = host
        .wire
        .tx
        .iter()
        .filter(|frame| frame[14 + 9] == 17)
        .map(|frame| udp(frame).2[0])
        .collect();
    assert_eq!(datagrams, [0, 1, 2, 3]);
    assert_eq!(host.wire.tx.len(), 8);
}

#[test]
fn time_that_stands_still_or_runs_backwards_is_survived() {
    // smoltcp #347, #1177.
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    enter(&mut host, 1000);
    let stream = accepted(&mut host, listener);
    host.sockets
        .tcp(stream)
        .unwrap()
        .send_slice(b"data")
        .unwrap();
    for now in [
        host.now,
        Instant::ZERO,
        Instant::from_micros(i64::MIN),
        Instant::from_micros(-1),
        Instant::from_micros(i64::MAX),
        Instant::ZERO,
        Instant::from_micros(i64::MAX),
    ] {
        host.now = now;
        for _ in 0..10 {
            host.poll();
        }
        host.answers(ping());
        host.answers(V4.udp(1, 2, b""));
        host.answers(super::frames::arp_request(PEER_V4, PEER, OWN_V4));
    }
}

#[test]
fn a_link_of_any_mtu_ends_every_poll() {
    for ip_mtu in (0..120).chain([576, 1279, 65_535, 1 << 20]) {
        let mut host = Host::new();
        host.meet(PEER_V4, PEER);
        host.wire.caps.ip_mtu = ip_mtu;
        let listener = host.sockets.tcp_listen(80, 4).unwrap();
        let socket = host.sockets.udp_bind(9).unwrap();
        host.sockets
            .udp(socket)
            .unwrap()
            .send((PEER_V4, 7), &[0; 100])
            .unwrap();
        host.answers(V4.tcp(&Seg::syn(1000)));
        let call = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
        host.answers(ping());
        host.answers(V6.udp(1, 2, &[0; 100]));
        assert!(!host.poll().more, "with an MTU of {ip_mtu}");
        let (_, polls) = host.pass(Duration::from_secs(300));
        assert!(polls < 200, "{polls} polls with an MTU of {ip_mtu}");
        host.sockets.tcp_release(call).unwrap();
        host.sockets.tcp_unlisten(listener).unwrap();
    }
}

#[test]
fn a_link_that_shrinks_under_a_connection_ends_every_poll() {
    for ip_mtu in [0, 20, 39, 40, 41, 52, 68, 100] {
        let mut host = Host::new();
        host.meet(PEER_V4, PEER);
        let listener = host.sockets.tcp_listen(80, 4).unwrap();
        enter(&mut host, 1000);
        let stream = accepted(&mut host, listener);
        host.wire.caps.ip_mtu = ip_mtu;
        host.sockets
            .tcp(stream)
            .unwrap()
            .send_slice(&[1; 4000])
            .unwrap();
        let mut polls = 1;
        while host.poll().more {
            polls += 1;
            assert!(polls < 100, "with an MTU of {ip_mtu}");
        }
        let (_, polls) = host.pass(Duration::from_secs(100));
        assert!(polls < 500, "{polls} polls with an MTU of {ip_mtu}");
    }
}

#[test]
fn many_sockets_do_not_make_one_slower() {
    // Pain 4: demultiplexing is by hash; here, that every one of many is found.
    let capacity = litz::SocketCapacity {
        tcp: 2000,
        tcp_rx: 64,
        tcp_tx: 64,
        udp: 2000,
        datagrams: 1,
        datagram_octets: 64,
        ..super::host::CAPACITY
    };
    let mut host = Host::with(capacity);
    let listener = host.sockets.tcp_listen(80, 8).unwrap();
    let mut streams = Vec::new();
    let mut sockets = Vec::new();
    for turn in 0..2000_u16 {
        let next = enter(&mut host, 2000 + turn);
        streams.push((accepted(&mut host, listener), next));
        sockets.push(host.sockets.udp_bind(10_000 + turn).unwrap());
    }
    for (turn, (stream, next)) in (0_u16..).zip(&streams) {
        let [high, low] = turn.to_be_bytes();
        host.answers(V4.tcp(&Seg::ack(2000 + turn, *next).payload(&[high, low])));
        let mut buffer = [0; 4];
        let got = host.sockets.tcp(*stream).unwrap().recv_slice(&mut buffer);
        assert_eq!((got, &buffer[..2]), (Ok(2), &[high, low][..]));
        host.silent(V4.udp(1, 10_000 + turn, &[high, low]));
        let mut socket = host.sockets.udp(sockets[usize::from(turn)]).unwrap();
        assert_eq!(socket.recv().unwrap().1, [high, low]);
    }
}
