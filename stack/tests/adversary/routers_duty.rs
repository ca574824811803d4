//! What a router owes beside forwarding: redirections of IPv6 (RFC 4861 §8.2), hop-by-hop options
//! (RFC 8200 §4.3), errors that find their way back, and the groups of all routers (RFC 4291 §2.8).

use std::net::{IpAddr, Ipv6Addr};

use litz::iface::{AdvertisedPrefix, DropReason, HardwareAddr, RouterConfig};
use litz::phy::Medium;
use litz::wire::{
    EthernetAddress, Icmpv4, Icmpv4HeaderPacket, Icmpv6, Icmpv6HeaderPacket, Icmpv6ParamProblem,
    IpProtocol, Ipv4Packet, Ipv6Packet, Ndisc, NdiscOption, ShortAddress,
};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketSet};

use super::frames::{PEER, Path, V4, V6, icmpv6, ip, link_local, stations};
use super::host::{CAPACITY, Host, MTU, OWN, Wire};
use super::membership::{Said, records, within};
use super::several::{Hosts, ends};
use litz::socket::RawFilter;
use litz::time::{Duration, Instant};

const ANY: RawFilter = RawFilter {
    version: None,
    protocol: None,
};
const FAR: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0xf, 0, 0, 0, 0, 9);
const OTHER: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 3]);

/// A forwarding host on an Ethernet, attached to its own set.
fn router() -> Host {
    let mut host = Host::new();
    host.iface.attach(&mut host.sockets).unwrap();
    host.iface.set_forwarding(true);
    host.poll();
    host.wire.tx.clear();
    host
}

/// Neighbors that have asked for us are known.
fn meet_v6(host: &mut Host, addr: Ipv6Addr, station: EthernetAddress) {
    let options = [NdiscOption::SourceLinkLayer { addr: &station.0 }];
    let solicit = Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: super::host::OWN_V6,
        options: litz::wire::rt::Options::items(&options),
    });
    let path = Path {
        station,
        ..V6.from(addr).hop_limit(255)
    };
    assert_eq!(host.answers(path.icmpv6(&solicit)).len(), 1);
}

#[test]
fn rfc4861_8_2_a_neighbor_is_told_of_a_better_router_and_of_a_neighbor() {
    let mut host = router();
    let better = link_local(OTHER);
    let network: IpCidr = "2001:db8:f::/48".parse().unwrap();
    host.iface.add_route(network, better.into()).unwrap();
    meet_v6(&mut host, better, OTHER);
    let near: Ipv6Addr = "2001:db8:1::77".parse().unwrap();
    meet_v6(&mut host, near, OTHER);
    for (dst, target) in [(FAR, better), (near, near)] {
        let sent = host.answers(V6.to(dst).udp(1, 2, b"this way?"));
        assert_eq!(sent.len(), 2, "a word and the packet");
        assert_eq!(
            (ip(&sent[0]).0, ip(&sent[0]).1),
            (link_local(OWN).into(), V6.src)
        );
        assert_eq!((stations(&sent[0]).1, sent[0][14 + 7]), (PEER, 255));
        icmpv6(&sent[0], |message| match message {
            Icmpv6::Ndisc(Ndisc::Redirect {
                target_addr,
                dest_addr,
                options,
            }) => {
                assert_eq!((*target_addr, *dest_addr), (target, dst));
                let options: Vec<_> = options.iter().map(Result::unwrap).collect();
                assert!(options.contains(&NdiscOption::TargetLinkLayer { addr: &OTHER.0 }));
                let quoted = |option: &NdiscOption<'_>| {
                    matches!(option, NdiscOption::Redirected { packet }
                        if packet.bytes().get(24..40) == Some(&dst.octets()[..]))
                };
                assert!(options.iter().any(quoted));
            }
            other => panic!("{other:?}"),
        });
        assert_eq!((stations(&sent[1]).1, ip(&sent[1]).1), (OTHER, dst.into()));
    }
    // Who is no neighbor cannot use it, and neither can anybody a router that is not link-local.
    let stranger: Ipv6Addr = "2001:db8:99::1".parse().unwrap();
    assert_eq!(
        host.answers(V6.from(stranger).to(FAR).udp(1, 2, b"")).len(),
        1
    );
    host.iface.add_route(network, near.into()).unwrap();
    assert_eq!(host.answers(V6.to(FAR).udp(1, 2, b"")).len(), 1);
    // No word follows an error, and no flood of words a flood of packets.
    let mut words = 0;
    host.iface.add_route(network, better.into()).unwrap();
    for _ in 0..200 {
        words += host.answers(V6.to(FAR).udp(1, 2, b"")).len() - 1;
    }
    assert!((1..20).contains(&words), "{words} of 200");
}

