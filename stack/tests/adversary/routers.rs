//! What routers say (RFC 4861 §6, §8; RFC 4862 §5.5; RFC 4191; RFC 8106; RFC 8981): the checks,
//! what is made of it, and floods of it.

use std::net::{IpAddr, Ipv6Addr};

use litz::IpCidr;
use litz::iface::{AddrOrigin, AddrState, DropReason, InterfaceIds, SlaacConfig};
use litz::time::{Deadline, Duration};
use litz::wire::rt::{Array, Millis32, Options, Secs16, Secs32};
use litz::wire::{EthernetAddress, Icmpv6, Ndisc, NdiscOption, RoutePreference};

use super::frames::{PEER, PEER_V6, Path, V6, icmpv6, ip, link_local, stations};
use super::host::{Host, MTU, OWN, OWN_V6};

const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const ALL_NODES_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);
const FAR: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 9);

/// The second router of the link.
const OTHER: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 3]);

/// The fixed part of an advertisement.
#[derive(Clone, Copy)]
struct Said {
    hop_limit: u8,
    lifetime: u16,
    preference: RoutePreference,
    reachable: u32,
    retrans: u32,
}

const SAID: Said = Said {
    hop_limit: 0,
    lifetime: 1800,
    preference: RoutePreference::Medium,
    reachable: 0,
    retrans: 0,
};

/// From a router to everybody.
fn from_router(station: EthernetAddress) -> Path {
    Path {
        station,
        ..V6.from(link_local(station))
            .to(ALL_NODES)
            .to_station(ALL_NODES_STATION)
            .hop_limit(255)
    }
}

