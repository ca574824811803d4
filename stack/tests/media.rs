//! Two hosts over a link of raw IP packets, and over one whose ends compute the checksums: the same
//! sockets, no link header, no neighbors, no software checksums.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use core::net::IpAddr;

use litz::iface::DropReason;
use litz::phy::link::{Link as Wire, LinkConfig, LinkEnd};
use litz::phy::{Capabilities, ChecksumCapabilities, ChecksumWork, Medium};
use litz::time::{Deadline, Duration, Instant};
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, Link, SocketCapacity, SocketSet, TcpHandle};

const ADDRS: [[&str; 2]; 2] = [
    ["192.0.2.1/24", "2001:db8::1/64"],
    ["192.0.2.2/24", "2001:db8::2/64"],
];

struct Host {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: LinkEnd,
}

impl Host {
    fn new(n: usize, link: Link, device: LinkEnd) -> Self {
        let secret = [n as u8; 16];
        let mut iface = Interface::new(link, secret, InterfaceStorage::heap(1500)).unwrap();
        for addr in ADDRS[n] {
            iface.add_addr(addr.parse().unwrap()).unwrap();
        }
        Self {
            iface,
            sockets: SocketSet::heap(secret, &SocketCapacity::default()),
            device,
        }
    }

    fn poll(&mut self, now: Instant) -> Deadline {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
        self.iface.poll_at(now, &self.sockets)
    }
}

struct Pair {
    wire: Wire,
    a: Host,
    b: Host,
    now: Instant,
}

impl Pair {
    fn new(capabilities: Capabilities) -> Self {
        let delay = Duration::from_millis(1);
        let (wire, a, b) = Wire::new(LinkConfig {
            capabilities,
            delay,
            ..LinkConfig::default()
        });
        let link = |n| match capabilities.medium {
            Medium::Ethernet => Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, n])),
            _ => Link::Ip,
        };
        let (a, b) = (Host::new(0, link(1), a), Host::new(1, link(2), b));
        Self {
            wire,
            a,
            b,
            now: Instant::ZERO,
        }
    }

    /// Go to the next thing that happens.
    fn step(&mut self) {
        let due = self
            .a
            .poll(self.now)
            .min(self.b.poll(self.now))
            .min(self.wire.next_event());
        if let Some(due) = due.instant() {
            assert!(due >= self.now, "a deadline in the past");
            self.now = due;
        }
    }

    fn ping(&mut self, remote: IpAddr) {
        let icmp = self.a.sockets.icmp_bind(0).unwrap();
        self.a
            .sockets
            .icmp(icmp)
            .unwrap()
            .send_echo(remote, 7, b"litz")
            .unwrap();
        let mut reply = None;
        for _ in 0..50 {
            self.step();
            let mut socket = self.a.sockets.icmp(icmp).unwrap();
            reply = reply.or(socket.recv().map(|(meta, data)| (meta, data.to_vec())));
        }
        let (meta, data) = reply.expect("no reply");
        assert_eq!(
            (meta.remote, meta.seq_no, data.as_slice()),
            (remote, 7, &b"litz"[..])
        );
        self.a.sockets.icmp_release(icmp).unwrap();
    }

    fn datagram(&mut self, remote: IpAddr) {
        let server = self.b.sockets.udp_bind(7).unwrap();
        let client = self.a.sockets.udp_bind(0).unwrap();
        self.a
            .sockets
            .udp(client)
            .unwrap()
            .send((remote, 7), b"hello")
            .unwrap();
        let mut got = Vec::new();
        for _ in 0..50 {
            self.step();
            let mut socket = self.b.sockets.udp(server).unwrap();
            got.extend(socket.recv().map(|(_, data)| data.to_vec()));
        }
        assert_eq!(got, [b"hello"]);
        self.a.sockets.udp_release(client).unwrap();
        self.b.sockets.udp_release(server).unwrap();
    }

    /// Send 300,000 octets to the other host and close.
    fn stream(&mut self, remote: IpAddr) {
        let listener = self.b.sockets.tcp_listen(9, 1).unwrap();
        let client = self.a.sockets.tcp_connect((remote, 9)).unwrap();
        let data: Vec<u8> = (0..300_000u32).map(|n| (n % 251) as u8).collect();
        let (mut sent, mut got, mut server) = (0, Vec::new(), None::<TcpHandle>);
        for _ in 0..5_000 {
            self.step();
            let mut socket = self.a.sockets.tcp(client).unwrap();
            if socket.can_send() {
                sent += socket.send_slice(&data[sent..]).unwrap();
                if sent == data.len() {
                    socket.close();
                }
            }
            let accepted = self.b.sockets.tcp_accept(listener).unwrap();
            server = server.or(accepted.map(|(handle, _)| handle));
            let Some(server) = server else { continue };
            let mut socket = self.b.sockets.tcp(server).unwrap();
            while let Ok(1..) = socket.recv_with(|octets| {
                got.extend_from_slice(octets);
                (octets.len(), octets.len())
            }) {}
            if !socket.may_recv() {
                socket.close();
            }
            if socket.is_closed() {
                break;
            }
        }
        assert!(
            got == data,
            "{} of {} octets arrived",
            got.len(),
            data.len()
        );
        self.a.sockets.tcp_release(client).unwrap();
        self.b.sockets.tcp_release(server.unwrap()).unwrap();
        self.b.sockets.tcp_unlisten(listener).unwrap();
    }

    fn everything(&mut self) {
        for remote in ["192.0.2.2", "2001:db8::2"] {
            let remote = remote.parse().unwrap();
            self.ping(remote);
            self.datagram(remote);
            self.stream(remote);
        }
        for host in [&self.a, &self.b] {
            // What each tells the routers of its groups, the other does not listen to.
            let drops = host.iface.counters().drops();
            let drops: Vec<_> = drops
                .filter(|(reason, _)| *reason != DropReason::GroupNotJoined)
                .collect();
            assert_eq!(drops, [], "nothing is dropped on a perfect link");
        }
    }
}

