//! Networks of routers and attackers on cables of Ethernet, in virtual time and by seed: three
//! routers in a line, two paths of which one fails, and floods beside a flow that has to go on.
#![allow(clippy::arithmetic_side_effects)]

use std::net::{IpAddr, Ipv6Addr};

use litz::iface::{AddrConfig, DropReason, Route, SlaacConfig};
use litz::phy::link::{Link as Cable, LinkConfig, LinkEnd};
use litz::phy::prng::{Chance, Prng};
use litz::phy::{Device, TxMeta, TxToken};
use litz::time::{Duration, Instant};
use litz::wire::rt::{Millis32, Options, Pseudo, PseudoHeader, PseudoV6, Secs16, Secs32, Sum};
use litz::wire::{
    Ecn, EtherType, EthernetAddress, EthernetRepr, Icmpv6, Icmpv6Header, IpProtocol,
    Ipv6FragmentRepr, Ipv6Repr, Ndisc, NdiscOption, RoutePreference,
};
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, TcpHandle};

/// Virtual time within which everything is over.
const LIMIT: Duration = Duration::from_secs(600);

/// A host or a router, with an interface at each of its cables.
struct Node {
    ifaces: Vec<(Interface<'static>, LinkEnd)>,
    sockets: SocketSet<'static>,
}

/// The nodes, their cables, and the time.
struct World {
    nodes: Vec<Node>,
    cables: Vec<Cable>,
    now: Instant,
    prng: Prng,
    seed: u64,
}

/// The station of a node's interface.
fn station(node: usize, iface: usize) -> EthernetAddress {
    EthernetAddress([2, 0, 0, 0, node as u8, iface as u8])
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            nodes: Vec::new(),
            cables: Vec::new(),
            now: Instant::from_secs(1),
            prng: Prng::new(seed),
            seed,
        }
    }

    /// Nodes are numbered from 0.
    fn add(&mut self) -> usize {
        let capacity = SocketCapacity {
            datagrams: 64,
            datagram_octets: 262_144,
            ..SocketCapacity::default()
        };
        let sockets = SocketSet::heap([self.nodes.len() as u8; 16], &capacity);
        let ifaces = Vec::new();
        self.nodes.push(Node { ifaces, sockets });
        self.nodes.len() - 1
    }

    /// One end of a cable, which loses one frame in `loss` hundred; the other one's is free.
    fn cable(&mut self, loss: u32) -> (LinkEnd, LinkEnd) {
        let config = LinkConfig {
            seed: self.prng.next_u64(),
            loss: Chance::percent(loss),
            delay: Duration::from_micros(100 + self.prng.below(3_000)),
            jitter: Duration::from_micros(self.prng.below(500)),
            queue: 4096,
            ..LinkConfig::default()
        };
        let (cable, one, other) = Cable::new(config);
        self.cables.push(cable);
        (one, other)
    }

    /// Give a node an interface with these addresses.
    fn plug(&mut self, node: usize, end: LinkEnd, addrs: &[&str]) {
        let number = self.nodes[node].ifaces.len();
        let own = station(node, number);
        let secret = [(16 * node + number) as u8; 16];
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(Link::Ethernet(own), secret, storage).unwrap();
        for addr in addrs {
            iface.add_addr(addr.parse().unwrap()).unwrap();
        }
        iface.add_addr(IpCidr::link_local(own)).unwrap();
        iface.attach(&mut self.nodes[node].sockets).unwrap();
        self.nodes[node].ifaces.push((iface, end));
    }

    /// Join two nodes.
    fn join(&mut self, (one, of_one): (usize, &[&str]), (other, of_other): (usize, &[&str])) {
        let (here, there) = self.cable(1);
        self.plug(one, here, of_one);
        self.plug(other, there, of_other);
    }

    fn route(&mut self, node: usize, iface: usize, network: &str, via: &str, metric: u32) {
        let route = Route {
            network: network.parse().unwrap(),
            via: via.parse().unwrap(),
            metric,
        };
        let iface = &mut self.nodes[node].ifaces[iface].0;
        iface.add_route_with(route).unwrap();
    }

    fn forwards(&mut self, node: usize) {
        for (iface, _) in &mut self.nodes[node].ifaces {
            iface.set_forwarding(true);
        }
    }

    /// Poll everybody until nobody has anything to do, then let time pass to the next event, at
    /// most to `end`.
    fn step(&mut self, end: Instant) {
        for round in 0.. {
            assert!(round < 1000, "seed {}: never done", self.seed);
            let mut busy = false;
            for Node { ifaces, sockets } in &mut self.nodes {
                for (iface, device) in ifaces {
                    let result = iface.poll(self.now, device, sockets);
                    busy |= result.received > 0 || result.sent > 0;
                }
            }
            if !busy {
                break;
            }
        }
        let nodes = self.nodes.iter().flat_map(|Node { ifaces, sockets }| {
            ifaces
                .iter()
                .map(|(iface, _)| iface.poll_at(self.now, sockets))
        });
        let cables = self.cables.iter().map(Cable::next_event);
        let next = nodes.chain(cables).filter_map(|due| due.instant()).min();
        let next = next.unwrap_or(end).min(end);
        self.now = next.max(self.now.saturating_add(Duration::from_micros(1)));
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now.saturating_add(time);
        while self.now < end {
            self.step(end);
        }
    }

    fn dropped(&self, node: usize, reason: DropReason) -> u32 {
        let ifaces = self.nodes[node].ifaces.iter();
        ifaces
            .map(|(iface, _)| iface.counters().dropped(reason))
            .sum()
    }
}

