//! TIME-WAIT after a release: no connection slot, no buffers, and still what RFC 9293 §3.6.1,
//! RFC 1337 and RFC 6191 ask for.

use litz::socket::tcp::{TcpConfig, TimestampUse};
use litz::time::Duration;
use litz::wire::TcpOption;
use litz::{ListenerHandle, SocketCapacity};

use super::frames::{ACK, FIN_ACK, PEER, PEER_V4, RST, RST_ACK, SYN, SYN_ACK, Seg, V4, tcp};
use super::host::{CAPACITY, Host};
use super::tcp_open::{accepted, enter};

fn listening(capacity: SocketCapacity) -> (Host, ListenerHandle) {
    let mut host = Host::with(capacity);
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    (host, listener)
}

/// Serve a connection to its end, the host first. Returns the number after the host's FIN.
fn serve(host: &mut Host, listener: ListenerHandle, port: u16) -> u32 {
    let end = enter(host, port).wrapping_add(1);
    let handle = accepted(host, listener);
    host.sockets.tcp_release(handle).unwrap();
    assert!(tcp(&host.sent()[0]).flags.fin);
    let fin = Seg::ack(port, end).flags(FIN_ACK);
    let last = tcp(&host.answer(V4.tcp(&fin)));
    assert_eq!((last.flags, last.seq, last.ack), (ACK, end, 1002));
    end
}

#[test]
fn its_slot_is_free_at_once() {
    let (mut host, listener) = listening(SocketCapacity {
        tcp: 1,
        time_wait: 100,
        ..CAPACITY
    });
    for port in 1000..1100 {
        serve(&mut host, listener, port);
    }
    assert_eq!(host.sockets.tcp_counters().time_waits_cut, 0);
    // Each of them still answers.
    for port in 1000..1100 {
        let late = Seg::ack(port, 1).flags(FIN_ACK);
        assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, ACK, "{port}");
    }
    host.pass(Duration::from_secs(61));
    assert!(host.poll_at().instant().is_none());
    let late = Seg::ack(1050, 1).flags(FIN_ACK);
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, RST);
}

#[test]
fn a_host_without_room_for_it_keeps_the_slot() {
    let (mut host, listener) = listening(SocketCapacity {
        tcp: 1,
        time_wait: 0,
        ..CAPACITY
    });
    let end = serve(&mut host, listener, 1000);
    assert!(host.sockets.tcp_connect((PEER_V4, 80)).is_err());
    let late = Seg::ack(1000, end).flags(FIN_ACK);
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, ACK);
    host.pass(Duration::from_secs(61));
    enter(&mut host, 1001);
    accepted(&mut host, listener);
}

#[test]
fn the_oldest_makes_room_and_that_is_counted() {
    let (mut host, listener) = listening(SocketCapacity {
        time_wait: 2,
        ..CAPACITY
    });
    for port in 1000..1005 {
        serve(&mut host, listener, port);
    }
    assert_eq!(host.sockets.tcp_counters().time_waits_cut, 3);
    for (port, flags) in [(1002, RST), (1003, ACK), (1004, ACK)] {
        let late = Seg::ack(port, 1).flags(FIN_ACK);
        assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, flags, "{port}");
    }
}

#[test]
fn a_fin_that_comes_again_begins_the_time_anew() {
    let (mut host, listener) = listening(CAPACITY);
    let end = serve(&mut host, listener, 1000);
    serve(&mut host, listener, 1001);
    let fin = Seg::ack(1000, end).flags(FIN_ACK);
    for _ in 0..5 {
        host.pass(Duration::from_secs(50));
        host.meet(PEER_V4, PEER);
        assert_eq!(tcp(&host.answer(V4.tcp(&fin))).flags, ACK);
    }
    host.pass(Duration::from_secs(61));
    assert_eq!(tcp(&host.answer(V4.tcp(&fin))).flags, RST);
}

