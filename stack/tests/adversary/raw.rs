//! Raw sockets and frame sockets: octets as they came and as they go, beside the rest of the stack.

use litz::iface::DropReason;
use litz::phy::RxMeta;
use litz::socket::{RawFilter, RecvError, SendError};
use litz::time::Instant;
use litz::wire::{EtherType, EthernetAddress, IpProtocol, Ipv4Repr, rt::Options};
use litz::{FrameHandle, RawHandle, SocketCapacity};

use super::frames::{PEER, PEER_V4, PEER_V6, V4, V6, arp_request, ethernet, ipv4};
use super::host::{CAPACITY, Host, MTU, OWN, OWN_V4, OWN_V6};

const ALL: RawFilter = RawFilter {
    version: None,
    protocol: None,
};

const fn of(version: u8, protocol: IpProtocol) -> RawFilter {
    RawFilter {
        version: Some(version),
        protocol: Some(protocol),
    }
}

fn got(host: &mut Host, socket: RawHandle) -> Vec<Vec<u8>> {
    let mut raw = host.sockets.raw(socket).unwrap();
    std::iter::from_fn(|| raw.recv().map(|(_, packet)| packet.to_vec())).collect()
}

fn frames(host: &mut Host, socket: FrameHandle) -> Vec<Vec<u8>> {
    let mut socket = host.sockets.frame(socket).unwrap();
    std::iter::from_fn(|| socket.recv().map(|(_, frame)| frame.to_vec())).collect()
}

/// A packet with everything that a stack could be tempted to touch: options, marks, odd padding.
fn peculiar(protocol: IpProtocol) -> Vec<u8> {
    let repr = Ipv4Repr {
        dscp: 33,
        ecn: litz::wire::Ecn::Ce,
        ident: 0xbeef,
        dont_frag: true,
        more_frags: false,
        frag_offset: 0,
        hop_limit: 3,
        next_header: protocol,
        src_addr: PEER_V4,
        dst_addr: OWN_V4,
        options: Options::raw(&[1, 1, 7, 7, 4, 0, 0, 0, 0, 0, 0, 0]),
        payload_len: 5,
    };
    ipv4(&repr, b"\x01\x02\x03\x04\x05")
}

#[test]
fn packets_come_as_they_were() {
    let mut host = Host::new();
    let protocol = IpProtocol(253);
    let socket = host.sockets.raw_open(of(4, protocol)).unwrap();
    let all = host.sockets.raw_open(ALL).unwrap();
    let packet = peculiar(protocol);
    let mut frame = ethernet(PEER, OWN, EtherType::Ipv4, &packet);
    // Padding of the link is none of the packet's.
    frame.resize(60, 0xee);
    host.silent(frame);
    assert_eq!(got(&mut host, socket), [packet.clone()]);
    assert_eq!(got(&mut host, all), [packet]);
    // Behind extension headers the protocol is that of the payload.
    let v6 = host.sockets.raw_open(of(6, protocol)).unwrap();
    let padding = [&[253, 0, 1, 4, 0, 0, 0, 0][..], b"payload"].concat();
    let packet = V6.packet(IpProtocol::Ipv6Opts, &padding);
    host.silent(ethernet(PEER, OWN, EtherType::Ipv6, &packet));
    assert_eq!(got(&mut host, v6), [packet]);
    assert_eq!(got(&mut host, socket), Vec::<Vec<u8>>::new());
}

#[test]
fn the_stack_handles_what_raw_sockets_got_a_copy_of() {
    let mut host = Host::with(SocketCapacity { raw: 3, ..CAPACITY });
    let udp = host.sockets.udp_bind(9).unwrap();
    let raw = host.sockets.raw_open(of(4, IpProtocol::Udp)).unwrap();
    let both = RawFilter {
        version: None,
        protocol: Some(IpProtocol::Udp),
    };
    let both = host.sockets.raw_open(both).unwrap();
    let v6 = RawFilter {
        version: Some(6),
        protocol: None,
    };
    let v6 = host.sockets.raw_open(v6).unwrap();
    host.silent(V4.udp(1, 9, b"x"));
    host.silent(V6.udp(1, 9, b"x"));
    assert!(host.sockets.udp(udp).unwrap().recv().is_some());
    assert!(host.sockets.udp(udp).unwrap().recv().is_some());
    let counts = [raw, both, v6].map(|socket| got(&mut host, socket).len());
    assert_eq!(counts, [1, 2, 1]);
    // A closed port is reported all the same.
    assert_eq!(host.answers(V4.udp(1, 10, b"x")).len(), 1);
    assert_eq!(got(&mut host, raw).len(), 1);
}