fn advert(said: Said, options: &[NdiscOption<'_>]) -> Vec<u8> {
    advert_by(PEER, said, options)
}

fn advert_by(router: EthernetAddress, said: Said, options: &[NdiscOption<'_>]) -> Vec<u8> {
    from_router(router).icmpv6(&message(said, options))
}

fn message<'a>(said: Said, options: &'a [NdiscOption<'a>]) -> Icmpv6<'a> {
    Icmpv6::Ndisc(Ndisc::RouterAdvert {
        hop_limit: said.hop_limit,
        managed: false,
        other: true,
        home_agent: false,
        preference: said.preference,
        proxy: false,
        router_lifetime: Secs16(said.lifetime),
        reachable_time: Millis32(said.reachable),
        retrans_time: Millis32(said.retrans),
        options: Options::items(options),
    })
}

fn prefix(text: &str, valid: u32, preferred: u32) -> NdiscOption<'static> {
    let (prefix, len) = text.split_once('/').unwrap();
    NdiscOption::Prefix {
        prefix_len: len.parse().unwrap(),
        on_link: true,
        autonomous: true,
        router_addr: false,
        valid_lifetime: Secs32(valid),
        preferred_lifetime: Secs32(preferred),
        prefix: prefix.parse().unwrap(),
    }
}

/// A host that has begun to configure itself, has nothing else of IPv6 but its link-local address.
fn configured(config: SlaacConfig) -> Host {
    let mut host = Host::new();
    host.iface.remove_addr(OWN_V6.into(), &mut host.sockets);
    let now = host.now;
    host.iface.start_slaac(config, now).unwrap();
    host
}

fn slaac() -> Host {
    configured(SlaacConfig::default())
}

/// The addresses of an origin, with their states.
fn addrs(host: &Host, origin: AddrOrigin) -> Vec<(Ipv6Addr, AddrState)> {
    let infos = host.iface.addr_infos().filter(|info| info.origin == origin);
    infos
        .filter_map(|info| match info.cidr {
            IpCidr::V6(cidr) => Some((cidr.addr(), info.state)),
            IpCidr::V4(_) => None,
        })
        .collect()
}

/// Seconds from now to a deadline.
fn left(host: &Host, deadline: Deadline) -> Option<u64> {
    deadline
        .remaining(host.now)
        .map(|left| left.total_millis() / 1000)
}

/// The lifetimes of the one stable address: preferred, valid.
fn lifetimes(host: &Host) -> (Option<u64>, Option<u64>) {
    let mut infos = host
        .iface
        .addr_infos()
        .filter(|info| info.origin == AddrOrigin::Stable);
    let info = infos.next().expect("an address");
    (
        left(host, info.preferred_until),
        left(host, info.valid_until),
    )
}

/// Where a datagram to `dst` goes: who is asked for, or to which station it goes.
fn next_hop(host: &mut Host, dst: Ipv6Addr) -> Ipv6Addr {
    let socket = host.sockets.udp_bind(0).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((dst, 7), b"x")
        .unwrap();
    let sent = host.sent();
    host.sockets.udp_release(socket).unwrap();
    assert_eq!(sent.len(), 1, "{sent:02x?}");
    let (_, to, protocol, _) = ip(&sent[0]);
    if protocol == litz::wire::IpProtocol::Udp {
        assert_eq!(to, IpAddr::V6(dst));
        let neighbors = host.iface.neighbors();
        let station = stations(&sent[0]).1;
        let hop = neighbors.filter(|&(_, known)| known == station.into());
        return hop
            .filter_map(|(addr, _)| match addr {
                IpAddr::V6(addr) => Some(addr),
                IpAddr::V4(_) => None,
            })
            .next()
            .expect("a neighbor");
    }
    icmpv6(&sent[0], |message| match message {
        Icmpv6::Ndisc(Ndisc::NeighborSolicit { target_addr, .. }) => *target_addr,
        other => panic!("{other:?}"),
    })
}

#[test]
fn rfc4861_6_3_7_routers_are_looked_for_until_one_answers() {
    let mut host = slaac();
    let (sent, _) = host.pass(Duration::from_secs(100));
    assert!(
        (4..=6).contains(&sent.len()),
        "0, 4, 12, 28, 60 s: {}",
        sent.len()
    );
    let routers: Ipv6Addr = "ff02::2".parse().unwrap();
    for frame in &sent {
        let (src, dst, ..) = ip(frame);
        assert_eq!((src, dst), (link_local(OWN).into(), routers.into()));
        icmpv6(frame, |message| {
            let own = [NdiscOption::SourceLinkLayer { addr: &OWN.0 }];
            let expected = Ndisc::RouterSolicit {
                options: Options::items(&own),
            };
            assert_eq!(*message, Icmpv6::Ndisc(expected));
        });
    }
    // RFC 7559 §2.1: a router that is no default router is not what is looked for.
    host.silent(advert(
        Said {
            lifetime: 0,
            ..SAID
        },
        &[],
    ));
    assert!(host.poll_at().instant().is_some());
    host.silent(advert(SAID, &[]));
    assert_eq!(
        host.poll_at(),
        Deadline::at(host.now.saturating_add(Duration::from_secs(1800)))
    );
    // When the last router has gone silent, the search begins again.
    let (sent, _) = host.pass(Duration::from_secs(1802));
    assert_eq!(sent.len(), 1);
}

#[test]
fn rfc4862_5_5_3_prefixes_become_addresses_that_are_asked_for_and_used() {
    let mut host = slaac();
    let options = [
        prefix("2001:db8:a::/64", 3600, 1800),
        prefix("2001:db8:b::/64", 7200, 600),
    ];
    host.silent(advert(SAID, &options));
    let own = addrs(&host, AddrOrigin::Stable);
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|(_, state)| *state == AddrState::Tentative));
    let (sent, _) = host.pass(Duration::from_secs(3));
    assert_eq!(sent.len(), 2, "both are asked for: {sent:02x?}");
    let own = addrs(&host, AddrOrigin::Stable);
    assert!(own.iter().all(|(_, state)| *state == AddrState::Preferred));
    let prefix_of = |addr: &Ipv6Addr| addr.segments()[2];
    let prefixes: Vec<_> = own.iter().map(|(addr, _)| prefix_of(addr)).collect();
    assert_eq!(prefixes, [0xa, 0xb]);
    let id = |addr: Ipv6Addr| addr.to_bits() as u64;
    assert_ne!(
        id(own[0].0),
        id(own[1].0),
        "RFC 7217: unrelated in another network"
    );
    assert_ne!(
        id(own[0].0),
        id(link_local(OWN)),
        "and not made of the hardware address"
    );
    assert_eq!(host.iface.on_link_prefixes().count(), 2);
    assert!(host.iface.slaac_info().other);
    // Another advertisement makes no other addresses.
    host.silent(advert(SAID, &options));
    assert_eq!(addrs(&host, AddrOrigin::Stable), own);
}

