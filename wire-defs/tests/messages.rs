//! ICMP and neighbor discovery, their quotes and options, and the printers over whole packets.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

use litz_wire::print::{self, Line, Tree};
use litz_wire::{
    EtherType, EthernetAddress, EthernetRepr, Icmpv4, Icmpv4DstUnreachable, Icmpv4HeaderPacket,
    Icmpv4HeaderPacketMut, Icmpv6, Icmpv6HeaderPacket, Icmpv6HeaderPacketMut, IpPayload,
    IpProtocol, Ipv4PacketMut, Ipv4Repr, Ipv6Repr, Ndisc, NdiscOption, NdiscOptionSet, Nested,
    Options, PseudoV6, TcpQuotePacket, UdpPacket, UdpRepr,
};
use std::net::{Ipv4Addr, Ipv6Addr};

const TARGET: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2);

#[test]
fn echo_and_unknown() {
    let echo = Icmpv4::EchoRequest {
        ident: 0x1234,
        seq_no: 7,
        data: b"abcde",
    };
    let mut buf = [0xff; 16];
    assert_eq!(echo.buffer_len(), 13);
    assert_eq!(echo.emit(&mut buf).unwrap().len(), 3);
    assert_eq!(
        buf[..13],
        [8, 0, 0, 0, 0x12, 0x34, 0, 7, b'a', b'b', b'c', b'd', b'e']
    );
    Icmpv4HeaderPacketMut::new_checked(&mut buf[..13])
        .unwrap()
        .fill_checksum();
    let packet = Icmpv4HeaderPacket::new_checked(&buf[..13]).unwrap();
    assert!(packet.verify_checksum());
    assert_eq!(Icmpv4::parse(&packet), Ok(echo));
    // The code of an echo request is 0: another one has no declaration.
    buf[1] = 3;
    let packet = Icmpv4HeaderPacket::new_checked(&buf[..13]).unwrap();
    let unknown = Icmpv4::parse(&packet).unwrap();
    assert!(matches!(unknown, Icmpv4::Unknown { msg_type: 8, code: 3, body } if body.len() == 9));
    let mut again = [0; 13];
    unknown.emit(&mut again).unwrap();
    assert_eq!(again[4..], buf[4..13]);
    assert!(Icmpv4::parse(&Icmpv4HeaderPacket::new_checked(&[8, 0, 0, 0, 1]).unwrap()).is_err());
}

fn quoted_ipv4(buf: &mut [u8]) -> usize {
    let udp = UdpRepr {
        src_port: 5000,
        dst_port: 6000,
        payload_len: 100,
    };
    let ip = Ipv4Repr {
        hop_limit: 3,
        next_header: IpProtocol::Udp,
        src_addr: Ipv4Addr::new(10, 0, 0, 1),
        dst_addr: Ipv4Addr::new(10, 0, 0, 2),
        payload_len: udp.buffer_len(),
        ..Ipv4Repr::default()
    };
    let rest = ip.emit(buf).unwrap();
    udp.emit(rest).unwrap();
    28
}

#[test]
fn an_error_quotes_a_packet_that_was_cut_short() {
    let mut quote = [0; 28];
    quoted_ipv4(&mut quote);
    let error = Icmpv4::DstUnreachable {
        reason: Icmpv4DstUnreachable::FragRequired,
        next_hop_mtu: 1280,
        invoking: Nested::new(&quote),
    };
    let mut buf = [0; 36];
    error.emit(&mut buf).unwrap();
    assert_eq!(buf[..8], [3, 4, 0, 0, 0, 0, 5, 0]);
    let packet = Icmpv4HeaderPacket::new_checked(&buf).unwrap();
    let Icmpv4::DstUnreachable {
        reason, invoking, ..
    } = Icmpv4::parse(&packet).unwrap()
    else {
        panic!("not unreachable");
    };
    assert_eq!(reason, Icmpv4DstUnreachable::FragRequired);
    let inner = invoking.packet().unwrap();
    assert_eq!(inner.next_header(), IpProtocol::Udp);
    assert_eq!(inner.payload().len(), 8);
    assert_eq!(
        UdpPacket::new_truncated(inner.payload())
            .unwrap()
            .dst_port(),
        6000
    );
    assert_eq!(
        TcpQuotePacket::new_checked(inner.payload())
            .unwrap()
            .src_port(),
        5000
    );
    assert!(IpPayload::select(inner.next_header(), inner.payload()).is_err());
    assert!(
        Nested::<litz_wire::Ipv4>::new(&quote).packet().is_err(),
        "not whole"
    );
}

