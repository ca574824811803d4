//! Extension headers of IPv6 and their options.

use crate::kit;
use litz_wire::{
    ErrorKind, IpPayload, IpProtocol, Ipv6DstOpts, Ipv6Fragment, Ipv6FragmentPacket, Ipv6HopByHop,
    Ipv6HopByHopPacket, Ipv6HopByHopRepr, Ipv6Option, Ipv6OptionAction, Ipv6Packet,
    Ipv6RouterAlert, Ipv6Routing, Ipv6RoutingPacket, Ipv6RoutingRpl, Ipv6RoutingRplPacket,
    Ipv6RoutingSegments, Ipv6RoutingSegmentsPacket, Ipv6RoutingSource, Ipv6RoutingSourcePacket,
    Ipv6RoutingType2, Ipv6RoutingType2Packet, Options, RoutingType, SegmentTlv,
};
use std::net::Ipv6Addr;

const ONE: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
const TWO: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

/// Made with scapy: hop-by-hop options with a router alert before an MLD query.
const ALERT: &str = "
    6000000000200040 fe800000000000000000000000000001 ff020000000000000000000000000016
    3a00 05020000 0100
    8200590227100000 00000000000000000000000000000000";

/// Made with scapy: destination options with padding and a home address before UDP.
const HOME: &str = "1102 01020000 c910 20010db8000000000000000000000007 000100020008d398";

#[test]
fn hop_by_hop_options_in_the_chain() {
    let bytes = kit::octets(ALERT);
    let ip = Ipv6Packet::new_checked(&bytes).unwrap();
    let IpPayload::HopByHop(options) = IpPayload::select(ip.next_header(), ip.payload()).unwrap()
    else {
        panic!("no options");
    };
    kit::header::<Ipv6HopByHop>(&bytes[40..], 8);
    let items: Vec<Ipv6Option> = kit::options(options.options().as_bytes().unwrap());
    let value = Ipv6RouterAlert::Mld;
    assert_eq!(
        items,
        [
            Ipv6Option::RouterAlert { value },
            Ipv6Option::PadN { zeros: &[] }
        ]
    );
    let next = IpPayload::select(options.next_header(), options.payload()).unwrap();
    assert!(matches!(next, IpPayload::Icmpv6(icmp) if icmp.msg_type() == 130));
}

#[test]
fn destination_options() {
    let bytes = kit::octets(HOME);
    kit::header::<Ipv6DstOpts>(&bytes, 24);
    let items: Vec<Ipv6Option> = kit::options(&bytes[2..24]);
    let addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7);
    assert_eq!(
        items,
        [
            Ipv6Option::PadN { zeros: &[0, 0] },
            Ipv6Option::HomeAddress { addr }
        ]
    );
}

#[test]
fn other_options() {
    // Jumbo payload (scapy), tunnel limit, RPL with both kinds, padding, and kinds nobody knows.
    let bytes = kit::octets("c20400011170 040104 2304a0010200 6304c00203e8 00 4301aa 8300 c700");
    let items: Vec<Ipv6Option> = kit::options(&bytes);
    assert_eq!(items[0], Ipv6Option::Jumbo { len: 70_000 });
    assert_eq!(items[1], Ipv6Option::TunnelLimit { limit: 4 });
    assert_eq!(
        items[2],
        Ipv6Option::Rpl {
            down: true,
            rank_error: false,
            forwarding_error: true,
            instance_id: 1,
            sender_rank: 512,
            sub_tlvs: &[],
        }
    );
    assert!(matches!(
        items[3],
        Ipv6Option::RplDiscard {
            rank_error: true,
            sender_rank: 1000,
            ..
        }
    ));
    assert_eq!(items[4], Ipv6Option::Pad1);
    let actions: Vec<_> = items.iter().filter_map(Ipv6Option::unrecognized).collect();
    assert_eq!(
        actions,
        [
            Ipv6OptionAction::Discard,
            Ipv6OptionAction::Report,
            Ipv6OptionAction::ReportUnicast
        ]
    );
    assert_eq!(Ipv6OptionAction::of(0x3f), Ipv6OptionAction::Skip);
    kit::zero_lengths::<Ipv6Option>(0..=255);
}

