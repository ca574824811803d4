//! 6LoWPAN: every form of every compressed field (RFC 6282), fragments and mesh (RFC 4944).

use crate::kit;
use litz_wire::rt::{Follow, Form};
use litz_wire::*;
use std::net::Ipv6Addr;

const A: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6);
const FULL: &str = "20010db8 00010002 00030004 00050006";
const IID: [u8; 8] = [2, 0, 0, 0xff, 0xfe, 0, 0, 1];

/// Three bits of the base header, and what they choose.
const SOURCES: [(u8, &str, SrcForm); 8] = [
    (0b000, FULL, SrcForm::Full(A)),
    (0b001, "020000fffe000001", SrcForm::LinkLocal64(IID)),
    (0b010, "abcd", SrcForm::LinkLocal16([0xab, 0xcd])),
    (0b011, "", SrcForm::LinkLocalElided),
    (0b100, "", SrcForm::Unspecified),
    (0b101, "020000fffe000001", SrcForm::Context64(IID)),
    (0b110, "abcd", SrcForm::Context16([0xab, 0xcd])),
    (0b111, "", SrcForm::ContextElided),
];

/// Four bits of the base header, and what they choose.
const DESTINATIONS: [(u8, &str, DstForm); 12] = [
    (0b0000, FULL, DstForm::Full(A)),
    (0b0001, "020000fffe000001", DstForm::LinkLocal64(IID)),
    (0b0010, "abcd", DstForm::LinkLocal16([0xab, 0xcd])),
    (0b0011, "", DstForm::LinkLocalElided),
    (0b0101, "020000fffe000001", DstForm::Context64(IID)),
    (0b0110, "abcd", DstForm::Context16([0xab, 0xcd])),
    (0b0111, "", DstForm::ContextElided),
    (0b1000, FULL, DstForm::MulticastFull(A)),
    (
        0b1001,
        "050102030405",
        DstForm::Multicast48([5, 1, 2, 3, 4, 5]),
    ),
    (0b1010, "02000001", DstForm::Multicast32([2, 0, 0, 1])),
    (0b1011, "1a", DstForm::Multicast8(0x1a)),
    (
        0b1100,
        "3e4001020304",
        DstForm::MulticastContext48([0x3e, 0x40, 1, 2, 3, 4]),
    ),
];

const TRAFFIC: [(u8, &str, TrafficFlow); 4] = [
    (
        0b00,
        "6e 0a bc de",
        TrafficFlow::Full {
            ecn: Ecn::Ect1,
            dscp: 46,
            flow_label: 0xabcde,
        },
    ),
    (
        0b01,
        "ca bc de",
        TrafficFlow::NoDscp {
            ecn: Ecn::Ce,
            flow_label: 0xabcde,
        },
    ),
    (
        0b10,
        "ae",
        TrafficFlow::NoFlow {
            ecn: Ecn::Ect0,
            dscp: 46,
        },
    ),
    (0b11, "", TrafficFlow::Elided),
];

const HOP_LIMITS: [(u8, &str, HopLimitForm, u8); 4] = [
    (0b00, "21", HopLimitForm::Inline(33), 33),
    (0b01, "", HopLimitForm::One, 1),
    (0b10, "", HopLimitForm::SixtyFour, 64),
    (0b11, "", HopLimitForm::TwoFiftyFive, 255),
];

/// The octets of a header, made without the declarations.
fn iphc(base: u16, parts: &[&str]) -> Vec<u8> {
    let mut bytes = (0x6000 | base).to_be_bytes().to_vec();
    bytes.extend(kit::octets(&parts.concat()));
    bytes
}

#[test]
fn every_combination_of_addresses_traffic_and_hop_limits() {
    let mut count = 0;
    for (tf, traffic_octets, traffic) in TRAFFIC {
        for (hlim, hop_octets, hop_limit, _) in HOP_LIMITS {
            for (sam, src_octets, src) in SOURCES {
                for (dam, dst_octets, dst) in DESTINATIONS {
                    for (nh, next, next_header) in
                        [(0, "3a", Some(IpProtocol::Icmpv6)), (1, "", None)]
                    {
                        let base = u16::from(tf) << 11
                            | nh << 10
                            | u16::from(hlim) << 8
                            | u16::from(sam) << 4
                            | u16::from(dam);
                        let parts = [traffic_octets, next, hop_octets, src_octets, dst_octets];
                        let bytes = iphc(base, &parts);
                        let repr = kit::composed::<Iphc>(&bytes, bytes.len());
                        let expected = IphcRepr {
                            contexts: None,
                            traffic,
                            next_header,
                            hop_limit,
                            src,
                            dst,
                            payload_len: 0,
                        };
                        assert_eq!(repr, expected);
                        count += 1;
                    }
                }
            }
        }
    }
    assert_eq!(count, 4 * 4 * 8 * 12 * 2);
}

