//! Ten thousand connections on one set: each is found by its own tuple, and none costs the others
//! anything that could be seen here. What a packet costs beside them is counted by `litz-bench`.

use std::net::Ipv4Addr;

use litz::SocketCapacity;
use litz::time::Duration;

use super::frames::{FIN_ACK, PEER, Seg, V4, packets, tcp};
use super::host::{CAPACITY, Host};
use super::tcp_open::accepted;

const CONNECTIONS: u32 = 10_000;

/// Where a connection comes from.
fn source(number: u32) -> (Ipv4Addr, u16) {
    let [_, _, c, d] = (number / 10).to_be_bytes();
    let port = 2_000 + (number % 10) as u16;
    (Ipv4Addr::new(198, 51, c, d), port)
}

#[test]
fn ten_thousand_connections_on_one_set() {
    let mut host = Host::with(SocketCapacity {
        tcp: CONNECTIONS as usize,
        tcp_rx: 256,
        tcp_tx: 256,
        half_open: 16,
        time_wait: CONNECTIONS as usize,
        ..CAPACITY
    });
    host.meet(super::host::GATEWAY, PEER);
    let listener = host.sockets.tcp_listen(80, 16).unwrap();
    let mut open = Vec::new();
    for number in 0..CONNECTIONS {
        let (addr, port) = source(number);
        let path = V4.from(addr);
        let answer = tcp(&host.answer(path.tcp(&Seg::syn(port))));
        let next = answer.seq.wrapping_add(1);
        let hello = number.to_be_bytes();
        host.answers(path.tcp(&Seg::ack(port, next).payload(&hello)));
        open.push((accepted(&mut host, listener), next));
    }
    // No room for one more: it is not refused, it may come again.
    let answers = packets(host.answers(V4.tcp(&Seg::syn(9_999))));
    assert!(answers.iter().all(|frame| !tcp(frame).flags.rst));
    for (number, (handle, next)) in (0..).zip(&open) {
        let mut buffer = [0; 8];
        let mut socket = host.sockets.tcp(*handle).unwrap();
        assert_eq!(socket.recv_slice(&mut buffer), Ok(4));
        assert_eq!(u32::from_be_bytes(buffer[..4].try_into().unwrap()), number);
        socket.send_slice(&buffer[..4]).unwrap();
        let sent = packets(host.sent());
        assert_eq!(sent.len(), 1, "connection {number}");
        let sent = tcp(&sent[0]);
        let (addr, port) = source(number);
        assert_eq!((sent.dst, sent.dst_port), (addr.into(), port));
        assert_eq!((sent.seq, &sent.payload[..]), (*next, &buffer[..4]));
    }
    // All end, and all their slots are free at once.
    for (number, (handle, next)) in (0..).zip(&open) {
        host.sockets.tcp_release(*handle).unwrap();
        host.sent();
        let (addr, port) = source(number);
        let fin = Seg {
            seq: 1005,
            ..Seg::ack(port, next.wrapping_add(5))
        };
        host.answers(V4.from(addr).tcp(&fin.flags(FIN_ACK)));
    }
    for _ in 0..CONNECTIONS {
        host.sockets
            .tcp_connect((super::frames::PEER_V4, 80))
            .unwrap();
    }
    assert_eq!(host.sockets.tcp_counters().time_waits_cut, 0);
    host.now = host.now.saturating_add(Duration::from_secs(61));
    host.poll();
}