#[test]
fn a_list_is_padded_to_eight_octets() {
    assert_eq!(Ipv6Option::padding(8), None);
    assert_eq!(Ipv6Option::padding(15), Some(Ipv6Option::Pad1));
    assert_eq!(
        Ipv6Option::padding(14),
        Some(Ipv6Option::PadN { zeros: &[] })
    );
    assert_eq!(
        Ipv6Option::padding(9),
        Some(Ipv6Option::PadN { zeros: &[0; 5] })
    );
    let limit = Ipv6Option::TunnelLimit { limit: 1 };
    let alone = [limit];
    let repr = Ipv6HopByHopRepr {
        next_header: IpProtocol::Udp,
        options: Options::items(&alone),
        payload_len: 0,
    };
    let error = repr.emit(&mut [0; 16]).unwrap_err();
    assert_eq!(
        (error.kind, error.at.field),
        (ErrorKind::OutOfRange, "hdr_ext_len")
    );
    let padded = [limit, Ipv6Option::padding(repr.header_len()).unwrap()];
    let repr = Ipv6HopByHopRepr {
        options: Options::items(&padded),
        ..repr
    };
    let mut buf = [0xff; 8];
    repr.emit(&mut buf).unwrap();
    assert_eq!(buf, [17, 0, 4, 1, 1, 1, 1, 0]);
    let packet = Ipv6HopByHopPacket::new_checked(&buf).unwrap();
    assert_eq!(packet.options(), Options::items(&padded));
}

#[test]
fn source_routes_of_type_0() {
    // Made with scapy.
    let bytes = kit::octets(
        "3b040002 00000000 20010db8000000000000000000000001 20010db8000000000000000000000002",
    );
    kit::header::<Ipv6Routing>(&bytes, 40);
    kit::header::<Ipv6RoutingSource>(&bytes, 40);
    let any = Ipv6RoutingPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (any.routing_type(), any.segments_left()),
        (RoutingType::Source, 2)
    );
    let packet = Ipv6RoutingSourcePacket::new_checked(&bytes).unwrap();
    assert!(packet.addresses().iter().eq([ONE, TWO]));
    assert_eq!(
        Ipv6RoutingRplPacket::new_checked(&bytes)
            .unwrap_err()
            .at
            .field,
        "routing_type"
    );
}

#[test]
fn home_addresses_of_type_2() {
    let bytes = kit::octets("11020201 00000000 20010db8000000000000000000000001 aabb");
    kit::header::<Ipv6RoutingType2>(&bytes, 24);
    let packet = Ipv6RoutingType2Packet::new_checked(&bytes).unwrap();
    assert_eq!(
        (packet.home_addr(), packet.payload()),
        (ONE, &[0xaa, 0xbb][..])
    );
}

#[test]
fn source_routes_of_rpl() {
    // RFC 6554 §3: two addresses, 8 octets of the first and 9 of the last elided, one of padding.
    let bytes = kit::octets("3a020302 89100000 0000000000000001 00000000000002 00");
    kit::header::<Ipv6RoutingRpl>(&bytes, 24);
    let packet = Ipv6RoutingRplPacket::new_checked(&bytes).unwrap();
    assert_eq!((packet.cmpr_i(), packet.cmpr_e(), packet.pad()), (8, 9, 1));
    assert_eq!((packet.segments_left(), packet.addresses().len()), (2, 16));
}

#[test]
fn segments_and_their_information() {
    // Segments as scapy writes them; HMAC and padding by hand after RFC 8754 §2.1.
    let bytes = kit::octets(
        "29060401 01000007 20010db8000000000000000000000001 20010db8000000000000000000000002
         050e 8000 00000009 0102030405060708",
    );
    kit::header::<Ipv6RoutingSegments>(&bytes, 56);
    let packet = Ipv6RoutingSegmentsPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (packet.last_entry(), packet.tag(), packet.next_header()),
        (1, 7, IpProtocol::Ipv6)
    );
    assert!(packet.segments().iter().eq([ONE, TWO]));
    let items: Vec<SegmentTlv> = kit::options(packet.tlvs().as_bytes().unwrap());
    assert_eq!(
        items,
        [SegmentTlv::Hmac {
            skip_destination: true,
            key_id: 9,
            hmac: &[1, 2, 3, 4, 5, 6, 7, 8],
        }]
    );
    // A list that is longer than the header.
    let mut bad = bytes.clone();
    bad[4] = 3;
    assert_eq!(
        Ipv6RoutingSegmentsPacket::new_checked(&bad)
            .unwrap_err()
            .kind,
        ErrorKind::Malformed
    );
    kit::zero_lengths::<SegmentTlv>(0..=255);
}

#[test]
fn fragments() {
    // Made with scapy.
    let bytes = kit::octets("1100 05c9 deadbeef 3132333435363738");
    kit::header::<Ipv6Fragment>(&bytes, 8);
    let fragment = Ipv6FragmentPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (fragment.frag_offset(), fragment.more_frags()),
        (1480, true)
    );
    assert_eq!(
        (fragment.ident(), fragment.payload()),
        (0xdead_beef, &b"12345678"[..])
    );
}
