//! Prefixes that are answered for: `AnyIP` (every address is ours) and proxies of ARP (RFC 1027)
//! and of neighbor discovery (RFC 4861 §7.2.8).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::addr::solicited_node;
use litz::iface::{ConfigError, DropReason, PrefixRole, ServedPrefix};
use litz::phy::Medium;
use litz::socket::tcp::{CloseReason, State};
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{EthernetAddress, Icmpv4, Icmpv4DstUnreachable, Icmpv6, Ndisc, NdiscOption};
use litz::{Endpoint, Interface, InterfaceStorage, IpCidr, Link, UdpMeta};

use super::frames::{
    ACK, EVERYBODY, PEER, PEER_V4, PEER_V6, Path, SYN, SYN_ACK, Seg, V4, V6, arp, arp_request,
    icmpv4, icmpv6, ip, link_local, stations, tcp, udp,
};
use super::host::{DIRECTED_BROADCAST, Host, MTU, OWN, OWN_V4, Wire};
use super::several::{Hosts, ends};

/// Of a prefix that is routed to the host.
const ROUTED: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 77);
const ROUTED_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0x77, 0, 0, 0, 0xabcd, 0x77);

fn prefix(network: &str, role: PrefixRole) -> ServedPrefix {
    let network = network.parse().unwrap();
    ServedPrefix { network, role }
}

fn serving(prefixes: &[(&str, PrefixRole)]) -> Host {
    let mut host = Host::new();
    for &(network, role) in prefixes {
        host.iface.serve(prefix(network, role)).unwrap();
    }
    host
}

/// A host to which two prefixes are routed.
fn routed() -> Host {
    serving(&[
        ("203.0.113.0/24", PrefixRole::Routed),
        ("2001:db8:77::/48", PrefixRole::Routed),
    ])
}

fn ping_v4() -> Icmpv4<'static> {
    Icmpv4::EchoRequest {
        ident: 1,
        seq_no: 2,
        data: b"ping",
    }
}

fn ping_v6() -> Icmpv6<'static> {
    Icmpv6::EchoRequest {
        ident: 1,
        seq_no: 2,
        data: b"ping",
    }
}

fn solicit(path: Path, target: Ipv6Addr) -> Vec<u8> {
    let options = [NdiscOption::SourceLinkLayer { addr: &PEER.0 }];
    let options = if path.src.is_unspecified() {
        Options::EMPTY
    } else {
        Options::items(&options)
    };
    let message = Icmpv6::Ndisc(Ndisc::NeighborSolicit {
        target_addr: target,
        options,
    });
    let [.., x, y, z] = target.octets();
    path.to(solicited_node(target))
        .to_station(EthernetAddress([0x33, 0x33, 0xff, x, y, z]))
        .hop_limit(255)
        .icmpv6(&message)
}

#[test]
fn any_address_of_the_prefix_answers_from_itself() {
    let mut host = routed();
    let answer = host.answer(V4.to(ROUTED).icmpv4(&ping_v4()));
    assert_eq!(
        ip(&answer).0..ip(&answer).1,
        ROUTED.into()..IpAddr::V4(PEER_V4)
    );
    icmpv4(&answer, |message| {
        assert!(matches!(message, Icmpv4::EchoReply { .. }));
    });
    let answer = host.answer(V6.to(ROUTED_V6).icmpv6(&ping_v6()));
    assert_eq!(
        ip(&answer).0..ip(&answer).1,
        ROUTED_V6.into()..IpAddr::V6(PEER_V6)
    );
    // Errors are from there as well.
    let answer = host.answer(V4.to(ROUTED).udp(1000, 9, b"nobody"));
    assert_eq!(ip(&answer).0, IpAddr::V4(ROUTED));
    icmpv4(&answer, |message| match message {
        Icmpv4::DstUnreachable { reason, .. } => {
            assert_eq!(*reason, Icmpv4DstUnreachable::PortUnreachable);
        }
        other => panic!("{other:?}"),
    });
    // What is beside the prefix is still somebody else's.
    let beside = V4.to(Ipv4Addr::new(203, 0, 114, 1));
    host.dropped(beside.icmpv4(&ping_v4()), DropReason::NotOurAddress);
}

