//! Two hosts with one address: asking before use (RFC 4862 §5.4, RFC 7527, RFC 5227), defending,
//! giving up; and link-local addresses of IPv4, which move on (RFC 3927).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::IpCidr;
use litz::iface::{AddrConfig, AddrOrigin, AddrState, Defend, DropReason};
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{ArpEthIpv4Repr, ArpOperation, EthernetAddress, Icmpv6, Ndisc, NdiscOption};

use super::frames::{
    EVERYBODY, PEER, PEER_V4, Path, Seg, V4, V6, arp, arp_reply, arp_request, icmpv6, ip, stations,
    tcp,
};
use super::host::{Host, OWN, OWN_V4, OWN_V6};

const NEW_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 77);
const NEW_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 0x77);
const GROUP: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0x77);
const GROUP_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0xff, 0, 0, 0x77]);
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const ALL_NODES_STATION: EthernetAddress = EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);

/// A host that has begun to ask for another address.
fn asking(addr: impl Into<IpAddr>) -> Host {
    let mut host = Host::new();
    let addr = addr.into();
    let prefix_len = if addr.is_ipv4() { 24 } else { 64 };
    let cidr = IpCidr::new(addr, prefix_len).unwrap();
    let (config, now) = (AddrConfig::DETECT, host.now);
    host.iface.add_addr_with(cidr, config, now).unwrap();
    host
}

/// The state of an address.
fn state(host: &Host, addr: impl Into<IpAddr>) -> Option<AddrState> {
    let addr = addr.into();
    let mut infos = host.iface.addr_infos();
    infos
        .find(|info| info.cidr.addr() == addr)
        .map(|info| info.state)
}

/// From nowhere to the group of the new address.
fn from_nowhere() -> Path {
    V6.from(Ipv6Addr::UNSPECIFIED)
        .to(GROUP)
        .to_station(GROUP_STATION)
        .hop_limit(255)
}

fn solicit<'a>(options: &'a [NdiscOption<'a>]) -> Icmpv6<'a> {
    Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: NEW_V6,
        options: Options::items(options),
    })
}

fn advert<'a>(options: &'a [NdiscOption<'a>]) -> Icmpv6<'a> {
    Icmpv6::Ndisc(Ndisc::NeighborAdvert {
        router: false,
        solicited: false,
        override_: true,
        target_addr: NEW_V6,
        options: Options::items(options),
    })
}

#[test]
fn rfc4862_5_4_2_an_address_is_asked_for_from_nowhere_and_then_used() {
    let mut host = asking(NEW_V6);
    let (sent, _) = host.pass(Duration::from_millis(1000));
    assert_eq!(sent.len(), 1);
    let (src, dst, ..) = ip(&sent[0]);
    assert_eq!((src, dst), (Ipv6Addr::UNSPECIFIED.into(), GROUP.into()));
    assert_eq!(stations(&sent[0]), (OWN, GROUP_STATION));
    assert_eq!(sent[0][14 + 7], 255, "hop limit");
    icmpv6(&sent[0], |message| {
        let Icmpv6::Ndisc(Ndisc::NeighborSolicit {
            target_addr,
            options,
        }) = message
        else {
            panic!("{message:?}");
        };
        assert_eq!(*target_addr, NEW_V6);
        let options: Vec<_> = options.iter().map(Result::unwrap).collect();
        assert!(
            matches!(options[..], [NdiscOption::Nonce { nonce }] if nonce.len() == 6),
            "a nonce, and no address: {options:?}"
        );
    });
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Tentative));
    host.silent(V6.to(NEW_V6).hop_limit(255).icmpv6(&solicit(&[])));
    let echo = |data| Icmpv6::EchoRequest {
        ident: 1,
        seq_no: 1,
        data,
    };
    host.dropped(
        V6.to(NEW_V6).icmpv6(&echo(b"early")),
        DropReason::NotOurAddress,
    );
    let (sent, _) = host.pass(Duration::from_millis(1000));
    assert!(sent.is_empty());
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Preferred));
    host.answer(V6.to(NEW_V6).icmpv6(&echo(b"now")));
    assert!(host.poll_at().instant().is_none(), "and no timer is left");
}

#[test]
fn rfc4862_5_4_4_who_has_the_address_says_so() {
    let mut host = asking(NEW_V6);
    host.pass(Duration::from_millis(1000));
    let station = [NdiscOption::TargetLinkLayer { addr: &PEER.0 }];
    let answer = V6
        .from(NEW_V6)
        .to(ALL_NODES)
        .to_station(ALL_NODES_STATION)
        .hop_limit(255)
        .icmpv6(&advert(&station));
    host.dropped(answer, DropReason::NeighborInvalid);
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Duplicate));
    let (sent, _) = host.pass(Duration::from_secs(60));
    assert!(sent.is_empty());
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Duplicate));
    host.dropped(
        V6.to(NEW_V6).udp(1, 2, b"not ours"),
        DropReason::NotOurAddress,
    );
}