/// A datagram behind a hop-by-hop header with one option of this kind.
fn with_option(path: Path, kind: u8) -> Vec<u8> {
    let mut octets = vec![17, 0, kind, 4, 0, 0, 0, 0];
    octets.extend(path.udp_datagram(1, 2, b"x"));
    path.packet(IpProtocol::HopByHop, &octets)
}

const TWO: [&str; 2] = [
    "192.0.2.1/24 2001:db8:1::1/64",
    "198.51.100.1/24 2001:db8:2::1/64",
];

fn between() -> Hosts {
    let mut hosts = Hosts::new(&TWO);
    for (iface, ..) in &mut hosts.ifaces {
        iface.set_forwarding(true);
    }
    hosts
}

#[test]
fn rfc8200_4_3_hop_by_hop_options_are_looked_at_if_it_is_asked_for() {
    let src: Ipv6Addr = "2001:db8:1::9".parse().unwrap();
    let dst: Ipv6Addr = "2001:db8:2::9".parse().unwrap();
    let path = V6.from(src).to(dst);
    // Kinds whose highest bits say skip, drop, report, and report if not to a group.
    for (kind, passes, reports) in [
        (0x1e, true, false),
        (0x5e, false, false),
        (0x9e, false, true),
        (0xde, false, true),
    ] {
        let mut hosts = between();
        let sent = hosts.receive(0, with_option(path, kind));
        assert_eq!(sent[1].len(), 1, "nobody has asked");
        hosts.ifaces[0].0.set_hop_by_hop(true);
        let sent = hosts.receive(0, with_option(path, kind));
        assert_eq!(
            (sent[1].len() == 1, sent[0].len() == 1),
            (passes, reports),
            "{kind:#x}"
        );
        if reports {
            let packet = Ipv6Packet::new_checked(&sent[0][0]).unwrap();
            assert_eq!(packet.dst_addr(), src);
            let message = Icmpv6HeaderPacket::new_checked(packet.payload()).unwrap();
            match Icmpv6::parse(&message).unwrap() {
                Icmpv6::ParamProblem {
                    reason, pointer, ..
                } => assert_eq!(
                    (reason, pointer),
                    (Icmpv6ParamProblem::UnrecognizedOption, 42)
                ),
                other => panic!("{other:?}"),
            }
        }
    }
    // A header that is cut off is not passed on, either.
    let mut hosts = between();
    hosts.ifaces[0].0.set_hop_by_hop(true);
    let sent = hosts.receive(0, path.packet(IpProtocol::HopByHop, &[17, 9, 1, 0]));
    assert!(sent.concat().is_empty());
    let malformed = hosts.ifaces[0].0.counters().dropped(DropReason::Malformed);
    assert_eq!(malformed, 1);
}

#[test]
fn errors_go_by_the_route_table_and_not_back_where_the_packet_came_from() {
    // The packet comes by one link, and its sender lies behind the other.
    let mut hosts = between();
    let src: IpAddr = "198.51.100.9".parse().unwrap();
    let dst: IpAddr = "203.0.113.1".parse().unwrap();
    let path = V4.from(src).to(dst);
    let packet = path.packet(IpProtocol::Udp, &path.udp_datagram(1, 2, b"x"));
    let sent = hosts.receive(0, packet);
    assert!(sent[0].is_empty());
    assert_eq!(sent[1].len(), 1);
    let error = Ipv4Packet::new_checked(&sent[1][0]).unwrap();
    assert_eq!(ends(&sent[1][0]).1, src);
    let message = Icmpv4HeaderPacket::new_checked(error.payload()).unwrap();
    assert!(matches!(
        Icmpv4::parse(&message).unwrap(),
        Icmpv4::DstUnreachable { .. }
    ));
    // Whose sender nobody knows the way to is dropped without a word.
    let nowhere: IpAddr = "203.0.113.200".parse().unwrap();
    let path = path.from(nowhere);
    let packet = path.packet(IpProtocol::Udp, &path.udp_datagram(1, 2, b"x"));
    assert!(hosts.receive(0, packet).concat().is_empty());
}

#[test]
fn rfc4291_2_8_a_router_is_in_the_groups_of_all_routers() {
    static PREFIXES: [AdvertisedPrefix; 0] = [];
    let mut host = Host::new();
    let config = RouterConfig {
        prefixes: &PREFIXES,
        ..RouterConfig::default()
    };
    let groups = ["ff02::2", "ff05::2"].map(|group| group.parse::<IpAddr>().unwrap());
    let member = |host: &Host| groups.map(|group| host.iface.groups().any(|one| one == group));
    assert_eq!(member(&host), [false; 2]);
    host.iface.advertise(config, host.now).unwrap();
    let said = within(&mut host, Duration::from_secs(2));
    let reports = said.iter().filter(|said| matches!(said, Said::Records(_)));
    let told: Vec<_> = records(reports.cloned().collect());
    for group in groups {
        assert!(
            told.iter().any(|record| record.1 == group),
            "{group} in {told:?}"
        );
    }
    assert_eq!(member(&host), [true; 2]);
    let now = host.now;
    host.iface.stop_advertising(now);
    host.pass(Duration::from_secs(2));
    assert_eq!(member(&host), [false; 2]);
}

