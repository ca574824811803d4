//! Several interfaces on one socket set: who sends what, what happens when links and routes change,
//! and that nobody is polled in vain.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use litz::iface::{DropReason, Route};
use litz::phy::{LinkState, Medium};
use litz::socket::tcp::{CloseReason, State};
use litz::socket::{AttachError, InterfaceSlot, PathSlot, SocketStorage};
use litz::time::{Duration, Instant};
use litz::wire::{EtherType, EthernetAddress, IpProtocol, Ipv4Packet, Ipv6Packet};
use litz::{Interface, InterfaceId, InterfaceStorage, IpCidr, Link, SocketSet};

use super::frames::{Path, Seg, V4, V6, ethernet};
use super::host::{CAPACITY, MTU, Wire};

/// A host with an interface of raw IP for each prefix; the host's own address is the first of it.
pub(crate) struct Hosts {
    pub(crate) ifaces: Vec<(Interface<'static>, Wire, InterfaceId)>,
    pub(crate) sockets: SocketSet<'static>,
    pub(crate) now: Instant,
}

impl Hosts {
    pub(crate) fn new(prefixes: &[&str]) -> Self {
        let mut sockets = SocketSet::heap([7; 16], &CAPACITY);
        let ifaces = (1..).zip(prefixes).map(|(n, prefix)| {
            let storage = InterfaceStorage::heap(MTU);
            let mut iface = Interface::new(Link::Ip, [n; 16], storage).unwrap();
            let id = iface.attach(&mut sockets).unwrap();
            for prefix in prefix.split(' ').filter(|prefix| !prefix.is_empty()) {
                iface.add_addr(prefix.parse().unwrap()).unwrap();
            }
            (iface, Wire::new(Medium::Ip), id)
        });
        let ifaces = ifaces.collect();
        let mut hosts = Self {
            ifaces,
            sockets,
            now: Instant::from_secs(1000),
        };
        hosts.poll_all();
        hosts
    }

    pub(crate) fn poll(&mut self, at: usize) {
        let (iface, wire, _) = &mut self.ifaces[at];
        iface.poll(self.now, wire, &mut self.sockets);
    }

    pub(crate) fn poll_all(&mut self) {
        for at in 0..self.ifaces.len() {
            self.poll(at);
        }
    }

    /// Whether an interface asks for a poll at once.
    pub(crate) fn is_due(&self, at: usize) -> bool {
        self.ifaces[at]
            .0
            .poll_at(self.now, &self.sockets)
            .is_due(self.now)
    }

    /// Poll in rounds whoever asks for it. Returns what every interface has sent.
    #[track_caller]
    pub(crate) fn settle(&mut self) -> Vec<Vec<Vec<u8>>> {
        for round in 0.. {
            let due: Vec<_> = (0..self.ifaces.len())
                .filter(|&at| self.is_due(at))
                .collect();
            if due.is_empty() {
                break;
            }
            assert!(round < 10, "interfaces {due:?} are never done");
            for at in due {
                self.poll(at);
            }
        }
        let wires = self.ifaces.iter_mut();
        wires
            .map(|(_, wire, _)| wire.tx.drain(..).collect())
            .collect()
    }

    /// Give a packet to an interface, and take what comes of it.
    #[track_caller]
    pub(crate) fn receive(&mut self, at: usize, packet: Vec<u8>) -> Vec<Vec<Vec<u8>>> {
        self.ifaces[at].1.rx.push_back(packet);
        self.poll(at);
        self.settle()
    }

    fn dropped(&self, reason: DropReason) -> u32 {
        let counters = self.ifaces.iter().map(|(iface, ..)| iface.counters());
        counters.map(|counters| counters.dropped(reason)).sum()
    }

    fn route(&mut self, at: usize, network: &str, via: &str, metric: u32) {
        let (network, via) = (network.parse().unwrap(), via.parse().unwrap());
        let route = Route {
            network,
            via,
            metric,
        };
        self.ifaces[at].0.add_route_with(route).unwrap();
    }

