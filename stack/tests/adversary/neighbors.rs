//! Resolution of next hops, of either IP version: nobody's silence costs anybody else a packet
//! (RFC 1122 §2.3.2, RFC 4861 §7).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::iface::{AddrSlot, ConfigError, DropReason, NeighborSlot, PendingSlot, RouteSlot};
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{EthernetAddress, Icmpv6, IpProtocol, Ndisc, NdiscOption};
use litz::{InterfaceStorage, IpCidr, UdpHandle};

use super::frames::{
    PEER, PEER_V4, Seg, V4, V6, arp, arp_reply, ip, link_local, stations, tcp, udp,
};
use super::host::{CAPACITY, GATEWAY, Host, MTU, OWN, OWN_V4, OWN_V6};
use super::membership::said;

const SECOND: Duration = Duration::from_secs(1);

fn neighbor(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(192, 0, 2, last)
}

fn station(last: u8) -> EthernetAddress {
    EthernetAddress([0x02, 0, 0, 0, 1, last])
}

fn small(neighbors: usize, pending: usize, octets: usize) -> Host {
    let slots = std::iter::repeat_with(|| PendingSlot::new(vec![0; octets]));
    Host::with_storage(InterfaceStorage {
        addrs: vec![AddrSlot::EMPTY; 4].into(),
        routes: vec![RouteSlot::EMPTY; 4].into(),
        neighbors: vec![NeighborSlot::EMPTY; neighbors].into(),
        pending: slots.take(pending).collect::<Vec<_>>().into(),
        ..InterfaceStorage::default()
    })
}

fn send(host: &mut Host, socket: UdpHandle, to: impl Into<IpAddr>, payload: &[u8]) {
    host.sockets
        .udp(socket)
        .unwrap()
        .send((to.into(), 7), payload)
        .unwrap();
    host.poll();
}

/// Targets of the ARP requests among frames.
fn asked(frames: &[Vec<u8>]) -> Vec<Ipv4Addr> {
    frames
        .iter()
        .filter_map(|frame| arp(frame))
        .map(|arp| arp.tpa)
        .collect()
}

#[test]
fn silence_of_one_neighbor_does_not_keep_another_from_being_asked() {
    // smoltcp #1101, #1140: one rate limit for all solicitations starved everybody.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    for last in 10..14 {
        send(&mut host, socket, neighbor(last), &[last]);
    }
    let sent: Vec<_> = host.wire.tx.drain(..).collect();
    assert_eq!(asked(&sent), [10, 11, 12, 13].map(neighbor));
    let answer = host.answer(arp_reply(neighbor(12), station(12)));
    assert_eq!(udp(&answer).2, [12]);
}

#[test]
fn a_silent_neighbor_is_asked_three_times_a_second_apart_and_then_given_up() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, PEER_V4, b"lost");
    let mut times = Vec::new();
    let start = host.now;
    for _ in 0..100 {
        for _ in asked(&host.wire.tx.drain(..).collect::<Vec<_>>()) {
            times.push(host.now.duration_since(start).total_millis());
        }
        let Some(at) = host.poll_at().instant() else {
            break;
        };
        assert!(at > host.now);
        host.now = at;
        host.poll();
    }
    assert_eq!(times, [0, 1000, 2000]);
    assert_eq!(host.iface.counters().dropped(DropReason::Unresolved), 1);
    // The next packet begins a new resolution.
    send(&mut host, socket, PEER_V4, b"again");
    assert_eq!(asked(&host.sent()), [PEER_V4]);
    assert_eq!(udp(&host.answer(arp_reply(PEER_V4, PEER))).2, b"again");
}