/// Octets on their way from one node to another over a connection.
struct Flow {
    from: (usize, TcpHandle),
    to: (usize, TcpHandle),
    sent: usize,
    received: usize,
}

fn octet(at: usize) -> u8 {
    (at * 7 + at / 251) as u8
}

impl Flow {
    fn open(world: &mut World, from: usize, to: usize, addr: IpAddr) -> Self {
        let listener = world.nodes[to].sockets.tcp_listen(80, 4).unwrap();
        let client = world.nodes[from].sockets.tcp_connect((addr, 80)).unwrap();
        let end = world.now.saturating_add(LIMIT);
        let server = loop {
            world.step(end);
            if let Some((server, _)) = world.nodes[to].sockets.tcp_accept(listener).unwrap() {
                break server;
            }
            assert!(world.now < end, "seed {}: no connection", world.seed);
        };
        Self {
            from: (from, client),
            to: (to, server),
            sent: 0,
            received: 0,
        }
    }

    /// Write what there is room for, up to `total`, and read what has come.
    fn go_on(&mut self, world: &mut World, total: usize) {
        let mut client = world.nodes[self.from.0].sockets.tcp(self.from.1).unwrap();
        let chunk: Vec<u8> = (self.sent..total.min(self.sent + 4096))
            .map(octet)
            .collect();
        if !chunk.is_empty() && client.can_send() {
            self.sent += client.send_slice(&chunk).unwrap();
        }
        let mut buffer = [0; 8192];
        let mut server = world.nodes[self.to.0].sockets.tcp(self.to.1).unwrap();
        while let Ok(len @ 1..) = server.recv_slice(&mut buffer) {
            for &got in &buffer[..len] {
                assert_eq!(got, octet(self.received), "seed {}", world.seed);
                self.received += 1;
            }
        }
    }

    /// Carry so many octets in all.
    #[track_caller]
    fn carry(&mut self, world: &mut World, total: usize) {
        let end = world.now.saturating_add(LIMIT);
        while self.received < total {
            self.go_on(world, total);
            world.step(end);
            assert!(
                world.now < end,
                "seed {}: {} of {total} octets arrived",
                world.seed,
                self.received
            );
        }
    }
}