#[test]
fn datagrams_are_answered_from_the_address_that_they_were_sent_to() {
    let mut host = routed();
    host.meet(PEER_V4, PEER);
    let socket = host.sockets.udp_bind(9).unwrap();
    host.silent(V4.to(ROUTED).udp(1000, 9, b"ask"));
    let mut udp_socket = host.sockets.udp(socket).unwrap();
    let meta = {
        let (meta, data) = udp_socket.recv().unwrap();
        assert_eq!(data, b"ask");
        meta
    };
    assert_eq!(meta.local_addr, Some(ROUTED.into()));
    udp_socket.send(meta, b"answer").unwrap();
    // And a socket may choose any of them.
    let chosen = Ipv4Addr::new(203, 0, 113, 200);
    let chosen = UdpMeta {
        local_addr: Some(chosen.into()),
        ..UdpMeta::to(Endpoint::new(PEER_V4, 1000))
    };
    udp_socket.send(chosen, b"told").unwrap();
    let sent = host.sent();
    assert_eq!(udp(&sent[0]), (9, 1000, b"answer".to_vec()));
    assert_eq!(ip(&sent[0]).0, IpAddr::V4(ROUTED));
    assert_eq!(ip(&sent[1]).0, IpAddr::V4(Ipv4Addr::new(203, 0, 113, 200)));
}

#[test]
fn a_socket_bound_to_one_of_them_hears_it_alone() {
    let mut host = routed();
    host.meet(PEER_V4, PEER);
    let bound = host.sockets.udp_bind(Endpoint::new(ROUTED, 9)).unwrap();
    host.silent(V4.to(ROUTED).udp(1000, 9, b"here"));
    let other = V4.to(Ipv4Addr::new(203, 0, 113, 78));
    assert_eq!(
        host.answers(other.udp(1000, 9, b"elsewhere")).len(),
        1,
        "an error"
    );
    let mut socket = host.sockets.udp(bound).unwrap();
    assert_eq!(socket.recv().unwrap().1, b"here");
    assert!(socket.recv().is_none());
    socket.send((PEER_V4, 7), b"from there").unwrap();
    assert_eq!(ip(&host.sent()[0]).0, IpAddr::V4(ROUTED));
}

#[test]
fn connections_are_accepted_at_any_of_them_and_end_with_the_prefix() {
    let mut host = routed();
    let listener = host.sockets.tcp_listen(80, 2).unwrap();
    let path = V4.to(ROUTED);
    let mut segment = Seg {
        src_port: 1000,
        dst_port: 80,
        seq: 100,
        ack: 0,
        flags: SYN,
        window: 1000,
        options: &[],
        payload: b"",
    };
    let answer = tcp(&host.answer(path.tcp(&segment)));
    assert_eq!((answer.src, answer.flags), (IpAddr::V4(ROUTED), SYN_ACK));
    segment.flags = ACK;
    (segment.seq, segment.ack) = (101, answer.seq.wrapping_add(1));
    host.silent(path.tcp(&segment));
    let (stream, _) = host.sockets.tcp_accept(listener).unwrap().unwrap();
    let socket = host.sockets.tcp(stream).unwrap();
    assert_eq!(socket.local(), Some(Endpoint::new(ROUTED, 80)));
    assert_eq!(socket.state(), State::Established);
    let network: IpCidr = "203.0.113.0/24".parse().unwrap();
    assert!(host.iface.stop_serving(network, &mut host.sockets));
    assert!(!host.iface.stop_serving(network, &mut host.sockets));
    let socket = host.sockets.tcp(stream).unwrap();
    assert_eq!(socket.close_reason(), Some(CloseReason::Unreachable));
    host.dropped(path.icmpv4(&ping_v4()), DropReason::NotOurAddress);
}