#[test]
fn rfc4291_appendix_a_identifiers_of_the_hardware_address_if_so_wanted() {
    let mut host = configured(SlaacConfig {
        ids: InterfaceIds::HardwareAddr,
        ..SlaacConfig::default()
    });
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 3600, 1800)]));
    let own = addrs(&host, AddrOrigin::Stable);
    assert_eq!(
        own[0].0,
        "2001:db8:a::ff:fe00:1".parse::<Ipv6Addr>().unwrap()
    );
}

#[test]
fn rfc4861_6_1_2_advertisements_that_break_a_rule_are_ignored() {
    let mut host = slaac();
    let options = [prefix("2001:db8:a::/64", 3600, 1800)];
    let sound = message(SAID, &options);
    let path = from_router(PEER);
    host.dropped(
        path.hop_limit(254).icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    host.dropped(
        path.from(PEER_V6).icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    host.dropped(
        path.from(Ipv6Addr::UNSPECIFIED).icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    let mut octets = vec![0; sound.buffer_len()];
    sound.emit(&mut octets).unwrap();
    let mut code = octets.clone();
    code[1] = 1;
    host.silent(path.icmpv6_octets(code));
    let mut no_length = octets.clone();
    no_length[17] = 0;
    host.silent(path.icmpv6_octets(no_length));
    for len in 4..octets.len() {
        host.silent(path.icmpv6_octets(octets[..len].to_vec()));
    }
    // But a list that ends before the first option is sound.
    assert_eq!(host.iface.slaac_info().adverts, 1);
    assert_eq!(addrs(&host, AddrOrigin::Stable), []);
    host.silent(path.icmpv6_octets(octets));
    assert_eq!(addrs(&host, AddrOrigin::Stable).len(), 1);
}

#[test]
fn without_being_asked_for_nothing_is_configured() {
    let mut host = Host::new();
    let options = [prefix("2001:db8:a::/64", 3600, 1800)];
    host.dropped(advert(SAID, &options), DropReason::IcmpIgnored);
    assert_eq!(host.iface.routers().count(), 0);
    assert_eq!(addrs(&host, AddrOrigin::Stable), []);
    host.iface
        .start_slaac(SlaacConfig::default(), host.now)
        .unwrap();
    host.iface.stop_slaac();
    host.dropped(advert(SAID, &options), DropReason::IcmpIgnored);
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn rfc4862_5_5_3_prefixes_that_break_a_rule_make_no_address() {
    let mut host = slaac();
    let not_autonomous = match prefix("2001:db8:f::/64", 3600, 1800) {
        NdiscOption::Prefix {
            prefix_len,
            valid_lifetime,
            preferred_lifetime,
            prefix,
            ..
        } => NdiscOption::Prefix {
            prefix_len,
            on_link: false,
            autonomous: false,
            router_addr: false,
            valid_lifetime,
            preferred_lifetime,
            prefix,
        },
        other => other,
    };
    let options = [
        prefix("fe80::/64", 3600, 1800),
        prefix("ff02::/64", 3600, 1800),
        prefix("2001:db8:b::/64", 1800, 3600),
        prefix("2001:db8:c::/64", 0, 0),
        prefix("2001:db8:d::/65", 3600, 1800),
        prefix("2001:db8:e::/200", 3600, 1800),
        not_autonomous,
    ];
    host.silent(advert(SAID, &options));
    assert_eq!(addrs(&host, AddrOrigin::Stable), []);
    // On the link are those that said so, whatever their length.
    let networks: Vec<_> = host
        .iface
        .on_link_prefixes()
        .map(|(net, _)| net.to_string())
        .collect();
    assert_eq!(networks, ["2001:db8:b::/64", "2001:db8:d::/65"]);
}

#[test]
fn rfc4862_5_5_3_e_nobody_ends_an_address_within_two_hours() {
    let mut host = slaac();
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 86_400, 43_200)]));
    assert_eq!(lifetimes(&host), (Some(43_200), Some(86_400)));
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 0, 0)]));
    assert_eq!(lifetimes(&host), (Some(0), Some(7_200)));
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 100, 100)]));
    assert_eq!(lifetimes(&host), (Some(100), Some(7_200)));
    host.silent(advert(
        SAID,
        &[prefix("2001:db8:a::/64", u32::MAX, u32::MAX)],
    ));
    assert_eq!(lifetimes(&host), (None, None));
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 7_201, 60)]));
    assert_eq!(lifetimes(&host), (Some(60), Some(7_201)));
    host.pass(Duration::from_secs(100));
    assert_eq!(addrs(&host, AddrOrigin::Stable)[0].1, AddrState::Deprecated);
    host.pass(Duration::from_secs(7_101));
    assert_eq!(addrs(&host, AddrOrigin::Stable), []);
}

