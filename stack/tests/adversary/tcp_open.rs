//! Passive open: what a SYN can be answered with, and what must not be answered (RFC 9293 §3.10.7).

use std::net::{Ipv4Addr, Ipv6Addr};

use litz::iface::DropReason;
use litz::socket::ListenError;
use litz::socket::tcp::{CloseReason, State};
use litz::time::Duration;
use litz::wire::{EthernetAddress, IpProtocol, TcpOption};
use litz::{Endpoint, ListenerHandle, SocketCapacity, TcpHandle};

use super::frames::{
    ACK, EVERYBODY, FIN_ACK, PEER_V4, RST, RST_ACK, SYN, SYN_ACK, Seg, Sent, V4, V6, tcp,
};
use super::host::{CAPACITY, DIRECTED_BROADCAST, Host, OWN_V4, OWN_V6};

/// Begin a connection from a port of the peer: what the host answers the SYN with.
#[track_caller]
pub(crate) fn knock(host: &mut Host, port: u16) -> Sent {
    let answer = tcp(&host.answer(V4.tcp(&Seg::syn(port))));
    assert_eq!(answer.flags, SYN_ACK);
    assert_eq!(
        (answer.src_port, answer.dst_port, answer.ack),
        (80, port, 1001)
    );
    answer
}

/// Make a connection from a port of the peer; it waits to be accepted. Returns the next sequence
/// number of the host.
#[track_caller]
pub(crate) fn enter(host: &mut Host, port: u16) -> u32 {
    let next = knock(host, port).seq.wrapping_add(1);
    host.silent(V4.tcp(&Seg::ack(port, next)));
    next
}

pub(crate) fn accepted(host: &mut Host, listener: ListenerHandle) -> TcpHandle {
    host.sockets
        .tcp_accept(listener)
        .unwrap()
        .expect("a connection waits")
        .0
}

#[test]
fn a_handshake_gives_a_connection_and_its_peer() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    assert_eq!(
        host.sockets.tcp_accept(listener),
        Ok(None),
        "not before the handshake is done"
    );
    host.silent(V4.tcp(&Seg::ack(1000, next)));
    let (handle, remote) = host.sockets.tcp_accept(listener).unwrap().unwrap();
    assert_eq!(remote, Endpoint::new(PEER_V4, 1000));
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    let socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.state(), State::Established);
    assert_eq!(socket.local(), Some(Endpoint::new(OWN_V4, 80)));
    assert_eq!(socket.remote(), Some(remote));
}

#[test]
fn the_last_step_may_bring_data_and_the_end() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    let last = Seg::ack(1000, next).flags(FIN_ACK).payload(b"GET /");
    host.answers(V4.tcp(&last));
    let handle = accepted(&mut host, listener);
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.state(), State::CloseWait);
    let mut buffer = [0; 16];
    assert_eq!(socket.recv_slice(&mut buffer), Ok(5));
    assert_eq!(&buffer[..5], b"GET /");
    assert!(socket.recv_slice(&mut buffer).is_err());
}

#[test]
fn a_closed_port_is_refused_with_the_right_numbers() {
    // RFC 9293 §3.10.7.1.
    let mut host = Host::new();
    let reset = tcp(&host.answer(V4.tcp(&Seg::syn(1000))));
    assert_eq!((reset.flags, reset.seq, reset.ack), (RST_ACK, 0, 1001));
    let with_data = Seg::syn(1000).payload(b"abc");
    assert_eq!(tcp(&host.answer(V4.tcp(&with_data))).ack, 1004);
    let ack = Seg::ack(1000, 77);
    let reset = tcp(&host.answer(V6.tcp(&ack)));
    assert_eq!((reset.flags, reset.seq), (RST, 77));
    // MUST-3: an RST is never answered; smoltcp #338 was a loop.
    host.silent(V4.tcp(&ack.flags(RST)));
    host.silent(V4.tcp(&ack.flags(RST_ACK)));
}

#[test]
fn a_listener_answers_only_syns() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    for (flags, reply) in [(ACK, RST), (SYN_ACK, RST), (FIN_ACK, RST)] {
        let answer = tcp(&host.answer(V4.tcp(&Seg::ack(1000, 77).flags(flags))));
        assert_eq!((answer.flags, answer.seq), (reply, 77));
    }
    for flags in [RST, RST_ACK, super::frames::both(SYN, RST)] {
        host.silent(V4.tcp(&Seg::ack(1000, 77).flags(flags)));
    }
    let (sent, _) = host.pass(Duration::from_secs(200));
    assert!(sent.is_empty());
}

