//! UDP sockets (RFC 1122 §4.1): which of several a datagram is for, what goes with it, what may be
//! sent, and what the network reports.

use std::net::{IpAddr, Ipv4Addr};

use litz::iface::DropReason;
use litz::phy::RxMeta;
use litz::socket::{BindError, IcmpReport, NetworkError, RecvError, SendError, ZeroChecksum};
use litz::time::Instant;
use litz::wire::{
    Ecn, EthernetFrame, Icmpv4, Icmpv4DstUnreachable, Icmpv6, Icmpv6DstUnreachable, IpProtocol,
    Ipv4Packet, Ipv6Packet, Nested,
};
use litz::{Endpoint, SocketCapacity, UdpHandle, UdpMeta};

use super::frames::{PEER, PEER_V4, V4, V6, udp};
use super::host::{CAPACITY, DIRECTED_BROADCAST, Host, OWN_V4};

fn host(sockets: usize) -> Host {
    Host::with(SocketCapacity {
        udp: sockets,
        datagrams: 8,
        ..CAPACITY
    })
}

/// Datagrams in the queue.
fn got(host: &mut Host, socket: UdpHandle) -> usize {
    let mut udp = host.sockets.udp(socket).unwrap();
    std::iter::from_fn(|| udp.recv().map(|_| ())).count()
}

fn connect(host: &mut Host, socket: UdpHandle, port: u16) {
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.connect((PEER_V4, port)).unwrap();
}

#[test]
fn connected_goes_before_bound_before_wildcard() {
    let mut host = host(4);
    let any = host.sockets.udp_bind_shared(9).unwrap();
    let bound = host.sockets.udp_bind_shared(Endpoint::new(OWN_V4, 9));
    let bound = bound.unwrap();
    let connected = host.sockets.udp_bind_shared(9).unwrap();
    connect(&mut host, connected, 1000);
    let counts = |host: &mut Host| [any, bound, connected].map(|socket| got(host, socket));
    host.silent(V4.udp(1000, 9, b"from the peer"));
    assert_eq!(counts(&mut host), [0, 0, 1]);
    host.silent(V4.udp(1001, 9, b"from another port"));
    assert_eq!(counts(&mut host), [0, 1, 0]);
    host.silent(V6.udp(1000, 9, b"to another address"));
    assert_eq!(counts(&mut host), [1, 0, 0]);
    let mut udp = host.sockets.udp(connected).unwrap();
    assert_eq!(udp.peer(), Some(Endpoint::new(PEER_V4, 1000)));
    udp.disconnect();
    assert_eq!(udp.peer(), None);
    host.silent(V4.udp(1000, 9, b"from nobody in particular"));
    assert_eq!(counts(&mut host), [0, 1, 0]);
}

#[test]
fn a_connected_socket_hears_its_peer_alone_and_sends_to_it() {
    let mut host = host(2);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.meet(PEER_V4, PEER);
    let mut udp_socket = host.sockets.udp(socket).unwrap();
    assert_eq!(udp_socket.send_connected(b""), Err(SendError::NotConnected));
    for bad in [
        Endpoint::new(PEER_V4, 0),
        Endpoint::new(Ipv4Addr::UNSPECIFIED, 1),
        Endpoint::new(Ipv4Addr::new(224, 0, 0, 1), 1),
        Endpoint::new(Ipv4Addr::BROADCAST, 1),
    ] {
        assert_eq!(udp_socket.connect(bad), Err(SendError::BadRemote));
    }
    connect(&mut host, socket, 1000);
    let mut udp_socket = host.sockets.udp(socket).unwrap();
    udp_socket.send_connected(b"to the peer").unwrap();
    let sent = host.sent();
    assert_eq!(udp(&sent[0]), (9, 1000, b"to the peer".to_vec()));
    // RFC 1122 §4.1.3.1: to the rest the port is closed.
    assert_eq!(host.answers(V4.udp(1001, 9, b"")).len(), 1);
    assert_eq!(host.iface.counters().dropped(DropReason::PortClosed), 1);
    host.silent(V4.udp(1000, 9, b""));
    assert_eq!(got(&mut host, socket), 1);
    // The port stays taken.
    assert_eq!(host.sockets.udp_bind(9), Err(BindError::InUse));
    host.sockets.udp_release(socket).unwrap();
    assert!(host.sockets.udp_bind(9).is_ok());
}