#[test]
fn rfc7217_6_an_address_that_somebody_has_is_replaced_three_times() {
    let mut host = slaac();
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 86_400, 43_200)]));
    let mut tried = Vec::new();
    for _ in 0..4 {
        let (addr, state) = addrs(&host, AddrOrigin::Stable)[0];
        assert_eq!(state, AddrState::Tentative);
        assert!(!tried.contains(&addr));
        tried.push(addr);
        let station = [NdiscOption::TargetLinkLayer { addr: &PEER.0 }];
        let taken = Icmpv6::Ndisc(Ndisc::NeighborAdvert {
            router: false,
            solicited: false,
            override_: true,
            target_addr: addr,
            options: Options::items(&station),
        });
        host.silent(from_router(PEER).from(addr).icmpv6(&taken));
    }
    let (addr, state) = addrs(&host, AddrOrigin::Stable)[0];
    assert_eq!((addr, state), (tried[3], AddrState::Duplicate));
    // It is not tried again with every advertisement.
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 86_400, 43_200)]));
    assert_eq!(addrs(&host, AddrOrigin::Stable), [(addr, state)]);
}

#[test]
fn rfc8981_3_a_temporary_address_is_preferred_and_has_a_successor_every_day() {
    let mut host = configured(SlaacConfig {
        temporary: true,
        ..SlaacConfig::default()
    });
    let option = [prefix("2001:db8:a::/64", u32::MAX, u32::MAX)];
    host.silent(advert(
        Said {
            lifetime: 9000,
            ..SAID
        },
        &option,
    ));
    host.pass(Duration::from_secs(3));
    let first = addrs(&host, AddrOrigin::Temporary);
    assert_eq!(first.len(), 1);
    let source = |host: &mut Host| {
        let socket = host.sockets.udp_bind(0).unwrap();
        host.sockets
            .udp(socket)
            .unwrap()
            .send((ALL_NODES, 7), b"x")
            .unwrap();
        host.sockets.udp_release(socket).ok();
        host.sent().len()
    };
    assert!(source(&mut host) <= 1);
    let days = 4;
    for _ in 0..days * 24 {
        host.pass(Duration::from_secs(3600));
        host.silent(advert(
            Said {
                lifetime: 9000,
                ..SAID
            },
            &option,
        ));
        let states = addrs(&host, AddrOrigin::Temporary);
        let preferred = states
            .iter()
            .filter(|(_, state)| *state == AddrState::Preferred);
        assert!((1..=2).contains(&preferred.count()), "{states:?}");
        assert!(states.len() <= 4, "bounded: {states:?}");
    }
    let now = addrs(&host, AddrOrigin::Temporary);
    assert!(
        now.iter().all(|(addr, _)| *addr != first[0].0),
        "gone after two days"
    );
    assert_eq!(addrs(&host, AddrOrigin::Stable).len(), 1);
}