/// Whether the host says of itself that it is a router when it is asked for its address.
#[track_caller]
fn says_router(host: &mut Host) -> bool {
    let options = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let solicit = Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: super::host::OWN_V6,
        options: litz::wire::rt::Options::items(&options),
    });
    let answer = host.answer(V6.hop_limit(255).icmpv6(&solicit));
    let mut says = false;
    icmpv6(&answer, |message| match message {
        Icmpv6::Ndisc(Ndisc::NeighborAdvert { router, .. }) => says = *router,
        other => panic!("{other:?}"),
    });
    says
}

#[test]
fn a_router_that_does_not_advertise_is_one_to_its_neighbors_all_the_same() {
    // RFC 4291 §2.8, RFC 4861 §4.4: the groups of all routers, and the flag.
    let mut host = Host::new();
    let groups = ["ff02::2", "ff05::2"].map(|group| group.parse::<IpAddr>().unwrap());
    let member = |host: &Host| groups.map(|group| host.iface.groups().any(|one| one == group));
    host.pass(Duration::from_secs(5));
    assert!(!says_router(&mut host));
    assert_eq!(member(&host), [false; 2]);
    let to_routers = V6
        .to(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2))
        .to_station(EthernetAddress([0x33, 0x33, 0, 0, 0, 2]));
    let ping = Icmpv6::EchoRequest {
        ident: 1,
        seq_no: 1,
        data: b"routers?",
    };
    host.silent(to_routers.icmpv6(&ping));
    host.iface.set_forwarding(true);
    let said = within(&mut host, Duration::from_secs(2));
    let reports = said.iter().filter(|said| matches!(said, Said::Records(_)));
    let told: Vec<_> = records(reports.cloned().collect());
    for group in groups {
        assert!(
            told.iter().any(|record| record.1 == group),
            "{group} in {told:?}"
        );
    }
    assert_eq!(member(&host), [true; 2]);
    assert!(says_router(&mut host));
    host.answer(to_routers.icmpv6(&ping));
    // It advertises nothing, even to who asks.
    let options = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let seek = Icmpv6::Ndisc(Ndisc::RouterSolicit {
        options: litz::wire::rt::Options::items(&options),
    });
    host.silent(to_routers.hop_limit(255).icmpv6(&seek));
    let (sent, _) = host.pass(Duration::from_secs(60));
    assert!(sent.iter().all(|frame| frame[14 + 40] != 134));
    // Forwarding ends, and with it both; advertising alone would be enough again.
    host.iface.set_forwarding(false);
    host.pass(Duration::from_secs(2));
    assert_eq!(member(&host), [false; 2]);
    assert!(!says_router(&mut host));
}

#[test]
fn packets_to_groups_are_written_whole_on_802_15_4_too() {
    let own = HardwareAddr::Short(ShortAddress(7));
    let storage = InterfaceStorage::heap(1280);
    let mut iface = Interface::new(Link::Ieee802154(own), [1; 16], storage).unwrap();
    let addr: Ipv6Addr = "fe80::ff:fe00:7".parse().unwrap();
    iface.add_addr(IpCidr::new(addr, 64).unwrap()).unwrap();
    let mut sockets = SocketSet::heap([2; 16], &CAPACITY);
    let mut wire = Wire::new(Medium::Lowpan);
    wire.caps.ip_mtu = MTU + 18;
    let mut now = Instant::from_secs(5);
    iface.poll(now, &mut wire, &mut sockets);
    let raw = sockets.raw_open(ANY).unwrap();
    let group: Ipv6Addr = "ff02::1".parse().unwrap();
    let path = V6.from(addr).to(group);
    let packet = path.packet(IpProtocol(253), b"to everybody");
    sockets.raw(raw).unwrap().send(&packet).unwrap();
    now = now.saturating_add(Duration::from_secs(60));
    wire.tx.clear();
    iface.poll(now, &mut wire, &mut sockets);
    let sent = wire.tx.iter().find(|frame| frame.ends_with(&packet));
    let frame = sent.expect("the packet behind its stations");
    assert_eq!(frame.len(), 18 + packet.len());
    // Kind and address of the receiver, then those of the sender.
    assert_eq!(frame[..9], [2, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
    assert_eq!(frame[9..18], [2, 0, 0, 0, 0, 0, 0, 0, 7]);
}
