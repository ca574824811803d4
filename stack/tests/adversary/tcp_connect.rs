//! Active open: ports, addresses, refusals, and peers that are not there.

use std::net::{IpAddr, Ipv4Addr};

use litz::socket::ConnectError;
use litz::socket::tcp::{CloseReason, State, TcpConfig};
use litz::time::Duration;
use litz::{Endpoint, SocketCapacity, TcpHandle};

use super::frames::{ACK, PEER, PEER_V4, RST, RST_ACK, SYN, SYN_ACK, Seg, Sent, V4, arp, tcp};
use super::host::{CAPACITY, DIRECTED_BROADCAST, Host, OWN_V4};

/// A host that knows the peer and has sent a SYN to it.
fn calling() -> (Host, TcpHandle, Sent) {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let handle = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let syn = tcp(&sent[0]);
    assert_eq!(syn.flags, SYN);
    (host, handle, syn)
}

/// What the peer answers a SYN with.
fn answer(syn: &Sent) -> Seg<'static> {
    Seg {
        src_port: 80,
        dst_port: syn.src_port,
        seq: 5000,
        ack: syn.seq.wrapping_add(1),
        flags: SYN_ACK,
        ..Seg::syn(80)
    }
}

#[test]
fn a_connection_is_opened_from_an_ephemeral_port() {
    let (mut host, handle, syn) = calling();
    assert!(syn.src_port >= 49152);
    assert_eq!(host.sockets.tcp(handle).unwrap().state(), State::SynSent);
    let ack = tcp(&host.answer(V4.tcp(&answer(&syn))));
    assert_eq!((ack.flags.syn, ack.flags.ack, ack.ack), (false, true, 5001));
    let socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.state(), State::Established);
    assert_eq!(socket.local(), Some(Endpoint::new(OWN_V4, syn.src_port)));
}

#[test]
fn a_refusal_ends_it_and_a_forged_one_does_not() {
    let (mut host, handle, syn) = calling();
    let refusal = answer(&syn).flags(RST_ACK);
    host.silent(V4.tcp(&Seg {
        ack: syn.seq,
        ..refusal
    }));
    host.silent(V4.tcp(&Seg {
        ack: syn.seq.wrapping_add(2),
        ..refusal
    }));
    host.silent(V4.tcp(&refusal.flags(RST)));
    assert_eq!(host.sockets.tcp(handle).unwrap().state(), State::SynSent);
    host.silent(V4.tcp(&refusal));
    let socket = host.sockets.tcp(handle).unwrap();
    assert!(socket.is_closed());
    assert_eq!(socket.close_reason(), Some(CloseReason::Refused));
}

#[test]
fn an_answer_to_another_syn_is_reset() {
    // smoltcp #491: an acknowledgment of the ISN itself underflowed. RFC 9293 §3.10.7.3.
    let (mut host, handle, syn) = calling();
    for wrong in [syn.seq, syn.seq.wrapping_add(2), syn.seq.wrapping_sub(1)] {
        for flags in [SYN_ACK, ACK] {
            let segment = Seg {
                ack: wrong,
                ..answer(&syn).flags(flags)
            };
            let reset = tcp(&host.answer(V4.tcp(&segment)));
            assert_eq!((reset.flags, reset.seq), (RST, wrong));
        }
    }
    assert_eq!(host.sockets.tcp(handle).unwrap().state(), State::SynSent);
    host.answer(V4.tcp(&answer(&syn)));
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::Established
    );
}

#[test]
fn both_sides_may_open_at_once() {
    // RFC 9293 §3.5, figure 7.
    let (mut host, handle, syn) = calling();
    let reply = tcp(&host.answer(V4.tcp(&answer(&syn).flags(SYN))));
    assert_eq!(
        (reply.flags, reply.seq, reply.ack),
        (SYN_ACK, syn.seq, 5001)
    );
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::SynReceived
    );
    host.answers(V4.tcp(&Seg {
        seq: 5001,
        ..answer(&syn).flags(ACK)
    }));
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::Established
    );
}