/// RFC 9293 §3.10.7.4: what each segment gets. RFC 1337: an RST ends nothing.
#[test]
fn each_kind_of_segment_gets_what_it_should() {
    let (mut host, listener) = listening(CAPACITY);
    let end = serve(&mut host, listener, 1000);
    let expected = Seg {
        seq: 1002,
        ..Seg::ack(1000, end)
    };
    host.silent(V4.tcp(&expected));
    for seq in [1001, 1002, 1003] {
        host.silent(V4.tcp(&Seg { seq, ..expected }.flags(RST)));
        host.silent(V4.tcp(&Seg { seq, ..expected }.flags(RST_ACK)));
    }
    let answered = [
        expected.payload(b"more"),
        Seg {
            ack: end.wrapping_add(1),
            ..expected
        },
        Seg {
            seq: 900,
            ..expected
        },
        expected.flags(SYN_ACK),
        Seg {
            seq: 1001,
            ..expected.flags(SYN)
        },
    ];
    for segment in answered {
        let ack = tcp(&host.answer(V4.tcp(&segment)));
        assert_eq!((ack.flags, ack.seq, ack.ack), (ACK, end, 1002));
    }
    // Two stacks that both answer could go on for ever.
    let mut answers = 0;
    for _ in 0..1000 {
        answers += host.answers(V4.tcp(&expected.payload(b"more"))).len();
    }
    assert!((10..100).contains(&answers), "{answers}");
}

/// RFC 9293 §3.10.7.4: the next connection's numbers are beyond those of the last.
#[test]
fn the_next_connection_begins_beyond_the_last() {
    let (mut host, listener) = listening(SocketCapacity {
        tcp_tx: 65_536,
        ..CAPACITY
    });
    let mut used = serve(&mut host, listener, 1000);
    for round in 1..50_u32 {
        let syn = Seg {
            seq: 1000 + round * 10_000,
            ..Seg::syn(1000)
        };
        let answer = tcp(&host.answer(V4.tcp(&syn)));
        assert_eq!(answer.flags, SYN_ACK);
        let beyond = answer.seq.wrapping_sub(used) as i32;
        assert!(beyond > 0, "round {round}: {beyond}");
        let next = answer.seq.wrapping_add(1);
        let ack = Seg {
            seq: syn.seq + 1,
            ..Seg::ack(1000, next)
        };
        host.silent(V4.tcp(&ack));
        let handle = accepted(&mut host, listener);
        host.sockets.tcp_release(handle).unwrap();
        host.sent();
        used = next.wrapping_add(1);
        let fin = Seg { ack: used, ..ack }.flags(FIN_ACK);
        assert_eq!(tcp(&host.answer(V4.tcp(&fin))).flags, ACK);
    }
}

/// RFC 6191 §2: with timestamps an older sequence number is no old duplicate if it is later.
#[test]
fn a_later_timestamp_reopens_whatever_the_sequence_number() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let listener = host.sockets.tcp_listen_with(80, 4, config).unwrap();
    let stamp = |tsval| [TcpOption::Timestamp { tsval, tsecr: 0 }];
    let early = stamp(100);
    let syn = Seg {
        options: &early,
        ..Seg::syn(1000)
    };
    let next = tcp(&host.answer(V4.tcp(&syn))).seq.wrapping_add(1);
    let ack = Seg {
        options: &early,
        ..Seg::ack(1000, next)
    };
    host.silent(V4.tcp(&ack));
    let handle = accepted(&mut host, listener);
    host.sockets.tcp_release(handle).unwrap();
    host.sent();
    let fin = Seg {
        ack: next.wrapping_add(1),
        ..ack
    };
    let last = tcp(&host.answer(V4.tcp(&fin.flags(FIN_ACK))));
    assert_eq!(last.flags, ACK);
    for (tsval, flags) in [(99, ACK), (100, ACK), (101, SYN_ACK)] {
        let options = stamp(tsval);
        let again = Seg {
            options: &options,
            seq: 500,
            ..Seg::syn(1000)
        };
        assert_eq!(tcp(&host.answer(V4.tcp(&again))).flags, flags, "{tsval}");
    }
}

/// A connection that the application still holds keeps its slot, and what it has not read.
#[test]
fn what_is_held_can_still_be_read() {
    let (mut host, listener) = listening(CAPACITY);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets.tcp(handle).unwrap().close();
    host.sent();
    let fin = Seg::ack(1000, next.wrapping_add(1))
        .flags(FIN_ACK)
        .payload(b"bye");
    assert_eq!(tcp(&host.answer(V4.tcp(&fin))).flags, ACK);
    let mut buffer = [0; 8];
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.recv_slice(&mut buffer), Ok(3));
    host.sockets.tcp_release(handle).unwrap();
    let late = Seg {
        seq: 1004,
        ..Seg::ack(1000, next.wrapping_add(1)).flags(FIN_ACK)
    };
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, ACK);
}