#[test]
fn neighbors_are_answered_only_when_asked_to() {
    let on_link = "192.0.2.128/25";
    let target = Ipv4Addr::new(192, 0, 2, 200);
    let target_v6: Ipv6Addr = "2001:db8:1::abcd:200".parse().unwrap();
    let mut host = serving(&[
        (on_link, PrefixRole::Routed),
        ("2001:db8:1::/64", PrefixRole::Routed),
    ]);
    host.silent(arp_request(PEER_V4, PEER, target));
    host.silent(solicit(V6, target_v6));
    for network in [on_link, "2001:db8:1::/64"] {
        host.iface
            .serve(prefix(network, PrefixRole::OnLink))
            .unwrap();
    }
    let answer = host.answer(arp_request(PEER_V4, PEER, target));
    let reply = arp(&answer).unwrap();
    assert_eq!((reply.spa, reply.sha, reply.tpa), (target, OWN, PEER_V4));
    let probe = host.answer(arp_request(Ipv4Addr::UNSPECIFIED, PEER, target));
    assert_eq!(arp(&probe).unwrap().spa, target, "it is not free");
    // Who announces that he has it is not contradicted, and everybody's address is nobody's.
    host.silent(arp_request(target, PEER, target));
    host.silent(arp_request(PEER_V4, PEER, DIRECTED_BROADCAST));
    // What is not of the prefix is not answered for.
    host.silent(arp_request(PEER_V4, PEER, Ipv4Addr::new(192, 0, 2, 100)));

    for src in [PEER_V6, Ipv6Addr::UNSPECIFIED] {
        let answer = host.answer(solicit(V6.from(src), target_v6));
        assert_eq!(ip(&answer).0, IpAddr::V6(target_v6));
        icmpv6(&answer, |message| match message {
            Icmpv6::Ndisc(Ndisc::NeighborAdvert {
                override_,
                target_addr,
                ..
            }) => assert_eq!((*override_, *target_addr), (false, target_v6)),
            other => panic!("{other:?}"),
        });
    }
    let answer = host.answer(V6.to(target_v6).icmpv6(&ping_v6()));
    assert_eq!(ip(&answer).0, IpAddr::V6(target_v6));
}

#[test]
fn broadcasts_stay_broadcasts() {
    // smoltcp #533, #534: any address and a broadcast destination tripped an assertion.
    let mut host = serving(&[
        ("0.0.0.0/0", PrefixRole::OnLink),
        ("::/0", PrefixRole::OnLink),
    ]);
    host.meet(PEER_V4, PEER);
    for everybody in [DIRECTED_BROADCAST, Ipv4Addr::BROADCAST] {
        let path = V4.to(everybody).to_station(EVERYBODY);
        host.dropped(path.icmpv4(&ping_v4()), DropReason::IcmpIgnored);
        host.silent(path.udp(1000, 9, b"nobody listens"));
    }
    let socket = host.sockets.udp_bind(9).unwrap();
    let mut udp_socket = host.sockets.udp(socket).unwrap();
    udp_socket.set_broadcast(true);
    udp_socket
        .send((Ipv4Addr::BROADCAST, 9), b"everybody")
        .unwrap();
    udp_socket.send((PEER_V4, 9), b"one").unwrap();
    let sent = host.sent();
    assert_eq!(stations(&sent[0]), (OWN, EVERYBODY));
    assert_eq!(stations(&sent[1]), (OWN, PEER), "others are still others");
    assert_eq!(ip(&sent[1]).0, IpAddr::V4(OWN_V4));
    // Sources of the prefix are not ourselves.
    let answer = host.answer(V4.icmpv4(&ping_v4()));
    assert_eq!(ip(&answer).1, IpAddr::V4(PEER_V4));
    for nobody in [Ipv4Addr::LOCALHOST, Ipv4Addr::new(240, 0, 0, 1)] {
        host.dropped(V4.to(nobody).icmpv4(&ping_v4()), DropReason::NotOurAddress);
    }
}

