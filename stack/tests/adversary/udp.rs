//! UDP (RFC 768): which socket a datagram reaches, and what is sent as what.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::iface::DropReason;
use litz::socket::{BindError, SendError};
use litz::wire::{EthernetAddress, IpProtocol};
use litz::{Endpoint, SocketCapacity, UdpHandle, UdpMeta};

use super::frames::{
    EVERYBODY, PEER, PEER_V4, PEER_V6, V4, V6, arp_reply, ip, link_local, stations, udp,
};
use super::host::{CAPACITY, DIRECTED_BROADCAST, Host, OWN, OWN_V4, OWN_V6};

fn received(host: &mut Host, socket: UdpHandle) -> Option<(UdpMeta, Vec<u8>)> {
    let mut socket = host.sockets.udp(socket).unwrap();
    socket
        .recv()
        .map(|(meta, payload)| (meta, payload.to_vec()))
}

#[test]
fn a_datagram_reaches_its_socket_with_its_addresses() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    for (path, src, dst) in [
        (V4, IpAddr::V4(PEER_V4), IpAddr::V4(OWN_V4)),
        (V6, IpAddr::V6(PEER_V6), IpAddr::V6(OWN_V6)),
    ] {
        host.silent(path.udp(1000, 9, b"data"));
        let (meta, payload) = received(&mut host, socket).unwrap();
        assert_eq!(meta.remote, Endpoint::new(src, 1000));
        assert_eq!(meta.local_addr, Some(dst));
        assert_eq!(payload, b"data");
    }
}

#[test]
fn checksums_are_demanded_as_the_protocols_say() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut none = V4.udp_datagram(1000, 9, b"none");
    none[6..8].fill(0);
    host.silent(V4.ip(IpProtocol::Udp, &none));
    assert_eq!(received(&mut host, socket).unwrap().1, b"none");
    let mut none = V6.udp_datagram(1000, 9, b"none");
    none[6..8].fill(0);
    host.dropped(V6.ip(IpProtocol::Udp, &none), DropReason::TransportChecksum);
    for path in [V4, V6] {
        let mut wrong = path.udp_datagram(1000, 9, b"wrong");
        wrong[8] ^= 0x10;
        host.dropped(
            path.ip(IpProtocol::Udp, &wrong),
            DropReason::TransportChecksum,
        );
    }
}

#[test]
fn a_computed_checksum_of_zero_is_sent_as_ones() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.meet(PEER_V4, PEER);
    // One of these 65,536 payloads gives the sum zero.
    let zero = (0..=u16::MAX).find(|word| {
        let path = V4.from(OWN_V4).to(PEER_V4);
        path.udp_datagram(5000, 7, &word.to_be_bytes())[6..8] == [0xff, 0xff]
    });
    let payload = zero.unwrap().to_be_bytes();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &payload)
        .unwrap();
    let sent = host.sent();
    assert_eq!(sent[0][14 + 20 + 6..14 + 20 + 8], [0xff, 0xff]);
    assert_eq!(udp(&sent[0]).2, payload);
}

#[test]
fn lengths_that_cannot_be_are_malformed() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(9).unwrap();
    for path in [V4, V6] {
        let sound = path.udp_datagram(1000, 9, b"data");
        for len in 0..8 {
            host.dropped(
                path.ip(IpProtocol::Udp, &sound[..len]),
                DropReason::Malformed,
            );
        }
        for len in [0, 1, 7, 13, 0xffff_u16] {
            let mut wrong = sound.clone();
            wrong[4..6].copy_from_slice(&len.to_be_bytes());
            host.dropped(path.ip(IpProtocol::Udp, &wrong), DropReason::Malformed);
        }
        // What IP carries beyond UDP's own length is not the datagram's.
        let longer = [&sound[..], b"more"].concat();
        host.silent(path.ip(IpProtocol::Udp, &longer));
        assert_eq!(received(&mut host, socket).unwrap().1, b"data");
    }
}

