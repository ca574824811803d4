//! Headers without options against octets written by hand from the RFCs.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics fails"
)]

use litz_wire::{
    Arp, ArpEthIpv4Packet, ArpEthIpv4Repr, ArpOperation, ArpPacket, ArpRepr, Ecn, ErrorKind,
    EtherType, EthernetAddress, EthernetFrame, EthernetRepr, Header, IpProtocol, Ipv6, Ipv6Packet,
    Ipv6PacketMut, Ipv6Repr, PseudoV4, PseudoV6, Udp, UdpPacket, UdpPacketMut, UdpRepr,
};
use std::net::{Ipv4Addr, Ipv6Addr};

const MAC_A: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 1]);
const MAC_B: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 2]);

#[test]
fn ethernet_and_arp() {
    let arp = ArpEthIpv4Repr {
        oper: ArpOperation::Request,
        sha: MAC_A,
        spa: Ipv4Addr::new(192, 0, 2, 1),
        tha: EthernetAddress([0; 6]),
        tpa: Ipv4Addr::new(192, 0, 2, 2),
    };
    let eth = EthernetRepr {
        dst_addr: EthernetAddress::BROADCAST,
        src_addr: MAC_A,
        ethertype: EtherType::Arp,
        payload_len: arp.buffer_len(),
    };
    let mut buf = [0xa5; 44];
    let rest = eth.emit(&mut buf).unwrap();
    assert_eq!(arp.emit(rest).unwrap(), [0xa5, 0xa5]);
    let expected = [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0,
        0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
    ];
    assert_eq!(buf[..42], expected);
    let frame = EthernetFrame::new_checked(&buf).unwrap();
    assert_eq!(frame.ethertype(), EtherType::Arp);
    assert_eq!(frame.payload().len(), 30);
    let packet = ArpEthIpv4Packet::new_checked(frame.payload()).unwrap();
    assert_eq!(packet.bytes().len(), 28);
    assert_eq!(packet.hlen(), 6);
    assert_eq!(ArpEthIpv4Repr::parse(&packet), Ok(arp));
    let general = ArpPacket::new_checked(frame.payload()).unwrap();
    assert_eq!(general.sha(), MAC_A.0);
    assert_eq!(general.tpa(), [192, 0, 2, 2]);
    assert_eq!(general.bytes().len(), 28);
    let general = ArpRepr::parse(&general).unwrap();
    let mut again = [0; 28];
    general.emit(&mut again).unwrap();
    assert_eq!(again, expected[14..]);
    let uneven = ArpRepr {
        tha: &[1, 2],
        ..general
    };
    let error = uneven.emit(&mut [0; 64]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::OutOfRange, "hlen")
    );
    assert_eq!((Arp::MIN_LEN, Arp::FIELDS.len()), (8, 9));
}

#[test]
fn a_wrong_constant_is_malformed_and_a_short_buffer_truncated() {
    let mut bytes = [0; 28];
    bytes[..8].copy_from_slice(&[0, 1, 8, 0, 6, 4, 0, 1]);
    assert!(ArpEthIpv4Packet::new_checked(&bytes).is_ok());
    let error = ArpEthIpv4Packet::new_checked(&bytes[..27]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Truncated);
    bytes[4] = 7;
    let error = ArpEthIpv4Packet::new_checked(&bytes).unwrap_err();
    assert_eq!(
        (error.kind, error.at.header, error.at.field),
        (ErrorKind::Malformed, "ArpEthIpv4", "hlen")
    );
    assert_eq!(error.to_string(), "ArpEthIpv4.hlen: malformed");
}

