//! Neighbor discovery (RFC 4861 §7): the checks of every message, and what is answered.

use std::net::{IpAddr, Ipv6Addr};

use litz::iface::DropReason;
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{EthernetAddress, Icmpv6, Ndisc, NdiscOption};

use super::frames::{EVERYBODY, PEER, PEER_V6, Path, V6, icmpv6, ip, link_local, stations, udp};
use super::host::{Host, OWN, OWN_V6};

const OTHER: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 3]);
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// The group of `OWN_V6`, and the station that it maps to.
const GROUP: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 1);
const GROUP_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0xff, 0, 0, 1]);

/// From the peer to our group, as a first solicitation goes.
fn to_group() -> Path {
    V6.to(GROUP).to_station(GROUP_STATION).hop_limit(255)
}

fn direct() -> Path {
    V6.hop_limit(255)
}

fn solicit<'a>(target: Ipv6Addr, options: &'a [NdiscOption<'a>]) -> Icmpv6<'a> {
    Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: target,
        options: Options::items(options),
    })
}

fn advert<'a>(
    target_addr: Ipv6Addr,
    solicited: bool,
    override_: bool,
    options: &'a [NdiscOption<'a>],
) -> Icmpv6<'a> {
    let options = Options::items(options);
    Icmpv6::Ndisc(Ndisc::NeighborAdvert {
        router: false,
        solicited,
        override_,
        target_addr,
        options,
    })
}

fn source(station: &EthernetAddress) -> [NdiscOption<'_>; 1] {
    [NdiscOption::SourceLinkLayer { addr: &station.0 }]
}

fn target(station: &EthernetAddress) -> [NdiscOption<'_>; 1] {
    [NdiscOption::TargetLinkLayer { addr: &station.0 }]
}

/// A host that wants to send a datagram to the peer and does not know it.
fn asking() -> Host {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V6, 7), b"hello")
        .unwrap();
    let sent = host.sent();
    assert_eq!(sent.len(), 1);
    let (src, dst, ..) = ip(&sent[0]);
    let group: Ipv6Addr = "ff02::1:ff00:2".parse().unwrap();
    assert_eq!((src, dst), (OWN_V6.into(), group.into()));
    assert_eq!(
        stations(&sent[0]),
        (OWN, EthernetAddress([0x33, 0x33, 0xff, 0, 0, 2]))
    );
    assert_eq!(sent[0][14 + 7], 255, "hop limit");
    icmpv6(&sent[0], |message| {
        assert_eq!(*message, solicit(PEER_V6, &source(&OWN)))
    });
    host
}

#[test]
fn a_solicitation_is_answered_from_the_address_asked_for() {
    // smoltcp #418: it was answered from another address.
    for wanted in [OWN_V6, link_local(OWN)] {
        for path in [direct(), direct().from(link_local(PEER))] {
            let mut host = Host::new();
            let frame = path.to(wanted).icmpv6(&solicit(wanted, &source(&PEER)));
            let answer = host.answer(frame);
            let (src, dst, ..) = ip(&answer);
            assert_eq!((src, dst), (wanted.into(), path.src));
            assert_eq!(stations(&answer), (OWN, PEER));
            assert_eq!(answer[14 + 7], 255, "hop limit");
            icmpv6(&answer, |message| {
                assert_eq!(*message, advert(wanted, true, true, &target(&OWN)));
            });
            assert_eq!(host.knows(path.src), Some(PEER));
        }
    }
}

