//! Text form and classes of addresses.

use super::EthernetAddress;
use std::string::ToString;

#[test]
fn text_is_read_and_written() {
    let address = EthernetAddress([0x02, 0, 0, 0, 0xab, 0x01]);
    assert_eq!(address.to_string(), "02:00:00:00:ab:01");
    assert_eq!("02:00:00:00:ab:01".parse(), Ok(address));
    assert_eq!("02-00-00-00-AB-01".parse(), Ok(address));
    for bad in [
        "",
        "02:00:00:00:ab",
        "02:00:00:00:ab:01:02",
        "+2:00:00:00:ab:01",
        "2:0:0:0:0:1",
    ] {
        assert!(bad.parse::<EthernetAddress>().is_err(), "{bad}");
    }
}

#[test]
fn classes() {
    assert!(EthernetAddress::BROADCAST.is_broadcast() && EthernetAddress::BROADCAST.is_multicast());
    assert!(EthernetAddress([0x33, 0x33, 0, 0, 0, 1]).is_multicast());
    assert!(EthernetAddress([2, 0, 0, 0, 0, 1]).is_unicast());
    assert!(!EthernetAddress([0; 6]).is_unicast());
}

#[test]
fn groups_map_to_addresses() {
    // RFC 1112 §6.4 and RFC 2464 §7.
    let for_group = |text: &str| EthernetAddress::for_group(text.parse().unwrap());
    assert_eq!(for_group("239.129.2.3"), "01:00:5e:01:02:03".parse().ok());
    assert_eq!(for_group("224.0.0.1"), "01:00:5e:00:00:01".parse().ok());
    assert_eq!(
        for_group("ff02::1:ff0e:8c6c"),
        "33:33:ff:0e:8c:6c".parse().ok()
    );
    assert_eq!(
        for_group("255.255.255.255"),
        Some(EthernetAddress::BROADCAST)
    );
    assert_eq!(for_group("192.0.2.255"), None);
    assert_eq!(for_group("fe80::1"), None);
}

#[test]
fn interfaces_get_an_identifier() {
    // RFC 2464 §4.
    let address = EthernetAddress([0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde]);
    assert_eq!(
        address.interface_id(),
        [0x36, 0x56, 0x78, 0xff, 0xfe, 0x9a, 0xbc, 0xde]
    );
    assert_eq!(
        address.link_local().to_string(),
        "fe80::3656:78ff:fe9a:bcde"
    );
    assert_eq!(address.eui64().to_string(), "34:56:78:ff:fe:9a:bc:de");
    assert!(!address.is_local() && EthernetAddress([2, 0, 0, 0, 0, 1]).is_local());
    assert_eq!(<[u8; 6]>::from(EthernetAddress::from([7; 6])), [7; 6]);
}
