//! VLAN tags, one and two in a row.

use crate::kit;
use litz_wire::{EthPayload, EtherType, Ethernet, EthernetFrame, Vlan, VlanPacket};

/// Made with scapy: 802.1ad, 802.1Q, IPv4, UDP.
const QINQ: &str = "
    020000000002 020000000001 88a8 60c8 8100 a00a 0800
    4500001c000100004011f6cc c0000201 c0000202 0001000200087bd7";

#[test]
fn two_tags_in_a_row() {
    let bytes = kit::octets(QINQ);
    kit::header::<Ethernet>(&bytes, 14);
    kit::header::<Vlan>(&bytes[14..], 4);
    let frame = EthernetFrame::new_checked(&bytes).unwrap();
    let EthPayload::ServiceVlan(outer) =
        EthPayload::select(frame.ethertype(), frame.payload()).unwrap()
    else {
        panic!("no service tag");
    };
    assert_eq!(
        (outer.vlan_id(), outer.priority(), outer.drop_eligible()),
        (200, 3, false)
    );
    let EthPayload::Vlan(inner) = EthPayload::select(outer.ethertype(), outer.payload()).unwrap()
    else {
        panic!("no tag");
    };
    assert_eq!((inner.vlan_id(), inner.priority()), (10, 5));
    assert_eq!(inner.ethertype(), EtherType::Ipv4);
    let EthPayload::Ipv4(ip) = EthPayload::select(inner.ethertype(), inner.payload()).unwrap()
    else {
        panic!("no IPv4");
    };
    assert!(ip.verify_checksum());
}

#[test]
fn identifiers_have_twelve_bits() {
    let repr = litz_wire::VlanRepr {
        vlan_id: 4096,
        ..Default::default()
    };
    assert_eq!(repr.emit(&mut [0; 4]).unwrap_err().at.field, "vlan_id");
    let tag = VlanPacket::new_checked(&[0x1f, 0xff, 0x86, 0xdd]).unwrap();
    assert!(tag.drop_eligible());
    assert_eq!((tag.priority(), tag.vlan_id()), (0, 4095));
}