#[test]
fn nothing_but_unicast_is_answered() {
    // RFC 9293 MUST-57; and #533, #534.
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    let group = EthernetAddress([1, 0, 0x5e, 0, 0, 1]);
    let all_nodes: Ipv6Addr = "ff02::1".parse().unwrap();
    for path in [
        V4.to(Ipv4Addr::BROADCAST).to_station(EVERYBODY),
        V4.to(DIRECTED_BROADCAST).to_station(EVERYBODY),
        V4.to(DIRECTED_BROADCAST),
        V4.to(Ipv4Addr::new(224, 0, 0, 1)).to_station(group),
        V6.to(all_nodes)
            .to_station(EthernetAddress([0x33, 0x33, 0, 0, 0, 1])),
    ] {
        for port in [80, 81] {
            let syn = Seg {
                dst_port: port,
                ..Seg::syn(1000)
            };
            host.silent(path.tcp(&syn));
            host.silent(path.tcp(&syn.flags(ACK)));
        }
    }
    let (sent, _) = host.pass(Duration::from_secs(200));
    assert!(sent.is_empty());
    assert_eq!(host.sockets.tcp_counters().resets_sent, 0);
}

#[test]
fn land_is_dropped() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    let land = Seg {
        src_port: 80,
        ..Seg::syn(80)
    };
    host.dropped(V4.from(OWN_V4).tcp(&land), DropReason::BadSource);
    host.dropped(V6.from(OWN_V6).tcp(&land), DropReason::BadSource);
}

#[test]
fn segments_that_do_not_parse_open_nothing() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 4).unwrap();
    let sound = V4.tcp_segment(&Seg::syn(1000));
    for len in 0..20 {
        host.dropped(V4.ip(IpProtocol::Tcp, &sound[..len]), DropReason::Malformed);
    }
    for offset in [0, 1, 4, 6, 15] {
        let mut wrong = sound.clone();
        wrong[12] = offset << 4;
        host.dropped(V4.ip(IpProtocol::Tcp, &wrong), DropReason::Malformed);
    }
    let mut wrong = sound;
    wrong[4] ^= 1;
    host.dropped(
        V4.ip(IpProtocol::Tcp, &wrong),
        DropReason::TransportChecksum,
    );
}

#[test]
fn options_of_every_kind_of_nonsense_do_not_stop_the_host() {
    // smoltcp ed2c3766, 3f43be8d, 2582d157, #538: lengths 0 and 1, options cut short, an MSS of 0.
    let mut host = Host::with(SocketCapacity {
        half_open: 64,
        ..CAPACITY
    });
    host.sockets.tcp_listen(80, 64).unwrap();
    let cases: [&[u8]; 10] = [
        &[2, 4, 0, 0],
        &[2, 4, 0, 1],
        &[2, 4, 0xff, 0xff],
        &[3, 3, 255, 0],
        &[3, 3, 14, 1],
        &[2, 0, 0, 0],
        &[2, 1, 0, 0],
        &[2, 255, 0, 0],
        &[5, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        &[1, 1, 1, 254],
    ];
    for (port, options) in (1000..).zip(cases) {
        let mut segment = V4.tcp_segment(&Seg::syn(port));
        segment.extend(options);
        segment[12] = ((20 + options.len()) as u8 / 4) << 4;
        let segment = V4.with_tcp_checksum(segment);
        let answers = host.answers(V4.ip(IpProtocol::Tcp, &segment));
        let Some(answer) = answers.first() else {
            continue;
        };
        let next = tcp(answer).seq.wrapping_add(1);
        host.silent(V4.tcp(&Seg::ack(port, next)));
    }
    let (_, polls) = host.pass(Duration::from_secs(300));
    assert!(polls < 500, "{polls} polls");
}

#[test]
fn a_peer_with_a_tiny_segment_size_is_served() {
    // smoltcp #538, b0b7bcfd: an MSS of 0, or below the options' length, was an endless loop.
    for mss in [0, 1, 12, 48] {
        let mut host = Host::new();
        let listener = host.sockets.tcp_listen(80, 4).unwrap();
        let options = [TcpOption::Mss { mss }];
        let syn = Seg {
            options: &options,
            ..Seg::syn(1000)
        };
        let next = tcp(&host.answer(V4.tcp(&syn))).seq.wrapping_add(1);
        host.silent(V4.tcp(&Seg::ack(1000, next)));
        host.meet(PEER_V4, super::frames::PEER);
        let handle = accepted(&mut host, listener);
        host.sockets
            .tcp(handle)
            .unwrap()
            .send_slice(&[7; 300])
            .unwrap();
        let mut got = 0;
        for _ in 0..400 {
            for frame in host.sent() {
                got += tcp(&frame).payload.len();
            }
            if got >= 300 {
                break;
            }
            let ack = next.wrapping_add(u32::try_from(got).unwrap());
            host.wire.rx.push_back(V4.tcp(&Seg::ack(1000, ack)));
        }
        assert_eq!(got, 300, "with an MSS of {mss}");
    }
}

#[test]
fn the_handshake_forgets_a_reset_and_ignores_a_forged_one() {
    // RFC 5961 §3.
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 1).unwrap();
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    let forged = Seg {
        seq: 1500,
        ..Seg::ack(1000, next).flags(RST)
    };
    host.answers(V4.tcp(&forged));
    host.silent(V4.tcp(&Seg {
        seq: 90_000,
        ..forged
    }));
    host.silent(V4.tcp(&Seg::ack(1000, next)));
    accepted(&mut host, listener);
    let next = knock(&mut host, 1001).seq.wrapping_add(1);
    host.silent(V4.tcp(&Seg::ack(1001, next).flags(RST)));
    knock(&mut host, 1002);
}