#[test]
fn rfc4861_6_3_4_parameters_are_applied_and_nonsense_is_not() {
    let mut host = slaac();
    let mtu = [NdiscOption::Mtu { mtu: 1400 }];
    let said = Said {
        hop_limit: 77,
        reachable: 60_000,
        retrans: 500,
        ..SAID
    };
    host.silent(advert(said, &mtu));
    let info = host.iface.slaac_info();
    assert_eq!((info.hop_limit, info.mtu), (77, Some(1400)));
    assert_eq!(info.reachable_time, Duration::from_secs(60));
    assert_eq!(info.retrans_timer, Duration::from_millis(500));
    for (said, mtu) in [
        (SAID, 0),
        (
            Said {
                hop_limit: 1,
                reachable: 3_600_001,
                retrans: 1,
                ..SAID
            },
            1279,
        ),
        (
            Said {
                hop_limit: 31,
                retrans: u32::MAX,
                ..SAID
            },
            MTU as u32 + 1,
        ),
    ] {
        host.silent(advert(said, &[NdiscOption::Mtu { mtu }]));
        assert_eq!(
            litz::iface::SlaacInfo {
                adverts: 0,
                ..host.iface.slaac_info()
            },
            litz::iface::SlaacInfo { adverts: 0, ..info }
        );
    }
}

#[test]
fn rfc4861_6_3_6_a_router_that_does_not_answer_is_left_for_another() {
    let mut host = slaac();
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 86_400, 43_200)]));
    host.silent(advert_by(OTHER, SAID, &[]));
    host.pass(Duration::from_secs(3));
    let (first, second) = (link_local(PEER), link_local(OTHER));
    assert_eq!(next_hop(&mut host, FAR), first);
    // Nobody answers for three seconds.
    host.pass(Duration::from_secs(4));
    assert_eq!(next_hop(&mut host, FAR), second);
    assert!(
        host.iface
            .routers()
            .any(|router| router.addr == first && router.silent)
    );
    // It speaks again, and is as good as before.
    let high = Said {
        preference: RoutePreference::High,
        ..SAID
    };
    host.silent(advert(
        high,
        &[NdiscOption::SourceLinkLayer { addr: &PEER.0 }],
    ));
    assert!(host.iface.routers().all(|router| !router.silent));
    assert_eq!(next_hop(&mut host, FAR), first);
}

#[test]
fn rfc4861_7_2_5_a_router_that_becomes_a_host_is_left() {
    let mut host = slaac();
    let station = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    host.silent(advert(SAID, &station));
    assert_eq!(host.iface.routers().count(), 1);
    let message = Icmpv6::Ndisc(Ndisc::NeighborAdvert {
        router: false,
        solicited: false,
        override_: true,
        target_addr: link_local(PEER),
        options: Options::items(&[]),
    });
    host.answers(from_router(PEER).icmpv6(&message));
    assert_eq!(host.iface.routers().count(), 0);
}

#[test]
fn rfc4191_routes_and_preferences_choose_the_router() {
    let mut host = slaac();
    host.silent(advert(SAID, &[prefix("2001:db8:a::/64", 86_400, 43_200)]));
    let network: Ipv6Addr = "2001:db8:ffff::".parse().unwrap();
    let route = |preference, lifetime| NdiscOption::RouteInfo {
        prefix_len: 48,
        preference,
        lifetime: Secs32(lifetime),
        prefix: &[0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, 0, 0],
    };
    let low = Said {
        preference: RoutePreference::Low,
        ..SAID
    };
    host.silent(advert_by(
        OTHER,
        low,
        &[route(RoutePreference::Reserved, 600)],
    ));
    assert_eq!(
        host.iface.offered_routes().count(),
        0,
        "the reserved preference"
    );
    host.silent(advert_by(
        OTHER,
        low,
        &[route(RoutePreference::Medium, 600)],
    ));
    let offered: Vec<_> = host.iface.offered_routes().collect();
    assert_eq!(offered[0].0, litz::Ipv6Cidr::new(network, 48).unwrap());
    host.pass(Duration::from_secs(3));
    assert_eq!(next_hop(&mut host, FAR), link_local(OTHER));
    assert_eq!(
        next_hop(&mut host, "2001:db8:fffe::1".parse().unwrap()),
        link_local(PEER)
    );
    host.silent(advert_by(OTHER, low, &[route(RoutePreference::Medium, 0)]));
    assert_eq!(host.iface.offered_routes().count(), 0);
}