#[test]
fn raw_ip_needs_no_link_header_and_no_neighbors() {
    let mut pair = Pair::new(Capabilities::new(Medium::Ip, 1500));
    pair.everything();
    assert_eq!(pair.a.iface.neighbors().count(), 0);
}

#[test]
fn ethernet_resolves_both_versions() {
    let mut pair = Pair::new(Capabilities::new(Medium::Ethernet, 1500));
    pair.everything();
    assert_eq!(pair.a.iface.neighbors().count(), 2);
}

#[test]
fn a_small_mtu_bounds_the_segments() {
    let mut pair = Pair::new(Capabilities::new(Medium::Ethernet, 1280));
    pair.everything();
}

#[test]
fn a_device_may_do_the_checksums() {
    let work = ChecksumWork::DEVICE;
    let checksum = ChecksumCapabilities {
        ipv4: work,
        icmp: work,
        udp: work,
        tcp: work,
    };
    let mut pair = Pair::new(Capabilities {
        checksum,
        ..Capabilities::new(Medium::Ip, 1500)
    });
    pair.everything();
}

#[test]
fn a_device_of_another_medium_is_not_touched() {
    let mut pair = Pair::new(Capabilities::new(Medium::Ip, 1500));
    let mac = EthernetAddress([2, 0, 0, 0, 0, 1]);
    let storage = InterfaceStorage::heap(1500);
    let mut iface = Interface::new(Link::Ethernet(mac), [0; 16], storage).unwrap();
    iface.poll(Instant::ZERO, &mut pair.a.device, &mut pair.a.sockets);
    assert_eq!(iface.counters().dropped(litz::iface::DropReason::Medium), 1);
}

#[test]
fn an_accepted_connection_offers_its_whole_buffer() {
    let mut pair = Pair::new(Capabilities::new(Medium::Ip, 1500));
    let capacity = SocketCapacity {
        tcp_rx: 300_000,
        ..SocketCapacity::default()
    };
    pair.b.sockets = SocketSet::heap([9; 16], &capacity);
    let listener = pair.b.sockets.tcp_listen(9, 1).unwrap();
    let remote: IpAddr = "192.0.2.2".parse().unwrap();
    let client = pair.a.sockets.tcp_connect((remote, 9)).unwrap();
    for _ in 0..20 {
        pair.step();
    }
    let (server, _) = pair.b.sockets.tcp_accept(listener).unwrap().unwrap();
    let offered = pair
        .b
        .sockets
        .tcp(server)
        .unwrap()
        .info()
        .unwrap()
        .receive_window;
    let seen = pair
        .a
        .sockets
        .tcp(client)
        .unwrap()
        .info()
        .unwrap()
        .send_window;
    assert!(offered > 290_000, "{offered}");
    assert!(seen > 290_000, "{seen}");
}
