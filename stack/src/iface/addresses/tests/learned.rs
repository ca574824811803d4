//! Tests of what routers told about where packets go.

use super::*;
use crate::addr::Ipv6Cidr;
use litz_wire::RoutePreference as Preference;

const NOW: Instant = Instant::from_secs(100);

fn later(seconds: u64) -> Instant {
    NOW.saturating_add(Duration::from_secs(seconds))
}

fn v6(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

fn network(text: &str) -> Ipv6Cidr {
    text.parse().unwrap()
}

/// Where a packet to `dst` goes.
#[track_caller]
fn hop(addrs: &Addresses<'_>, dst: &str, expected: &str) {
    assert_eq!(addrs.next_hop(ip(dst)), Some(ip(expected)), "to {dst}");
}

#[test]
fn rfc5942_4_an_advertised_prefix_is_on_the_link_and_an_address_of_it_alone_is_not() {
    let mut addrs = addresses(&["fe80::1/64"]);
    let mut random = Random::new([0; 16]);
    let config = AddrConfig {
        on_link: false,
        ..AddrConfig::STATIC
    };
    let own = "2001:db8::1/64".parse().unwrap();
    addrs
        .add(own, AddrOrigin::Stable, &config, NOW, &mut random)
        .unwrap();
    assert_eq!(addrs.next_hop(ip("2001:db8::9")), None);
    let learned = &mut addrs.learned;
    learned.set_router(v6("fe80::a"), Preference::Medium, later(60), NOW);
    hop(&addrs, "2001:db8::9", "fe80::a");
    let prefix = network("2001:db8::/64");
    addrs
        .learned
        .set_prefix(prefix, v6("fe80::a"), later(10), NOW);
    hop(&addrs, "2001:db8::9", "2001:db8::9");
    addrs.learned.expire(later(10));
    hop(&addrs, "2001:db8::9", "fe80::a");
    addrs.learned.expire(later(60));
    assert_eq!(addrs.next_hop(ip("2001:db8::9")), None);
}

#[test]
fn rfc4191_3_2_the_longest_prefix_then_the_preference_then_the_first() {
    let mut addrs = addresses(&["fe80::1/64"]);
    let learned = &mut addrs.learned;
    learned.set_router(v6("fe80::a"), Preference::Low, later(60), NOW);
    learned.set_router(v6("fe80::b"), Preference::High, later(60), NOW);
    learned.set_router(v6("fe80::c"), Preference::High, later(60), NOW);
    let route = network("2001:db8::/32");
    learned.set_route(route, v6("fe80::c"), Preference::Low, later(60), NOW);
    learned.set_route(route, v6("fe80::a"), Preference::Medium, later(60), NOW);
    hop(&addrs, "2001:db9::1", "fe80::b");
    hop(&addrs, "2001:db8::1", "fe80::a");
    // What the program says is before what routers say, prefix for prefix.
    let manual = |text: &str, via: &str| Route {
        network: text.parse().unwrap(),
        via: ip(via),
        metric: 0,
    };
    addrs.add_route(manual("::/0", "fe80::e")).unwrap();
    hop(&addrs, "2001:db9::1", "fe80::e");
    hop(&addrs, "2001:db8::1", "fe80::a");
    addrs
        .learned
        .set_route(route, v6("fe80::a"), Preference::Medium, NOW, NOW);
    hop(&addrs, "2001:db8::1", "fe80::c");
}

#[test]
fn rfc4861_6_3_6_a_router_that_does_not_answer_is_the_last_to_be_tried() {
    let mut addrs = addresses(&["fe80::1/64"]);
    for router in ["fe80::a", "fe80::b", "fe80::c"] {
        let learned = &mut addrs.learned;
        learned.set_router(v6(router), Preference::Medium, later(60), NOW);
    }
    hop(&addrs, "2001:db8::1", "fe80::a");
    for (silent, next) in [
        ("fe80::a", "fe80::b"),
        ("fe80::b", "fe80::c"),
        // Where none answers, each is tried in its turn.
        ("fe80::c", "fe80::a"),
        ("fe80::a", "fe80::b"),
        ("fe80::b", "fe80::c"),
    ] {
        addrs.learned.silent(v6(silent));
        hop(&addrs, "2001:db8::1", next);
    }
    addrs.learned.answers(v6("fe80::a"));
    hop(&addrs, "2001:db8::1", "fe80::a");
    assert_eq!(addrs.learned.routers().count(), 3, "none is forgotten");
    addrs
        .learned
        .set_router(v6("fe80::a"), Preference::High, NOW, NOW);
    assert_eq!(
        addrs.learned.routers().count(),
        2,
        "a lifetime of zero ends it"
    );
}

#[test]
fn rfc4861_8_3_a_redirection_is_followed_until_its_hop_fails() {
    let mut addrs = addresses(&["fe80::1/64"]);
    addrs
        .learned
        .set_router(v6("fe80::a"), Preference::Medium, later(9000), NOW);
    addrs
        .learned
        .redirect(v6("2001:db8::1"), v6("fe80::b"), NOW);
    addrs
        .learned
        .redirect(v6("2001:db8::2"), v6("2001:db8::2"), NOW);
    hop(&addrs, "2001:db8::1", "fe80::b");
    hop(&addrs, "2001:db8::2", "2001:db8::2");
    hop(&addrs, "2001:db8::3", "fe80::a");
    addrs.learned.silent(v6("fe80::b"));
    hop(&addrs, "2001:db8::1", "fe80::a");
    addrs
        .learned
        .redirect(v6("2001:db8::1"), v6("fe80::b"), NOW);
    addrs.learned.no_router(v6("fe80::b"));
    hop(&addrs, "2001:db8::1", "fe80::a");
    addrs.learned.expire(later(600));
    hop(&addrs, "2001:db8::2", "fe80::a");
    // Room for 16: the oldest makes way.
    for n in 0..20_u16 {
        let dst = Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, n);
        addrs.learned.redirect(dst, v6("fe80::b"), later(n.into()));
    }
    hop(&addrs, "2001:db8:9::3", "fe80::a");
    hop(&addrs, "2001:db8:9::4", "fe80::b");
    hop(&addrs, "2001:db8:9::13", "fe80::b");
}

