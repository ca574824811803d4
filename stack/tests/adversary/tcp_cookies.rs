//! SYN cookies (RFC 4987 §3.6): what a listener does when its backlog is full of handshakes that
//! nobody finishes.

use litz::socket::tcp::{State, TcpConfig, TimestampUse};
use litz::time::Duration;
use litz::wire::{TcpOption, TcpPacket};
use litz::{ListenerHandle, SocketCapacity};

use super::frames::{ACK, RST, SYN_ACK, Seg, Sent, V4, V6, tcp};
use super::host::{CAPACITY, Host};
use super::tcp_open::{accepted, enter, knock};

/// A host whose backlog of two is taken by handshakes that are never finished.
fn flooded(config: TcpConfig) -> (Host, ListenerHandle) {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen_with(80, 2, config).unwrap();
    for port in 1..3 {
        knock(&mut host, port);
    }
    (host, listener)
}

fn cookies(host: &Host) -> (u32, u32, u32) {
    let counters = host.sockets.tcp_counters();
    (
        counters.cookies_sent,
        counters.cookies_accepted,
        counters.cookies_refused,
    )
}

fn options(frame: &[u8]) -> Vec<String> {
    let packet = TcpPacket::new_checked(&frame[34..]).unwrap();
    packet
        .options()
        .iter()
        .map(|option| format!("{:?}", option.unwrap()))
        .collect()
}

#[test]
fn a_full_backlog_is_passed_by_with_a_cookie() {
    let (mut host, listener) = flooded(TcpConfig::DEFAULT);
    let mss = [TcpOption::Mss { mss: 1460 }];
    let syn = Seg {
        options: &mss,
        ..Seg::syn(1000)
    };
    let answer = tcp(&host.answer(V4.tcp(&syn)));
    assert_eq!((answer.flags, answer.ack), (SYN_ACK, 1001));
    assert_eq!(cookies(&host), (1, 0, 0));
    // The acknowledgment brings the first data.
    let last = Seg::ack(1000, answer.seq.wrapping_add(1)).payload(b"GET /");
    host.answers(V4.tcp(&last));
    assert_eq!(cookies(&host), (1, 1, 0));
    let handle = accepted(&mut host, listener);
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.state(), State::Established);
    let mut buffer = [0; 16];
    assert_eq!(socket.recv_slice(&mut buffer), Ok(5));
    let info = socket.info().unwrap();
    assert_eq!(info.send_mss, 1460);
    assert!(!info.selective_acks && !info.window_scaling);
}

#[test]
fn a_cookie_keeps_no_state_and_memory_is_flat() {
    let (mut host, listener) = flooded(TcpConfig::DEFAULT);
    for port in 10_000..20_000 {
        assert_eq!(
            tcp(&host.answer(V4.tcp(&Seg::syn(port)))).flags,
            SYN_ACK,
            "port {port}"
        );
    }
    assert_eq!(cookies(&host), (10_000, 0, 0));
    assert_eq!(host.sockets.tcp_counters().listen_overflows, 0);
    enter(&mut host, 5000);
    accepted(&mut host, listener);
}

#[test]
fn what_acknowledges_no_cookie_is_reset() {
    let (mut host, listener) = flooded(TcpConfig::DEFAULT);
    let cookie = tcp(&host.answer(V4.tcp(&Seg::syn(1000)))).seq;
    let right = Seg::ack(1000, cookie.wrapping_add(1));
    let wrong = [
        Seg::ack(1000, cookie.wrapping_add(2)),
        Seg::ack(1000, cookie.wrapping_add(9)),
        Seg::ack(1001, cookie.wrapping_add(1)),
        Seg { seq: 1002, ..right },
    ];
    for segment in wrong {
        let reset = tcp(&host.answer(V4.tcp(&segment)));
        assert_eq!((reset.flags, reset.seq), (RST, segment.ack));
    }
    let elsewhere = tcp(&host.answer(V6.tcp(&right)));
    assert_eq!(elsewhere.flags, RST);
    assert_eq!(cookies(&host), (1, 0, 5));
    assert_eq!(host.sockets.tcp_accept(listener), Ok(None));
    host.silent(V4.tcp(&right));
    accepted(&mut host, listener);
}

#[test]
fn a_cookie_is_good_for_a_minute_and_not_for_three() {
    for (seconds, good) in [(0, true), (60, true), (129, false), (200, false)] {
        let (mut host, listener) = flooded(TcpConfig::DEFAULT);
        let cookie = tcp(&host.answer(V4.tcp(&Seg::syn(1000)))).seq;
        host.now = host.now.saturating_add(Duration::from_secs(seconds));
        host.answers(V4.tcp(&Seg::ack(1000, cookie.wrapping_add(1))));
        let accepted = host.sockets.tcp_accept(listener).unwrap();
        assert_eq!(accepted.is_some(), good, "after {seconds} s");
    }
}

/// Nobody asks the hash about acknowledgments when no cookie is out.
#[test]
fn without_cookies_out_none_is_believed() {
    let mut host = Host::new();
    host.sockets.tcp_listen(80, 2).unwrap();
    for ack in 0..100 {
        assert_eq!(tcp(&host.answer(V4.tcp(&Seg::ack(1000, ack)))).flags, RST);
    }
    assert_eq!(cookies(&host), (0, 0, 0));
}