    fn say(&mut self, socket: litz::UdpHandle, to: &str) {
        let to: IpAddr = to.parse().unwrap();
        self.sockets.udp(socket).unwrap().set_broadcast(true);
        self.sockets
            .udp(socket)
            .unwrap()
            .send((to, 7), b"hello")
            .unwrap();
    }
}

const TWO: [&str; 2] = [
    "192.0.2.1/24 2001:db8:1::1/64",
    "198.51.100.1/24 2001:db8:2::1/64",
];

/// Source and destination of an IP packet.
pub(crate) fn ends(packet: &[u8]) -> (IpAddr, IpAddr) {
    match packet[0] >> 4 {
        4 => {
            let packet = Ipv4Packet::new_checked(packet).unwrap();
            (packet.src_addr().into(), packet.dst_addr().into())
        }
        _ => {
            let packet = Ipv6Packet::new_checked(packet).unwrap();
            (packet.src_addr().into(), packet.dst_addr().into())
        }
    }
}

/// How many packets each interface sent.
fn counts(sent: &[Vec<Vec<u8>>]) -> Vec<usize> {
    sent.iter().map(Vec::len).collect()
}

#[test]
fn a_socket_sends_by_the_interface_that_leads_to_its_destination() {
    for (dst, at, src) in [
        ("192.0.2.9", 0, "192.0.2.1"),
        ("198.51.100.9", 1, "198.51.100.1"),
        ("2001:db8:1::9", 0, "2001:db8:1::1"),
        ("2001:db8:2::9", 1, "2001:db8:2::1"),
    ] {
        let mut hosts = Hosts::new(&TWO);
        let socket = hosts.sockets.udp_bind(9).unwrap();
        hosts.say(socket, dst);
        let echo = hosts.sockets.icmp_bind(1).unwrap();
        let remote = dst.parse().unwrap();
        hosts
            .sockets
            .icmp(echo)
            .unwrap()
            .send_echo(remote, 1, b"x")
            .unwrap();
        hosts.sockets.tcp_connect((remote, 80)).unwrap();
        let sent = hosts.settle();
        assert_eq!(sent[at].len(), 3, "to {dst}");
        assert_eq!(sent[1 - at].len(), 0, "to {dst}");
        for packet in &sent[at] {
            assert_eq!(ends(packet), (src.parse().unwrap(), remote));
        }
    }
}

#[test]
fn work_of_one_interface_does_not_keep_the_other_awake() {
    let mut hosts = Hosts::new(&TWO);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.say(socket, "198.51.100.9");
    hosts
        .sockets
        .tcp_connect((Ipv4Addr::new(198, 51, 100, 9), 80))
        .unwrap();
    assert!(hosts.is_due(0), "nobody knows yet whose it is");
    hosts.poll(0);
    assert!(!hosts.is_due(0), "it has been handed over");
    assert!(hosts.is_due(1));
    assert_eq!(counts(&hosts.settle()), [0, 2]);
}

#[test]
fn an_interface_without_room_does_not_keep_the_other_awake_or_from_sending() {
    let mut hosts = Hosts::new(&TWO);
    let (one, two) = (
        hosts.sockets.udp_bind(9).unwrap(),
        hosts.sockets.udp_bind(10).unwrap(),
    );
    hosts.ifaces[1].1.room = 0;
    hosts.say(one, "198.51.100.9");
    hosts.say(two, "192.0.2.9");
    hosts.poll(1);
    assert_eq!(counts(&hosts.settle()), [1, 0]);
    hosts.ifaces[1].1.room = 9;
    hosts.poll(1);
    assert_eq!(counts(&hosts.settle()), [0, 1]);
}

#[test]
fn a_socket_alternates_between_interfaces_packet_by_packet() {
    let mut hosts = Hosts::new(&TWO);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    for dst in ["198.51.100.9", "192.0.2.9", "198.51.100.9", "192.0.2.9"] {
        hosts.say(socket, dst);
    }
    assert_eq!(counts(&hosts.settle()), [2, 2]);
}

#[test]
fn the_longest_prefix_wins_and_then_the_lowest_metric() {
    let mut hosts = Hosts::new(&TWO);
    hosts.route(0, "0.0.0.0/0", "192.0.2.254", 20);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 10);
    hosts.route(0, "203.0.113.0/24", "192.0.2.254", 90);
    hosts.route(1, "203.0.0.0/16", "198.51.100.254", 1);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.poll_all();
    hosts.say(socket, "203.0.113.5");
    assert_eq!(counts(&hosts.settle()), [1, 0]);
    hosts.say(socket, "8.8.8.8");
    assert_eq!(counts(&hosts.settle()), [0, 1]);
    assert!(
        hosts.ifaces[0]
            .0
            .remove_route("203.0.113.0/24".parse().unwrap())
    );
    hosts.poll(0);
    hosts.say(socket, "203.0.113.5");
    assert_eq!(counts(&hosts.settle()), [0, 1]);
}

