//! Classes of addresses.

use super::*;

#[test]
fn unicast_addresses() {
    for (text, unicast) in [
        ("192.0.2.1", true),
        ("0.0.0.0", false),
        ("224.0.0.1", false),
        ("255.255.255.255", false),
        ("fe80::1", true),
        ("::1", true),
        ("::", false),
        ("ff02::1", false),
    ] {
        assert_eq!(is_unicast(text.parse().unwrap()), unicast, "{text}");
    }
}

#[test]
fn solicited_node_groups() {
    // RFC 4291 §2.7.1.
    let own: Ipv6Addr = "4037::1:800:200e:8c6c".parse().unwrap();
    let group: Ipv6Addr = "ff02::1:ff0e:8c6c".parse().unwrap();
    assert_eq!(solicited_node(own), group);
    assert!(is_solicited_node(group) && !is_solicited_node(own));
    assert!(!is_solicited_node("ff02::1:fe00:1".parse().unwrap()));
}
