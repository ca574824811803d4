//! Backlogs (pain 1 of LESSONS: no listen backlog): what is beyond them is dropped and comes again,
//! it is never refused, and what never finishes its handshake is forgotten.

use litz::SocketCapacity;
use litz::socket::tcp::{State, TcpConfig};
use litz::time::Duration;

use super::frames::{RST, SYN_ACK, Seg, V4, packets, tcp};
use super::host::{CAPACITY, Host};
use super::tcp_open::{accepted, enter, knock};

const NO_COOKIES: TcpConfig = TcpConfig {
    syn_cookies: false,
    ..TcpConfig::DEFAULT
};

#[test]
fn connections_wait_in_order_while_nobody_accepts() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    for port in 1000..1004 {
        enter(&mut host, port);
    }
    for port in 1000..1004 {
        let (_, remote) = host.sockets.tcp_accept(listener).unwrap().unwrap();
        assert_eq!(remote.port, port);
    }
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
}

#[test]
fn a_syn_beyond_the_backlog_is_dropped_and_counted() {
    let mut host = Host::new();
    host.sockets.set_tcp_config(NO_COOKIES);
    let listener = host.sockets.tcp_listen(80, 2).unwrap();
    let other = host.sockets.tcp_listen(81, 2).unwrap();
    enter(&mut host, 1000);
    knock(&mut host, 1001);
    for turn in 1..=10 {
        host.silent(V4.tcp(&Seg::syn(1002)));
        assert_eq!(host.sockets.tcp_counters().listen_overflows, turn);
    }
    assert_eq!(host.sockets.tcp_counters().resets_sent, 0);
    // It costs another listener nothing.
    let elsewhere = Seg {
        dst_port: 81,
        ..Seg::syn(1002)
    };
    assert_eq!(tcp(&host.answer(V4.tcp(&elsewhere))).flags, SYN_ACK);
    assert_eq!(host.sockets.tcp_accept(other), Ok(None));
    // Accepting makes room for the next try.
    accepted(&mut host, listener);
    knock(&mut host, 1002);
}

#[test]
fn a_full_table_of_half_open_connections_drops_the_rest() {
    let mut host = Host::new();
    host.sockets.tcp_listen_with(80, 100, NO_COOKIES).unwrap();
    for port in 1000..1004 {
        knock(&mut host, port);
    }
    for port in 1004..1100 {
        host.silent(V4.tcp(&Seg::syn(port)));
    }
    assert_eq!(host.sockets.tcp_counters().listen_overflows, 96);
}

#[test]
fn a_handshake_for_which_no_connection_is_free_is_dropped_and_comes_again() {
    let mut host = Host::with(SocketCapacity { tcp: 1, ..CAPACITY });
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let first = enter(&mut host, 1000);
    let second = knock(&mut host, 1001).seq.wrapping_add(1);
    host.silent(V4.tcp(&Seg::ack(1001, second)));
    assert_eq!(host.sockets.tcp_counters().resets_sent, 0);
    let handle = accepted(&mut host, listener);
    host.silent(V4.tcp(&Seg::ack(1000, first).flags(RST)));
    host.sockets.tcp_release(handle).unwrap();
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    host.silent(V4.tcp(&Seg::ack(1001, second)));
    let handle = accepted(&mut host, listener);
    let socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(
        (socket.state(), socket.remote().unwrap().port),
        (State::Established, 1001)
    );
}

#[test]
fn a_repeated_syn_gets_the_same_answer_and_takes_no_more_room() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 2).unwrap();
    let first = knock(&mut host, 1000);
    for _ in 0..20 {
        assert_eq!(knock(&mut host, 1000).seq, first.seq);
    }
    knock(&mut host, 1001);
}

#[test]
fn a_handshake_that_is_never_finished_is_forgotten() {
    let mut host = Host::new();
    let config = TcpConfig {
        syn_ack_retries: 3,
        ..TcpConfig::DEFAULT
    };
    host.sockets.tcp_listen_with(80, 1, config).unwrap();
    // The SYN-ACK goes where the neighbor cache says, once it is repeated.
    host.meet(super::frames::PEER_V4, super::frames::PEER);
    let first = knock(&mut host, 1000);
    let start = host.now;
    let mut repeats = Vec::new();
    while let Some(at) = host.poll_at().instant() {
        host.now = at;
        for frame in host.sent() {
            if super::frames::arp(&frame).is_some() {
                continue;
            }
            let again = tcp(&frame);
            assert_eq!((again.flags, again.seq), (SYN_ACK, first.seq));
            repeats.push(host.now.duration_since(start).total_millis());
        }
        if host.sockets.tcp_counters().handshake_timeouts > 0 {
            break;
        }
    }
    assert_eq!(repeats, [1000, 3000, 7000]);
    assert_eq!(host.now.duration_since(start).total_millis(), 15_000);
    knock(&mut host, 1001);
}

#[test]
fn a_flood_of_syns_is_forgotten_in_time_and_memory_stays_what_it_was() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    for round in 0..5_u16 {
        for port in 1..2000_u16 {
            host.wire
                .rx
                .push_back(V4.tcp(&Seg::syn(port.wrapping_mul(7).wrapping_add(round))));
        }
        while host.poll().more {}
        host.wire.tx.clear();
        host.pass(Duration::from_secs(120));
    }
    assert!(host.poll_at().instant().is_none());
    for port in 40_000..40_004 {
        enter(&mut host, port);
        accepted(&mut host, listener);
    }
}

#[test]
fn an_end_to_listening_resets_who_was_not_accepted() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    host.meet(super::frames::PEER_V4, super::frames::PEER);
    let kept = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    let waiting = enter(&mut host, 1001);
    knock(&mut host, 1002);
    host.sockets.tcp_unlisten(listener).unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let reset = tcp(&sent[0]);
    assert!(reset.flags.rst);
    assert_eq!((reset.dst_port, reset.seq), (1001, waiting));
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::Established
    );
    host.silent(V4.tcp(&Seg::ack(1000, kept)));
    let (sent, _) = host.pass(Duration::from_secs(100));
    assert!(
        packets(sent).is_empty(),
        "half-open connections are forgotten"
    );
    // All the memory is free again.
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    for port in 2000..2003 {
        enter(&mut host, port);
        accepted(&mut host, listener);
    }
}

#[test]
fn an_address_that_goes_takes_its_connections_along() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    knock(&mut host, 1001);
    assert!(
        host.iface
            .remove_addr(super::host::OWN_V4.into(), &mut host.sockets)
    );
    let socket = host.sockets.tcp(handle).unwrap();
    assert!(socket.is_closed());
    assert!(socket.close_reason().is_some());
    let (sent, _) = host.pass(Duration::from_secs(100));
    assert!(sent.is_empty(), "{sent:02x?}");
}
