//! Tests of address matching, routes and source selection.

mod checks;
mod learned;

use super::*;
use alloc::vec;

fn addresses(own: &[&str]) -> Addresses<'static> {
    let mut addrs = Addresses::new(
        vec![AddrSlot::EMPTY; 8].into(),
        vec![RouteSlot::EMPTY; 4].into(),
        vec![ServedSlot::EMPTY; 4].into(),
        LearnedStorage::heap(),
    );
    for cidr in own {
        add(&mut addrs, cidr.parse().unwrap()).unwrap();
    }
    addrs
}

/// Add an address that is used at once.
fn add(addrs: &mut Addresses<'_>, cidr: IpCidr) -> Result<(), ConfigError> {
    let mut random = Random::new([0; 16]);
    let config = AddrConfig::STATIC;
    addrs.add(
        cidr,
        AddrOrigin::Manual,
        &config,
        Instant::ZERO,
        &mut random,
    )
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn broadcast_multicast_and_own_addresses_are_accepted() {
    let addrs = addresses(&["192.0.2.1/24", "2001:db8::1:2:3/64"]);
    for (addr, kind) in [
        ("192.0.2.1", Some(Destination::Unicast)),
        ("192.0.2.255", Some(Destination::Broadcast)),
        ("255.255.255.255", Some(Destination::Broadcast)),
        ("224.0.0.1", Some(Destination::Multicast)),
        ("224.0.0.2", None),
        ("192.0.2.2", None),
        ("2001:db8::1:2:3", Some(Destination::Unicast)),
        ("ff02::1", Some(Destination::Multicast)),
        ("ff02::1:ff02:3", Some(Destination::Multicast)),
        ("ff02::1:ff02:4", None),
        ("::", None),
    ] {
        assert_eq!(addrs.accepts(ip(addr)), kind, "{addr}");
    }
}

#[test]
fn the_longest_matching_route_wins() {
    let mut addrs = addresses(&["192.0.2.1/24"]);
    assert_eq!(addrs.next_hop(ip("198.51.100.1")), None);
    let mut route = |network: &str, via: &str| {
        addrs.add_route(Route {
            metric: 0,
            network: network.parse().unwrap(),
            via: ip(via),
        })
    };
    route("0.0.0.0/0", "192.0.2.254").unwrap();
    route("198.51.0.0/16", "192.0.2.253").unwrap();
    route("198.51.100.0/24", "192.0.2.252").unwrap();
    assert!(route("198.51.100.0/24", "2001:db8::1").is_err());
    assert!(route("198.51.100.0/24", "224.0.0.1").is_err());
    assert_eq!(addrs.next_hop(ip("198.51.100.1")), Some(ip("192.0.2.252")));
    assert_eq!(addrs.next_hop(ip("198.51.101.1")), Some(ip("192.0.2.253")));
    assert_eq!(addrs.next_hop(ip("203.0.113.1")), Some(ip("192.0.2.254")));
    assert_eq!(addrs.next_hop(ip("192.0.2.77")), Some(ip("192.0.2.77")));
    assert!(addrs.remove_route("198.51.100.0/24".parse().unwrap()));
    assert_eq!(addrs.next_hop(ip("198.51.100.1")), Some(ip("192.0.2.253")));
}

#[test]
fn sources_suit_their_destination() {
    let addrs = addresses(&[
        "192.0.2.1/24",
        "198.51.100.1/24",
        "fe80::1/64",
        "2001:db8:1::1/64",
        "2001:db8:2::1/64",
    ]);
    for (dst, src) in [
        ("192.0.2.9", "192.0.2.1"),
        ("198.51.100.9", "198.51.100.1"),
        ("fe80::9", "fe80::1"),
        ("ff02::1", "fe80::1"),
        ("2001:db8:1::9", "2001:db8:1::1"),
        ("2001:db8:2::9", "2001:db8:2::1"),
        ("2001:db8:2::1", "2001:db8:2::1"),
    ] {
        assert_eq!(addrs.source_for(ip(dst)), Some(ip(src)), "{dst}");
    }
    let only_local = addresses(&["fe80::1/64"]);
    assert_eq!(
        only_local.source_for(ip("2001:db8::1")),
        Some(ip("fe80::1"))
    );
    assert_eq!(only_local.source_for(ip("192.0.2.1")), None);
}

#[test]
fn addresses_that_cannot_be_own_are_refused() {
    let mut addrs = addresses(&[]);
    for cidr in [
        "224.0.0.1/4",
        "0.0.0.0/0",
        "255.255.255.255/32",
        "192.0.2.255/24",
        "ff02::1/16",
        "::/0",
    ] {
        assert!(add(&mut addrs, cidr.parse().unwrap()).is_err(), "{cidr}");
    }
    for n in 1..=8 {
        let cidr = IpCidr::new(Ipv4Addr::new(192, 0, 2, n), 24).unwrap();
        add(&mut addrs, cidr).unwrap();
    }
    let ninth = IpCidr::new(Ipv4Addr::new(192, 0, 2, 9), 24).unwrap();
    assert_eq!(add(&mut addrs, ninth), Err(ConfigError::Full));
    assert!(addrs.remove(ip("192.0.2.3")));
    assert!(!addrs.remove(ip("192.0.2.3")));
    assert_eq!(add(&mut addrs, ninth), Ok(()));
}