#[test]
fn ipv6_fields_cross_octets() {
    let repr = Ipv6Repr {
        dscp: 0b10_1110,
        ecn: Ecn::Ce,
        flow_label: 0xabcde,
        next_header: IpProtocol::Udp,
        hop_limit: 64,
        src_addr: Ipv6Addr::LOCALHOST,
        dst_addr: Ipv6Addr::UNSPECIFIED,
        payload_len: 3,
    };
    let mut buf = [0xff; 50];
    repr.emit(&mut buf).unwrap();
    assert_eq!(buf[..8], [0x6b, 0xba, 0xbc, 0xde, 0, 3, 17, 64]);
    let packet = Ipv6Packet::new_checked(&buf).unwrap();
    assert_eq!(packet.payload(), [0xff; 3]);
    assert_eq!(packet.bytes().len(), 43);
    assert_eq!(Ipv6Repr::parse(&packet), Ok(repr));
    assert_eq!(
        Ipv6Packet::new_checked(&buf[..42]).unwrap_err().kind,
        ErrorKind::Truncated
    );
    let cut = Ipv6Packet::new_truncated(&buf[..42]).unwrap();
    assert_eq!(cut.payload().len(), 2);
    let bad = Ipv6Repr {
        flow_label: 1 << 20,
        ..repr
    };
    assert_eq!(bad.emit(&mut buf).unwrap_err().at.field, "flow_label");
    let mut packet = Ipv6PacketMut::new_checked(&mut buf).unwrap();
    packet.set_ecn(Ecn::Ect0).unwrap();
    packet.set_hop_limit(3);
    assert!(packet.set_dscp(64).is_err());
    let packet = Ipv6Packet::new_checked(&buf).unwrap();
    assert_eq!(
        Ipv6Repr::parse(&packet),
        Ok(Ipv6Repr {
            ecn: Ecn::Ect0,
            hop_limit: 3,
            ..repr
        })
    );
    assert_eq!(Ipv6::MAX_LEN, 40);
}

#[test]
fn udp_checksums() {
    let pseudo = PseudoV4 {
        src_addr: Ipv4Addr::new(10, 0, 0, 1),
        dst_addr: Ipv4Addr::new(10, 0, 0, 2),
    };
    let mut buf = [0; 13];
    let repr = UdpRepr {
        src_port: 1000,
        dst_port: 2000,
        payload_len: 5,
    };
    repr.emit(&mut buf).unwrap().copy_from_slice(b"hello");
    let packet = UdpPacket::new_checked(&buf).unwrap();
    assert!(packet.verify_checksum(&pseudo), "none was computed");
    let mut packet = UdpPacketMut::new_checked(&mut buf).unwrap();
    packet.fill_checksum(&pseudo);
    assert_ne!(packet.checksum(), 0);
    packet.set_dst_port(53);
    packet.set_src_port(0xffff);
    let packet = UdpPacket::new_checked(&buf).unwrap();
    assert!(packet.verify_checksum(&pseudo));
    let other = PseudoV6 {
        src_addr: Ipv6Addr::LOCALHOST,
        dst_addr: Ipv6Addr::LOCALHOST,
    };
    assert!(!packet.verify_checksum(&other));
    buf[12] ^= 1;
    assert!(
        !UdpPacket::new_checked(&buf)
            .unwrap()
            .verify_checksum(&pseudo)
    );
    Udp::store_checksum(&mut buf, 0);
    assert_eq!(UdpPacket::new_checked(&buf).unwrap().checksum(), 0xffff);
    assert_eq!(Udp::CHECKSUM_OFFSET, 6);
    let long = UdpRepr {
        payload_len: 65_528,
        ..repr
    };
    assert_eq!(long.emit(&mut buf).unwrap_err().at.field, "length");
    buf[5] = 7;
    assert_eq!(
        UdpPacket::new_checked(&buf).unwrap_err().kind,
        ErrorKind::Malformed
    );
}

#[test]
fn codes_are_open() {
    assert_eq!(EtherType(0x1234).to_string(), "4660");
    assert_eq!(EtherType::Ipv6.to_string(), "Ipv6");
    assert_eq!(
        format!("{:?} {:?}", EtherType::Arp, EtherType(1)),
        "Arp EtherType(1)"
    );
    assert!(matches!(EtherType::from(0x0800), EtherType::Ipv4));
    assert_ne!(MAC_A, MAC_B);
}