#[test]
fn neighbor_discovery() {
    let mac = [2, 0, 0, 0, 0, 1];
    let items = [
        NdiscOption::SourceLinkLayer { addr: &mac },
        NdiscOption::Mtu { mtu: 1500 },
    ];
    let solicit = Ndisc::NeighborSolicit {
        target_addr: TARGET,
        options: Options::items(&items),
    };
    let mut buf = [0xee; 60];
    let rest = Icmpv6::Ndisc(solicit).emit(&mut buf).unwrap().len();
    assert_eq!(60 - rest, 24 + 16);
    assert_eq!(buf[..8], [135, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(
        buf[24..40],
        [1, 1, 2, 0, 0, 0, 0, 1, 5, 1, 0, 0, 0, 0, 5, 220]
    );
    let pseudo = PseudoV6 {
        src_addr: Ipv6Addr::LOCALHOST,
        dst_addr: TARGET,
    };
    let mut packet = Icmpv6HeaderPacketMut::new_checked(&mut buf[..40]).unwrap();
    packet.fill_checksum(&pseudo);
    let packet = Icmpv6HeaderPacket::new_checked(&buf[..40]).unwrap();
    assert!(packet.verify_checksum(&pseudo));
    assert_eq!(Icmpv6::parse(&packet), Ok(Icmpv6::Ndisc(solicit)));
    let set = NdiscOptionSet::from_options(&Options::<NdiscOption>::raw(&buf[24..40])).unwrap();
    assert_eq!(
        (set.source_link_layer, set.mtu),
        (Some(&mac[..]), Some(1500))
    );
    // A zero length discards the packet (RFC 4861 §4.6).
    let zero = Options::<NdiscOption>::raw(&[1, 0, 2, 0, 0, 0, 0, 1]);
    assert!(NdiscOptionSet::from_options(&zero).is_err());
    let advert = Ndisc::NeighborAdvert {
        router: false,
        solicited: true,
        override_: true,
        target_addr: TARGET,
        options: Options::EMPTY,
    };
    advert.emit(&mut buf).unwrap();
    assert_eq!(buf[..8], [136, 0, 0, 0, 0x60, 0, 0, 0]);
}

#[test]
fn an_eui64_is_padded_to_eight_octets() {
    let eui = [1, 2, 3, 4, 5, 6, 7, 8];
    let set = NdiscOptionSet {
        target_link_layer: Some(&eui),
        ..NdiscOptionSet::default()
    };
    let mut scratch = [0xff; 16];
    assert_eq!(set.encoded_len(), 16);
    let options = set.encode(&mut scratch).unwrap();
    assert_eq!(
        options.as_bytes().unwrap(),
        [2, 2, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0]
    );
}

fn frame() -> Vec<u8> {
    let mut quote = [0; 28];
    let len = quoted_ipv4(&mut quote);
    let error = Icmpv4::DstUnreachable {
        reason: Icmpv4DstUnreachable::PortUnreachable,
        next_hop_mtu: 0,
        invoking: Nested::new(&quote[..len]),
    };
    let ip = Ipv4Repr {
        hop_limit: 64,
        next_header: IpProtocol::Icmp,
        src_addr: Ipv4Addr::new(10, 0, 0, 2),
        dst_addr: Ipv4Addr::new(10, 0, 0, 1),
        payload_len: error.buffer_len(),
        ..Ipv4Repr::default()
    };
    let eth = EthernetRepr {
        dst_addr: EthernetAddress([2, 0, 0, 0, 0, 1]),
        src_addr: EthernetAddress([2, 0, 0, 0, 0, 2]),
        ethertype: EtherType::Ipv4,
        payload_len: ip.buffer_len(),
    };
    let mut buf = vec![0; eth.buffer_len()];
    let rest = eth.emit(&mut buf).unwrap();
    let rest = ip.emit(rest).unwrap();
    error.emit(rest).unwrap();
    Ipv4PacketMut::new_checked(&mut buf[14..])
        .unwrap()
        .fill_checksum();
    buf
}

#[test]
fn a_line_follows_every_layer() {
    let frame = frame();
    assert_eq!(
        Line::new(print::ETHERNET, &frame).to_string(),
        "Ethernet 02:00:00:00:00:02 > 02:00:00:00:00:01 Ipv4 | \
         Ipv4 10.0.0.2 > 10.0.0.1 Icmp ttl 64 | Icmpv4Header type 3 code 3 | \
         DstUnreachable reason=PortUnreachable next_hop_mtu=0 | \
         Ipv4 10.0.0.1 > 10.0.0.2 Udp ttl 3 | Udp 5000 > 6000 len 108"
    );
    let short = Line::new(print::ETHERNET, &frame[..20]).to_string();
    assert!(short.ends_with("| Ipv4: truncated"), "{short}");
    assert_eq!(Line::new(print::IP, &[]).to_string(), "");
    let ip = Line::new(print::IP, &frame[14..]).to_string();
    assert!(ip.starts_with("Ipv4 10.0.0.2"), "{ip}");
}

#[test]
fn a_tree_shows_every_field() {
    let tree = Tree::new(print::ETHERNET, &frame()).to_string();
    println!("{tree}");
    for line in [
        "Ethernet\n  dst_addr: 02:00:00:00:00:01\n",
        "  Ipv4\n    version: 4\n    ihl: 5\n",
        "      DstUnreachable\n        reason: PortUnreachable\n",
        "          Udp\n            src_port: 5000\n",
    ] {
        assert!(tree.contains(line), "{line}");
    }
}

#[test]
fn packets_in_packets_end_somewhere() {
    let mut inner = vec![0; 28];
    quoted_ipv4(&mut inner);
    for _ in 0..40 {
        let error = Icmpv4::TimeExceeded {
            reason: litz_wire::Icmpv4TimeExceeded::HopLimit,
            invoking: Nested::new(&inner),
        };
        let ip = Ipv4Repr {
            next_header: IpProtocol::Icmp,
            payload_len: error.buffer_len(),
            ..Ipv4Repr::default()
        };
        let mut outer = vec![0; ip.buffer_len()];
        let rest = ip.emit(&mut outer).unwrap();
        error.emit(rest).unwrap();
        inner = outer;
    }
    let line = Line::new(print::IP, &inner).to_string();
    assert!(line.ends_with("| …"), "{line}");
}

#[test]
fn ipv6_is_printed_too() {
    let repr = Ipv6Repr {
        next_header: IpProtocol(200),
        hop_limit: 1,
        ..Ipv6Repr::default()
    };
    let mut buf = [0; 40];
    repr.emit(&mut buf).unwrap();
    assert_eq!(
        Line::new(print::IP, &buf).to_string(),
        "Ipv6 :: > :: 200 hlim 1"
    );
    assert!(
        format!("{:?}", litz_wire::Ipv6Packet::new_checked(&buf).unwrap())
            .starts_with("Ipv6 { version: 6, dscp: 0, ecn: NotEct, flow_label: 0,")
    );
}