#[test]
fn the_socket_of_an_address_goes_before_that_of_all() {
    let mut host = Host::with(SocketCapacity { udp: 3, ..CAPACITY });
    let own = host.sockets.udp_bind(Endpoint::new(OWN_V4, 9)).unwrap();
    let other = host.sockets.udp_bind(Endpoint::new(OWN_V6, 9)).unwrap();
    assert_eq!(
        host.sockets.udp_bind(Endpoint::new(OWN_V4, 9)),
        Err(BindError::InUse)
    );
    assert_eq!(host.sockets.udp_bind(9), Err(BindError::InUse));
    host.silent(V4.udp(1, 9, b"4"));
    host.silent(V6.udp(1, 9, b"6"));
    assert_eq!(
        host.answers(V6.to(link_local(OWN)).udp(1, 9, b"?")).len(),
        1,
        "unreachable"
    );
    assert_eq!(received(&mut host, own).unwrap().1, b"4");
    assert_eq!(received(&mut host, other).unwrap().1, b"6");
    assert_eq!(received(&mut host, own), None);
    assert_eq!(received(&mut host, other), None);
}

#[test]
fn broadcasts_and_groups_reach_every_socket_of_the_port() {
    let mut host = Host::new();
    let any = host.sockets.udp_bind(9).unwrap();
    let elsewhere = host.sockets.udp_bind(10).unwrap();
    let all_nodes: Ipv6Addr = "ff02::1".parse().unwrap();
    for path in [
        V4.to(Ipv4Addr::BROADCAST).to_station(EVERYBODY),
        V4.to(DIRECTED_BROADCAST).to_station(EVERYBODY),
        V4.to(Ipv4Addr::new(224, 0, 0, 1))
            .to_station(EthernetAddress([1, 0, 0x5e, 0, 0, 1])),
        V6.to(all_nodes)
            .to_station(EthernetAddress([0x33, 0x33, 0, 0, 0, 1])),
    ] {
        host.silent(path.udp(1000, 9, b"all"));
        let (meta, payload) = received(&mut host, any).unwrap();
        assert_eq!(
            (meta.local_addr, &payload[..]),
            (Some(path.dst), &b"all"[..])
        );
        assert_eq!(received(&mut host, elsewhere), None);
        // An answer to what came for everybody comes from an address of our own.
        host.meet(PEER_V4, PEER);
        if path.src.is_ipv4() {
            host.sockets.udp(any).unwrap().send(meta, b"me").unwrap();
            let sent = host.sent();
            assert_eq!(ip(&sent[0]).0, OWN_V4);
        }
    }
}

#[test]
fn groups_and_broadcasts_are_sent_to_their_stations_without_asking() {
    // smoltcp #533, #534: a broadcast destination was an assertion.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets.udp(socket).unwrap().set_broadcast(true);
    let v6: Ipv6Addr = "ff02::1:2".parse().unwrap();
    for (to, station) in [
        (IpAddr::V4(Ipv4Addr::BROADCAST), EVERYBODY),
        (DIRECTED_BROADCAST.into(), EVERYBODY),
        (
            Ipv4Addr::new(224, 0, 0, 251).into(),
            EthernetAddress([1, 0, 0x5e, 0, 0, 251]),
        ),
        (
            Ipv4Addr::new(239, 255, 1, 2).into(),
            EthernetAddress([1, 0, 0x5e, 0x7f, 1, 2]),
        ),
        (v6.into(), EthernetAddress([0x33, 0x33, 0, 1, 0, 2])),
    ] {
        host.sockets
            .udp(socket)
            .unwrap()
            .send((to, 7), b"all")
            .unwrap();
        let sent = host.sent();
        assert_eq!(sent.len(), 1, "{to}");
        assert_eq!(stations(&sent[0]), (OWN, station));
        assert_eq!(ip(&sent[0]).1, to);
    }
}

