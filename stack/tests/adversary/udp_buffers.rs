//! The queues of datagram sockets: order, roll-over, and what happens when they are full.

use std::collections::VecDeque;

use litz::iface::DropReason;
use litz::socket::SendError;
use litz::{PacketBuffer, PacketMeta, SocketSet, SocketStorage, UdpSlot};

use super::frames::{PEER, PEER_V4, V4, udp};
use super::host::Host;

#[test]
fn a_full_queue_keeps_the_old_and_counts_the_new() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    for turn in 0..4 {
        host.silent(V4.udp(1000, 9, &[turn]));
    }
    host.dropped(V4.udp(1000, 9, &[4]), DropReason::SocketFull);
    let mut socket = host.sockets.udp(socket).unwrap();
    assert_eq!(socket.rx_dropped(), 1);
    for turn in 0..4 {
        assert_eq!(socket.recv().unwrap().1, [turn]);
    }
    assert!(socket.recv().is_none());
}

#[test]
fn a_queue_rolls_over_at_every_length_and_keeps_metadata_with_its_packet() {
    // smoltcp #245, #332, #1150: roll-over panicked, large payloads did, metadata was swapped.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut expected: VecDeque<(u16, Vec<u8>)> = VecDeque::new();
    let mut seed = 1_u32;
    let mut taken = 0;
    for turn in 0..5000_u32 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let len = match turn % 7 {
            0 => 0,
            1 => 1400,
            _ => (seed >> 22) as usize,
        };
        let payload: Vec<u8> = (0..len).map(|at| (at as u32 ^ seed) as u8).collect();
        let port = (turn as u16).max(1);
        let before = host.iface.counters().dropped(DropReason::SocketFull);
        host.silent(V4.udp(port, 9, &payload));
        if host.iface.counters().dropped(DropReason::SocketFull) == before {
            expected.push_back((port, payload));
            taken += 1;
        }
        for _ in 0..(seed >> 8) % 3 {
            let mut socket = host.sockets.udp(socket).unwrap();
            let got = socket
                .recv()
                .map(|(meta, data)| (meta.remote.port, data.to_vec()));
            assert_eq!(got, expected.pop_front());
        }
    }
    assert!(taken > 2000, "only {taken} were taken");
}

#[test]
fn a_packet_as_long_as_the_queue_fits_when_it_is_empty() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut socket = host.sockets.udp(socket).unwrap();
    assert_eq!(
        socket.send((PEER_V4, 7), &[0; 2049]),
        Err(SendError::TooLong)
    );
    assert!(socket.can_send(2048));
    socket.send((PEER_V4, 7), &[0; 2048]).unwrap();
    assert!(!socket.can_send(1));
    assert_eq!(socket.send((PEER_V4, 7), &[0; 1]), Err(SendError::Full));
    assert_eq!(
        socket.send((PEER_V4, 7), &[0; 100_000]),
        Err(SendError::TooLong)
    );
}

#[test]
fn writing_in_place_may_write_less() {
    let mut host = Host::new();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    for (claimed, len) in [(0, 0), (3, 3), (10, 10), (11, 10), (usize::MAX, 10)] {
        let mut socket = host.sockets.udp(socket).unwrap();
        let fill = |buffer: &mut [u8]| {
            buffer.fill(7);
            claimed
        };
        socket.send_with((PEER_V4, 7), 10, fill).unwrap();
        assert_eq!(udp(&host.sent()[0]).2, vec![7; len]);
    }
}

#[test]
fn peeking_takes_nothing() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    assert!(host.sockets.udp(socket).unwrap().peek().is_none());
    host.silent(V4.udp(1000, 9, b"look"));
    let mut socket = host.sockets.udp(socket).unwrap();
    assert_eq!(socket.peek().unwrap().1, b"look");
    assert_eq!(socket.peek().unwrap().1, b"look");
    assert_eq!(socket.recv().unwrap().1, b"look");
    assert!(!socket.can_recv());
}

#[test]
fn queues_without_memory_refuse_everything() {
    let mut meta = [PacketMeta::EMPTY; 1];
    let empty = || PacketBuffer::new(Vec::new(), Vec::new());
    let mut slots = [
        UdpSlot::new(empty(), empty()),
        UdpSlot::new(PacketBuffer::new(&mut meta, Vec::new()), empty()),
    ];
    let storage = SocketStorage {
        udp: (&mut slots).into(),
        ..SocketStorage::default()
    };
    let mut sockets = SocketSet::new([0; 16], storage);
    let mut host = Host::new();
    for port in [9, 10] {
        let socket = sockets.udp_bind(port).unwrap();
        host.wire.rx.push_back(V4.udp(1000, port, b""));
        host.wire.rx.push_back(V4.udp(1000, port, b"data"));
        host.iface.poll(host.now, &mut host.wire, &mut sockets);
        let mut socket = sockets.udp(socket).unwrap();
        assert_eq!(socket.send((PEER_V4, 7), b"data"), Err(SendError::TooLong));
        assert_eq!(socket.send((PEER_V4, 7), b""), Err(SendError::Full));
    }
    assert!(host.wire.tx.is_empty());
}
