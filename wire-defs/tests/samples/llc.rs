//! IEEE 802.3 frames with LLC and SNAP.

use crate::kit;
use litz_wire::{
    ErrorKind, EtherType, Ieee8023, Ieee8023Packet, Llc, LlcPacket, LlcPayload, LlcRepr, Sap, Snap,
};

/// Made with scapy: LLC, SNAP, IPv4, echo request; four octets of padding added.
const SNAP: &str = "
    020000000002 020000000001 0024 aaaa03 000000 0800
    4500001c000100004001f6dc c0000201 c0000202 0800f7fc00010002 00000000";

/// Made with scapy: a spanning tree message.
const STP: &str = "
    0180c2000000 020000000001 0026 424203
    00000000 00 0000000000000000 00000000 0000000000000000 0000 0001 1400 0200 0f00";

#[test]
fn snap_carries_an_ethertype_and_padding_is_cut_off() {
    let bytes = kit::octets(SNAP);
    kit::header::<Ieee8023>(&bytes, 14);
    kit::header::<Llc>(&bytes[14..50], 3);
    kit::header::<Snap>(&bytes[17..50], 5);
    let frame = Ieee8023Packet::new_checked(&bytes).unwrap();
    assert_eq!((frame.length(), frame.payload().len()), (36, 36));
    let llc = LlcPacket::new_checked(frame.payload()).unwrap();
    assert_eq!(
        (llc.dsap(), llc.ssap(), llc.control()),
        (Sap::Snap, Sap::Snap, 3)
    );
    let LlcPayload::Snap(snap) = LlcPayload::select(llc.dsap(), llc.payload()).unwrap() else {
        panic!("no SNAP");
    };
    assert_eq!((snap.oui(), snap.ethertype()), (0, EtherType::Ipv4));
    assert_eq!(snap.payload().len(), 28);
}

#[test]
fn spanning_tree() {
    let bytes = kit::octets(STP);
    kit::header::<Ieee8023>(&bytes, 14);
    let frame = Ieee8023Packet::new_checked(&bytes).unwrap();
    let llc = LlcPacket::new_checked(frame.payload()).unwrap();
    assert_eq!((llc.dsap(), llc.payload().len()), (Sap::SpanningTree, 35));
}

#[test]
fn a_number_above_1500_is_no_length() {
    let mut frame = vec![0; 14 + 1536];
    frame[12..14].copy_from_slice(&[0x05, 0xdc]);
    assert_eq!(
        Ieee8023Packet::new_checked(&frame).unwrap().payload().len(),
        1500
    );
    frame[13] = 0xdd;
    let error = Ieee8023Packet::new_checked(&frame).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(EtherType(1500).is_length() && !EtherType(1501).is_length());
}

#[test]
fn the_control_field_says_how_long_it_is() {
    // A supervisory frame of NetBIOS: receiver ready, 5 expected, poll.
    let bytes = [0xf0, 0xf0, 0x01, 0x0b, 0xaa];
    kit::header::<Llc>(&bytes, 4);
    let frame = LlcPacket::new_checked(&bytes).unwrap();
    assert_eq!((frame.control(), frame.receive()), (1, Some(0x0b)));
    assert_eq!(frame.payload(), [0xaa]);
    let repr = LlcRepr {
        control: 3,
        receive: Some(0),
        ..LlcRepr::default()
    };
    assert!(
        repr.emit(&mut [0; 8]).is_err(),
        "an unnumbered frame has one octet"
    );
}