#[test]
fn a_protocol_is_unreachable_only_if_nobody_takes_it() {
    let mut host = Host::new();
    let protocol = IpProtocol(253);
    for path in [V4, V6] {
        assert_eq!(host.answers(path.ip(protocol, b"x")).len(), 1);
        let socket = host.sockets.raw_open(ALL).unwrap();
        host.silent(path.ip(protocol, b"x"));
        // A full queue does not make the protocol unreachable.
        for _ in 0..8 {
            host.silent(path.ip(protocol, b"x"));
        }
        assert!(host.sockets.raw(socket).unwrap().rx_dropped() > 0);
        host.sockets.raw_release(socket).unwrap();
        assert_eq!(host.answers(path.ip(protocol, b"x")).len(), 1);
    }
}

#[test]
fn packets_go_as_they_are() {
    let mut host = Host::new();
    let socket = host.sockets.raw_open(ALL).unwrap();
    host.meet(PEER_V4, PEER);
    // Not even what is wrong is mended: the source is another's, the checksum is none.
    let mut packet = V4
        .from(PEER_V4)
        .to(PEER_V4)
        .packet(IpProtocol::Tcp, b"no TCP at all");
    packet[10..12].copy_from_slice(&[0x12, 0x34]);
    host.sockets.raw(socket).unwrap().send(&packet).unwrap();
    assert_eq!(host.sent(), [ethernet(OWN, PEER, EtherType::Ipv4, &packet)]);
    // To a neighbor that is not known, it waits as it is.
    let packet = V6
        .from(OWN_V6)
        .to(PEER_V6)
        .packet(IpProtocol(253), b"later");
    host.sockets.raw(socket).unwrap().send(&packet).unwrap();
    assert_eq!(host.sent().len(), 1, "a solicitation");
    let advert = litz::wire::Icmpv6::Ndisc(litz::wire::Ndisc::NeighborAdvert {
        router: false,
        solicited: true,
        override_: true,
        target_addr: PEER_V6,
        options: Options::items(&[litz::wire::NdiscOption::TargetLinkLayer { addr: &PEER.0 }]),
    });
    let sent = host.answer(V6.hop_limit(255).icmpv6(&advert));
    assert_eq!(sent, ethernet(OWN, PEER, EtherType::Ipv6, &packet));
    // To a group it goes at once.
    let group = std::net::Ipv4Addr::new(224, 0, 0, 251);
    let packet = V4.from(OWN_V4).to(group).packet(IpProtocol::Udp, b"mdns");
    host.sockets.raw(socket).unwrap().send(&packet).unwrap();
    let station = EthernetAddress([1, 0, 0x5e, 0, 0, 251]);
    assert_eq!(
        host.sent(),
        [ethernet(OWN, station, EtherType::Ipv4, &packet)]
    );
}

#[test]
fn what_is_no_packet_is_refused() {
    let mut host = Host::new();
    let socket = host.sockets.raw_open(ALL).unwrap();
    let mut raw = host.sockets.raw(socket).unwrap();
    let packet = V4.packet(IpProtocol::Udp, b"payload");
    for wrong in [
        &[][..],
        &[0x45],
        &[0x95; 40],
        &packet[..packet.len() - 1],
        &[&packet[..], b"more"].concat(),
        &[0x60; 39],
    ] {
        assert_eq!(raw.send(wrong), Err(SendError::Malformed), "{wrong:02x?}");
    }
    let nowhere = V4.to(std::net::Ipv4Addr::UNSPECIFIED);
    let nowhere = nowhere.packet(IpProtocol::Udp, b"");
    assert_eq!(raw.send(&nowhere), Err(SendError::BadRemote));
    let long = V4.packet(IpProtocol::Udp, &[0; 4000]);
    assert_eq!(raw.send(&long), Err(SendError::TooLong));
}

#[test]
fn smoltcp_1077_a_packet_longer_than_the_link_is_dropped() {
    // Was: a panic when the buffer was larger than the packet.
    let mut host = Host::with(SocketCapacity {
        datagram_octets: 8000,
        ..CAPACITY
    });
    let socket = host.sockets.raw_open(ALL).unwrap();
    host.meet(PEER_V4, PEER);
    for len in [MTU - 20, MTU - 19, 4000] {
        let packet = V4
            .from(OWN_V4)
            .to(PEER_V4)
            .packet(IpProtocol::Udp, &vec![1; len]);
        host.sockets.raw(socket).unwrap().send(&packet).unwrap();
        let sent = host.sent();
        assert_eq!(sent.len(), usize::from(len == MTU - 20));
    }
    assert_eq!(host.iface.counters().dropped(DropReason::TooLong), 2);
}

#[test]
fn a_short_buffer_is_an_error_and_the_packet_stays() {
    let mut host = Host::new();
    let socket = host.sockets.raw_open(ALL).unwrap();
    let udp = host.sockets.udp_bind(9).unwrap();
    host.silent(V4.udp(1, 9, b""));
    host.sockets.udp_release(udp).unwrap();
    let mut raw = host.sockets.raw(socket).unwrap();
    let mut buffer = [0; 28];
    assert_eq!(
        raw.recv_slice(&mut buffer[..27]).unwrap_err(),
        RecvError::TooShort { len: 28 }
    );
    let (meta, len) = raw.recv_slice(&mut buffer).unwrap();
    assert_eq!((meta.dst, len), (OWN_V4.into(), 28));
    assert_eq!(raw.recv_slice(&mut buffer).unwrap_err(), RecvError::Empty);
}