#[test]
fn what_comes_when_the_tables_are_full_displaces_nothing() {
    let mut addrs = addresses(&["fe80::1/64"]);
    let learned = &mut addrs.learned;
    for n in 0..100_000_u32 {
        let router = Ipv6Addr::from_bits(v6("fe80::").to_bits() | u128::from(n + 1));
        let prefix = Ipv6Addr::from_bits(v6("2001:db8::").to_bits() | u128::from(n) << 64);
        let prefix = Ipv6Cidr::new(prefix, 64).unwrap();
        let until = later(1000);
        let medium = Preference::Medium;
        assert_eq!(
            learned.set_router(router, Preference::High, until, NOW),
            n < 4
        );
        assert_eq!(learned.set_prefix(prefix, router, until, NOW), n < 8);
        assert_eq!(learned.set_route(prefix, router, medium, until, NOW), n < 8);
    }
    assert_eq!(learned.routers().count(), 4);
    assert_eq!(learned.prefixes().count(), 8);
    // But a router that does not answer makes way for one that speaks.
    learned.silent(v6("fe80::2"));
    assert!(learned.set_router(v6("fe80::bb"), Preference::Low, later(9), NOW));
    assert!(learned.routers().all(|router| router.addr != v6("fe80::2")));
}

#[test]
fn rfc6724_5_rule_5_5_the_prefix_of_the_router_on_the_way() {
    let mut addrs = addresses(&["fe80::1/64"]);
    let mut random = Random::new([0; 16]);
    let config = AddrConfig {
        on_link: false,
        ..AddrConfig::STATIC
    };
    for (own, router) in [
        ("2001:db8:a::1/64", "fe80::a"),
        ("2001:db8:b::1/64", "fe80::b"),
    ] {
        let cidr: IpCidr = own.parse().unwrap();
        addrs
            .add(cidr, AddrOrigin::Stable, &config, NOW, &mut random)
            .unwrap();
        let prefix = own.parse::<Ipv6Cidr>().unwrap().network();
        addrs.learned.set_prefix(prefix, v6(router), later(60), NOW);
    }
    addrs
        .learned
        .set_router(v6("fe80::b"), Preference::Medium, later(60), NOW);
    // By its prefix alone the first would be as good as the other.
    assert_eq!(
        addrs.source_for(ip("2001:db9::1")),
        Some(ip("2001:db8:b::1"))
    );
    addrs
        .learned
        .set_router(v6("fe80::a"), Preference::High, later(60), NOW);
    assert_eq!(
        addrs.source_for(ip("2001:db9::1")),
        Some(ip("2001:db8:a::1"))
    );
}

#[test]
fn rfc3927_2_6_link_local_addresses_are_on_the_link_and_for_their_like() {
    let mut addrs = addresses(&["169.254.7.7/16", "192.0.2.1/24"]);
    addrs
        .add_route(Route {
            network: "0.0.0.0/0".parse().unwrap(),
            via: ip("192.0.2.254"),
            metric: 0,
        })
        .unwrap();
    hop(&addrs, "169.254.9.9", "169.254.9.9");
    assert_eq!(addrs.source_for(ip("169.254.9.9")), Some(ip("169.254.7.7")));
    assert_eq!(addrs.source_for(ip("203.0.113.9")), Some(ip("192.0.2.1")));
}