#[test]
fn a_link_that_goes_down_is_gone_around_and_comes_back() {
    let mut hosts = Hosts::new(&TWO);
    hosts.route(0, "0.0.0.0/0", "192.0.2.254", 1);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 2);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.poll_all();
    hosts.say(socket, "8.8.8.8");
    assert_eq!(counts(&hosts.settle()), [1, 0]);
    hosts.say(socket, "8.8.8.8");
    hosts.ifaces[0].1.link = LinkState::Down;
    assert_eq!(
        counts(&hosts.settle()),
        [0, 1],
        "what was ready is not lost"
    );
    hosts.ifaces[0].1.link = LinkState::Up;
    hosts.poll(0);
    hosts.say(socket, "8.8.8.8");
    assert_eq!(counts(&hosts.settle()), [1, 0]);
}

#[test]
fn a_connection_survives_the_loss_of_its_path() {
    let mut hosts = Hosts::new(&TWO);
    hosts.route(0, "0.0.0.0/0", "192.0.2.254", 1);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 2);
    hosts.poll_all();
    let far = Ipv4Addr::new(203, 0, 113, 5);
    let path = V4.from(far).to(Ipv4Addr::new(192, 0, 2, 1));
    let listener = hosts.sockets.tcp_listen(80, 4).unwrap();
    let syn = path.packet(IpProtocol::Tcp, &path.tcp_segment(&Seg::syn(1000)));
    let sent = hosts.receive(0, syn);
    let isn = seq(&sent[0][0]);
    let ack = Seg::ack(1000, isn.wrapping_add(1));
    hosts.receive(0, path.packet(IpProtocol::Tcp, &path.tcp_segment(&ack)));
    let (stream, _) = hosts.sockets.tcp_accept(listener).unwrap().unwrap();
    hosts.ifaces[0].1.link = LinkState::Down;
    hosts.poll(0);
    hosts
        .sockets
        .tcp(stream)
        .unwrap()
        .send_slice(b"still here")
        .unwrap();
    let sent = hosts.settle();
    assert_eq!(counts(&sent), [0, 1]);
    assert_eq!(ends(&sent[1][0]).0, IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
}

/// Sequence number of a TCP packet over IPv4 or IPv6.
fn seq(packet: &[u8]) -> u32 {
    let at = if packet[0] >> 4 == 4 { 24 } else { 44 };
    u32::from_be_bytes(packet[at..at + 4].try_into().unwrap())
}