#[test]
fn packets_that_wait_leave_in_order_and_the_newest_are_kept() {
    // RFC 1122 §2.3.2.2: "at least one (the latest) packet".
    let mut host = small(8, 3, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    for turn in 0..5 {
        send(&mut host, socket, PEER_V4, &[turn]);
    }
    host.wire.tx.clear();
    let answers = host.answers(arp_reply(PEER_V4, PEER));
    let turns: Vec<u8> = answers.iter().map(|frame| udp(frame).2[0]).collect();
    assert_eq!(turns, [2, 3, 4]);
    assert_eq!(host.iface.counters().dropped(DropReason::PendingFull), 2);
}

#[test]
fn packets_for_a_dead_neighbor_do_not_displace_those_for_another() {
    let mut host = small(8, 3, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, PEER_V4, b"kept");
    for turn in 0..20 {
        send(&mut host, socket, neighbor(66), &[turn]);
    }
    host.wire.tx.clear();
    let answers = host.answers(arp_reply(PEER_V4, PEER));
    assert_eq!(answers.len(), 1);
    assert_eq!(udp(&answers[0]).2, b"kept");
}

#[test]
fn packets_too_long_to_wait_are_dropped_and_the_neighbor_is_asked_nevertheless() {
    let mut host = small(8, 2, 100);
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, PEER_V4, &[0; 200]);
    assert_eq!(host.iface.counters().dropped(DropReason::PendingFull), 1);
    assert_eq!(asked(&host.sent()), [PEER_V4]);
    assert!(host.answers(arp_reply(PEER_V4, PEER)).is_empty());
    send(&mut host, socket, PEER_V4, &[0; 200]);
    assert_eq!(udp(&host.sent()[0]).2, [0; 200]);
}

#[test]
fn without_memory_for_neighbors_or_packets_nothing_breaks() {
    for (neighbors, pending) in [(0, 0), (0, 2), (1, 0)] {
        let mut host = small(neighbors, pending, MTU);
        let socket = host.sockets.udp_bind(5000).unwrap();
        for last in 10..30 {
            send(&mut host, socket, neighbor(last), b"nowhere");
            host.answers(arp_reply(neighbor(last), station(last)));
        }
        host.pass(Duration::from_secs(30));
        // Answers need no memory: they go to the station that asked.
        assert_eq!(host.answers(V4.udp(1, 2, b"closed")).len(), 1);
    }
}