#[test]
fn context_identifiers_come_before_all_fields_in_line() {
    // TF 11, NH 1, HLIM 10, CID, SAC with 16 bits, DAC with 64.
    let bytes = iphc(0x1ee5, &["b3", "abcd", "020000fffe000001"]);
    let repr = kit::composed::<Iphc>(&bytes, bytes.len());
    assert_eq!(repr.contexts, Some(ContextIdsRepr { src: 11, dst: 3 }));
    assert_eq!(repr.src, SrcForm::Context16([0xab, 0xcd]));
    assert_eq!(repr.dst, DstForm::Context64(IID));
    assert_eq!(repr.next_header, None);
}

#[test]
fn reserved_modes_of_destinations_are_refused_by_name() {
    for dam in [0b0100, 0b1101, 0b1110, 0b1111] {
        assert_eq!(DstForm::size(dam), None);
        let bytes = iphc(0x1800 | u16::from(dam), &["3a", FULL, FULL, FULL]);
        let error = IphcPacket::new_checked(&bytes).unwrap_err();
        assert_eq!(
            (error.kind, error.at.header),
            (ErrorKind::Malformed, "Iphc")
        );
        assert!(!error.at.field.is_empty());
    }
}

#[test]
fn hop_limits_take_their_shortest_form() {
    for (_, _, form, hop_limit) in HOP_LIMITS {
        assert_eq!(HopLimitForm::from(hop_limit), form);
        assert_eq!(u8::from(form), hop_limit);
    }
}

/// Two bits, the octets, the form, source and destination port.
const PORTS: [(u8, &str, PortsForm, u16, u16); 4] = [
    (
        0b00,
        "1633 0035",
        PortsForm::Inline { src: 5683, dst: 53 },
        5683,
        53,
    ),
    (
        0b01,
        "1633 35",
        PortsForm::Dst8 {
            src: 5683,
            dst: 0x35,
        },
        5683,
        0xf035,
    ),
    (
        0b10,
        "35 1633",
        PortsForm::Src8 {
            src: 0x35,
            dst: 5683,
        },
        0xf035,
        5683,
    ),
    (
        0b11,
        "5a",
        PortsForm::Both4 { src: 5, dst: 10 },
        0xf0b5,
        0xf0ba,
    ),
];

#[test]
fn udp_with_every_form_of_ports_and_an_elided_checksum() {
    for (p, octets, ports, src, dst) in PORTS {
        assert_eq!(PortsForm::choose(src, dst), ports);
        assert_eq!(ports.resolve(), (src, dst));
        for (c, sum, checksum) in [(0, "beef", Some(0xbeef)), (4, "", None)] {
            let bytes = kit::octets(&format!("{:02x} {octets} {sum}", 0xf0 | c | p));
            let repr = kit::composed::<NhcUdp>(&bytes, bytes.len());
            let expected = NhcUdpRepr {
                ports,
                checksum,
                payload_len: 0,
            };
            assert_eq!(repr, expected);
        }
    }
}

#[test]
fn ports_at_the_edges_of_their_forms() {
    let forms = [
        ((0xf0b0, 0xf0bf), PortsForm::Both4 { src: 0, dst: 15 }),
        (
            (0xf0af, 0xf0b0),
            PortsForm::Dst8 {
                src: 0xf0af,
                dst: 0xb0,
            },
        ),
        (
            (0xf0c0, 0xf100),
            PortsForm::Src8 {
                src: 0xc0,
                dst: 0xf100,
            },
        ),
        (
            (0xefff, 0xf100),
            PortsForm::Inline {
                src: 0xefff,
                dst: 0xf100,
            },
        ),
    ];
    for ((src, dst), form) in forms {
        assert_eq!(PortsForm::choose(src, dst), form);
        assert_eq!(form.resolve(), (src, dst));
    }
}

