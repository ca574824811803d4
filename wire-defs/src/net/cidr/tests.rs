//! Prefixes: what they contain, their text, and addresses made from them.

use super::*;
use core::net::Ipv6Addr;
use std::string::ToString;

fn v4(text: &str) -> Ipv4Cidr {
    text.parse().unwrap()
}

fn v6(text: &str) -> Ipv6Cidr {
    text.parse().unwrap()
}

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
    let every: IpCidr = "::/0".parse().unwrap();
    assert!(every.contains("ff02::1".parse().unwrap()));
}

#[test]
fn networks_contain_networks() {
    assert!(v4("192.0.2.0/24").contains_network(&v4("192.0.2.128/25")));
    assert!(v4("192.0.2.0/24").contains_network(&v4("192.0.2.7/24")));
    assert!(!v4("192.0.2.128/25").contains_network(&v4("192.0.2.0/24")));
    assert!(v6("2001:db8::/32").contains_network(&v6("2001:db8:1::/48")));
    let (four, six) = (IpCidr::from(v4("0.0.0.0/0")), IpCidr::from(v6("::/0")));
    assert!(!four.contains_network(&six) && !six.contains_network(&four));
    assert!(four.contains_network(&IpCidr::host(Ipv4Addr::LOCALHOST)));
}

#[test]
fn networks_have_no_host_bits() {
    assert_eq!(v4("192.0.2.65/26").network(), v4("192.0.2.64/26"));
    assert_eq!(v4("192.0.2.65/0").network(), v4("0.0.0.0/0"));
    assert_eq!(v6("2001:db8::1/64").network(), v6("2001:db8::/64"));
    let cidr: IpCidr = "2001:db8::1/128".parse().unwrap();
    assert_eq!(cidr.network(), cidr);
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
    assert_eq!(broadcast("192.0.2.1/32"), None);
    assert_eq!(broadcast("2001:db8::1/64"), None);
}

#[test]
fn netmasks() {
    let addr = Ipv4Addr::new(192, 0, 2, 1);
    for len in 0..=32 {
        let cidr = Ipv4Cidr::new(addr, len).unwrap();
        assert_eq!(Ipv4Cidr::from_netmask(addr, cidr.netmask()), Ok(cidr));
    }
    assert_eq!(
        v4("192.0.2.1/26").netmask(),
        Ipv4Addr::new(255, 255, 255, 192)
    );
    for mask in [[255, 0, 255, 0], [0, 0, 0, 1]] {
        assert_eq!(
            Ipv4Cidr::from_netmask(addr, mask.into()),
            Err(AddrError::Netmask)
        );
    }
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
        "192.0.2.1/+24",
        "192.0.2.1/256",
        "/24",
        "",
    ] {
        assert_eq!(text.parse::<IpCidr>(), Err(AddrError::Syntax), "{text}");
    }
    assert_eq!("::1/64".parse::<Ipv4Cidr>(), Err(AddrError::Syntax));
    assert_eq!("192.0.2.1/24".parse::<Ipv6Cidr>(), Err(AddrError::Syntax));
}

#[test]
fn text_comes_back() {
    for text in [
        "192.0.2.65/26",
        "0.0.0.0/0",
        "2001:db8::1/64",
        "::/0",
        "::1/128",
    ] {
        assert_eq!(text.parse::<IpCidr>().unwrap().to_string(), text);
    }
}

#[test]
fn prefixes_of_octets_and_interfaces() {
    let prefix = Ipv6Cidr::from_prefix(&[0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff], 33).unwrap();
    assert_eq!(prefix, v6("2001:db8:8000::/33"));
    assert_eq!(Ipv6Cidr::from_prefix(&[], 0), Ok(v6("::/0")));
    assert_eq!(
        Ipv6Cidr::from_prefix(&[0x20], 9),
        Err(AddrError::PrefixLength)
    );
    assert_eq!(
        Ipv6Cidr::from_prefix(&[0; 17], 129),
        Err(AddrError::PrefixLength)
    );

    // RFC 2464 §4.
    let mac = EthernetAddress([0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde]);
    let link_local = v6("fe80::3656:78ff:fe9a:bcde/64");
    assert_eq!(IpCidr::link_local(mac), link_local.into());
    assert_eq!(
        Ipv6Cidr::LINK_LOCAL.with_interface_id(mac.interface_id()),
        Some(link_local)
    );
    let own = v6("2001:db8::/64").with_interface_id(mac.interface_id());
    assert_eq!(own, Some(v6("2001:db8::3656:78ff:fe9a:bcde/64")));
    assert_eq!(v6("2001:db8::/65").with_interface_id([0; 8]), None);
    let group: Ipv6Addr = "ff02::1:ff0e:8c6c".parse().unwrap();
    assert!(Ipv6Cidr::SOLICITED_NODE.contains(group));
}