#[test]
fn more_neighbors_than_memory_are_all_reached_one_after_the_other() {
    let mut host = small(4, 4, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    for last in 10..60 {
        send(&mut host, socket, neighbor(last), &[last]);
        host.wire.tx.clear();
        let answer = host.answer(arp_reply(neighbor(last), station(last)));
        assert_eq!(stations(&answer), (OWN, station(last)));
    }
    assert_eq!(host.iface.neighbors().count(), 4);
}

#[test]
fn strangers_who_ask_do_not_displace_neighbors_in_use() {
    let mut host = small(4, 4, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    for last in 10..13 {
        send(&mut host, socket, neighbor(last), &[last]);
        host.answers(arp_reply(neighbor(last), station(last)));
    }
    for last in 100..250 {
        host.meet(neighbor(last), station(last));
        host.now = host.now.saturating_add(Duration::from_millis(10));
    }
    host.wire.tx.clear();
    for last in 10..13 {
        send(&mut host, socket, neighbor(last), &[last]);
        let sent: Vec<_> = host.wire.tx.drain(..).collect();
        assert!(asked(&sent).is_empty(), "still known");
        assert_eq!(stations(&sent[0]).1, station(last));
    }
}

#[test]
fn strangers_who_ask_do_not_end_a_resolution_under_way() {
    let mut host = small(2, 4, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, neighbor(10), &[10]);
    send(&mut host, socket, neighbor(11), &[11]);
    host.wire.tx.clear();
    for last in 100..120 {
        host.answers(super::frames::arp_request(
            neighbor(last),
            station(last),
            OWN_V4,
        ));
    }
    let answer = host.answer(arp_reply(neighbor(10), station(10)));
    assert_eq!(udp(&answer).2, [10]);
}

#[test]
fn a_neighbor_in_use_is_checked_and_a_silent_one_forgotten() {
    // RFC 4861 §7.3.2: REACHABLE, STALE, DELAY, PROBE.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, PEER_V4, b"1");
    host.answers(arp_reply(PEER_V4, PEER));
    host.now = host.now.saturating_add(Duration::from_secs(46));
    assert!(
        host.poll_at().instant().is_none(),
        "nobody is asked without a reason"
    );
    send(&mut host, socket, PEER_V4, b"2");
    let (sent, _) = host.pass(Duration::from_millis(4900));
    assert!(
        asked(&sent).is_empty(),
        "it is used first and checked later"
    );
    let (sent, _) = host.pass(Duration::from_millis(200));
    assert_eq!(asked(&sent), [PEER_V4]);
    assert_eq!(stations(&sent[0]).1, PEER, "it is asked by name");
    host.answers(arp_reply(PEER_V4, PEER));
    let (sent, _) = host.pass(Duration::from_secs(20));
    assert!(asked(&sent).is_empty(), "it answered");
    host.now = host.now.saturating_add(Duration::from_secs(26));
    send(&mut host, socket, PEER_V4, b"3");
    let (sent, _) = host.pass(Duration::from_secs(20));
    assert_eq!(asked(&sent).len(), 3, "it did not answer");
    assert_eq!(host.knows(PEER_V4), None);
}

#[test]
fn what_is_not_on_the_link_goes_to_the_router() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let far = Ipv4Addr::new(198, 51, 100, 9);
    send(&mut host, socket, far, b"far");
    let sent: Vec<_> = host.wire.tx.drain(..).collect();
    assert_eq!(asked(&sent), [GATEWAY]);
    let answer = host.answer(arp_reply(GATEWAY, PEER));
    assert_eq!(stations(&answer), (OWN, PEER));
    let (src, dst, protocol, _) = ip(&answer);
    assert_eq!(
        (src, dst, protocol),
        (OWN_V4.into(), far.into(), IpProtocol::Udp)
    );
}

#[test]
fn the_most_specific_route_is_taken_and_without_one_nothing_is_sent() {
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    let network = |text: &str| text.parse::<IpCidr>().unwrap();
    host.iface
        .add_route(network("198.51.100.0/24"), neighbor(9).into())
        .unwrap();
    host.iface
        .add_route(network("198.51.0.0/16"), neighbor(8).into())
        .unwrap();
    send(&mut host, socket, Ipv4Addr::new(198, 51, 100, 1), b"");
    send(&mut host, socket, Ipv4Addr::new(198, 51, 7, 1), b"");
    let sent: Vec<_> = host.wire.tx.drain(..).collect();
    assert_eq!(asked(&sent), [9, 8].map(neighbor));
    assert!(host.iface.remove_route(network("0.0.0.0/0")));
    assert!(!host.iface.remove_route(network("0.0.0.0/0")));
    send(&mut host, socket, Ipv4Addr::new(203, 0, 113, 1), b"");
    assert_eq!(host.iface.counters().dropped(DropReason::NoRoute), 1);
}

#[test]
fn our_own_address_is_nobody_on_the_link() {
    // Nothing is looped back inside an interface, and nobody is asked for what is ours: that would
    // be an announcement.
    let mut host = Host::new();
    let socket = host.sockets.udp_bind(5000).unwrap();
    send(&mut host, socket, OWN_V4, b"to myself");
    assert!(host.wire.tx.is_empty());
    assert_eq!(host.iface.counters().dropped(DropReason::NoRoute), 1);
    host.iface.set_default_route(OWN_V4.into()).unwrap();
    send(&mut host, socket, Ipv4Addr::new(203, 0, 113, 1), b"");
    assert!(host.wire.tx.is_empty());
    assert_eq!(host.iface.counters().dropped(DropReason::NoRoute), 2);
}

#[test]
fn a_host_without_a_suitable_address_sends_nothing_and_lives() {
    // smoltcp #894, #895, #932, #941, #986: no source address was a panic.
    let mut host = Host::with(CAPACITY);
    let socket = host.sockets.udp_bind(5000).unwrap();
    host.sockets.udp(socket).unwrap().set_broadcast(true);
    let addrs: Vec<_> = host.iface.addrs().collect();
    for addr in addrs {
        assert!(host.iface.remove_addr(addr.addr(), &mut host.sockets));
        assert!(!host.iface.remove_addr(addr.addr(), &mut host.sockets));
    }
    let targets: [IpAddr; 6] = [
        PEER_V4.into(),
        Ipv4Addr::BROADCAST.into(),
        Ipv4Addr::new(224, 0, 0, 251).into(),
        link_local(PEER).into(),
        "2001:db8:1::2".parse().unwrap(),
        "ff02::1".parse().unwrap(),
    ];
    for target in targets {
        send(&mut host, socket, target, b"nowhere");
        let echo = host.sockets.icmp_bind(0).unwrap();
        host.sockets
            .icmp(echo)
            .unwrap()
            .send_echo(target, 1, b"nowhere")
            .unwrap();
        host.poll();
        host.sockets.icmp_release(echo).unwrap();
    }
    // All that is said is that the groups of the addresses were left.
    let (sent, _) = host.pass(SECOND);
    assert!(sent.iter().all(|frame| said(frame).is_some()));
    assert!(host.poll_at().instant().is_none());
}

#[test]
fn addresses_that_nobody_can_have_are_refused() {
    let mut host = Host::new();
    for text in [
        "0.0.0.0/0",
        "255.255.255.255/32",
        "224.0.0.1/4",
        "192.0.2.255/24",
        "::/0",
        "ff02::1/8",
    ] {
        let cidr: IpCidr = text.parse().unwrap();
        assert!(
            matches!(host.iface.add_addr(cidr), Err(ConfigError::Address(_))),
            "{text} was taken"
        );
    }
    for via in ["0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "ff02::2"] {
        assert!(
            host.iface.set_default_route(via.parse().unwrap()).is_err(),
            "{via} was taken"
        );
    }
    let mut last = 100;
    while host
        .iface
        .add_addr(IpCidr::new(neighbor(last), 24).unwrap())
        .is_ok()
    {
        last += 1;
    }
    assert_eq!(host.iface.addrs().count(), 16, "as many as there are slots");
}

#[test]
fn rfc4861_7_3_1_a_connection_that_makes_progress_spares_the_question() {
    for progress in [true, false] {
        let mut host = Host::new();
        let listener = host.sockets.tcp_listen(80, 4).unwrap();
        host.meet(PEER_V4, PEER);
        let syn_ack = tcp(&host.answer(V4.tcp(&Seg::syn(4000))));
        host.silent(V4.tcp(&Seg::ack(4000, syn_ack.seq.wrapping_add(1))));
        let (handle, _) = host.sockets.tcp_accept(listener).unwrap().unwrap();
        let mut socket = host.sockets.tcp(handle).unwrap();
        assert_eq!(socket.send_slice(b"hello"), Ok(5));
        assert_eq!(host.sent().len(), 1);
        host.now = host.now.saturating_add(Duration::from_millis(100));
        let ack = Seg::ack(4000, syn_ack.seq.wrapping_add(6));
        if progress {
            host.silent(V4.tcp(&ack));
        }
        let (sent, _) = host.pass(Duration::from_secs(10));
        assert_eq!(asked(&sent).is_empty(), progress, "{sent:02x?}");
    }
}

#[test]
fn rfc6583_a_flow_goes_on_while_a_million_addresses_are_asked_for() {
    // Somebody makes us send to every address of a /64, as a scan through a router does.
    let mut host = small(16, 4, MTU);
    let socket = host.sockets.udp_bind(5000).unwrap();
    let prefix = u128::from(OWN_V6) & (!0 << 64);
    let peer: Ipv6Addr = Ipv6Addr::from_bits(prefix | 0xffff_ffff_ffff);
    send(&mut host, socket, peer, b"hello");
    host.wire.tx.clear();
    let answer = |host: &mut Host| {
        let station = [NdiscOption::TargetLinkLayer { addr: &PEER.0 }];
        let advert = Icmpv6::Ndisc(Ndisc::NeighborAdvert {
            router: false,
            solicited: true,
            override_: true,
            target_addr: peer,
            options: Options::items(&station),
        });
        let path = V6.from(peer).hop_limit(255);
        host.answers(path.icmpv6(&advert))
    };
    assert_eq!(answer(&mut host).len(), 1);
    let (mut delivered, mut probes) = (0, 0);
    for n in 1..=1_000_000_u128 {
        send(
            &mut host,
            socket,
            Ipv6Addr::from_bits(prefix | (n << 8)),
            b"scan",
        );
        host.wire.tx.clear();
        if n % 100 == 0 {
            host.now = host.now.saturating_add(Duration::from_millis(20));
        }
        if n % 1000 != 0 {
            continue;
        }
        send(&mut host, socket, peer, b"flow");
        for frame in host.wire.tx.drain(..).collect::<Vec<_>>() {
            let (_, dst, protocol, _) = ip(&frame);
            if dst != IpAddr::V6(peer) {
                continue;
            }
            match protocol {
                IpProtocol::Udp => delivered += 1,
                _ => probes += 1,
            }
        }
        // The peer answers when it is checked.
        if host.poll_at().instant().is_some() && n % 10_000 == 0 {
            answer(&mut host);
        }
    }
    assert_eq!(
        delivered, 1000,
        "every datagram of the flow went out at once"
    );
    assert!(probes < 100, "{probes}");
    assert!(host.iface.neighbors().count() <= 16);
    // When the scan is over, all of it is forgotten.
    host.pass(Duration::from_secs(10));
    assert_eq!(host.iface.neighbors().count(), 1);
    assert!(host.wire.tx.is_empty());
}