#[test]
fn the_source_suits_the_destination() {
    // RFC 6724 §5.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let group: Ipv6Addr = "ff02::1:2".parse().unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((group, 7), b"")
        .unwrap();
    assert_eq!(ip(&host.sent()[0]).0, IpAddr::V6(link_local(OWN)));
    let chosen = UdpMeta {
        local_addr: Some(OWN_V6.into()),
        ..UdpMeta::to((group, 7))
    };
    host.sockets.udp(socket).unwrap().send(chosen, b"").unwrap();
    assert_eq!(ip(&host.sent()[0]).0, IpAddr::V6(OWN_V6));
}

#[test]
fn a_socket_bound_to_an_address_sends_from_no_other() {
    let mut host = Host::new();
    let socket = host
        .sockets
        .udp_bind(Endpoint::new(Ipv4Addr::new(192, 0, 2, 9), 5000))
        .unwrap();
    host.meet(PEER_V4, PEER);
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"")
        .unwrap();
    assert!(host.sent().is_empty());
    assert_eq!(
        host.iface.counters().dropped(DropReason::NoSourceAddress),
        1
    );
    // Nor across the versions of IP.
    let socket = host.sockets.udp_bind(Endpoint::new(OWN_V6, 5001)).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), b"")
        .unwrap();
    assert!(host.sent().is_empty());
    assert_eq!(
        host.iface.counters().dropped(DropReason::NoSourceAddress),
        2
    );
}

#[test]
fn destinations_that_cannot_be_are_refused() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(0).unwrap();
    let mut socket = host.sockets.udp(socket).unwrap();
    assert!(socket.local().port >= 49152);
    for to in [
        Endpoint::new(PEER_V4, 0),
        Endpoint::new(Ipv4Addr::UNSPECIFIED, 7),
        Endpoint::new(Ipv6Addr::UNSPECIFIED, 7),
    ] {
        assert_eq!(socket.send(to, b""), Err(SendError::BadRemote));
    }
}

#[test]
fn a_datagram_longer_than_the_link_is_dropped_where_there_is_no_memory_for_fragments() {
    let mut host = Host::whole_packets_only();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 1473])
        .unwrap();
    host.sent();
    assert_eq!(host.iface.counters().dropped(DropReason::TooLong), 1);
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 1472])
        .unwrap();
    host.sent();
    let sent = host.answer(arp_reply(PEER_V4, PEER));
    assert_eq!(sent.len(), 14 + 1500);
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V4, 7), &[1; 1473])
        .unwrap();
    assert!(host.sent().is_empty());
    assert_eq!(host.iface.counters().dropped(DropReason::TooLong), 2);
}

#[test]
fn handles_of_released_sockets_are_refused() {
    let mut host = Host::new();
    let old = host.sockets.udp_bind(9).unwrap();
    host.silent(V4.udp(1, 9, b"for the old one"));
    host.sockets
        .udp(old)
        .unwrap()
        .send((PEER_V4, 7), b"of the old one")
        .unwrap();
    host.sockets.udp_release(old).unwrap();
    assert!(host.sockets.udp(old).is_err());
    assert!(host.sockets.udp_release(old).is_err());
    let new = host.sockets.udp_bind(9).unwrap();
    assert_ne!(old, new);
    assert!(host.sockets.udp(old).is_err());
    assert_eq!(received(&mut host, new), None, "nothing is inherited");
    assert!(host.sent().is_empty());
}

#[test]
fn ports_that_any_socket_may_have_are_told_apart() {
    let mut host = Host::with(SocketCapacity {
        udp: 300,
        ..CAPACITY
    });
    let mut ports: Vec<u16> = (0..300)
        .map(|_| {
            let socket = host.sockets.udp_bind(0).unwrap();
            host.sockets.udp(socket).unwrap().local().port
        })
        .collect();
    assert_eq!(host.sockets.udp_bind(0), Err(BindError::NoFreeSlot));
    // RFC 6056: the next port is not to be read off the last.
    let steps = ports
        .windows(2)
        .filter(|pair| pair[1] == pair[0].wrapping_add(1))
        .count();
    assert!(steps < 30, "{steps} of 299 follow each other");
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 300);
    assert!(ports[0] >= 49152);
}