#[test]
fn ports_are_unique_and_not_to_be_guessed() {
    // RFC 6056.
    let mut host = Host::with(SocketCapacity {
        tcp: 400,
        tcp_rx: 64,
        tcp_tx: 64,
        ..CAPACITY
    });
    host.meet(PEER_V4, PEER);
    let mut ports = Vec::new();
    for remote in [80, 443] {
        let mut own = Vec::new();
        for _ in 0..200 {
            let handle = host.sockets.tcp_connect((PEER_V4, remote)).unwrap();
            host.sent();
            own.push(host.sockets.tcp(handle).unwrap().local().unwrap().port);
        }
        assert!(own.iter().all(|port| *port >= 49152));
        ports.push(own[0]);
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), 200);
    }
    assert!(
        ports[0].abs_diff(ports[1]) != 200,
        "one destination says nothing of another"
    );
}

#[test]
fn destinations_that_cannot_be_are_refused() {
    let mut host = Host::new();
    for remote in [
        Endpoint::new(PEER_V4, 0),
        Endpoint::new(Ipv4Addr::UNSPECIFIED, 80),
        Endpoint::new(Ipv4Addr::BROADCAST, 80),
        Endpoint::new(Ipv4Addr::new(224, 0, 0, 1), 80),
        Endpoint::new("::".parse::<IpAddr>().unwrap(), 80),
        Endpoint::new("ff02::1".parse::<IpAddr>().unwrap(), 80),
    ] {
        assert_eq!(
            host.sockets.tcp_connect(remote),
            Err(ConnectError::BadRemote)
        );
    }
}

#[test]
fn destinations_without_a_way_fail_at_once() {
    let mut host = Host::new();
    host.iface.remove_route("0.0.0.0/0".parse().unwrap());
    let far = Ipv4Addr::new(203, 0, 113, 1);
    for remote in [far, DIRECTED_BROADCAST, OWN_V4] {
        let handle = host.sockets.tcp_connect((remote, 80)).unwrap();
        assert!(host.sent().is_empty());
        let socket = host.sockets.tcp(handle).unwrap();
        assert!(socket.is_closed());
        assert_eq!(socket.close_reason(), Some(CloseReason::Unreachable));
        host.sockets.tcp_release(handle).unwrap();
    }
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn a_silent_neighbor_and_a_silent_peer_are_given_up() {
    let config = TcpConfig {
        syn_retries: 2,
        ..TcpConfig::DEFAULT
    };
    for known in [false, true] {
        let mut host = Host::new();
        if known {
            host.meet(PEER_V4, PEER);
        }
        let handle = host
            .sockets
            .tcp_connect_with((PEER_V4, 80), config)
            .unwrap();
        let (sent, polls) = host.pass(Duration::from_secs(60));
        let syns = sent.iter().filter(|frame| arp(frame).is_none()).count();
        assert_eq!(syns, if known { 3 } else { 0 });
        assert!(polls < 30, "{polls} polls");
        let socket = host.sockets.tcp(handle).unwrap();
        assert_eq!(socket.close_reason(), Some(CloseReason::TimedOut));
        host.sockets.tcp_release(handle).unwrap();
    }
}

#[test]
fn no_more_connections_than_slots() {
    let mut host = Host::new();
    let handles: Vec<_> = (0..4)
        .map(|_| host.sockets.tcp_connect((PEER_V4, 80)).unwrap())
        .collect();
    assert_eq!(
        host.sockets.tcp_connect((PEER_V4, 80)),
        Err(ConnectError::NoFreeSlot)
    );
    host.sockets.tcp_release(handles[2]).unwrap();
    let again = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    assert_ne!(again, handles[2]);
    assert!(host.sockets.tcp(handles[2]).is_err());
}

#[test]
fn a_connection_closed_before_it_began_sends_nothing() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let closed = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    let aborted = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    let released = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    host.sockets.tcp(closed).unwrap().close();
    host.sockets.tcp(aborted).unwrap().abort();
    host.sockets.tcp_release(released).unwrap();
    assert!(host.sent().is_empty());
    assert!(host.sockets.tcp(closed).unwrap().is_closed());
    assert!(host.sockets.tcp(aborted).unwrap().is_closed());
    assert!(host.sockets.tcp(released).is_err());
}