fn v6(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Host 0, routers 1 to 3, host 4.
fn line(seed: u64) -> World {
    let mut world = World::new(seed);
    for _ in 0..5 {
        world.add();
    }
    for left in 0..4_usize {
        let (n, right) = (left + 1, left + 1);
        let of = |end: u8| {
            [
                format!("10.0.{n}.{end}/24"),
                format!("2001:db8:{n}::{end}/64"),
            ]
        };
        let (near, far) = (of(1), of(2));
        let near = [near[0].as_str(), near[1].as_str()];
        let far = [far[0].as_str(), far[1].as_str()];
        world.join((left, &near), (right, &far));
    }
    for node in 0..5_usize {
        // Interface 0 of all but the first goes to the left.
        let right = usize::from(node > 0);
        for network in 1..=4_usize {
            let net = [
                format!("10.0.{network}.0/24"),
                format!("2001:db8:{network}::/64"),
            ];
            if network > node + 1 {
                let n = node + 1;
                world.route(node, right, &net[0], &format!("10.0.{n}.2"), 0);
                world.route(node, right, &net[1], &format!("2001:db8:{n}::2"), 0);
            } else if network < node {
                world.route(node, 0, &net[0], &format!("10.0.{node}.1"), 0);
                world.route(node, 0, &net[1], &format!("2001:db8:{node}::1"), 0);
            }
        }
        if (1..4).contains(&node) {
            world.forwards(node);
        }
    }
    world
}

#[test]
fn a_flow_passes_three_routers_in_a_line() {
    for seed in 0..6 {
        for far in ["10.0.4.2", "2001:db8:4::2"] {
            let mut world = line(seed);
            let mut flow = Flow::open(&mut world, 0, 4, far.parse().unwrap());
            flow.carry(&mut world, 200_000);
            let through = world.nodes[2].ifaces[0].0.protocols();
            assert!(through.ipv4.in_forw_datagrams + through.ipv6.in_forw_datagrams > 100);
        }
    }
}

#[test]
fn of_two_paths_the_other_carries_the_flow_when_one_fails() {
    for seed in 0..6 {
        // Host 0, routers 1 and 2 with two cables between them, host 3.
        let mut world = World::new(seed);
        for _ in 0..4 {
            world.add();
        }
        world.join((0, &["10.0.1.1/24"]), (1, &["10.0.1.2/24"]));
        world.join((1, &["10.0.2.1/24"]), (2, &["10.0.2.2/24"]));
        world.join((1, &["10.0.3.1/24"]), (2, &["10.0.3.2/24"]));
        world.join((2, &["10.0.4.1/24"]), (3, &["10.0.4.2/24"]));
        world.route(0, 0, "0.0.0.0/0", "10.0.1.2", 0);
        world.route(3, 0, "0.0.0.0/0", "10.0.4.1", 0);
        for (metric, iface, near, far) in [
            (1, 1, "10.0.2.1", "10.0.2.2"),
            (2, 2, "10.0.3.1", "10.0.3.2"),
        ] {
            world.route(1, iface, "10.0.4.0/24", far, metric);
            world.route(2, iface - 1, "10.0.1.0/24", near, metric);
        }
        world.forwards(1);
        world.forwards(2);
        let mut flow = Flow::open(&mut world, 0, 3, v6("10.0.4.2"));
        flow.carry(&mut world, 100_000);
        let by = |world: &World, iface: usize| {
            let iface = &world.nodes[1].ifaces[iface].0;
            iface.protocols().ipv4.out_forw_datagrams
        };
        assert_eq!(by(&world, 2), 0, "seed {seed}: the better path alone");
        world.cables[1].set_up(false);
        flow.carry(&mut world, 200_000);
        let other = by(&world, 2);
        assert!(other > 50, "seed {seed}: {other} by the other path");
        world.cables[1].set_up(true);
        world.cables[2].set_up(false);
        flow.carry(&mut world, 300_000);
    }
}

/// Put a frame on a cable, if there is room.
fn inject(end: &mut LinkEnd, now: Instant, to: EthernetAddress, packet: &[u8]) {
    let frame = EthernetRepr {
        dst_addr: to,
        src_addr: EthernetAddress([2, 0, 0, 0, 99, 99]),
        ethertype: EtherType::Ipv6,
        payload_len: packet.len(),
    };
    if let Some(room) = end.transmit(now) {
        let sent = room.consume(frame.buffer_len(), TxMeta::default(), |buffer| {
            frame.emit(buffer).unwrap().copy_from_slice(packet);
        });
        assert!(sent.is_ok());
    }
    // What comes back is of no interest.
    while end.receive(now).is_some_and(|(rx, _)| {
        litz::phy::RxToken::consume(rx, |_| ());
        true
    }) {}
}

fn packet(src: Ipv6Addr, dst: Ipv6Addr, next_header: IpProtocol, payload: &[u8]) -> Vec<u8> {
    let repr = Ipv6Repr {
        dscp: 0,
        ecn: Ecn::NotEct,
        flow_label: 0,
        next_header,
        hop_limit: 255,
        src_addr: src,
        dst_addr: dst,
        payload_len: payload.len(),
    };
    let mut octets = vec![0; repr.buffer_len()];
    repr.emit(&mut octets).unwrap().copy_from_slice(payload);
    octets
}

/// Host 0, router 1 and host 2, and an attacker at a third cable of the router.
fn attacked(seed: u64) -> (World, LinkEnd) {
    let mut world = World::new(seed);
    for _ in 0..3 {
        world.add();
    }
    world.join((0, &["2001:db8:1::1/64"]), (1, &["2001:db8:1::2/64"]));
    world.join((1, &["2001:db8:2::1/64"]), (2, &["2001:db8:2::2/64"]));
    let (here, attacker) = world.cable(0);
    world.plug(1, here, &["2001:db8:3::1/64"]);
    world.route(0, 0, "::/0", "2001:db8:1::2", 0);
    world.route(2, 0, "::/0", "2001:db8:2::1", 0);
    world.forwards(1);
    (world, attacker)
}

#[test]
fn a_million_addresses_without_hosts_do_not_stop_a_flow() {
    // RFC 6583: each costs the router a question on the last link.
    let (mut world, mut attacker) = attacked(7);
    let mut flow = Flow::open(&mut world, 0, 2, v6("2001:db8:2::2"));
    flow.carry(&mut world, 50_000);
    let src: Ipv6Addr = "2001:db8:3::9".parse().unwrap();
    let mut total = 50_000;
    for burst in 0..10_000_u32 {
        for n in 0..100 {
            let [a, b] = [burst, n].map(|n| (n + 1000) as u16);
            let dst = Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0x1234, 0, a, b);
            let packet = packet(src, dst, IpProtocol::Udp, &[0, 1, 0, 2, 0, 8, 0, 1]);
            inject(&mut attacker, world.now, station(1, 2), &packet);
        }
        // A hundred in two milliseconds, and 100 octets of the flow with each hundred.
        total += 100;
        flow.go_on(&mut world, total);
        world.pass(Duration::from_millis(2));
    }
    let begin = world.now;
    flow.carry(&mut world, total);
    let late = world.now.duration_since(begin);
    assert!(
        late < Duration::from_secs(2),
        "the flow was {late:?} behind"
    );
    let asked = world.nodes[1].ifaces[1].0.counters().tx_frames;
    println!("{asked} frames on the last link");
    let known: Vec<IpAddr> = world.nodes[1].ifaces[1]
        .0
        .neighbors()
        .map(|(addr, _)| addr)
        .collect();
    assert!(known.contains(&v6("2001:db8:2::2")), "{known:?}");
    assert!(world.dropped(1, DropReason::PendingFull) > 0);
}

