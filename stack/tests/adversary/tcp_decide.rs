//! Listening on every port, and deciding about a SYN before it is answered: what a proxy does.

use litz::socket::{TcpDecision, TcpPending};
use litz::time::Duration;
use litz::{Endpoint, ListenerHandle};

use super::frames::{PEER, PEER_V4, RST_ACK, SYN_ACK, Seg, V4, arp_request, packets, tcp};
use super::host::{Host, OWN_V4};
use super::tcp_open::accepted;

/// A host that listens on every port and asks.
fn asking() -> (Host, ListenerHandle) {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(0, 4).unwrap();
    host.sockets.tcp_ask_first(listener, true).unwrap();
    host.meet(PEER_V4, PEER);
    (host, listener)
}

fn syn(src_port: u16, dst_port: u16) -> Seg<'static> {
    Seg {
        dst_port,
        ..Seg::syn(src_port)
    }
}

#[track_caller]
fn pending(host: &mut Host, listener: ListenerHandle) -> TcpPending {
    let pending = host.sockets.tcp_pending(listener).unwrap();
    pending.expect("a SYN waits")
}

#[test]
fn every_port_is_listened_on() {
    let mut host = Host::new();
    let any = host.sockets.tcp_listen(0, 4).unwrap();
    let one = host.sockets.tcp_listen(80, 4).unwrap();
    for (port, listener) in [(1, any), (80, one), (65_535, any)] {
        let answer = tcp(&host.answer(V4.tcp(&syn(1000, port))));
        assert_eq!((answer.flags, answer.src_port), (SYN_ACK, port));
        let ack = Seg {
            dst_port: port,
            ..Seg::ack(1000, answer.seq.wrapping_add(1))
        };
        host.silent(V4.tcp(&ack));
        let handle = accepted(&mut host, listener);
        let local = host.sockets.tcp(handle).unwrap().local();
        assert_eq!(local, Some(Endpoint::new(OWN_V4, port)));
    }
}

#[test]
fn an_accepted_syn_becomes_a_connection() {
    let (mut host, listener) = asking();
    host.silent(V4.tcp(&syn(1000, 4000)));
    let asked = pending(&mut host, listener);
    assert_eq!(asked.local, Endpoint::new(OWN_V4, 4000));
    assert_eq!(asked.remote, Endpoint::new(PEER_V4, 1000));
    assert_eq!(pending(&mut host, listener), asked, "until it is decided");
    // The SYN comes again meanwhile.
    host.silent(V4.tcp(&syn(1000, 4000)));
    host.sockets
        .tcp_decide(listener, &asked, TcpDecision::Accept)
        .unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let answer = tcp(&sent[0]);
    assert_eq!((answer.flags, answer.ack), (SYN_ACK, 1001));
    assert_eq!(host.sockets.tcp_pending(listener), Ok(None));
    let ack = Seg {
        dst_port: 4000,
        ..Seg::ack(1000, answer.seq.wrapping_add(1))
    };
    host.silent(V4.tcp(&ack));
    accepted(&mut host, listener);
}

#[test]
fn a_refused_syn_is_reset_and_an_ignored_one_is_not() {
    let (mut host, listener) = asking();
    host.silent(V4.tcp(&syn(1000, 4000)));
    host.silent(V4.tcp(&syn(1001, 4001)));
    let first = pending(&mut host, listener);
    host.sockets
        .tcp_decide(listener, &first, TcpDecision::Refuse)
        .unwrap();
    let second = pending(&mut host, listener);
    assert_eq!(second.remote.port, 1001);
    host.sockets
        .tcp_decide(listener, &second, TcpDecision::Ignore)
        .unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let reset = tcp(&sent[0]);
    assert_eq!((reset.flags, reset.dst_port), (RST_ACK, 1000));
    assert_eq!((reset.seq, reset.ack), (0, 1001));
    // A decision counts once, and only for the SYN that it was made about.
    for old in [first, second] {
        let again = host.sockets.tcp_decide(listener, &old, TcpDecision::Accept);
        assert!(again.is_err());
    }
    let (sent, _) = host.pass(Duration::from_secs(200));
    assert!(packets(sent).is_empty());
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn what_is_never_decided_is_forgotten_and_its_room_is_free_again() {
    let (mut host, listener) = asking();
    for round in 0..5 {
        for port in 1000..1010 {
            host.silent(V4.tcp(&syn(port + round, 4000)));
        }
        let (sent, _) = host.pass(Duration::from_secs(200));
        assert!(packets(sent).is_empty());
        assert_eq!(host.sockets.tcp_pending(listener), Ok(None));
    }
    host.silent(V4.tcp(&syn(1000, 4000)));
    let asked = pending(&mut host, listener);
    host.sockets
        .tcp_decide(listener, &asked, TcpDecision::Accept)
        .unwrap();
    // The neighbor may have to be asked for first.
    let mut frames = host.sent();
    frames.extend(host.answers(arp_request(PEER_V4, PEER, OWN_V4)));
    let sent = packets(frames);
    assert_eq!(sent.len(), 1);
    assert_eq!(tcp(&sent[0]).flags, SYN_ACK);
}

#[test]
fn an_end_to_listening_forgets_what_was_not_decided() {
    let (mut host, listener) = asking();
    for port in 1000..1004 {
        host.silent(V4.tcp(&syn(port, 4000)));
    }
    let asked = pending(&mut host, listener);
    host.sockets.tcp_unlisten(listener).unwrap();
    assert!(host.sockets.tcp_pending(listener).is_err());
    let late = host
        .sockets
        .tcp_decide(listener, &asked, TcpDecision::Accept);
    assert!(late.is_err());
    assert!(host.poll_at().instant().is_none());
    let listener = host.sockets.tcp_listen(0, 4).unwrap();
    for port in 1000..1004 {
        let answer = tcp(&host.answer(V4.tcp(&syn(port, 4000))));
        assert_eq!(answer.flags, SYN_ACK, "all the memory is free");
    }
    host.sockets.tcp_unlisten(listener).unwrap();
}

/// An address that goes takes undecided SYNs along, wherever they stand in the queue.
#[test]
fn an_address_that_goes_takes_undecided_syns_along() {
    let (mut host, listener) = asking();
    for port in 1000..1004 {
        host.silent(V4.tcp(&syn(port, 4000)));
    }
    assert!(host.iface.remove_addr(OWN_V4.into(), &mut host.sockets));
    assert_eq!(host.sockets.tcp_pending(listener), Ok(None));
    // The groups of the address go with the next poll.
    host.poll();
    assert!(host.poll_at().instant().is_none());
}