#[test]
fn many_connected_sockets_of_one_port_are_told_apart() {
    let mut host = host(200);
    let sockets: Vec<_> = (0..200)
        .map(|_| host.sockets.udp_bind_shared(9).unwrap())
        .collect();
    for (port, &socket) in (1000..).zip(&sockets) {
        connect(&mut host, socket, port);
    }
    for (port, &socket) in (1000..).zip(&sockets) {
        host.silent(V4.udp(port, 9, b"x"));
        assert_eq!(got(&mut host, socket), 1, "port {port}");
    }
    for &socket in sockets.iter().step_by(2) {
        host.sockets.udp_release(socket).unwrap();
    }
    for (port, &socket) in (1000..).zip(&sockets).skip(1).step_by(2) {
        host.silent(V4.udp(port, 9, b"x"));
        assert_eq!(got(&mut host, socket), 1, "port {port}");
    }
}

#[test]
fn sharing_is_for_those_who_all_want_it() {
    let mut host = host(4);
    let first = host.sockets.udp_bind(9).unwrap();
    assert_eq!(host.sockets.udp_bind_shared(9), Err(BindError::InUse));
    host.sockets.udp_release(first).unwrap();
    host.sockets.udp_bind_shared(9).unwrap();
    assert_eq!(host.sockets.udp_bind(9), Err(BindError::InUse));
    host.sockets.udp_bind_shared(9).unwrap();
}

#[test]
fn senders_are_spread_over_sockets_that_share_a_port_and_stay_with_theirs() {
    let mut host = host(4);
    let sockets: Vec<_> = (0..4)
        .map(|_| host.sockets.udp_bind_shared(9).unwrap())
        .collect();
    let mut counts = [0; 4];
    for port in 1000..1400 {
        let mut owners = Vec::new();
        for _ in 0..2 {
            host.silent(V4.udp(port, 9, b"x"));
            let owner = sockets
                .iter()
                .position(|&socket| got(&mut host, socket) == 1);
            owners.push(owner.unwrap());
        }
        assert_eq!(owners[0], owners[1]);
        counts[owners[0]] += 1;
    }
    assert!(counts.iter().all(|&count| count > 50), "{counts:?}");
}

#[test]
fn everybody_gets_a_broadcast_and_a_group_gets_its_datagrams_once_each() {
    let mut host = host(3);
    let sockets: Vec<_> = (0..3)
        .map(|_| host.sockets.udp_bind_shared(9).unwrap())
        .collect();
    connect(&mut host, sockets[0], 1000);
    let path = V4.to(DIRECTED_BROADCAST);
    host.silent(path.udp(1000, 9, b"from the peer"));
    host.silent(path.udp(1001, 9, b"from another"));
    let counts: Vec<_> = sockets.iter().map(|&s| got(&mut host, s)).collect();
    assert_eq!(counts, [1, 2, 2]);
}

#[test]
fn what_ip_says_of_a_datagram_goes_up_with_it() {
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    let at = Instant::from_secs(77);
    host.wire.meta = RxMeta {
        timestamp: Some(at),
        ..RxMeta::default()
    };
    for path in [V4.hop_limit(7), V6.hop_limit(7)] {
        let mut packet = path.packet(IpProtocol::Udp, &path.udp_datagram(1000, 9, b"x"));
        // Code point 46, congestion experienced.
        if path.src.is_ipv4() {
            packet[1] = 46 << 2 | 3;
            packet[10..12].fill(0);
            let sum = litz::wire::rt::Sum::of(&packet[..20]).finish();
            packet[10..12].copy_from_slice(&sum.to_be_bytes());
        } else {
            packet[0] = 0x60 | (46 << 2) >> 4;
            packet[1] = (46 << 2 | 3) << 4;
        }
        let ethertype = if path.src.is_ipv4() {
            litz::wire::EtherType::Ipv4
        } else {
            litz::wire::EtherType::Ipv6
        };
        host.silent(super::frames::ethernet(
            PEER,
            super::host::OWN,
            ethertype,
            &packet,
        ));
        let mut udp = host.sockets.udp(socket).unwrap();
        let (meta, _) = udp.recv().unwrap();
        let seen = meta.received.unwrap();
        assert_eq!((seen.hop_limit, seen.dscp, seen.ecn), (7, 46, Ecn::Ce));
        assert_eq!((seen.timestamp, seen.interface), (Some(at), None));
        assert_eq!(meta.local_addr, Some(path.dst));
    }
}

/// Hop limit, code point and congestion mark of a frame.
fn header(frame: &[u8]) -> (u8, u8, Ecn) {
    let frame = EthernetFrame::new_checked(frame).unwrap();
    match Ipv4Packet::new_checked(frame.payload()) {
        Ok(packet) => (packet.hop_limit(), packet.dscp(), packet.ecn()),
        Err(_) => {
            let packet = Ipv6Packet::new_checked(frame.payload()).unwrap();
            (packet.hop_limit(), packet.dscp(), packet.ecn())
        }
    }
}