#[test]
fn every_extension_header() {
    let ids = [
        (0, NhcExtId::HopByHop),
        (1, NhcExtId::Routing),
        (2, NhcExtId::Fragment),
        (3, NhcExtId::DestinationOptions),
        (4, NhcExtId::Mobility),
        (5, NhcExtId(5)),
    ];
    for (eid, id) in ids {
        for (nh, next, next_header) in [(0, "3a", Some(IpProtocol::Icmpv6)), (1, "", None)] {
            let first = 0xe0 | eid << 1 | nh;
            let bytes = kit::octets(&format!("{first:02x} {next} 04 63001e00 aa"));
            let least = bytes.len() - 1;
            let repr = kit::composed::<NhcExt>(&bytes, least);
            assert_eq!((repr.id, repr.next_header), (id, next_header));
            assert_eq!((repr.data, repr.payload_len), (&[0x63, 0, 0x1e, 0][..], 1));
        }
    }
}

#[test]
fn prefixes_tell_compressed_headers_apart() {
    let look = |hex: &str| format!("{:?}", Nhc::look(&kit::octets(hex)).unwrap());
    assert!(look("f3 5a beef").starts_with("Udp("));
    assert!(look("ee 7a33 3a").starts_with("Ipv6("));
    assert!(look("e0 3a 00").starts_with("Ext("));
    assert!(look("d0 00").starts_with("Unknown("));
    assert!(Nhc::look(&[0xf0]).is_err());
}

#[test]
fn fragments() {
    let bytes = kit::octets("c5 00 beef 7a33 3a aa");
    let repr = kit::composed::<FragFirst>(&bytes, 4);
    assert_eq!((repr.datagram_size, repr.datagram_tag), (1280, 0xbeef));
    let bytes = kit::octets("e5 00 beef 0c aabb");
    let repr = kit::composed::<FragNext>(&bytes, 5);
    assert_eq!((repr.datagram_size, repr.datagram_tag), (1280, 0xbeef));
    assert_eq!((repr.datagram_offset, repr.payload_len), (96, 2));
    let uneven = FragNextRepr {
        datagram_offset: 97,
        ..repr
    };
    let error = uneven.emit(&mut [0; 8]).unwrap_err();
    assert_eq!(error.at.field, "datagram_offset");
    let long = FragFirstRepr {
        datagram_size: 2048,
        datagram_tag: 0,
        payload_len: 0,
    };
    assert_eq!(
        long.emit(&mut [0; 8]).unwrap_err().at.field,
        "datagram_size"
    );
}

#[test]
fn mesh_addresses_of_either_length_and_many_hops() {
    let (short, long) = ("1234", "0102030405060708");
    let address = |short_form: bool| match short_form {
        true => MeshAddress::Short(ShortAddress(0x1234)),
        false => MeshAddress::Extended(Eui64([1, 2, 3, 4, 5, 6, 7, 8])),
    };
    for (v, f) in [(true, true), (true, false), (false, true), (false, false)] {
        for hops in [1, 14, 15_u8] {
            let first = 0x80 | u8::from(v) << 5 | u8::from(f) << 4 | hops;
            let deep = if hops == 15 { "20" } else { "" };
            let octets = |short_form| if short_form { short } else { long };
            let bytes = kit::octets(&format!("{first:02x} {deep} {} {}", octets(v), octets(f)));
            let repr = kit::composed::<LowpanMesh>(&bytes, bytes.len());
            let expected = LowpanMeshRepr {
                hops_left: hops,
                deep_hops_left: (hops == 15).then_some(32),
                originator: address(v),
                final_destination: address(f),
                payload_len: 0,
            };
            assert_eq!(repr, expected);
        }
    }
}

#[test]
fn dispatch_tells_frames_apart() {
    let look = |hex: &str| format!("{:?}", Lowpan::look(&kit::octets(hex)).unwrap());
    assert!(look("7a33 3a").starts_with("Iphc("));
    assert!(look("c500 beef").starts_with("FragFirst("));
    assert!(look("e500 beef 00").starts_with("FragNext("));
    assert!(look("b1 1234 5678").starts_with("Mesh("));
    assert!(look("50 07").starts_with("Broadcast("));
    assert!(look("41 60").starts_with("Ipv6("));
    // Not a LoWPAN frame; compression of RFC 4944, which RFC 6282 replaces.
    for hex in ["00", "42 fb", "d8", "ff"] {
        assert!(look(hex).starts_with("Unknown("), "{hex}");
    }
    let error = Lowpan::look(&[]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.header),
        (ErrorKind::Truncated, "Lowpan")
    );
    let bytes = kit::octets("50 07 41 60");
    let repr = kit::composed::<LowpanBroadcast>(&bytes, 2);
    assert_eq!((repr.sequence, repr.payload_len), (7, 2));
    let bytes = kit::octets("41 60");
    assert_eq!(kit::composed::<LowpanIpv6>(&bytes, 1).payload_len, 1);
}
