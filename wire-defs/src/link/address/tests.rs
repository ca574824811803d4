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