#[test]
fn what_is_said_of_a_datagram_goes_down_with_it() {
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.meet(PEER_V4, PEER);
    let send = |host: &mut Host, meta: UdpMeta| {
        host.sockets.udp(socket).unwrap().send(meta, b"x").unwrap();
        header(&host.sent()[0])
    };
    let to_peer = UdpMeta::to((PEER_V4, 7));
    let group = UdpMeta::to((Ipv4Addr::new(239, 1, 1, 1), 7));
    assert_eq!(send(&mut host, to_peer), (64, 0, Ecn::NotEct));
    // RFC 1112 §6.1: what goes to a group stays on the link if nothing else is said.
    assert_eq!(send(&mut host, group), (1, 0, Ecn::NotEct));
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_hop_limit(9);
    udp.set_multicast_hop_limit(3);
    udp.set_dscp(46);
    assert_eq!(send(&mut host, to_peer), (9, 46, Ecn::NotEct));
    assert_eq!(send(&mut host, group), (3, 46, Ecn::NotEct));
    let special = UdpMeta {
        hop_limit: Some(0),
        dscp: Some(8),
        ecn: Ecn::Ect0,
        ..to_peer
    };
    assert_eq!(send(&mut host, special), (1, 8, Ecn::Ect0));
    // What came with a question does not go with the answer.
    host.silent(V4.hop_limit(200).udp(7, 9, b"?"));
    let (meta, _) = host.sockets.udp(socket).unwrap().recv().unwrap();
    assert_eq!(send(&mut host, meta), (9, 46, Ecn::NotEct));
}

#[test]
fn a_socket_has_to_be_allowed_to_send_to_everybody() {
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    assert_eq!(
        udp.send((Ipv4Addr::BROADCAST, 7), b""),
        Err(SendError::Broadcast)
    );
    udp.send((DIRECTED_BROADCAST, 7), b"").unwrap();
    assert!(host.sent().is_empty());
    let dropped = DropReason::BroadcastForbidden;
    assert_eq!(host.iface.counters().dropped(dropped), 1);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_broadcast(true);
    udp.send((Ipv4Addr::BROADCAST, 7), b"").unwrap();
    udp.send((DIRECTED_BROADCAST, 7), b"").unwrap();
    assert_eq!(host.sent().len(), 2);
}

#[test]
fn smoltcp_859_a_short_buffer_is_an_error_and_the_datagram_stays() {
    // Was: silent truncation.
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.silent(V4.udp(1, 9, b"twelve octets"));
    let mut udp = host.sockets.udp(socket).unwrap();
    let mut short = [0; 12];
    for _ in 0..2 {
        assert_eq!(
            udp.recv_slice(&mut short).unwrap_err(),
            RecvError::TooShort { len: 13 }
        );
    }
    let mut enough = [0; 20];
    let (meta, len) = udp.recv_slice(&mut enough).unwrap();
    assert_eq!(&enough[..len], b"twelve octets");
    assert_eq!(meta.remote, Endpoint::new(PEER_V4, 1));
    assert_eq!(udp.recv_slice(&mut enough).unwrap_err(), RecvError::Empty);
}

#[test]
fn rfc6935_5_datagrams_without_a_checksum_are_taken_where_the_socket_says() {
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    for (policy, v4, v6) in [
        (ZeroChecksum::Ipv4, true, false),
        (ZeroChecksum::Never, false, false),
        (ZeroChecksum::Any, true, true),
    ] {
        let mut udp = host.sockets.udp(socket).unwrap();
        udp.set_zero_checksum(policy, false);
        for (path, taken) in [(V4, v4), (V6, v6)] {
            let mut datagram = path.udp_datagram(1000, 9, b"x");
            datagram[6..8].fill(0);
            let frame = path.ip(IpProtocol::Udp, &datagram);
            if taken {
                host.silent(frame);
            } else {
                host.dropped(frame, DropReason::TransportChecksum);
            }
            assert_eq!(got(&mut host, socket), usize::from(taken), "{policy:?}");
        }
    }
    // To a closed port: over IPv6 it may be anybody's.
    let mut datagram = V6.udp_datagram(1000, 10, b"x");
    datagram[6..8].fill(0);
    host.dropped(
        V6.ip(IpProtocol::Udp, &datagram),
        DropReason::TransportChecksum,
    );
}

