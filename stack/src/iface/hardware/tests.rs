//! Tests of link-layer address options.

use super::*;

const ETHERNET: HardwareAddr = HardwareAddr::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 9]));
const LONG: HardwareAddr = HardwareAddr::Eui64(Eui64([2, 1, 2, 3, 4, 5, 6, 7]));
const SHORT: HardwareAddr = HardwareAddr::Short(ShortAddress(0x1a2b));

#[test]
fn rfc4944_8_options_have_the_length_of_their_medium() {
    for (addr, octets) in [
        (ETHERNET, &[2, 0, 0, 0, 0, 9][..]),
        (LONG, &[2, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0]),
        (SHORT, &[0x1a, 0x2b, 0, 0, 0, 0]),
    ] {
        assert_eq!(addr.option().as_slice(), octets);
        assert_eq!((octets.len() + 2) % 8, 0);
        assert_eq!(HardwareAddr::from_option(Some(octets), addr), Some(addr));
    }
    assert_eq!(
        HardwareAddr::from_option(Some(LONG.option().as_slice()), SHORT),
        Some(LONG)
    );
    assert_eq!(
        HardwareAddr::from_option(Some(SHORT.option().as_slice()), LONG),
        Some(SHORT)
    );
}

#[test]
fn what_is_no_station_of_the_medium_is_no_address() {
    for (octets, own) in [
        (&LONG.option().octets[..], ETHERNET),
        (&[0xff; 6][..], ETHERNET),
        (&[0; 6], ETHERNET),
        (&[2; 5], ETHERNET),
        (&[], ETHERNET),
        (&[2, 1, 2, 3, 4, 5, 6, 7], LONG),
        (&[0xff, 0xff, 0, 0, 0, 0], LONG),
        (&[0xff, 0xfe, 0, 0, 0, 0], SHORT),
        (&[2, 0, 0, 0, 0, 9], SHORT),
        (&[3; 14], SHORT),
    ] {
        assert_eq!(
            HardwareAddr::from_option(Some(octets), own),
            None,
            "{octets:?}"
        );
    }
    assert_eq!(HardwareAddr::from_option(None, ETHERNET), None);
}
