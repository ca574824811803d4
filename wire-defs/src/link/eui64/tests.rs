//! Text form, order of octets, and interface identifiers.

use super::*;
use std::string::ToString;

const ADDRESS: Eui64 = Eui64([0x00, 0x12, 0x4b, 0, 0x14, 0xb5, 0xd9, 0x57]);

#[test]
fn text_is_read_and_written() {
    assert_eq!(ADDRESS.to_string(), "00:12:4b:00:14:b5:d9:57");
    assert_eq!("00:12:4b:00:14:b5:d9:57".parse(), Ok(ADDRESS));
    assert_eq!("00-12-4B-00-14-B5-D9-57".parse(), Ok(ADDRESS));
    for bad in [
        "",
        "00:12:4b:00:14:b5",
        "00:12:4b:00:14:b5:d9:57:1",
        "00124b0014b5d957",
    ] {
        assert_eq!(bad.parse::<Eui64>(), Err(AddressParseError), "{bad}");
    }
}

#[test]
fn frames_send_the_octets_the_other_way_round() {
    assert_eq!(
        ADDRESS.reversed(),
        [0x57, 0xd9, 0xb5, 0x14, 0, 0x4b, 0x12, 0x00]
    );
    assert_eq!(Eui64::from_reversed(ADDRESS.reversed()), ADDRESS);
}

#[test]
fn the_universal_bit_is_inverted_in_interface_identifiers() {
    assert_eq!(
        ADDRESS.interface_id(),
        [0x02, 0x12, 0x4b, 0, 0x14, 0xb5, 0xd9, 0x57]
    );
    assert_eq!(Eui64::from_interface_id(ADDRESS.interface_id()), ADDRESS);
    assert_eq!(ADDRESS.link_local().to_string(), "fe80::212:4b00:14b5:d957");
}

#[test]
fn classes() {
    assert!(ADDRESS.is_unicast() && !ADDRESS.is_local());
    assert!(Eui64([2, 0, 0, 0, 0, 0, 0, 1]).is_local());
    assert!(Eui64([0xff; 8]).is_multicast() && !Eui64([0; 8]).is_unicast());
}