#[test]
fn frame_sockets_see_what_the_stack_drops_as_well() {
    let mut host = Host::new();
    let all = host.sockets.frame_open(None).unwrap();
    let arp = host.sockets.frame_open(Some(EtherType::Arp)).unwrap();
    let own = host.sockets.frame_open(Some(EtherType(0x88b5))).unwrap();
    let at = Instant::from_secs(5);
    host.wire.meta = RxMeta {
        timestamp: Some(at),
        vlan: Some(7),
        ..RxMeta::default()
    };
    let elsewhere = EthernetAddress([2, 0, 0, 0, 0, 99]);
    let given = [
        arp_request(PEER_V4, PEER, OWN_V4),
        V4.to_station(elsewhere).udp(1, 2, b"for another station"),
        ethernet(PEER, OWN, EtherType(0x88b5), b"of an EtherType of our own"),
        // A length in the place of an EtherType, and no frame at all.
        ethernet(PEER, OWN, EtherType(3), b"llc"),
        vec![1, 2, 3],
    ];
    for frame in given.clone() {
        host.answers(frame);
    }
    let mut socket = host.sockets.frame(all).unwrap();
    let (meta, _) = socket.recv().unwrap();
    assert_eq!((meta.timestamp, meta.vlan), (Some(at), Some(7)));
    assert_eq!(frames(&mut host, all), given[1..4]);
    assert_eq!(host.sockets.frame(all).unwrap().rx_dropped(), 1);
    assert_eq!(frames(&mut host, arp), given[..1]);
    assert_eq!(frames(&mut host, own), given[2..3]);
}

#[test]
fn frames_go_as_they_are() {
    let mut host = Host::new();
    let socket = host.sockets.frame_open(None).unwrap();
    let frame = ethernet(PEER, PEER, EtherType(0x88b5), b"from and to anybody");
    let mut frames = host.sockets.frame(socket).unwrap();
    frames.send(&frame).unwrap();
    frames.send(&[1; 13]).unwrap();
    frames.send(&vec![1; 14 + MTU]).unwrap();
    assert_eq!(frames.send(&[1; 4000]), Err(SendError::TooLong));
    let sent = host.sent();
    assert_eq!(sent, [frame, vec![1; 14 + MTU]]);
    assert_eq!(host.iface.counters().dropped(DropReason::Malformed), 1);
}

#[test]
fn handles_of_released_sockets_are_refused() {
    let mut host = Host::new();
    let raw = host.sockets.raw_open(ALL).unwrap();
    let frame = host.sockets.frame_open(None).unwrap();
    let packet = V4.from(OWN_V4).to(PEER_V4);
    let packet = packet.packet(IpProtocol::Udp, b"");
    host.sockets.raw(raw).unwrap().send(&packet).unwrap();
    host.sockets.frame(frame).unwrap().send(&packet).unwrap();
    host.sockets.raw_release(raw).unwrap();
    host.sockets.frame_release(frame).unwrap();
    assert!(host.sockets.raw(raw).is_err() && host.sockets.raw_release(raw).is_err());
    assert!(host.sockets.frame(frame).is_err() && host.sockets.frame_release(frame).is_err());
    let raw = host.sockets.raw_open(ALL).unwrap();
    assert_eq!(got(&mut host, raw), Vec::<Vec<u8>>::new());
    assert!(host.sent().is_empty());
}

#[test]
fn every_socket_has_its_turn_to_send() {
    let mut host = Host::with(SocketCapacity {
        datagrams: 64,
        ..CAPACITY
    });
    host.meet(PEER_V4, PEER);
    let raw = host.sockets.raw_open(ALL).unwrap();
    let frame = host.sockets.frame_open(None).unwrap();
    let udp = host.sockets.udp_bind(9).unwrap();
    let packet = V4.from(OWN_V4).to(PEER_V4).packet(IpProtocol(253), b"");
    for _ in 0..8 {
        let mut udp = host.sockets.udp(udp).unwrap();
        udp.send((PEER_V4, 7), b"").unwrap();
        host.sockets.raw(raw).unwrap().send(&packet).unwrap();
        let other = ethernet(PEER, PEER, EtherType(0x88b5), b"");
        host.sockets.frame(frame).unwrap().send(&other).unwrap();
    }
    let sent = host.sent();
    assert_eq!(sent.len(), 24);
    // Within the first half all three have sent.
    let kind = |frame: &Vec<u8>| match (frame[12], frame.get(23)) {
        (0x88, _) => 0,
        (_, Some(&17)) => 1,
        _ => 2,
    };
    for wanted in 0..3 {
        assert!(sent[..12].iter().any(|frame| kind(frame) == wanted));
    }
}