#[test]
fn a_wrong_acknowledgment_in_the_handshake_is_reset_and_the_right_one_still_counts() {
    // smoltcp f95b0bf6: an ACK one too low underflowed.
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    for wrong in [
        next.wrapping_sub(1),
        next.wrapping_add(1),
        next ^ 0x8000_0000,
    ] {
        let answer = tcp(&host.answer(V4.tcp(&Seg::ack(1000, wrong))));
        assert_eq!((answer.flags, answer.seq), (RST, wrong));
    }
    host.silent(V4.tcp(&Seg::ack(1000, next)));
    accepted(&mut host, listener);
}

#[test]
fn a_connection_reset_before_it_is_accepted_says_so() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    host.silent(V4.tcp(&Seg::ack(1000, next).flags(RST)));
    let handle = accepted(&mut host, listener);
    let socket = host.sockets.tcp(handle).unwrap();
    assert!(socket.is_closed());
    assert_eq!(socket.close_reason(), Some(CloseReason::Reset));
    host.sockets.tcp_release(handle).unwrap();
}

#[test]
fn ports_and_addresses_are_listened_on_once() {
    let mut host = Host::new();
    assert_eq!(host.sockets.tcp_listen(80, 0), Err(ListenError::NoBacklog));
    let any = host.sockets.tcp_listen(80, 4).unwrap();
    assert_eq!(host.sockets.tcp_listen(80, 4), Err(ListenError::InUse));
    let own = host
        .sockets
        .tcp_listen(Endpoint::new(OWN_V4, 80), 4)
        .unwrap();
    assert_eq!(host.sockets.tcp_listen(81, 4), Err(ListenError::NoFreeSlot));
    enter(&mut host, 1000);
    assert_eq!(host.sockets.tcp_accept(any), Ok(None));
    accepted(&mut host, own);
    host.sockets.tcp_unlisten(own).unwrap();
    assert!(host.sockets.tcp_unlisten(own).is_err());
    assert!(host.sockets.tcp_accept(own).is_err());
    let again = host.sockets.tcp_listen(81, 4).unwrap();
    assert_ne!(own, again);
    assert!(host.sockets.tcp_accept(own).is_err());
    enter(&mut host, 1001);
    accepted(&mut host, any);
}

#[test]
fn initial_sequence_numbers_follow_the_clock_and_differ_by_tuple() {
    // RFC 6528: predictable numbers let strangers into connections (smoltcp #961: seed 0).
    let mut host = Host::with(SocketCapacity {
        half_open: 64,
        ..CAPACITY
    });
    host.sockets.tcp_listen(80, 64).unwrap();
    let mut numbers: Vec<u32> = (1000..1040)
        .map(|port| knock(&mut host, port).seq)
        .collect();
    let close = numbers
        .windows(2)
        .filter(|pair| pair[0].abs_diff(pair[1]) < 1 << 16)
        .count();
    assert!(close < 3);
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 40);
}
