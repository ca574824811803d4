//! Text form, classes and interface identifiers.

use super::*;
use std::string::ToString;

#[test]
fn text_is_read_and_written() {
    assert_eq!(ShortAddress(0x1a2b).to_string(), "0x1a2b");
    assert_eq!(PanId(0xb).to_string(), "0x000b");
    assert_eq!("0x1a2b".parse(), Ok(ShortAddress(0x1a2b)));
    assert_eq!("beef".parse(), Ok(PanId(0xbeef)));
    for bad in ["", "0x", "0x1", "+123", "12345", "0x0x12"] {
        assert_eq!(
            bad.parse::<ShortAddress>(),
            Err(ShortAddressParseError),
            "{bad}"
        );
    }
}

#[test]
fn classes() {
    assert!(ShortAddress(0).is_unicast() && ShortAddress(0xfffd).is_unicast());
    assert!(!ShortAddress::UNASSIGNED.is_unicast() && !ShortAddress::UNASSIGNED.is_broadcast());
    assert!(ShortAddress::BROADCAST.is_broadcast() && !ShortAddress::BROADCAST.is_unicast());
}

#[test]
fn interface_identifiers_and_groups() {
    let address = ShortAddress(0x1234);
    assert_eq!(address.link_local().to_string(), "fe80::ff:fe00:1234");
    assert_eq!(
        ShortAddress::from_interface_id(address.interface_id()),
        Some(address)
    );
    assert_eq!(ShortAddress::from_interface_id([0; 8]), None);
    let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfffb);
    assert_eq!(ShortAddress::from_multicast_v6(group), ShortAddress(0x9ffb));
}