#[test]
fn rfc8106_servers_and_domains_are_kept_as_long_as_they_live() {
    let mut host = slaac();
    let servers: [Ipv6Addr; 2] = ["2001:db8::53".parse().unwrap(), "fe80::53".parse().unwrap()];
    let options = [
        NdiscOption::Rdnss {
            lifetime: Secs32(100),
            servers: Array::from_values(&servers),
        },
        NdiscOption::Dnssl {
            lifetime: Secs32(50),
            domains: b"\x07example\x03org\x00\x04litz\x07example\x00\x00\x00\x00\x00\x00\x00\x00",
        },
    ];
    host.silent(advert(SAID, &options));
    let known = |host: &Host| {
        host.iface
            .dns_servers()
            .map(|(addr, _)| addr)
            .collect::<Vec<_>>()
    };
    let domains = |host: &Host| {
        let domains = host.iface.search_domains();
        domains
            .map(|(name, _)| name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(known(&host), servers);
    assert_eq!(domains(&host), ["example.org", "litz.example"]);
    host.pass(Duration::from_secs(50));
    assert_eq!(domains(&host), [""; 0]);
    host.pass(Duration::from_secs(50));
    assert_eq!(known(&host), [Ipv6Addr::UNSPECIFIED; 0]);
}

/// A redirection of `dst` to `target`.
fn redirect(path: Path, target: Ipv6Addr, dst: Ipv6Addr, station: EthernetAddress) -> Vec<u8> {
    let options = [NdiscOption::TargetLinkLayer { addr: &station.0 }];
    path.icmpv6(&Icmpv6::Ndisc(Ndisc::Redirect {
        target_addr: target,
        dest_addr: dst,
        options: Options::items(&options),
    }))
}

/// A host with an address and a router that it knows.
fn routed() -> (Host, Path) {
    let mut host = slaac();
    let options = [
        prefix("2001:db8:a::/64", 86_400, 43_200),
        NdiscOption::SourceLinkLayer { addr: &PEER.0 },
    ];
    host.silent(advert(SAID, &options));
    host.pass(Duration::from_secs(3));
    let own = addrs(&host, AddrOrigin::Stable)[0].0;
    (host, from_router(PEER).to(own).to_station(OWN))
}

#[test]
fn rfc4861_8_3_a_redirection_is_followed() {
    // smoltcp #1188: one with a link-layer address was a panic.
    let (mut host, path) = routed();
    assert_eq!(next_hop(&mut host, FAR), link_local(PEER));
    host.silent(redirect(path, link_local(OTHER), FAR, OTHER));
    assert_eq!(next_hop(&mut host, FAR), link_local(OTHER));
    let near = "2001:db8:ffff::8".parse().unwrap();
    host.silent(redirect(path, near, near, OTHER));
    assert_eq!(host.knows(near), Some(OTHER));
    host.pass(Duration::from_secs(601));
    assert_eq!(next_hop(&mut host, FAR), link_local(PEER), "not for ever");
}

#[test]
fn rfc4861_8_1_redirections_that_break_a_rule_are_ignored() {
    let (mut host, path) = routed();
    let (other, group) = (link_local(OTHER), ALL_NODES);
    let own = addrs(&host, AddrOrigin::Stable)[0].0;
    for (name, frame) in [
        (
            "hop limit",
            redirect(path.hop_limit(254), other, FAR, OTHER),
        ),
        (
            "not link-local",
            redirect(path.from(PEER_V6), other, FAR, OTHER),
        ),
        (
            "not the router in use",
            redirect(path.from(other), other, FAR, OTHER),
        ),
        ("a group", redirect(path, other, group, OTHER)),
        ("a target elsewhere", redirect(path, PEER_V6, FAR, OTHER)),
        ("to ourselves", redirect(path, link_local(OWN), FAR, OTHER)),
        ("from ourselves", redirect(path, other, own, OTHER)),
    ] {
        let before = host.iface.counters().dropped(DropReason::NeighborInvalid);
        host.silent(frame);
        let after = host.iface.counters().dropped(DropReason::NeighborInvalid);
        assert_eq!(after, before + 1, "{name}");
    }
    assert_eq!(next_hop(&mut host, FAR), link_local(PEER));
    let mut host = configured(SlaacConfig {
        redirects: false,
        ..SlaacConfig::default()
    });
    host.silent(advert(SAID, &[]));
    host.dropped(
        redirect(path.to(link_local(OWN)), other, FAR, OTHER),
        DropReason::IcmpIgnored,
    );
}

#[test]
fn a_flood_of_advertisements_changes_nothing_that_is_in_use() {
    // Thousands of routers, prefixes, routes and servers: thc-ipv6's flood_router26.
    let (mut host, _) = routed();
    let own = addrs(&host, AddrOrigin::Stable);
    assert_eq!(
        next_hop(&mut host, FAR),
        link_local(PEER),
        "and it is in use"
    );
    for n in 0..20_000_u32 {
        let [_, a, b, c] = n.to_be_bytes();
        let station = EthernetAddress([0x02, 0xff, 0, a, b, c]);
        let network = Ipv6Addr::from_bits((0x2001_0db8_0100 << 80) | (u128::from(n) << 64));
        let text = format!("{network}/64");
        let server = [network];
        let octets = network.octets();
        let options = [
            prefix(&text, u32::MAX, u32::MAX),
            NdiscOption::SourceLinkLayer { addr: &station.0 },
            NdiscOption::Rdnss {
                lifetime: Secs32(u32::MAX),
                servers: Array::from_values(&server),
            },
            NdiscOption::RouteInfo {
                prefix_len: 64,
                preference: RoutePreference::High,
                lifetime: Secs32(u32::MAX),
                prefix: &octets[..8],
            },
        ];
        let high = Said {
            preference: RoutePreference::High,
            lifetime: u16::MAX,
            ..SAID
        };
        host.wire.rx.push_back(advert_by(station, high, &options));
        if n % 100 == 0 {
            while host.poll().more {}
        }
    }
    host.pass(Duration::from_secs(5));
    host.wire.tx.clear();
    let now = addrs(&host, AddrOrigin::Stable);
    assert!(now.contains(&own[0]), "{now:?}");
    assert!(
        host.iface
            .routers()
            .any(|router| router.addr == link_local(PEER))
    );
    assert!(host.iface.routers().count() <= 4 && host.iface.addr_infos().count() <= 16);
    assert!(host.iface.slaac_info().refused > 10_000);
    assert_eq!(
        host.knows(link_local(PEER)),
        Some(PEER),
        "and it is still known"
    );
    host.pass(Duration::from_secs(600));
}

#[test]
fn everything_that_routers_say_has_an_end() {
    let mut host = slaac();
    let servers = [FAR];
    let options = [
        prefix("2001:db8:a::/64", 300, 100),
        NdiscOption::Rdnss {
            lifetime: Secs32(100),
            servers: Array::from_values(&servers),
        },
    ];
    host.silent(advert(SAID, &options));
    host.iface.stop_slaac();
    let (_, polls) = host.pass(Duration::from_secs(3600));
    assert!(polls < 20, "{polls} polls");
    assert!(
        host.poll_at().instant().is_none(),
        "nothing is left to wait for"
    );
    assert_eq!(host.iface.routers().count(), 0);
    assert_eq!(host.iface.on_link_prefixes().count(), 0);
    assert_eq!(addrs(&host, AddrOrigin::Stable), []);
}

#[test]
fn on_a_link_without_hardware_addresses_addresses_are_used_at_once() {
    let mut host = Host::on_ip();
    host.iface.remove_addr(OWN_V6.into(), &mut host.sockets);
    let now = host.now;
    host.iface.start_slaac(SlaacConfig::default(), now).unwrap();
    let (sent, _) = host.pass(Duration::from_secs(2));
    assert_eq!(sent.len(), 1, "a solicitation");
    let options = [prefix("2001:db8:a::/64", 3600, 1800)];
    let frame = advert(SAID, &options);
    host.silent(frame[14..].to_vec());
    let own = addrs(&host, AddrOrigin::Stable);
    assert_eq!(own[0].1, AddrState::Preferred);
}