#[test]
fn a_bound_socket_sends_and_receives_by_its_interface_alone() {
    let mut hosts = Hosts::new(&TWO);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 0);
    hosts.poll_all();
    let socket = hosts.sockets.udp_bind(9).unwrap();
    let id = hosts.ifaces[1].2;
    hosts.sockets.udp(socket).unwrap().bind_interface(Some(id));
    hosts.say(socket, "192.0.2.9");
    assert_eq!(counts(&hosts.settle()), [0, 1]);
    let here = V4.to(Ipv4Addr::new(192, 0, 2, 1));
    hosts.receive(
        0,
        here.packet(IpProtocol::Udp, &here.udp_datagram(1, 9, b"no")),
    );
    assert!(hosts.sockets.udp(socket).unwrap().recv().is_none());
    let there = V4.to(Ipv4Addr::new(198, 51, 100, 1));
    hosts.receive(
        1,
        there.packet(IpProtocol::Udp, &there.udp_datagram(1, 9, b"yes")),
    );
    assert_eq!(hosts.sockets.udp(socket).unwrap().recv().unwrap().1, b"yes");
    hosts.ifaces[1].1.link = LinkState::Down;
    hosts.poll(1);
    hosts.say(socket, "192.0.2.9");
    assert_eq!(counts(&hosts.settle()), [0, 0]);
    assert_eq!(hosts.dropped(DropReason::NoRoute), 1);
}

#[test]
fn a_bound_connection_begins_by_its_interface_or_not_at_all() {
    let mut hosts = Hosts::new(&TWO);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 0);
    hosts.poll_all();
    let remote = (Ipv4Addr::new(192, 0, 2, 9), 80);
    let (one, two) = (hosts.ifaces[0].2, hosts.ifaces[1].2);
    let call = hosts.sockets.tcp_connect(remote).unwrap();
    hosts.sockets.tcp(call).unwrap().bind_interface(Some(two));
    let sent = hosts.settle();
    assert_eq!(counts(&sent), [0, 1]);
    assert_eq!(
        ends(&sent[1][0]).0,
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1))
    );
    let call = hosts
        .sockets
        .tcp_connect((Ipv4Addr::new(8, 8, 8, 8), 80))
        .unwrap();
    hosts.sockets.tcp(call).unwrap().bind_interface(Some(one));
    assert_eq!(counts(&hosts.settle()), [0, 0]);
    let socket = hosts.sockets.tcp(call).unwrap();
    assert_eq!(socket.close_reason(), Some(CloseReason::Unreachable));
}

#[test]
fn a_source_address_chooses_its_interface() {
    // RFC 1122 §3.3.4.2, the strong model as far as there is a way.
    let mut hosts = Hosts::new(&TWO);
    hosts.route(0, "0.0.0.0/0", "192.0.2.254", 1);
    hosts.route(1, "0.0.0.0/0", "198.51.100.254", 2);
    hosts.poll_all();
    let own = Ipv4Addr::new(198, 51, 100, 1);
    let socket = hosts.sockets.udp_bind(litz::Endpoint::new(own, 9)).unwrap();
    hosts.say(socket, "8.8.8.8");
    let sent = hosts.settle();
    assert_eq!(counts(&sent), [0, 1]);
    assert_eq!(ends(&sent[1][0]).0, IpAddr::V4(own));
}

#[test]
fn an_address_of_another_interface_is_not_accepted() {
    let mut hosts = Hosts::new(&TWO);
    let path = V4.to(Ipv4Addr::new(198, 51, 100, 1));
    let sent = hosts.receive(
        0,
        path.packet(IpProtocol::Udp, &path.udp_datagram(1, 9, b"x")),
    );
    assert_eq!(counts(&sent), [0, 0]);
    assert_eq!(hosts.dropped(DropReason::NotOurAddress), 1);
}

#[test]
fn link_local_peers_are_answered_on_their_link() {
    let mut hosts = Hosts::new(&["fe80::1/64", "fe80::2/64"]);
    let listener = hosts.sockets.tcp_listen(80, 4).unwrap();
    let far: Ipv6Addr = "fe80::99".parse().unwrap();
    for at in [0, 1] {
        let own: Ipv6Addr = format!("fe80::{}", at + 1).parse().unwrap();
        let path = V6.from(far).to(own);
        let tcp = |seg: &Seg<'_>| path.packet(IpProtocol::Tcp, &path.tcp_segment(seg));
        let sent = hosts.receive(at, tcp(&Seg::syn(1000)));
        let isn = seq(&sent[at][0]);
        hosts.receive(at, tcp(&Seg::ack(1000, isn.wrapping_add(1)).payload(b"x")));
        let (stream, _) = hosts.sockets.tcp_accept(listener).unwrap().unwrap();
        hosts.settle();
        hosts.sockets.tcp(stream).unwrap().send_slice(b"y").unwrap();
        let sent = hosts.settle();
        let mut expected = [0, 0];
        expected[at] = 1;
        assert_eq!(counts(&sent), expected);
    }
}

