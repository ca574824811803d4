//! Checksums of segments, whatever the segment is for (RFC 9293 §3.1, MUST-3), and that segments of
//! several connections, of none, and broken ones do not get in each other's way.

use litz::TcpHandle;
use litz::iface::DropReason;
use litz::socket::tcp::State;

use super::frames::{ACK, FIN_ACK, RST, RST_ACK, SYN_ACK, Seg, V4, tcp};
use super::host::Host;
use super::tcp_open::{accepted, enter, knock};

/// A segment with one bit of its last octet turned on the way.
fn broken(segment: &Seg<'_>) -> Vec<u8> {
    let mut frame = V4.tcp(segment);
    *frame.last_mut().expect("octets") ^= 0x10;
    frame
}

fn read(host: &mut Host, handle: TcpHandle) -> Vec<u8> {
    let mut buffer = [0; 1000];
    let len = host.sockets.tcp(handle).unwrap().recv_slice(&mut buffer);
    buffer[..len.unwrap()].to_vec()
}

#[test]
fn a_broken_segment_is_dropped_wherever_it_belongs() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let wrong = DropReason::TransportChecksum;
    // For nobody, for a listener, for a half-open connection.
    host.dropped(broken(&Seg::ack(7, 7).payload(b"data")), wrong);
    host.dropped(broken(&Seg::syn(1000).payload(b"data")), wrong);
    let next = knock(&mut host, 1000).seq.wrapping_add(1);
    host.dropped(broken(&Seg::ack(1000, next).payload(b"data")), wrong);
    host.silent(V4.tcp(&Seg::ack(1000, next)));
    let handle = accepted(&mut host, listener);
    // For a connection: in order, ahead, behind, and without data.
    for seq in [1001, 1005, 990] {
        let segment = Seg {
            seq,
            ..Seg::ack(1000, next)
        };
        host.dropped(broken(&segment.payload(b"evil")), wrong);
        host.dropped(broken(&segment.flags(FIN_ACK).payload(b"evil")), wrong);
        host.dropped(broken(&segment.flags(RST)), wrong);
        host.dropped(broken(&segment.flags(ACK)), wrong);
    }
    host.answers(V4.tcp(&Seg::ack(1000, next).payload(b"good")));
    assert_eq!(read(&mut host, handle), b"good");
    assert_eq!(
        host.sockets.tcp(handle).unwrap().state(),
        State::Established
    );
}

#[test]
fn octets_of_two_connections_stay_apart() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let ports = [1000, 1001, 1002];
    let next = ports.map(|port| enter(&mut host, port));
    let handles = ports.map(|_| accepted(&mut host, listener));
    for n in 0..60_u32 {
        let which = (n * n % 3) as usize;
        let before = (0..n).filter(|n| (n * n % 3) as usize == which).count();
        let segment = Seg {
            seq: 1001 + before as u32,
            ..Seg::ack(ports[which], next[which])
        };
        host.answers(V4.tcp(&segment.payload(&[n as u8])));
    }
    for (which, handle) in handles.into_iter().enumerate() {
        let all = (0..60_u8).filter(|n| usize::from(*n) * usize::from(*n) % 3 == which);
        assert_eq!(read(&mut host, handle), all.collect::<Vec<_>>());
    }
}

/// #518: what is answered with an RST, because there is no such connection, opens or closes no
/// window of another.
#[test]
fn a_reset_segment_of_another_tuple_changes_nothing() {
    let mut host = Host::new();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    let window = |host: &mut Host| {
        host.sockets
            .tcp(handle)
            .unwrap()
            .info()
            .unwrap()
            .send_window
    };
    let before = window(&mut host);
    let other = Seg {
        window: 1,
        ..Seg::ack(1001, next)
    };
    for segment in [other, other.payload(b"x"), other.flags(FIN_ACK)] {
        let answer = tcp(&host.answer(V4.tcp(&segment)));
        assert!([RST, RST_ACK].contains(&answer.flags));
        assert_eq!(window(&mut host), before);
    }
    host.silent(V4.tcp(&other.flags(RST)));
    assert_eq!(window(&mut host), before);
}

/// A connection ends, and another begins under its tuple, in frames of one poll.
#[test]
fn a_reset_and_a_new_syn_in_one_poll() {
    for released in [false, true] {
        let mut host = Host::new();
        let listener = host.sockets.tcp_listen(80, 4).unwrap();
        let next = enter(&mut host, 1000);
        let handle = accepted(&mut host, listener);
        if released {
            host.sockets.tcp_release(handle).unwrap();
        }
        host.sent();
        let syn = Seg {
            seq: 900_000,
            ..Seg::syn(1000)
        };
        host.wire
            .rx
            .push_back(V4.tcp(&Seg::ack(1000, next).flags(RST)));
        host.wire.rx.push_back(V4.tcp(&syn));
        let answers: Vec<_> = host.sent().iter().map(|frame| tcp(frame)).collect();
        assert_eq!(answers.len(), 1, "{released}: {answers:?}");
        assert_eq!((answers[0].flags, answers[0].ack), (SYN_ACK, 900_001));
    }
}
