//! Letting go of connections: what still happens to those that nobody holds, and whose slot it is.

use litz::socket::ConnectError;
use litz::socket::tcp::{RecvError, SendError, State, TcpConfig};
use litz::time::Duration;
use litz::{ListenerHandle, SocketCapacity};

use super::frames::{ACK, FIN_ACK, PEER, PEER_V4, RST, SYN_ACK, Seg, V4, packets, tcp};
use super::host::{CAPACITY, Host};
use super::tcp_open::{accepted, enter};

fn listening(tcp: usize) -> (Host, ListenerHandle) {
    let mut host = Host::with(SocketCapacity { tcp, ..CAPACITY });
    host.meet(PEER_V4, PEER);
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    (host, listener)
}

/// Serve a connection to its end, with the host closing first: it is in TIME-WAIT, released.
/// Returns the sequence numbers that a new SYN would have to be beyond: the peer's and ours.
fn serve(host: &mut Host, listener: ListenerHandle, port: u16) -> (u32, u32) {
    let next = enter(host, port);
    let handle = accepted(host, listener);
    host.sockets.tcp_release(handle).unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    assert!(tcp(&sent[0]).flags.fin);
    let end = next.wrapping_add(1);
    let fin = Seg::ack(port, end).flags(FIN_ACK);
    assert_eq!(tcp(&host.answer(V4.tcp(&fin))).ack, 1002);
    (1002, end)
}

#[test]
fn stale_handles_are_refused_everywhere() {
    let (mut host, listener) = listening(2);
    enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets.tcp_release(handle).unwrap();
    assert!(host.sockets.tcp(handle).is_err());
    assert!(host.sockets.tcp_release(handle).is_err());
    host.sent();
    enter(&mut host, 1001);
    let other = accepted(&mut host, listener);
    assert!(host.sockets.tcp(handle).is_err());
    assert!(host.sockets.tcp(other).is_ok());
}

#[test]
fn what_is_queued_is_sent_before_the_end() {
    let (mut host, listener) = listening(2);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets
        .tcp(handle)
        .unwrap()
        .send_slice(b"goodbye")
        .unwrap();
    host.sockets.tcp_release(handle).unwrap();
    let sent = host.sent();
    let segments: Vec<_> = sent.iter().map(|frame| tcp(frame)).collect();
    let data: Vec<u8> = segments
        .iter()
        .flat_map(|segment| segment.payload.clone())
        .collect();
    assert_eq!(data, b"goodbye");
    let last = segments.last().unwrap();
    assert!(last.flags.fin && !last.flags.rst);
    // The peer answers with its own end; nothing is left but the quiet time.
    let end = next.wrapping_add(8);
    host.answer(V4.tcp(&Seg::ack(1000, end).flags(FIN_ACK)));
    let (sent, _) = host.pass(Duration::from_secs(120));
    assert!(packets(sent).is_empty());
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn unread_data_makes_a_reset_of_a_release() {
    // RFC 2525 §2.17: the peer must not believe that its data was taken.
    let (mut host, listener) = listening(1);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.answers(V4.tcp(&Seg::ack(1000, next).payload(b"unread")));
    assert_eq!(host.sockets.tcp(handle).unwrap().recv_queue(), 6);
    host.sockets.tcp_release(handle).unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let reset = tcp(&sent[0]);
    assert!(reset.flags.rst);
    assert_eq!(reset.seq, next);
    enter(&mut host, 1001);
}

#[test]
fn data_after_a_release_is_answered_with_a_reset() {
    // RFC 9293 §3.6.1: the application is gone.
    let (mut host, listener) = listening(1);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets.tcp_release(handle).unwrap();
    host.sent();
    let data = Seg::ack(1000, next.wrapping_add(1)).payload(b"more");
    let answers = host.answers(V4.tcp(&data));
    assert!(answers.iter().any(|frame| tcp(frame).flags.rst));
    enter(&mut host, 1001);
}

#[test]
fn a_peer_that_never_ends_does_not_keep_a_released_slot() {
    let (mut host, listener) = listening(1);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets.tcp_release(handle).unwrap();
    host.sent();
    host.silent(V4.tcp(&Seg::ack(1000, next.wrapping_add(1))));
    assert_eq!(
        host.sockets.tcp_connect((PEER_V4, 80)),
        Err(ConnectError::NoFreeSlot)
    );
    host.pass(Duration::from_secs(61));
    assert!(host.poll_at().instant().is_none());
    enter(&mut host, 1001);
    accepted(&mut host, listener);
}

#[test]
fn a_peer_that_vanishes_does_not_keep_a_released_slot() {
    let (mut host, listener) = listening(1);
    enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    host.sockets
        .tcp(handle)
        .unwrap()
        .send_slice(b"anybody?")
        .unwrap();
    host.sockets.tcp_release(handle).unwrap();
    let (_, polls) = host.pass(Duration::from_secs(2000));
    assert!(polls < 200, "{polls} polls");
    assert!(host.poll_at().instant().is_none());
    host.meet(PEER_V4, PEER);
    enter(&mut host, 1001);
}

#[test]
fn the_oldest_time_wait_makes_room_for_a_new_connection() {
    let (mut host, listener) = listening(3);
    for port in 1000..1003 {
        serve(&mut host, listener, port);
        host.now = host.now.saturating_add(Duration::from_secs(1));
    }
    // Every slot is in TIME-WAIT, and still the next are served.
    for port in 2000..2050 {
        serve(&mut host, listener, port);
    }
    let handle = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    assert_eq!(host.sent().len(), 1);
    assert_eq!(host.sockets.tcp(handle).unwrap().state(), State::SynSent);
}

#[test]
fn time_wait_answers_a_late_fin_and_ends_by_itself() {
    let (mut host, listener) = listening(1);
    let (peer_seq, end) = serve(&mut host, listener, 1000);
    let late = Seg {
        seq: peer_seq - 1,
        ..Seg::ack(1000, end).flags(FIN_ACK)
    };
    host.now = host.now.saturating_add(Duration::from_secs(2));
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, ACK);
    // RFC 1337: a reset does not end it.
    host.answers(V4.tcp(&Seg {
        seq: peer_seq,
        ..late.flags(RST)
    }));
    host.now = host.now.saturating_add(Duration::from_secs(1));
    assert_eq!(tcp(&host.answer(V4.tcp(&late))).flags, ACK);
    host.pass(Duration::from_secs(61));
    assert!(host.poll_at().instant().is_none());
    assert!(
        tcp(&host.answer(V4.tcp(&late))).flags.rst,
        "nobody is here any more"
    );
}

