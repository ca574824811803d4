//! Forwarding (RFC 1812 §5, RFC 8200 §3): what passes a router, what does not, and what the sender
//! is told.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::iface::DropReason;
use litz::phy::{LinkState, Medium};
use litz::time::Duration;
use litz::wire::rt::Options;
use litz::wire::{
    Ecn, EthernetAddress, Icmpv4, Icmpv4DstUnreachable, Icmpv4HeaderPacket, Icmpv4TimeExceeded,
    Icmpv6, Icmpv6DstUnreachable, Icmpv6HeaderPacket, Icmpv6TimeExceeded, IpProtocol, Ipv4Option,
    Ipv4Packet, Ipv4Repr, Ipv6Packet,
};
use litz::{Interface, InterfaceStorage, Link};

use super::frames::{EVERYBODY, Path, V4, V6, ipv4};
use super::host::{MTU, Wire};
use super::several::{Hosts, ends};

const LEFT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 9);
const RIGHT: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 9);
const LEFT_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 9);
const RIGHT_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 9);

const TWO: [&str; 2] = [
    "192.0.2.1/24 2001:db8:1::1/64 fe80::1/64",
    "198.51.100.1/24 2001:db8:2::1/64 fe80::2/64",
];

/// A router between two networks.
fn router() -> Hosts {
    let mut hosts = Hosts::new(&TWO);
    for (iface, ..) in &mut hosts.ifaces {
        iface.set_forwarding(true);
    }
    hosts
}

/// From the left network to the right one.
fn across(version: u8) -> Path {
    if version == 4 {
        V4.from(LEFT).to(RIGHT)
    } else {
        V6.from(LEFT_V6).to(RIGHT_V6)
    }
}

fn datagram(path: Path, len: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..len).map(|at| at as u8).collect();
    path.packet(IpProtocol::Udp, &path.udp_datagram(1000, 9, &data))
}

fn hop_limit(packet: &[u8]) -> u8 {
    packet[if packet[0] >> 4 == 4 { 8 } else { 7 }]
}