#[test]
fn duplicate_address_detection_is_answered_to_everybody() {
    let mut host = Host::new();
    let frame = to_group()
        .from(Ipv6Addr::UNSPECIFIED)
        .icmpv6(&solicit(OWN_V6, &[]));
    let answer = host.answer(frame);
    assert_eq!(ip(&answer).1, IpAddr::V6(ALL_NODES));
    assert_eq!(
        stations(&answer).1,
        EthernetAddress([0x33, 0x33, 0, 0, 0, 1])
    );
    icmpv6(&answer, |message| {
        assert_eq!(*message, advert(OWN_V6, false, true, &target(&OWN)))
    });
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn solicitations_that_break_a_rule_are_ignored() {
    // RFC 4861 §7.1.1, each in turn.
    let nowhere = Ipv6Addr::UNSPECIFIED;
    let options = source(&PEER);
    let sound = solicit(OWN_V6, &options);
    let mut host = Host::new();
    for hop_limit in [0, 1, 64, 254] {
        let frame = to_group().hop_limit(hop_limit).icmpv6(&sound);
        host.dropped(frame, DropReason::NeighborInvalid);
    }
    let with_code = {
        let mut octets = vec![0; sound.buffer_len()];
        sound.emit(&mut octets).unwrap();
        octets[1] = 1;
        octets
    };
    host.silent(to_group().icmpv6_octets(with_code));
    host.dropped(
        to_group().icmpv6(&solicit(ALL_NODES, &source(&PEER))),
        DropReason::NeighborInvalid,
    );
    host.dropped(
        to_group().from(nowhere).icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    host.dropped(
        direct().from(nowhere).icmpv6(&solicit(OWN_V6, &[])),
        DropReason::NeighborInvalid,
    );
    let mut wrong = to_group().icmpv6(&sound);
    *wrong.last_mut().unwrap() ^= 1;
    host.dropped(wrong, DropReason::TransportChecksum);
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn solicitations_for_others_are_not_answered() {
    let mut host = Host::new();
    let other: Ipv6Addr = "2001:db8:1::3".parse().unwrap();
    host.dropped(
        to_group().icmpv6(&solicit(other, &source(&PEER))),
        DropReason::IcmpIgnored,
    );
    assert_eq!(host.iface.neighbors().count(), 0, "and teach nothing");
}

#[test]
fn options_of_length_zero_end_the_message() {
    // RFC 4861 §4.6: "Nodes MUST silently discard"; it was an endless loop.
    let mut octets = vec![135, 0, 0, 0, 0, 0, 0, 0];
    octets.extend(OWN_V6.octets());
    for tail in [
        &[1, 0, 2, 0, 0, 0, 0, 2][..],
        &[14, 0],
        &[1],
        &[1, 1, 2, 0, 0],
        &[1, 255, 2, 0, 0, 0, 0, 2],
        &[1, 1, 2, 0, 0, 0, 0, 2, 200, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let mut host = Host::new();
        let octets = [&octets[..], tail].concat();
        host.silent(to_group().icmpv6_octets(octets));
        assert_eq!(host.iface.neighbors().count(), 0, "{tail:02x?}");
    }
}

#[test]
fn link_layer_options_of_another_medium_teach_nothing() {
    // smoltcp #1027: an option of the wrong length for the medium was a panic.
    for len in [14, 22, 62] {
        let long = vec![2; len];
        let mut host = Host::new();
        let options = [NdiscOption::SourceLinkLayer { addr: &long }];
        host.answers(to_group().icmpv6(&solicit(OWN_V6, &options)));
        assert_eq!(host.iface.neighbors().count(), 0);
        let mut host = asking();
        let options = [NdiscOption::TargetLinkLayer { addr: &long }];
        host.silent(direct().icmpv6(&advert(PEER_V6, true, true, &options)));
        assert_eq!(host.iface.neighbors().count(), 0);
    }
}

#[test]
fn an_advertisement_lets_the_waiting_packet_go() {
    let mut host = asking();
    let answer = host.answer(direct().icmpv6(&advert(PEER_V6, true, true, &target(&PEER))));
    assert_eq!(stations(&answer), (OWN, PEER));
    assert_eq!(udp(&answer), (5000, 7, b"hello".to_vec()));
}

#[test]
fn advertisements_that_break_a_rule_are_ignored() {
    // RFC 4861 §7.1.2, each in turn.
    let mut host = asking();
    let (peer, everybody) = (target(&PEER), target(&EVERYBODY));
    let sound = advert(PEER_V6, true, true, &peer);
    let group = advert(ALL_NODES, true, true, &peer);
    let own = advert(OWN_V6, true, true, &peer);
    let broadcast = advert(PEER_V6, true, true, &everybody);
    host.dropped(
        direct().hop_limit(254).icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    host.dropped(
        direct()
            .to(ALL_NODES)
            .to_station(EthernetAddress([0x33, 0x33, 0, 0, 0, 1]))
            .icmpv6(&sound),
        DropReason::NeighborInvalid,
    );
    host.dropped(direct().icmpv6(&group), DropReason::NeighborInvalid);
    host.dropped(direct().icmpv6(&own), DropReason::NeighborInvalid);
    host.silent(direct().icmpv6(&broadcast));
    host.dropped(
        direct().icmpv6(&advert(PEER_V6, true, true, &[])),
        DropReason::NeighborInvalid,
    );
    assert_eq!(host.knows(PEER_V6), None);
}

#[test]
fn advertisements_that_nobody_asked_for_teach_nothing() {
    // RFC 4861 §7.2.5: "there is no need to create an entry".
    let mut host = Host::new();
    host.dropped(
        direct().icmpv6(&advert(PEER_V6, true, true, &target(&PEER))),
        DropReason::NeighborInvalid,
    );
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn without_the_override_flag_a_known_station_stays() {
    // RFC 4861 §7.2.5.
    let mut host = asking();
    host.answers(direct().icmpv6(&advert(PEER_V6, true, true, &target(&PEER))));
    host.silent(direct().icmpv6(&advert(PEER_V6, true, false, &target(&OTHER))));
    assert_eq!(host.knows(PEER_V6), Some(PEER));
    host.silent(direct().icmpv6(&advert(PEER_V6, false, true, &target(&OTHER))));
    assert_eq!(host.knows(PEER_V6), Some(OTHER));
}

#[test]
fn reachability_is_confirmed_without_the_option() {
    // RFC 4861 §4.4: a unicast solicitation's answer may leave the option out.
    let mut host = asking();
    host.answers(direct().icmpv6(&advert(PEER_V6, true, true, &target(&PEER))));
    let socket = host.sockets.udp_bind(5001).unwrap();
    host.now = host.now.saturating_add(Duration::from_secs(46));
    host.sockets
        .udp(socket)
        .unwrap()
        .send((PEER_V6, 7), b"2")
        .unwrap();
    let (sent, _) = host.pass(Duration::from_millis(5100));
    assert_eq!(sent.len(), 2, "the datagram, and the question");
    assert_eq!(stations(&sent[1]).1, PEER);
    assert_eq!(ip(&sent[1]).1, IpAddr::V6(PEER_V6));
    host.silent(direct().icmpv6(&advert(PEER_V6, true, true, &[])));
    let (sent, _) = host.pass(Duration::from_secs(20));
    assert!(sent.is_empty());
    assert_eq!(host.knows(PEER_V6), Some(PEER));
}

#[test]
fn redirects_and_router_messages_are_passed_over_by_who_has_not_asked_for_them() {
    // smoltcp #1188: a redirect with a link-layer address was a panic.
    let target_option = target(&PEER);
    let options = Options::items(&target_option);
    let mut host = Host::new();
    for message in [
        Ndisc::Redirect {
            target_addr: PEER_V6,
            dest_addr: OWN_V6,
            options,
        },
        Ndisc::RouterSolicit { options },
    ] {
        let path = direct().from(link_local(PEER));
        host.dropped(
            path.icmpv6(&Icmpv6::Ndisc(message)),
            DropReason::IcmpIgnored,
        );
    }
    assert_eq!(host.iface.neighbors().count(), 0);
}

#[test]
fn every_truncation_of_every_message_is_survived() {
    let options = [
        NdiscOption::SourceLinkLayer { addr: &PEER.0 },
        NdiscOption::TargetLinkLayer { addr: &PEER.0 },
    ];
    let list = Options::items(&options);
    for message in [
        solicit(OWN_V6, &options),
        advert(PEER_V6, true, true, &options),
        Icmpv6::Ndisc(Ndisc::Redirect {
            target_addr: PEER_V6,
            dest_addr: OWN_V6,
            options: list,
        }),
        Icmpv6::Ndisc(Ndisc::RouterSolicit { options: list }),
    ] {
        let mut octets = vec![0; message.buffer_len()];
        message.emit(&mut octets).unwrap();
        for len in 4..octets.len() {
            asking().answers(direct().icmpv6_octets(octets[..len].to_vec()));
        }
    }
}