#[test]
fn a_newer_syn_reopens_a_tuple_in_time_wait_and_an_older_one_does_not() {
    // RFC 9293 §3.10.7.4, MAY-2; RFC 6191.
    let (mut host, listener) = listening(2);
    let (peer_seq, end) = serve(&mut host, listener, 1000);
    let old = Seg {
        seq: peer_seq.wrapping_sub(2000),
        ..Seg::syn(1000)
    };
    for frame in host.answers(V4.tcp(&old)) {
        assert_eq!(tcp(&frame).flags, ACK);
    }
    let new = Seg {
        seq: peer_seq + 100_000,
        ..Seg::syn(1000)
    };
    let answer = tcp(&host.answer(V4.tcp(&new)));
    assert_eq!(answer.flags, SYN_ACK);
    assert_eq!(answer.ack, new.seq + 1);
    assert_ne!(answer.seq, end);
}

#[test]
fn a_newer_syn_that_nobody_listens_for_does_not_end_time_wait() {
    let (mut host, listener) = listening(2);
    let (peer_seq, end) = serve(&mut host, listener, 1000);
    host.sockets.tcp_unlisten(listener).unwrap();
    let new = Seg {
        seq: peer_seq + 100_000,
        ..Seg::syn(1000)
    };
    for frame in host.answers(V4.tcp(&new)) {
        assert!(!tcp(&frame).flags.syn);
    }
    host.now = host.now.saturating_add(Duration::from_secs(1));
    let late = Seg {
        seq: peer_seq - 1,
        ..Seg::ack(1000, end).flags(FIN_ACK)
    };
    assert_eq!(
        tcp(&host.answer(V4.tcp(&late))).flags,
        ACK,
        "it is still there"
    );
}

#[test]
fn calls_in_the_wrong_state_are_errors() {
    // Pain 11: no panic by misuse.
    let (mut host, listener) = listening(2);
    let next = enter(&mut host, 1000);
    let handle = accepted(&mut host, listener);
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.recv_slice(&mut []), Ok(0));
    assert_eq!(socket.send_slice(&[]), Ok(0));
    assert_eq!(socket.send_with(|_| (usize::MAX, 7)), Ok(7));
    assert!(socket.recv_with(|_| (usize::MAX, 7)).is_ok());
    socket.close();
    socket.close();
    assert_eq!(socket.send_slice(b"late"), Err(SendError::Finished));
    socket.abort();
    socket.abort();
    socket.close();
    assert!(matches!(
        socket.send_slice(b"late"),
        Err(SendError::Ended(_))
    ));
    assert!(matches!(
        socket.recv_slice(&mut [0]),
        Err(RecvError::Ended(_))
    ));
    host.sent();
    host.answers(V4.tcp(&Seg::ack(1000, next)));
    host.sockets.tcp_release(handle).unwrap();
    let handle = host.sockets.tcp_connect((PEER_V4, 80)).unwrap();
    let mut socket = host.sockets.tcp(handle).unwrap();
    assert_eq!(socket.send_slice(b"early"), Err(SendError::NotConnected));
    assert_eq!(socket.recv_slice(&mut [0]), Err(RecvError::NotConnected));
    socket.set_keep_alive(Some(Duration::ZERO));
    socket.set_timeout(Some(Duration::ZERO));
    host.pass(Duration::from_secs(10));
}

#[test]
fn connections_come_and_go_without_end() {
    let (mut host, listener) = listening(4);
    host.sockets.set_tcp_config(TcpConfig::DEFAULT);
    for turn in 0..2000_u16 {
        let port = 1000 + turn;
        let next = enter(&mut host, port);
        let handle = accepted(&mut host, listener);
        match turn % 4 {
            0 => host.sockets.tcp(handle).unwrap().abort(),
            1 => host.sockets.tcp(handle).unwrap().close(),
            2 => host.silent(V4.tcp(&Seg::ack(port, next).flags(RST))),
            _ => {}
        }
        host.sockets.tcp_release(handle).unwrap();
        for frame in host.sent() {
            if tcp(&frame).flags.fin {
                let fin = Seg::ack(port, next.wrapping_add(1)).flags(FIN_ACK);
                host.answers(V4.tcp(&fin));
            }
        }
    }
    host.pass(Duration::from_secs(100));
    assert!(host.poll_at().instant().is_none());
    assert_eq!(host.sockets.tcp_counters().listen_overflows, 0);
}