/// What an ICMPv4 error says, and where it is from.
fn error_v4<R>(packet: &[u8], look: impl FnOnce(&Icmpv4<'_>) -> R) -> R {
    let ip = Ipv4Packet::new_checked(packet).unwrap();
    assert!(ip.verify_checksum());
    assert_eq!(ip.src_addr(), Ipv4Addr::new(192, 0, 2, 1));
    let icmp = Icmpv4HeaderPacket::new_checked(ip.payload()).unwrap();
    assert!(icmp.verify_checksum());
    look(&Icmpv4::parse(&icmp).unwrap())
}

fn error_v6<R>(packet: &[u8], look: impl FnOnce(&Icmpv6<'_>) -> R) -> R {
    let ip = Ipv6Packet::new_checked(packet).unwrap();
    assert_eq!(ip.dst_addr(), LEFT_V6);
    let icmp = Icmpv6HeaderPacket::new_checked(ip.payload()).unwrap();
    look(&Icmpv6::parse(&icmp).unwrap())
}

fn dropped(hosts: &Hosts, reason: DropReason) -> u32 {
    let counters = hosts.ifaces.iter().map(|(iface, ..)| iface.counters());
    counters.map(|counters| counters.dropped(reason)).sum()
}

#[test]
fn nothing_is_forwarded_unless_it_is_asked_for() {
    let mut hosts = Hosts::new(&TWO);
    for version in [4, 6] {
        let sent = hosts.receive(0, datagram(across(version), 10));
        assert!(sent.concat().is_empty());
    }
    assert_eq!(dropped(&hosts, DropReason::NotOurAddress), 2);
}

#[test]
fn a_packet_passes_with_one_hop_less_and_a_right_checksum() {
    let mut hosts = router();
    for version in [4, 6] {
        for limit in [2, 64, 255] {
            let packet = datagram(across(version).hop_limit(limit), 100);
            hosts.ifaces[0].1.rx.push_back(packet.clone());
            hosts.poll(0);
            assert!(hosts.is_due(1), "the other interface has work");
            assert!(!hosts.is_due(0));
            let sent = hosts.settle();
            assert_eq!((sent[0].len(), sent[1].len()), (0, 1));
            let passed = &sent[1][0];
            assert_eq!(hop_limit(passed), limit - 1);
            if version == 4 {
                assert!(Ipv4Packet::new_checked(passed).unwrap().verify_checksum());
                assert_eq!(passed[12..], packet[12..]);
            } else {
                assert_eq!(passed[8..], packet[8..]);
            }
        }
    }
}

#[test]
fn the_last_hop_is_reported() {
    // RFC 1812 §5.3.1, RFC 4443 §3.3: this is what traceroute sees.
    for limit in [0, 1] {
        let mut hosts = router();
        let sent = hosts.receive(0, datagram(across(4).hop_limit(limit), 10));
        assert!(sent[1].is_empty());
        error_v4(&sent[0][0], |message| {
            let reason = Icmpv4TimeExceeded::HopLimit;
            assert!(matches!(message, Icmpv4::TimeExceeded { reason: r, .. } if *r == reason));
        });
        let sent = hosts.receive(0, datagram(across(6).hop_limit(limit), 10));
        error_v6(&sent[0][0], |message| {
            let reason = Icmpv6TimeExceeded::HopLimit;
            assert!(matches!(message, Icmpv6::TimeExceeded { reason: r, .. } if *r == reason));
        });
        assert_eq!(dropped(&hosts, DropReason::HopLimit), 2);
    }
}

#[test]
fn what_has_no_route_is_reported() {
    let mut hosts = router();
    let sent = hosts.receive(0, datagram(across(4).to(Ipv4Addr::new(8, 8, 8, 8)), 10));
    error_v4(&sent[0][0], |message| {
        let expected = Icmpv4DstUnreachable::NetUnreachable;
        assert!(matches!(message, Icmpv4::DstUnreachable { reason, .. } if *reason == expected));
    });
    let far: Ipv6Addr = "2001:db8:9::9".parse().unwrap();
    let sent = hosts.receive(0, datagram(across(6).to(far), 10));
    error_v6(&sent[0][0], |message| {
        let expected = Icmpv6DstUnreachable::NoRoute;
        assert!(matches!(message, Icmpv6::DstUnreachable { reason, .. } if *reason == expected));
    });
}

#[test]
fn a_bottleneck_is_reported_with_its_mtu() {
    // RFC 1191 §4, RFC 4443 §3.2: this is what tracepath sees.
    let mut hosts = router();
    hosts.ifaces[1].1.caps.ip_mtu = 1280;
    hosts.poll_all();
    let mut packet = datagram(across(4), 1400);
    packet[6] |= 0x40;
    packet[10..12].fill(0);
    let sum = litz::wire::rt::Sum::of(&packet[..20]).finish();
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    let sent = hosts.receive(0, packet);
    assert!(sent[1].is_empty());
    error_v4(&sent[0][0], |message| {
        let Icmpv4::DstUnreachable {
            reason,
            next_hop_mtu,
            ..
        } = message
        else {
            panic!("{message:?}");
        };
        assert_eq!(
            (*reason, *next_hop_mtu),
            (Icmpv4DstUnreachable::FragRequired, 1280)
        );
    });
    let sent = hosts.receive(0, datagram(across(6), 1400));
    assert!(sent[1].is_empty());
    error_v6(&sent[0][0], |message| {
        assert!(
            matches!(message, Icmpv6::PktTooBig { mtu: 1280, .. }),
            "{message:?}"
        );
    });
    let sent = hosts.receive(0, datagram(across(6), 1280 - 48));
    assert_eq!(sent[1].len(), 1);
}

#[test]
fn packets_that_may_be_fragmented_are_with_the_options_that_say_so() {
    // RFC 791 §2.3, §3.1.
    let mut hosts = router();
    hosts.ifaces[1].1.caps.ip_mtu = 576;
    hosts.poll_all();
    let message: Vec<u8> = (0..1400_u32).map(|at| (at % 251) as u8).collect();
    let options = [
        Ipv4Option::RouterAlert { value: 0 },
        Ipv4Option::Unknown {
            kind: 30,
            data: &[1, 2],
        },
    ];
    let repr = Ipv4Repr {
        dscp: 10,
        ecn: Ecn::Ect0,
        ident: 4711,
        dont_frag: false,
        more_frags: true,
        frag_offset: 80,
        hop_limit: 9,
        next_header: IpProtocol::Udp,
        src_addr: LEFT,
        dst_addr: RIGHT,
        options: Options::items(&options),
        payload_len: message.len(),
    };
    let sent = hosts.receive(0, ipv4(&repr, &message));
    let mut joined = Vec::new();
    for (at, packet) in sent[1].iter().enumerate() {
        assert!(packet.len() <= 576);
        let packet = Ipv4Packet::new_checked(packet).unwrap();
        assert!(packet.verify_checksum());
        let same = (
            packet.ident(),
            packet.dscp(),
            packet.ecn(),
            packet.hop_limit(),
        );
        assert_eq!(same, (4711, 10, Ecn::Ect0, 8));
        assert!(
            packet.more_frags(),
            "the packet itself was no last fragment"
        );
        assert_eq!(usize::from(packet.frag_offset()), 80 + joined.len());
        let count = packet
            .options()
            .iter()
            .filter(|o| *o != Ok(Ipv4Option::Nop))
            .count();
        assert_eq!(count, if at == 0 { 2 } else { 1 });
        joined.extend_from_slice(packet.payload());
    }
    assert!(sent[1].len() == 3 && joined == message);
}

#[test]
fn what_belongs_to_one_link_or_to_nobody_does_not_pass() {
    // RFC 1812 §5.3.7, §4.2.2.11, §5.3.4; RFC 4291 §2.5; RFC 3927 §7.
    let mut hosts = router();
    for (src, dst) in [
        ("192.0.2.9", "127.0.0.1"),
        ("192.0.2.9", "0.0.0.1"),
        ("192.0.2.9", "240.0.0.1"),
        ("192.0.2.9", "169.254.1.1"),
        ("192.0.2.9", "198.51.100.255"),
        ("192.0.2.9", "224.0.1.1"),
        ("169.254.1.1", "198.51.100.9"),
        ("240.0.0.1", "198.51.100.9"),
        ("2001:db8:1::9", "::1"),
        ("2001:db8:1::9", "::"),
        ("2001:db8:1::9", "fe80::9"),
        ("2001:db8:1::9", "ff05::2"),
        ("2001:db8:1::9", "::ffff:198.51.100.9"),
        ("fe80::9", "2001:db8:2::9"),
        ("::", "2001:db8:2::9"),
    ] {
        let (src, dst): (IpAddr, IpAddr) = (src.parse().unwrap(), dst.parse().unwrap());
        let before: u32 = hosts.ifaces[0].0.counters().dropped_total();
        let sent = hosts.receive(0, datagram(V4.from(src).to(dst), 10));
        assert!(sent.concat().is_empty(), "{src} to {dst}");
        assert_eq!(hosts.ifaces[0].0.counters().dropped_total(), before + 1);
    }
    // From nobody is from nobody whoever is meant, and `::` is nobody's.
    assert_eq!(dropped(&hosts, DropReason::NotForwarded), 13);
    // A route through a neighbor, which the packet itself names.
    let mut packet = datagram(across(4), 12);
    packet[0] = 0x47;
    packet[20..28].copy_from_slice(&[131, 7, 4, 1, 2, 3, 4, 0]);
    packet[10..12].fill(0);
    let sum = litz::wire::rt::Sum::of(&packet[..28]).finish();
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    assert!(hosts.receive(0, packet).concat().is_empty());
    assert_eq!(dropped(&hosts, DropReason::RoutingHeader), 1);
}

#[test]
fn a_router_answers_at_the_addresses_of_all_its_interfaces() {
    let mut hosts = router();
    let far = Ipv4Addr::new(198, 51, 100, 1);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.receive(0, datagram(across(4).to(far), 5));
    assert!(hosts.sockets.udp(socket).unwrap().recv().is_some());
    // But not at those of another link alone.
    let other: Ipv6Addr = "fe80::2".parse().unwrap();
    hosts.receive(0, datagram(across(6).to(other), 5));
    assert!(hosts.sockets.udp(socket).unwrap().recv().is_none());
}

#[test]
fn a_full_queue_drops_what_comes_then_and_a_link_that_is_down_all() {
    let mut hosts = router();
    hosts.ifaces[1].1.room = 0;
    for _ in 0..200 {
        hosts.ifaces[0].1.rx.push_back(datagram(across(4), 100));
    }
    hosts.poll(0);
    hosts.poll(1);
    let full = dropped(&hosts, DropReason::ForwardFull);
    assert!((1..200).contains(&full), "{full} of 200");
    assert!(!hosts.is_due(1), "it waits for its device");
    hosts.ifaces[1].1.room = 1000;
    hosts.poll(1);
    assert_eq!(hosts.settle()[1].len(), 200 - full as usize);
    hosts.ifaces[0].1.rx.push_back(datagram(across(4), 100));
    hosts.poll(0);
    hosts.ifaces[1].1.link = LinkState::Down;
    hosts.poll(1);
    assert!(hosts.settle().concat().is_empty());
    let sent = hosts.receive(0, datagram(across(4), 100));
    error_v4(&sent[0][0], |message| {
        assert!(
            matches!(message, Icmpv4::DstUnreachable { .. }),
            "{message:?}"
        );
    });
}

#[test]
fn a_neighbor_is_told_of_a_better_first_hop() {
    // RFC 1812 §5.2.7.2.
    let mut hosts = router();
    let better = Ipv4Addr::new(192, 0, 2, 77);
    let network = "203.0.113.0/24".parse().unwrap();
    hosts.ifaces[0].0.add_route(network, better.into()).unwrap();
    hosts.poll_all();
    let far = Ipv4Addr::new(203, 0, 113, 5);
    let sent = hosts.receive(0, datagram(across(4).to(far), 10));
    assert_eq!(sent[0].len(), 2, "the packet and a word about it");
    error_v4(&sent[0][0], |message| {
        assert!(matches!(message, Icmpv4::Redirect { gateway, .. } if *gateway == better));
    });
    assert_eq!(ends(&sent[0][1]), (LEFT.into(), far.into()));
    // Who is not a neighbor could not use it.
    let path = across(4).from(Ipv4Addr::new(203, 0, 113, 9)).to(far);
    let sent = hosts.receive(0, datagram(path, 10));
    assert_eq!(sent[0].len(), 1);
}

#[test]
fn a_next_hop_that_does_not_answer_is_reported_to_the_sender() {
    // RFC 1812 §5.2.7.1, RFC 4443 §3.1.
    let mut hosts = Hosts::new(&["192.0.2.1/24 2001:db8:1::1/64"]);
    let own = EthernetAddress([2, 0, 0, 0, 0, 9]);
    let storage = InterfaceStorage::heap(MTU);
    let mut iface = Interface::new(Link::Ethernet(own), [3; 16], storage).unwrap();
    let id = iface.attach(&mut hosts.sockets).unwrap();
    for prefix in ["198.51.100.1/24", "2001:db8:2::1/64"] {
        iface.add_addr(prefix.parse().unwrap()).unwrap();
    }
    hosts.ifaces.push((iface, Wire::new(Medium::Ethernet), id));
    for (iface, ..) in &mut hosts.ifaces {
        iface.set_forwarding(true);
    }
    hosts.poll_all();
    hosts.receive(0, datagram(across(4), 10));
    hosts.receive(0, datagram(across(6), 10));
    let mut told = Vec::new();
    let end = hosts.now.saturating_add(Duration::from_secs(30));
    while hosts.now < end {
        hosts.now = hosts.now.saturating_add(Duration::from_millis(500));
        told.extend(hosts.settle().swap_remove(0));
    }
    assert_eq!(told.len(), 2);
    for packet in told {
        if packet[0] >> 4 == 4 {
            let ip = Ipv4Packet::new_checked(&packet).unwrap();
            assert_eq!(ip.dst_addr(), LEFT);
            let icmp = Icmpv4HeaderPacket::new_checked(ip.payload()).unwrap();
            assert!(icmp.verify_checksum());
            let Icmpv4::DstUnreachable { reason, .. } = Icmpv4::parse(&icmp).unwrap() else {
                panic!("unreachable");
            };
            assert_eq!(reason, Icmpv4DstUnreachable::HostUnreachable);
        } else {
            error_v6(&packet, |message| {
                let expected = Icmpv6DstUnreachable::AddrUnreachable;
                let is =
                    matches!(message, Icmpv6::DstUnreachable { reason, .. } if *reason == expected);
                assert!(is, "{message:?}");
            });
        }
    }
    // A group of stations is no way to a single host.
    let mut frame = super::frames::ethernet(
        EthernetAddress([2, 0, 0, 0, 0, 8]),
        EVERYBODY,
        litz::wire::EtherType::Ipv4,
        &datagram(V4.from(RIGHT).to(LEFT), 10),
    );
    assert!(hosts.receive(1, frame.clone())[0].is_empty());
    frame[..6].copy_from_slice(&own.0);
    assert_eq!(hosts.receive(1, frame)[0].len(), 1);
}

/// Three routers in a line; the first one's left side and the last one's right side are networks.
struct Line([Hosts; 3]);

impl Line {
    fn new() -> Self {
        let prefixes = [
            [
                "192.0.2.1/24 2001:db8:1::1/64",
                "10.0.1.1/24 2001:db8:a::1/64",
            ],
            [
                "10.0.1.2/24 2001:db8:a::2/64",
                "10.0.2.2/24 2001:db8:b::2/64",
            ],
            [
                "10.0.2.3/24 2001:db8:b::3/64",
                "198.51.100.1/24 2001:db8:2::1/64",
            ],
        ];
        let mut routers = prefixes.map(|prefixes| Hosts::new(&prefixes));
        for (router, at, network, via) in [
            (0, 1, "198.51.100.0/24", "10.0.1.2"),
            (0, 1, "2001:db8:2::/64", "2001:db8:a::2"),
            (1, 0, "192.0.2.0/24", "10.0.1.1"),
            (1, 0, "2001:db8:1::/64", "2001:db8:a::1"),
            (1, 1, "198.51.100.0/24", "10.0.2.3"),
            (1, 1, "2001:db8:2::/64", "2001:db8:b::3"),
            (2, 0, "192.0.2.0/24", "10.0.2.2"),
            (2, 0, "2001:db8:1::/64", "2001:db8:b::2"),
        ] {
            let iface = &mut routers[router].ifaces[at].0;
            let (network, via) = (network.parse().unwrap(), via.parse().unwrap());
            iface.add_route(network, via).unwrap();
        }
        for router in &mut routers {
            for (iface, ..) in &mut router.ifaces {
                iface.set_forwarding(true);
            }
            router.poll_all();
        }
        Self(routers)
    }

    /// A packet from the left network: what comes out at the left and at the right.
    fn pass(&mut self, packet: Vec<u8>) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let mut under_way = vec![(0, 0, packet)];
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while let Some((router, at, packet)) = under_way.pop() {
            let sent = self.0[router].receive(at, packet);
            for (side, packets) in sent.into_iter().enumerate() {
                for packet in packets {
                    match (router, side) {
                        (0, 0) => left.push(packet),
                        (2, 1) => right.push(packet),
                        (_, 0) => under_way.push((router - 1, 1, packet)),
                        _ => under_way.push((router + 1, 0, packet)),
                    }
                }
            }
        }
        (left, right)
    }
}

#[test]
fn three_routers_in_a_line_are_seen_one_after_the_other() {
    for version in [4, 6] {
        let mut line = Line::new();
        for limit in 1..=3 {
            let (left, right) = line.pass(datagram(across(version).hop_limit(limit), 20));
            assert!(right.is_empty());
            assert_eq!(left.len(), 1, "limit {limit}");
            let own = |addr| {
                line.0[usize::from(limit) - 1]
                    .ifaces
                    .iter()
                    .any(|(iface, ..)| iface.has_addr(addr))
            };
            assert!(own(ends(&left[0]).0), "limit {limit}: {:?}", ends(&left[0]));
        }
        let (left, right) = line.pass(datagram(across(version).hop_limit(4), 20));
        assert!(left.is_empty());
        assert_eq!(hop_limit(&right[0]), 1);
    }
}

#[test]
fn of_two_paths_the_other_one_is_taken_while_a_link_is_down() {
    let mut hosts = Hosts::new(&["192.0.2.1/24", "10.0.1.1/24", "10.0.2.1/24"]);
    for (at, via, metric) in [(1, "10.0.1.2", 1), (2, "10.0.2.2", 2)] {
        let (network, via) = ("198.51.100.0/24".parse().unwrap(), via.parse().unwrap());
        let route = litz::iface::Route {
            network,
            via,
            metric,
        };
        hosts.ifaces[at].0.add_route_with(route).unwrap();
    }
    hosts.ifaces[0].0.set_forwarding(true);
    hosts.poll_all();
    let taken = |hosts: &mut Hosts| {
        let sent = hosts.receive(0, datagram(across(4), 20));
        (1..3).find(|&at| sent[at].len() == 1)
    };
    assert_eq!(taken(&mut hosts), Some(1));
    hosts.ifaces[1].1.link = LinkState::Down;
    hosts.poll(1);
    assert_eq!(taken(&mut hosts), Some(2));
    hosts.ifaces[1].1.link = LinkState::Up;
    hosts.poll(1);
    assert_eq!(taken(&mut hosts), Some(1));
}