#[test]
fn rfc4862_5_4_3_who_wants_the_same_address_at_the_same_time_stops_both() {
    for nonce in [None, Some([9; 6])] {
        let mut host = asking(NEW_V6);
        host.pass(Duration::from_millis(1000));
        let options: Vec<_> = nonce
            .iter()
            .map(|nonce| NdiscOption::Nonce { nonce })
            .collect();
        host.silent(from_nowhere().icmpv6(&solicit(&options)));
        assert_eq!(state(&host, NEW_V6), Some(AddrState::Duplicate));
    }
}

#[test]
fn rfc4862_5_4_3_who_looks_for_the_address_does_not_stop_it() {
    let mut host = asking(NEW_V6);
    let station = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let path = V6.to(GROUP).to_station(GROUP_STATION).hop_limit(255);
    host.dropped(path.icmpv6(&solicit(&station)), DropReason::IcmpIgnored);
    host.pass(Duration::from_millis(2000));
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Preferred));
}

#[test]
fn rfc7527_4_2_our_own_question_come_back_is_not_another_host() {
    let mut host = asking(NEW_V6);
    let mut questions = 0;
    while let Some(at) = host.poll_at().instant() {
        host.now = at;
        for frame in host.sent() {
            questions += 1;
            // The switch gives it back, and once more after that.
            host.silent(frame.clone());
            host.silent(frame);
        }
    }
    assert_eq!(questions, 4, "three more than on a sound link");
    assert_eq!(state(&host, NEW_V6), Some(AddrState::Preferred));
}

#[test]
fn rfc5227_2_1_an_address_is_probed_announced_and_used() {
    let mut host = asking(NEW_V4);
    // At most 1 s before the first probe, 2 s between two, 2 s after them, and 2 s to the second
    // announcement.
    let (sent, _) = host.pass(Duration::from_millis(9100));
    let sent: Vec<_> = sent
        .iter()
        .map(|frame| (stations(frame).1, arp(frame).unwrap()))
        .collect();
    assert_eq!(sent.len(), 5, "three probes and two announcements");
    for (number, (to, packet)) in sent.iter().enumerate() {
        let spa = if number < 3 {
            Ipv4Addr::UNSPECIFIED
        } else {
            NEW_V4
        };
        let expected = ArpEthIpv4Repr {
            oper: ArpOperation::Request,
            sha: OWN,
            spa,
            tha: EthernetAddress([0; 6]),
            tpa: NEW_V4,
        };
        assert_eq!((to, packet), (&EVERYBODY, &expected), "{number}");
    }
    assert_eq!(state(&host, NEW_V4), Some(AddrState::Preferred));
    host.answer(arp_request(PEER_V4, PEER, NEW_V4));
}

#[test]
fn rfc5227_2_1_1_any_sign_of_another_owner_stops_a_probe() {
    let nowhere = Ipv4Addr::UNSPECIFIED;
    let signs = [
        ("another probe", arp_request(nowhere, PEER, NEW_V4)),
        ("an announcement", arp_request(NEW_V4, PEER, NEW_V4)),
        ("a question to another", arp_request(NEW_V4, PEER, PEER_V4)),
        ("a reply to us", arp_reply(NEW_V4, PEER)),
    ];
    for (name, sign) in signs {
        let mut host = asking(NEW_V4);
        host.pass(Duration::from_millis(1500));
        host.dropped(sign, DropReason::NeighborInvalid);
        assert_eq!(state(&host, NEW_V4), Some(AddrState::Duplicate), "{name}");
        let (sent, _) = host.pass(Duration::from_secs(20));
        assert!(sent.is_empty(), "{name}");
    }
    // Our own probe come back is no sign, and neither is a question for the address.
    let mut host = asking(NEW_V4);
    host.silent(arp_request(nowhere, OWN, NEW_V4));
    host.silent(arp_request(PEER_V4, PEER, NEW_V4));
    host.pass(Duration::from_secs(20));
    assert_eq!(state(&host, NEW_V4), Some(AddrState::Preferred));
}

#[test]
fn rfc5227_2_4_a_static_address_is_defended_once_in_ten_seconds() {
    let mut host = Host::new();
    let claim = arp_request(OWN_V4, PEER, PEER_V4);
    let mut defended = Vec::new();
    for second in 0..25 {
        for frame in host.answers(claim.clone()) {
            let packet = arp(&frame).unwrap();
            assert_eq!((packet.spa, packet.tpa, packet.sha), (OWN_V4, OWN_V4, OWN));
            assert_eq!(stations(&frame).1, EVERYBODY);
            defended.push(second);
        }
        host.now = host.now.saturating_add(Duration::from_secs(1));
    }
    assert_eq!(defended, [0, 10, 20]);
    assert_eq!(state(&host, OWN_V4), Some(AddrState::Preferred));
}