#[test]
fn an_interface_that_leaves_takes_its_connections_and_leaves_the_rest() {
    let mut hosts = Hosts::new(&TWO);
    let there = hosts
        .sockets
        .tcp_connect((Ipv4Addr::new(198, 51, 100, 9), 80))
        .unwrap();
    let here = hosts
        .sockets
        .tcp_connect((Ipv4Addr::new(192, 0, 2, 9), 80))
        .unwrap();
    assert_eq!(counts(&hosts.settle()), [1, 1]);
    let id = hosts.ifaces[1].2;
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.say(socket, "198.51.100.9");
    hosts.poll(0);
    assert!(hosts.ifaces[1].0.detach(&mut hosts.sockets));
    assert!(!hosts.ifaces[1].0.detach(&mut hosts.sockets));
    let reason = hosts.sockets.tcp(there).unwrap().close_reason();
    assert_eq!(reason, Some(CloseReason::Unreachable));
    assert_eq!(hosts.sockets.tcp(here).unwrap().state(), State::SynSent);
    assert_eq!(counts(&hosts.settle()), [0, 0]);
    assert_eq!(
        hosts.dropped(DropReason::NoRoute),
        1,
        "its datagram has no way now"
    );
    // A name is not given twice.
    let again = hosts.ifaces[1].0.attach(&mut hosts.sockets).unwrap();
    assert_ne!(again, id);
    hosts.poll_all();
    hosts.sockets.udp(socket).unwrap().bind_interface(Some(id));
    hosts.say(socket, "198.51.100.9");
    assert_eq!(counts(&hosts.settle()), [0, 0]);
    hosts
        .sockets
        .udp(socket)
        .unwrap()
        .bind_interface(Some(again));
    hosts.say(socket, "198.51.100.9");
    assert_eq!(counts(&hosts.settle()), [0, 1]);
}

#[test]
fn an_interface_that_was_dropped_is_forgotten_by_name() {
    let mut hosts = Hosts::new(&TWO);
    let (iface, _, id) = hosts.ifaces.pop().unwrap();
    drop(iface);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.say(socket, "198.51.100.9");
    assert_eq!(
        counts(&hosts.settle()),
        [0],
        "it waits for who does not come"
    );
    assert!(hosts.sockets.forget_interface(id));
    assert!(!hosts.sockets.forget_interface(id));
    hosts.settle();
    assert_eq!(hosts.dropped(DropReason::NoRoute), 1);
}

#[test]
fn who_is_not_attached_sends_for_no_socket_of_those_who_are() {
    let mut hosts = Hosts::new(&TWO);
    let mut stray = Interface::new(Link::Ip, [9; 16], InterfaceStorage::heap(MTU)).unwrap();
    stray.add_addr("192.0.2.1/24".parse().unwrap()).unwrap();
    let mut wire = Wire::new(Medium::Ip);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.say(socket, "192.0.2.9");
    stray.poll(hosts.now, &mut wire, &mut hosts.sockets);
    assert!(wire.tx.is_empty());
    assert!(!stray.poll_at(hosts.now, &hosts.sockets).is_due(hosts.now));
    assert_eq!(counts(&hosts.settle()), [1, 0]);
}

