//! Tests of addresses with prefixes.

use super::*;

#[test]
fn prefixes_contain_what_they_should() {
    let cidr: IpCidr = "192.0.2.65/26".parse().unwrap();
    for (addr, inside) in [
        ("192.0.2.64", true),
        ("192.0.2.127", true),
        ("192.0.2.128", false),
        ("192.0.2.63", false),
    ] {
        assert_eq!(cidr.contains(addr.parse().unwrap()), inside, "{addr}");
    }
    let all: IpCidr = "0.0.0.0/0".parse().unwrap();
    assert!(all.contains("255.255.255.255".parse().unwrap()));
    assert!(!all.contains("::".parse().unwrap()));
    let v6: IpCidr = "2001:db8::1/63".parse().unwrap();
    assert!(v6.contains("2001:db8:0:1::5".parse().unwrap()));
    assert!(!v6.contains("2001:db8:0:2::5".parse().unwrap()));
    let one: IpCidr = "2001:db8::1/128".parse().unwrap();
    assert!(one.contains("2001:db8::1".parse().unwrap()));
    assert!(!one.contains("2001:db8::2".parse().unwrap()));
}

#[test]
fn broadcast_addresses_end_their_networks() {
    let broadcast = |text: &str| text.parse::<IpCidr>().unwrap().broadcast();
    assert_eq!(
        broadcast("192.0.2.1/24"),
        Some(Ipv4Addr::new(192, 0, 2, 255))
    );
    assert_eq!(broadcast("192.0.2.1/0"), Some(Ipv4Addr::BROADCAST));
    assert_eq!(broadcast("192.0.2.1/31"), None);
    assert_eq!(broadcast("2001:db8::1/64"), None);
}

#[test]
fn wrong_prefixes_are_refused() {
    assert_eq!(
        "192.0.2.1/33".parse::<IpCidr>(),
        Err(AddrError::PrefixLength)
    );
    assert_eq!("::1/129".parse::<IpCidr>(), Err(AddrError::PrefixLength));
    for text in [
        "192.0.2.1",
        "192.0.2/24",
        "192.0.2.1/",
        "192.0.2.1/x",
        "/24",
        "",
    ] {
        assert_eq!(text.parse::<IpCidr>(), Err(AddrError::Syntax), "{text}");
    }
}

#[test]
fn addresses_derived_from_others() {
    // RFC 2464 §4 and §7.
    let mac = EthernetAddress([0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde]);
    assert_eq!(
        IpCidr::link_local(mac),
        "fe80::3656:78ff:fe9a:bcde/64".parse().unwrap()
    );
    let own: Ipv6Addr = "4037::1:800:200e:8c6c".parse().unwrap();
    assert_eq!(
        solicited_node(own),
        "ff02::1:ff0e:8c6c".parse::<Ipv6Addr>().unwrap()
    );
    assert_eq!(
        multicast_hardware_addr("ff02::1:ff0e:8c6c".parse().unwrap()),
        Some(EthernetAddress([0x33, 0x33, 0xff, 0x0e, 0x8c, 0x6c]))
    );
    assert_eq!(
        multicast_hardware_addr("239.129.2.3".parse().unwrap()),
        Some(EthernetAddress([0x01, 0x00, 0x5e, 0x01, 0x02, 0x03]))
    );
}