#[test]
fn a_socket_may_send_without_checksum_where_it_takes_such() {
    let mut host = host(1);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.meet(PEER_V4, PEER);
    host.answers(V6.udp(1, 2, b"so that it is known"));
    let checksum = |host: &mut Host, to: IpAddr| {
        let mut udp = host.sockets.udp(socket).unwrap();
        udp.send((to, 7), b"x").unwrap();
        let frames = host.sent();
        let (_, _, protocol, payload) = super::frames::ip(&frames[0]);
        assert_eq!(protocol, IpProtocol::Udp);
        u16::from_be_bytes([payload[6], payload[7]])
    };
    let group6: IpAddr = "ff02::1:2".parse().unwrap();
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_zero_checksum(ZeroChecksum::Ipv4, true);
    assert_eq!(checksum(&mut host, PEER_V4.into()), 0);
    assert_ne!(checksum(&mut host, group6), 0);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_zero_checksum(ZeroChecksum::Any, true);
    assert_eq!(checksum(&mut host, group6), 0);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.set_zero_checksum(ZeroChecksum::Any, false);
    assert_ne!(checksum(&mut host, PEER_V4.into()), 0);
}

#[test]
fn a_socket_bound_to_a_group_hears_it_and_sends_from_an_address() {
    let mut host = host(1);
    let group = Ipv4Addr::new(239, 1, 1, 1);
    let socket = host.sockets.udp_bind(Endpoint::new(group, 9)).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .join(group.into())
        .unwrap();
    host.sent();
    host.meet(PEER_V4, PEER);
    host.silent(V4.to(group).udp(1, 9, b"x"));
    assert_eq!(host.answers(V4.udp(1, 9, b"x")).len(), 1, "unreachable");
    assert_eq!(got(&mut host, socket), 1);
    let mut udp = host.sockets.udp(socket).unwrap();
    udp.send((PEER_V4, 7), b"x").unwrap();
    assert_eq!(super::frames::ip(&host.sent()[0]).0, OWN_V4);
}

/// An ICMP error from a router about a packet that the host sent.
fn unreachable(path: super::frames::Path, packet: &[u8]) -> Vec<u8> {
    if path.src.is_ipv4() {
        path.icmpv4(&Icmpv4::DstUnreachable {
            reason: Icmpv4DstUnreachable::PortUnreachable,
            next_hop_mtu: 0,
            invoking: Nested::new(packet),
        })
    } else {
        path.icmpv6(&Icmpv6::DstUnreachable {
            reason: Icmpv6DstUnreachable::PortUnreachable,
            invoking: Nested::new(packet),
        })
    }
}

#[test]
fn rfc1122_4_1_3_3_errors_reach_the_socket_that_sent_the_datagram() {
    // smoltcp #963, #1071: they were invisible.
    let mut host = host(2);
    let socket = host.sockets.udp_bind(9).unwrap();
    let other = host.sockets.udp_bind(10).unwrap();
    host.meet(PEER_V4, PEER);
    for path in [V4, V6] {
        let back = path.from(path.dst).to(path.src);
        let packet = back.packet(IpProtocol::Udp, &back.udp_datagram(9, 7, b"lost"));
        // With the least that has to be quoted: the IP header and eight octets.
        let least = packet.len() - 4;
        for quote in [&packet[..], &packet[..least]] {
            host.silent(unreachable(path, quote));
            let mut udp = host.sockets.udp(socket).unwrap();
            assert_eq!(
                udp.take_error(),
                Some(NetworkError {
                    remote: Endpoint::new(path.src, 7),
                    reporter: path.src,
                    report: IcmpReport::PortUnreachable,
                })
            );
            assert_eq!(udp.take_error(), None);
            assert_eq!(host.sockets.udp(other).unwrap().take_error(), None);
        }
    }
}

#[test]
fn errors_about_others_than_the_peer_are_not_for_a_connected_socket() {
    let mut host = host(2);
    let socket = host.sockets.udp_bind(9).unwrap();
    connect(&mut host, socket, 7);
    let back = V4.from(OWN_V4).to(PEER_V4);
    let to_port = |port| back.packet(IpProtocol::Udp, &back.udp_datagram(9, port, b""));
    host.dropped(unreachable(V4, &to_port(8)), DropReason::IcmpIgnored);
    assert_eq!(host.sockets.udp(socket).unwrap().take_error(), None);
    host.silent(unreachable(V4, &to_port(7)));
    assert!(host.sockets.udp(socket).unwrap().take_error().is_some());
    // What the network reported is not inherited.
    host.silent(unreachable(V4, &to_port(7)));
    host.sockets.udp_release(socket).unwrap();
    let socket = host.sockets.udp_bind(9).unwrap();
    assert_eq!(host.sockets.udp(socket).unwrap().take_error(), None);
}