#[test]
fn rfc5227_2_4_an_address_that_is_given_up_takes_its_connections_along() {
    let mut host = asking(NEW_V4);
    host.pass(Duration::from_secs(10));
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    host.meet(PEER_V4, PEER);
    let path = V4.to(NEW_V4);
    let syn_ack = tcp(&host.answer(path.tcp(&Seg::syn(4000))));
    host.silent(path.tcp(&Seg::ack(4000, syn_ack.seq.wrapping_add(1))));
    let (handle, _) = host.sockets.tcp_accept(listener).unwrap().unwrap();
    let claim = arp_request(NEW_V4, PEER, PEER_V4);
    assert_eq!(host.answers(claim.clone()).len(), 1, "defended once");
    assert!(!host.sockets.tcp(handle).unwrap().is_closed());
    host.now = host.now.saturating_add(Duration::from_secs(5));
    host.silent(claim);
    assert_eq!(state(&host, NEW_V4), Some(AddrState::Duplicate));
    assert!(host.sockets.tcp(handle).unwrap().is_closed());
}

#[test]
fn rfc3927_2_a_link_local_address_moves_on_until_it_is_alone() {
    let mut host = Host::new();
    host.iface.remove_addr(OWN_V4.into(), &mut host.sockets);
    let now = host.now;
    host.iface.add_ipv4_link_local(now).unwrap();
    host.iface.add_ipv4_link_local(now).unwrap();
    let candidate = |host: &Host| {
        let mut infos = host.iface.addr_infos();
        let info =
            infos.find(|info| info.origin == AddrOrigin::LinkLocal && info.cidr.addr().is_ipv4());
        let IpCidr::V4(cidr) = info.unwrap().cidr else {
            panic!("of IPv4")
        };
        cidr.addr()
    };
    let mut tried = Vec::new();
    let start = host.now;
    for _ in 0..12 {
        let addr = candidate(&host);
        assert!(
            addr.is_link_local() && !matches!(addr.octets()[2], 0 | 255),
            "{addr}"
        );
        assert!(!tried.contains(&addr), "{addr} again");
        tried.push(addr);
        host.silent(arp_request(addr, PEER, addr));
    }
    assert!(host.now == start, "no time has passed");
    // After ten conflicts it goes slowly.
    let (sent, _) = host.pass(Duration::from_secs(59));
    assert!(sent.is_empty());
    let (sent, _) = host.pass(Duration::from_secs(20));
    let own = candidate(&host);
    assert_eq!(sent.len(), 5, "probes and announcements");
    assert!(host.iface.has_addr(own.into()));
    // RFC 3927 §2.5: what it says is heard by everybody.
    let answer = host.answer(arp_request(PEER_V4, PEER, own));
    assert_eq!(stations(&answer).1, EVERYBODY);
    // And in use it is defended once, then given up for another.
    assert_eq!(host.answers(arp_request(own, PEER, PEER_V4)).len(), 1);
    host.now = host.now.saturating_add(Duration::from_secs(1));
    host.silent(arp_request(own, PEER, PEER_V4));
    assert_ne!(candidate(&host), own);
    assert!(!host.iface.has_addr(own.into()));
}

#[test]
fn an_address_that_runs_out_is_gone_with_its_connections() {
    let mut host = Host::new();
    let config = AddrConfig {
        preferred: Some(Duration::from_secs(5)),
        valid: Some(Duration::from_secs(10)),
        defend: Defend::Never,
        ..AddrConfig::STATIC
    };
    let now = host.now;
    let cidr = IpCidr::new(OWN_V6, 64).unwrap();
    host.iface.add_addr_with(cidr, config, now).unwrap();
    let listener = host.sockets.tcp_listen(80, 4).unwrap();
    let neighbor = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let question = Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: OWN_V6,
        options: Options::items(&neighbor),
    });
    host.answer(V6.hop_limit(255).icmpv6(&question));
    let syn_ack = tcp(&host.answer(V6.tcp(&Seg::syn(4000))));
    host.silent(V6.tcp(&Seg::ack(4000, syn_ack.seq.wrapping_add(1))));
    let (handle, _) = host.sockets.tcp_accept(listener).unwrap().unwrap();
    host.pass(Duration::from_secs(6));
    assert_eq!(state(&host, OWN_V6), Some(AddrState::Deprecated));
    assert!(!host.sockets.tcp(handle).unwrap().is_closed());
    host.pass(Duration::from_secs(4));
    assert_eq!(state(&host, OWN_V6), None);
    assert!(host.sockets.tcp(handle).unwrap().is_closed());
}
