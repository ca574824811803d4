//! A router that advertises itself (RFC 4861 §6.2): what it says, to whom it answers, and that
//! hosts of litz understand it.

use std::net::Ipv6Addr;

use litz::iface::{AdvertisedPrefix, ConfigError, DropReason, RouterConfig, SlaacConfig};
use litz::time::Duration;
use litz::wire::rt::{Options, Secs16};
use litz::wire::{EthernetAddress, Icmpv6, IpProtocol, Ndisc, NdiscOption};

use super::frames::{PEER, Path, V6, icmpv6, ip, link_local, stations};
use super::host::{Host, OWN};

const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
const ALL_ROUTERS_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0, 0, 0, 2]);
const DNS: [Ipv6Addr; 1] = [Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x53)];

fn prefixes() -> &'static [AdvertisedPrefix] {
    let network = |text: &str| AdvertisedPrefix {
        network: text.parse().unwrap(),
        on_link: true,
        autonomous: true,
        valid: Some(Duration::from_secs(3600)),
        preferred: None,
    };
    // What it advertises is lent to the interface as long as that lives.
    Box::leak(Box::new([
        network("2001:db8:a::/64"),
        network("2001:db8:b::/64"),
    ]))
}

fn config() -> RouterConfig<'static> {
    RouterConfig {
        mtu: Some(1400),
        prefixes: prefixes(),
        dns_servers: &DNS,
        ..RouterConfig::default()
    }
}

fn router() -> Host {
    let mut host = Host::new();
    host.pass(Duration::from_secs(30));
    let now = host.now;
    host.iface.advertise(config(), now).unwrap();
    host
}

/// A solicitation of the peer.
fn question(options: &[NdiscOption<'_>]) -> Vec<u8> {
    asking().icmpv6(&Icmpv6::Ndisc(Ndisc::RouterSolicit {
        options: Options::items(options),
    }))
}

fn asking() -> Path {
    V6.from(link_local(PEER))
        .to(ALL_ROUTERS)
        .to_station(ALL_ROUTERS_STATION)
        .hop_limit(255)
}

/// The lifetime that an advertisement gives, if the frame is one.
fn lifetime(frame: &[u8]) -> Option<u16> {
    icmpv6(frame, |message| match message {
        Icmpv6::Ndisc(Ndisc::RouterAdvert {
            router_lifetime: Secs16(seconds),
            ..
        }) => Some(*seconds),
        _ => None,
    })
}

fn lifetimes(frames: &[Vec<u8>]) -> Vec<u16> {
    let plain = plain(frames.to_vec());
    plain.iter().filter_map(|frame| lifetime(frame)).collect()
}

/// The frames without reports of groups, which stand behind options.
fn plain(mut frames: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    frames.retain(|frame| ip(frame).2 == IpProtocol::Icmpv6);
    frames
}

#[test]
fn rfc4861_6_2_a_host_of_litz_configures_itself_from_it() {
    let mut host = router();
    let sent = plain(host.sent());
    assert_eq!(lifetimes(&sent), [1800]);
    let (src, dst, ..) = ip(&sent[0]);
    let everybody: Ipv6Addr = "ff02::1".parse().unwrap();
    assert_eq!((src, dst), (link_local(OWN).into(), everybody.into()));
    assert_eq!(sent[0][14 + 7], 255, "hop limit");
    let mut other = Host::new();
    let now = other.now;
    other
        .iface
        .start_slaac(SlaacConfig::default(), now)
        .unwrap();
    // The two hosts have one hardware address; what counts is what the frame says.
    other
        .iface
        .remove_addr(link_local(OWN).into(), &mut other.sockets);
    other.answers(sent[0].clone());
    let routers: Vec<_> = other.iface.routers().map(|router| router.addr).collect();
    assert_eq!(routers, [link_local(OWN)]);
    assert_eq!(other.iface.on_link_prefixes().count(), 2);
    assert_eq!(other.iface.slaac_info().mtu, Some(1400));
    let servers: Vec<_> = other.iface.dns_servers().map(|(addr, _)| addr).collect();
    assert_eq!(servers, DNS);
}

#[test]
fn rfc4861_6_2_6_who_asks_is_answered_within_half_a_second_but_not_too_often() {
    let mut host = router();
    host.pass(Duration::from_secs(10));
    let station = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    host.answers(question(&station));
    assert_eq!(host.knows(link_local(PEER)), Some(PEER));
    let (sent, _) = host.pass(Duration::from_millis(500));
    assert_eq!(lifetimes(&sent), [1800]);
    let mut count = 0;
    for _ in 0..100 {
        host.answers(question(&station));
        count += lifetimes(&host.pass(Duration::from_millis(100)).0).len();
    }
    assert!(count <= 4, "{count} in ten seconds");
}

#[test]
fn rfc4861_6_1_1_questions_that_break_a_rule_are_ignored() {
    let mut host = router();
    host.pass(Duration::from_secs(10));
    let station = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let question = Icmpv6::Ndisc(Ndisc::RouterSolicit {
        options: Options::items(&station),
    });
    let nowhere = asking().from(Ipv6Addr::UNSPECIFIED);
    host.dropped(nowhere.icmpv6(&question), DropReason::NeighborInvalid);
    host.dropped(
        asking().hop_limit(64).icmpv6(&question),
        DropReason::NeighborInvalid,
    );
    let (sent, _) = host.pass(Duration::from_secs(2));
    assert_eq!(lifetimes(&sent), [0; 0]);
}

#[test]
fn rfc4861_6_2_5_a_router_that_ends_says_so_once() {
    let mut host = router();
    host.pass(Duration::from_secs(10));
    let now = host.now;
    host.iface.stop_advertising(now);
    let (sent, _) = host.pass(Duration::from_secs(3600));
    assert_eq!(lifetimes(&sent), [0]);
    assert_eq!(stations(&sent[0]).0, OWN);
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn rfc4861_6_2_1_intervals_and_lifetimes_have_bounds() {
    let mut host = Host::new();
    let now = host.now;
    for (interval, lifetime) in [(3, 1800), (1801, 1801), (600, 599), (600, 9001)] {
        let wrong = RouterConfig {
            interval: Duration::from_secs(interval),
            lifetime: Duration::from_secs(lifetime),
            ..config()
        };
        assert_eq!(host.iface.advertise(wrong, now), Err(ConfigError::Interval));
    }
    let many: &'static [Ipv6Addr] = Box::leak(Box::new([Ipv6Addr::LOCALHOST; 9]));
    let wrong = RouterConfig {
        dns_servers: many,
        ..config()
    };
    assert_eq!(host.iface.advertise(wrong, now), Err(ConfigError::Full));
}