#[test]
fn a_set_without_room_refuses_interfaces_and_counts_routes() {
    let storage = SocketStorage {
        interfaces: vec![InterfaceSlot::default()].into(),
        paths: vec![PathSlot::EMPTY; 2].into(),
        ..SocketStorage::default()
    };
    let mut sockets = SocketSet::new([1; 16], storage);
    let new = || Interface::new(Link::Ip, [9; 16], InterfaceStorage::heap(MTU)).unwrap();
    let (mut one, mut two) = (new(), new());
    one.attach(&mut sockets).unwrap();
    assert_eq!(one.attach(&mut sockets), Err(AttachError::Attached));
    assert_eq!(two.attach(&mut sockets), Err(AttachError::NoFreeSlot));
    for n in 1..=3 {
        let cidr = IpCidr::new(Ipv4Addr::new(192, 0, n, 1), 24).unwrap();
        one.add_addr(cidr).unwrap();
    }
    one.poll(Instant::ZERO, &mut Wire::new(Medium::Ip), &mut sockets);
    assert_eq!(one.counters().dropped(DropReason::RouteTableFull), 1);
}

#[test]
fn groups_and_broadcasts_leave_by_the_interface_of_their_socket() {
    let mut hosts = Hosts::new(&TWO);
    let socket = hosts.sockets.udp_bind(9).unwrap();
    for (dst, bound, expected) in [
        ("224.0.0.251", None, [1, 0]),
        ("ff02::fb", Some(1), [0, 1]),
        ("255.255.255.255", Some(1), [0, 1]),
        ("192.0.2.255", None, [1, 0]),
        ("198.51.100.255", None, [0, 1]),
    ] {
        let id = bound.map(|at: usize| hosts.ifaces[at].2);
        hosts.sockets.udp(socket).unwrap().bind_interface(id);
        hosts.say(socket, dst);
        assert_eq!(counts(&hosts.settle()), expected, "to {dst}");
    }
}

#[test]
fn interfaces_of_different_media_share_the_sockets() {
    let mut hosts = Hosts::new(&["192.0.2.1/24"]);
    let own = EthernetAddress([2, 0, 0, 0, 0, 9]);
    let storage = InterfaceStorage::heap(MTU);
    let mut iface = Interface::new(Link::Ethernet(own), [3; 16], storage).unwrap();
    let id = iface.attach(&mut hosts.sockets).unwrap();
    iface.add_addr("198.51.100.1/24".parse().unwrap()).unwrap();
    hosts.ifaces.push((iface, Wire::new(Medium::Ethernet), id));
    hosts.poll_all();
    let socket = hosts.sockets.udp_bind(9).unwrap();
    hosts.say(socket, "198.51.100.9");
    hosts.say(socket, "192.0.2.9");
    let sent = hosts.settle();
    assert_eq!(counts(&sent), [1, 1]);
    assert_eq!(sent[1][0][12..14], EtherType::Arp.0.to_be_bytes());
    let peer = EthernetAddress([2, 0, 0, 0, 0, 8]);
    let path = Path {
        station: peer,
        to_station: own,
        ..V4
    };
    let path = path
        .from(Ipv4Addr::new(198, 51, 100, 9))
        .to(Ipv4Addr::new(198, 51, 100, 1));
    let datagram = path.packet(IpProtocol::Udp, &path.udp_datagram(7, 9, b"over there"));
    hosts.receive(1, ethernet(peer, own, EtherType::Ipv4, &datagram));
    assert_eq!(
        hosts.sockets.udp(socket).unwrap().recv().unwrap().1,
        b"over there"
    );
}

#[test]
fn timers_of_connections_wake_every_interface_and_tire_none() {
    let mut hosts = Hosts::new(&TWO);
    hosts
        .sockets
        .tcp_connect((Ipv4Addr::new(198, 51, 100, 9), 80))
        .unwrap();
    let mut sent = hosts.settle()[1].len();
    let mut polls = 0;
    let end = hosts.now.saturating_add(Duration::from_secs(600));
    loop {
        let due = (0..2).filter_map(|at| {
            let due = hosts.ifaces[at].0.poll_at(hosts.now, &hosts.sockets);
            due.instant()
        });
        let Some(next) = due.min().filter(|&next| next < end) else {
            break;
        };
        assert!(next >= hosts.now);
        hosts.now = next;
        sent += hosts.settle()[1].len();
        polls += 1;
    }
    assert!(sent >= 5, "{sent} SYNs");
    assert!(polls <= 2 * sent, "{polls} wakings for {sent} SYNs");
}