#[test]
fn segment_sizes_come_back_rounded_down() {
    for (mss, expected) in [
        (64, 64),
        (535, 64),
        (536, 536),
        (1459, 1440),
        (1460, 1460),
        (9000, 1460),
    ] {
        let (mut host, listener) = flooded(TcpConfig::DEFAULT);
        let options = [TcpOption::Mss { mss }];
        let syn = Seg {
            options: &options,
            ..Seg::syn(1000)
        };
        let cookie = tcp(&host.answer(V4.tcp(&syn))).seq;
        host.silent(V4.tcp(&Seg::ack(1000, cookie.wrapping_add(1))));
        let handle = accepted(&mut host, listener);
        let info = host.sockets.tcp(handle).unwrap().info().unwrap();
        assert_eq!(info.send_mss, expected, "of {mss}");
    }
    // Segments too small to be named are left to the backlog.
    let (mut host, _) = flooded(TcpConfig::DEFAULT);
    let options = [TcpOption::Mss { mss: 50 }];
    let syn = Seg {
        options: &options,
        ..Seg::syn(1000)
    };
    host.silent(V4.tcp(&syn));
    assert_eq!(host.sockets.tcp_counters().listen_overflows, 1);
}

/// A SYN with every option and timestamps; the SYN-ACK's frame and the time it says.
fn stamped(host: &mut Host, ecn: bool) -> (Sent, u32) {
    let syn_options = [
        TcpOption::Mss { mss: 1460 },
        TcpOption::SackPermitted,
        TcpOption::Timestamp {
            tsval: 77,
            tsecr: 0,
        },
        TcpOption::WindowScale { shift: 9 },
    ];
    let mut syn = Seg {
        options: &syn_options,
        ..Seg::syn(1000)
    };
    syn.flags.ece = ecn;
    syn.flags.cwr = ecn;
    let frame = host.answer(V4.tcp(&syn));
    let packet = TcpPacket::new_checked(&frame[34..]).unwrap();
    let stamp = packet.options().iter().find_map(|option| match option {
        Ok(TcpOption::Timestamp { tsval, tsecr }) => Some((tsval, tsecr)),
        _ => None,
    });
    let stamp = stamp.expect("a timestamp");
    assert_eq!(stamp.1, 77);
    assert_eq!(options(&frame).len(), 4, "{:?}", options(&frame));
    (tcp(&frame), stamp.0)
}

#[test]
fn with_timestamps_a_cookie_keeps_every_option() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    for ecn in [false, true] {
        let (mut host, listener) = flooded(config);
        let (answer, tsval) = stamped(&mut host, ecn);
        assert_eq!(answer.flags.ece, ecn);
        let echo = [TcpOption::Timestamp {
            tsval: 78,
            tsecr: tsval,
        }];
        let last = Seg {
            options: &echo,
            window: 100,
            ..Seg::ack(1000, answer.seq.wrapping_add(1))
        };
        host.silent(V4.tcp(&last));
        let handle = accepted(&mut host, listener);
        let info = host.sockets.tcp(handle).unwrap().info().unwrap();
        assert!(info.timestamps && info.selective_acks && info.window_scaling);
        assert_eq!((info.ecn, info.send_window), (ecn, 100 << 9));
        assert_eq!(info.send_mss, 1460 - 12);
    }
}

/// Our clock must not go back from the SYN-ACK to what follows, or the peer drops it (PAWS).
#[test]
fn timestamps_of_cookies_are_never_ahead() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    for millis in 0..200 {
        let (mut host, listener) = flooded(config);
        host.meet(super::frames::PEER_V4, super::frames::PEER);
        host.now = host.now.saturating_add(Duration::from_millis(millis));
        let (answer, tsval) = stamped(&mut host, false);
        let echo = [TcpOption::Timestamp {
            tsval: 78,
            tsecr: tsval,
        }];
        let last = Seg {
            options: &echo,
            ..Seg::ack(1000, answer.seq.wrapping_add(1))
        };
        host.silent(V4.tcp(&last));
        let handle = accepted(&mut host, listener);
        host.sockets
            .tcp(handle)
            .unwrap()
            .send_slice(b"hello")
            .unwrap();
        let frame = host.sent().remove(0);
        let packet = TcpPacket::new_checked(&frame[34..]).unwrap();
        let Some(Ok(TcpOption::Timestamp { tsval: next, .. })) = packet
            .options()
            .iter()
            .find(|option| matches!(option, Ok(TcpOption::Timestamp { .. })))
        else {
            panic!("no timestamp");
        };
        let ahead = next.wrapping_sub(tsval);
        assert!(ahead < 64, "{ahead} ms");
    }
}

/// A queue that nobody accepts from is full: no cookie, no connection, no reset.
#[test]
fn a_full_accept_queue_is_silent() {
    let mut host = Host::with(SocketCapacity {
        half_open: 1,
        ..CAPACITY
    });
    let listener = host.sockets.tcp_listen(80, 2).unwrap();
    knock(&mut host, 1);
    let cookies: Vec<_> = (1000..1003)
        .map(|port| {
            (
                port,
                tcp(&host.answer(V4.tcp(&Seg::syn(port))))
                    .seq
                    .wrapping_add(1),
            )
        })
        .collect();
    for (port, ack) in &cookies {
        host.silent(V4.tcp(&Seg::ack(*port, *ack)));
    }
    assert_eq!(host.sockets.tcp_counters().cookies_accepted, 2);
    assert_eq!(host.sockets.tcp_counters().listen_overflows, 1);
    host.silent(V4.tcp(&Seg::syn(1003)));
    assert_eq!(host.sockets.tcp_counters().resets_sent, 0);
    // Once there is room, what the third sends again makes its connection.
    accepted(&mut host, listener);
    let (port, ack) = cookies[2];
    host.silent(V4.tcp(&Seg::ack(port, ack).flags(ACK)));
    assert_eq!(host.sockets.tcp_counters().cookies_accepted, 3);
}