#[test]
fn a_flood_of_fragments_does_not_keep_datagrams_from_coming_together() {
    let (mut world, mut attacker) = attacked(8);
    let receiver = world.nodes[2].sockets.udp_bind(7).unwrap();
    let sender = world.nodes[0].sockets.udp_bind(9).unwrap();
    let victim: Ipv6Addr = "2001:db8:2::2".parse().unwrap();
    let data: Vec<u8> = (0..8_000).map(octet).collect();
    let mut arrived = 0;
    for round in 0..200_u32 {
        let mut udp = world.nodes[0].sockets.udp(sender).unwrap();
        udp.send((victim, 7), &data).unwrap();
        // Fragments that nothing will ever complete, from sources without number.
        for n in 0..200 {
            let fragment = Ipv6FragmentRepr {
                next_header: IpProtocol::Udp,
                frag_offset: 8 * (n % 50),
                more_frags: true,
                ident: world.prng.next_u64() as u32,
                payload_len: 64,
            };
            let mut octets = vec![0; fragment.buffer_len()];
            fragment.emit(&mut octets).unwrap().fill(0x55);
            let src = Ipv6Addr::new(0x2001, 0xdb8, 3, 0, 0, 1, round as u16, n);
            let packet = packet(src, victim, IpProtocol::Ipv6Frag, &octets);
            inject(&mut attacker, world.now, station(1, 2), &packet);
        }
        world.pass(Duration::from_millis(50));
        let mut udp = world.nodes[2].sockets.udp(receiver).unwrap();
        while let Some((_, got)) = udp.recv() {
            assert!(got == data, "a datagram is whole or not there");
            arrived += 1;
        }
    }
    let displaced =
        world.dropped(2, DropReason::ReassemblyFull) + world.dropped(2, DropReason::Fragment);
    println!("{arrived} of 200 datagrams, {displaced} others made way");
    assert!(displaced > 1_000, "{displaced}");
    // Cables lose one frame in a hundred, and a datagram has six on each of two.
    assert!(arrived > 150, "{arrived} of 200");
}

