//! ARP for any addresses.

use crate::kit;
use litz_wire::{Arp, ArpOperation, ArpPacket, EtherType};

/// A request between addresses of 8 octets (IEEE 802.15.4's EUI-64, hardware type 27) for IPv4.
const EUI64: &str = "
    001b 0800 08 04 0001
    0200000000000001 c0000201 0000000000000000 c0000202";

#[test]
fn one_length_governs_two_addresses() {
    let bytes = kit::octets(EUI64);
    kit::header::<Arp>(&bytes, 32);
    let arp = ArpPacket::new_checked(&bytes).unwrap();
    assert_eq!(
        (arp.htype(), arp.ptype(), arp.oper()),
        (27, EtherType::Ipv4, ArpOperation::Request)
    );
    assert_eq!(arp.sha(), [2, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(
        (arp.spa(), arp.tpa()),
        (&[192, 0, 2, 1][..], &[192, 0, 2, 2][..])
    );
    assert_eq!(arp.tha(), [0; 8]);
}

#[test]
fn lengths_of_zero_and_255() {
    let none = [0, 1, 8, 0, 0, 0, 0, 2];
    kit::header::<Arp>(&none, 8);
    let mut long = vec![0, 1, 8, 0, 255, 255, 0, 2];
    long.extend([7; 4 * 255]);
    kit::header::<Arp>(&long, 8 + 4 * 255);
}