#[test]
fn everything_that_a_tunnel_brings_is_ours() {
    // A stack behind a TUN device, with no address of its own.
    let mut iface = Interface::new(Link::Ip, [3; 16], InterfaceStorage::heap(MTU)).unwrap();
    iface
        .serve(prefix("0.0.0.0/0", PrefixRole::Routed))
        .unwrap();
    let mut host = Host::on_ip();
    std::mem::swap(&mut host.iface, &mut iface);
    host.wire = Wire::new(Medium::Ip);
    let path = V4.from([10, 0, 0, 2]).to([1, 1, 1, 1]);
    let echo = path.icmpv4(&ping_v4())[14..].to_vec();
    let answer = host.answer(echo);
    assert_eq!(ends(&answer), ([1, 1, 1, 1].into(), [10, 0, 0, 2].into()));
}

#[test]
fn no_more_prefixes_than_there_is_room_for() {
    let mut host = Host::new();
    for n in 0..4 {
        let network = format!("10.{n}.0.0/16");
        host.iface
            .serve(prefix(&network, PrefixRole::Routed))
            .unwrap();
    }
    let fifth = prefix("10.9.0.0/16", PrefixRole::Routed);
    assert_eq!(host.iface.serve(fifth), Err(ConfigError::Full));
    assert_eq!(host.iface.served().count(), 4);
}

/// A router between an Ethernet, on which it is a proxy, and a network of raw IP.
fn proxy() -> (Hosts, Host) {
    let mut hosts = Hosts::new(&["198.51.100.1/24 2001:db8:2::1/64"]);
    let mut ethernet = Host::new();
    ethernet.iface.attach(&mut hosts.sockets).unwrap();
    for network in ["198.51.100.0/24", "192.0.2.0/24", "2001:db8:2::/64"] {
        let role = PrefixRole::Proxy;
        ethernet.iface.serve(prefix(network, role)).unwrap();
    }
    std::mem::swap(&mut hosts.sockets, &mut ethernet.sockets);
    ethernet.now = hosts.now;
    ethernet.poll();
    ethernet.wire.tx.clear();
    (hosts, ethernet)
}

#[test]
fn a_proxy_answers_for_what_lies_behind_it_alone() {
    let (_, mut host) = proxy();
    let behind = Ipv4Addr::new(198, 51, 100, 9);
    let behind_v6: Ipv6Addr = "2001:db8:2::9".parse().unwrap();
    host.silent(arp_request(PEER_V4, PEER, behind));
    host.iface.set_forwarding(true);
    // A router is in groups of routers, which it says first.
    host.pass(Duration::from_secs(5));
    let reply = arp(&host.answer(arp_request(PEER_V4, PEER, behind))).unwrap();
    assert_eq!((reply.spa, reply.sha), (behind, OWN));
    host.silent(solicit(V6, behind_v6));
    let (answers, _) = host.pass(Duration::from_secs(1));
    let [answer] = answers.as_slice() else {
        panic!("{answers:?}");
    };
    assert_eq!(stations(answer), (OWN, PEER));
    let (src, dst, ..) = ip(answer);
    assert_eq!((src, dst), (IpAddr::V6(link_local(OWN)), V6.src));
    icmpv6(answer, |message| match message {
        Icmpv6::Ndisc(Ndisc::NeighborAdvert {
            override_,
            target_addr,
            router,
            ..
        }) => assert_eq!(
            (*override_, *target_addr, *router),
            (false, behind_v6, true)
        ),
        other => panic!("{other:?}"),
    });
    // Hosts of the link itself answer for themselves, even if the prefix is said to be proxied.
    host.silent(arp_request(PEER_V4, PEER, Ipv4Addr::new(192, 0, 2, 9)));
    // What is sent for it is forwarded, not taken.
    let before = host.iface.counters().dropped(DropReason::ForwardFull);
    host.silent(V4.to(behind).udp(1000, 9, b"across"));
    assert_eq!(
        host.iface.counters().dropped(DropReason::ForwardFull),
        before,
        "it waits for the other interface"
    );
}