/// An advertisement of a router that nobody has heard of, for a prefix that nobody has heard of.
fn advertisement(prng: &mut Prng) -> Vec<u8> {
    let (router, network) = (prng.next_u64(), prng.next_u64());
    let src = Ipv6Addr::from_bits(0xfe80 << 112 | u128::from(router));
    let prefix = Ipv6Addr::from_bits(0x2001_0bad << 96 | u128::from(network >> 32) << 64);
    let options = [NdiscOption::Prefix {
        prefix_len: 64,
        on_link: true,
        autonomous: true,
        router_addr: false,
        valid_lifetime: Secs32(3600),
        preferred_lifetime: Secs32(3600),
        prefix,
    }];
    let message = Icmpv6::Ndisc(Ndisc::RouterAdvert {
        hop_limit: 64,
        managed: false,
        other: false,
        home_agent: false,
        preference: RoutePreference::High,
        proxy: false,
        router_lifetime: Secs16(1800),
        reachable_time: Millis32(0),
        retrans_time: Millis32(0),
        options: Options::items(&options),
    });
    let dst = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
    let mut octets = vec![0; message.buffer_len()];
    message.emit(&mut octets).unwrap();
    let pseudo = Pseudo::V6(PseudoV6 {
        src_addr: src,
        dst_addr: dst,
    });
    let len = octets.len() as u32;
    let sum = Sum::of(&octets).add(pseudo.sum(IpProtocol::Icmpv6.0, len));
    Icmpv6Header::store_checksum(&mut octets, sum.finish());
    packet(src, dst, IpProtocol::Icmpv6, &octets)
}

#[test]
fn a_flood_of_router_advertisements_does_not_cut_a_host_off() {
    // The attacker is on the host's own link: a cable of its own, as a second interface.
    let (mut world, _) = attacked(9);
    let (here, mut attacker) = world.cable(0);
    world.plug(2, here, &[]);
    let now = world.now;
    let iface = &mut world.nodes[2].ifaces[1].0;
    iface.start_slaac(SlaacConfig::default(), now).unwrap();
    let own: IpCidr = "2001:db8:9::1/64".parse().unwrap();
    iface.add_addr_with(own, AddrConfig::STATIC, now).unwrap();
    let everybody = EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);
    let first = advertisement(&mut world.prng);
    inject(&mut attacker, world.now, everybody, &first);
    world.pass(Duration::from_secs(3));
    let routers = |world: &World| {
        let iface = &world.nodes[2].ifaces[1].0;
        iface
            .routers()
            .map(|router| router.addr)
            .collect::<Vec<_>>()
    };
    let before = routers(&world);
    assert_eq!(before.len(), 1);
    let mut flow = Flow::open(&mut world, 0, 2, v6("2001:db8:2::2"));
    for round in 0..200 {
        for _ in 0..50 {
            let flood = advertisement(&mut world.prng);
            inject(&mut attacker, world.now, everybody, &flood);
        }
        flow.go_on(&mut world, 1_000 * round);
        world.pass(Duration::from_millis(5));
    }
    flow.carry(&mut world, 250_000);
    assert!(routers(&world).starts_with(&before), "who was first stays");
    let iface = &world.nodes[2].ifaces[1].0;
    assert!(iface.has_addr(own.addr()) && iface.addrs().count() <= 16);
    assert!(iface.slaac_info().adverts > 8_000);
}