#[test]
fn what_one_interface_answers_for_is_known_to_the_others() {
    let mut hosts = Hosts::new(&[
        "192.0.2.1/24 2001:db8:1::1/64",
        "198.51.100.1/24 2001:db8:2::1/64",
    ]);
    hosts.ifaces[1]
        .0
        .serve(prefix("203.0.113.0/24", PrefixRole::Routed))
        .unwrap();
    hosts.ifaces[0].0.set_forwarding(true);
    hosts.poll_all();
    let path = V4.from([192, 0, 2, 9]).to(ROUTED);
    let echo = path.icmpv4(&ping_v4())[14..].to_vec();
    let sent = hosts.receive(0, echo);
    assert_eq!(ends(&sent[0][0]), (ROUTED.into(), [192, 0, 2, 9].into()));
}

/// When the answers to questions that were asked now have come, in milliseconds, and what they are.
fn moments(host: &mut Host) -> Vec<(u64, Vec<u8>)> {
    let start = host.now;
    let mut told = Vec::new();
    while let Some(at) = host.poll_at().instant() {
        let passed = (at.total_micros() - start.total_micros()) / 1000;
        if passed > 1000 {
            break;
        }
        host.now = at;
        let sent = host.sent();
        told.extend(sent.into_iter().map(|frame| (passed as u64, frame)));
    }
    told
}

#[test]
fn rfc4861_7_2_8_a_proxy_waits_for_a_random_moment() {
    let (_, mut host) = proxy();
    host.iface.set_forwarding(true);
    host.pass(Duration::from_secs(5));
    let target = |number: u16| Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 1, number);
    // The same question twice is answered once; four questions wait, the fifth cannot.
    host.silent(solicit(V6, target(1)));
    host.silent(solicit(V6, target(1)));
    for number in 2..=4 {
        host.silent(solicit(V6, target(number)));
    }
    host.answer(solicit(V6, target(5)));
    let told = moments(&mut host);
    assert_eq!(told.len(), 4);
    let times: Vec<_> = told.iter().map(|(at, _)| *at).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[0] + 20 < times[3], "they differ: {times:?}");
    for (_, frame) in &told {
        icmpv6(frame, |message| match message {
            Icmpv6::Ndisc(Ndisc::NeighborAdvert {
                solicited,
                override_,
                ..
            }) => assert_eq!((*solicited, *override_), (true, false)),
            other => panic!("{other:?}"),
        });
    }
    // Who looks for a duplicate is answered before everybody.
    host.silent(solicit(V6.from(Ipv6Addr::UNSPECIFIED), target(6)));
    let told = moments(&mut host);
    let [(_, frame)] = told.as_slice() else {
        panic!("{told:?}");
    };
    let all: Ipv6Addr = "ff02::1".parse().unwrap();
    assert_eq!(ip(frame).1, IpAddr::V6(all));
    // Who is a proxy no more when the moment comes says nothing.
    host.silent(solicit(V6, target(7)));
    host.iface.set_forwarding(false);
    let before = host.iface.counters().dropped(DropReason::IcmpIgnored);
    let told = moments(&mut host);
    let adverts = told.iter().filter(|(_, frame)| frame[14 + 40] == 136);
    assert_eq!(adverts.count(), 0);
    let after = host.iface.counters().dropped(DropReason::IcmpIgnored);
    assert_eq!(after, before + 1);
    // Nor does one whose prefix is gone.
    host.iface.set_forwarding(true);
    host.pass(Duration::from_secs(5));
    host.silent(solicit(V6, target(8)));
    let network = "2001:db8:2::/64".parse().unwrap();
    assert!(host.iface.stop_serving(network, &mut host.sockets));
    assert!(moments(&mut host).is_empty());
}
