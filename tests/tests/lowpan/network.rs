//! Hosts on simulated air: datagrams and connections, with losses, with security.

use std::net::{IpAddr, Ipv6Addr};

use litz::lowpan::{Context, Lowpan, LowpanConfig, LowpanCounter, LowpanStorage};
use litz::phy::mac::ccm::CcmStar;
use litz::phy::mac::security::{NoStore, Protection, Secured, Unsecured};
use litz::phy::mac::{Mac, SoftAes};
use litz::phy::prng::Chance;
use litz::time::{Deadline, Duration, Instant};
use litz::{Endpoint, Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_tests::air::net::{self, BARE, PAN, config, extended, storage};
use litz_tests::air::{Air, AirRadio};

pub const PREFIX: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0);

/// The global address of a station.
pub fn address(number: usize) -> Ipv6Addr {
    let iid = u64::from_be_bytes(extended(number).interface_id());
    Ipv6Addr::from_bits(PREFIX.to_bits() | u128::from(iid))
}

pub struct Host<P> {
    pub iface: Interface<'static>,
    pub sockets: SocketSet<'static>,
    pub device: Lowpan<'static, Mac<'static, AirRadio, P>>,
}

pub struct Hosts<P> {
    pub air: Air,
    pub now: Instant,
    pub hosts: Vec<Host<P>>,
}

pub fn unsecured(_: usize) -> Unsecured {
    Unsecured
}

pub fn secured(_: usize) -> Secured<'static, CcmStar<SoftAes>, NoStore> {
    net::secured()
}

impl<P: Protection> Hosts<P> {
    /// Hosts that know the prefix of the network and their addresses.
    pub fn new(seed: u64, loss: Chance, count: usize, protect: impl Fn(usize) -> P) -> Self {
        let mut all = Self::ignorant(seed, loss, count, protect);
        for (number, host) in all.hosts.iter_mut().enumerate() {
            let contexts = host.device.contexts_mut();
            contexts.set(0, Some(Context::new(PREFIX, 64)));
            for addr in [extended(number).link_local(), address(number)] {
                let cidr = IpCidr::new(addr, 64).expect("a length");
                host.iface.add_addr(cidr).expect("room");
            }
        }
        all
    }

    /// Hosts that know nothing.
    pub fn ignorant(seed: u64, loss: Chance, count: usize, protect: impl Fn(usize) -> P) -> Self {
        let air = Air::new(seed, loss);
        let now = Instant::from_millis(1);
        let hosts = (0..count)
            .map(|number| {
                let radio = air.radio(BARE);
                let seed = seed ^ number as u64;
                let own = config(number);
                let mac = Mac::new(now, radio, protect(number), own, storage(), seed);
                let lowpan = LowpanConfig {
                    pan: PAN,
                    short_addr: own.radio.short_addr,
                    extended_addr: own.radio.extended_addr,
                    quota: 4,
                    learn_contexts: true,
                };
                let mac = mac.expect("a radio");
                let device = Lowpan::new(mac, lowpan, LowpanStorage::heap(2, 4), 7);
                let link = Link::Ieee802154(extended(number).into());
                let secret = [number as u8; 16];
                let iface = Interface::new(link, secret, InterfaceStorage::heap(1280));
                let iface = iface.expect("an address");
                let sockets = SocketSet::heap(secret, &SocketCapacity::default());
                Host {
                    iface,
                    sockets,
                    device,
                }
            })
            .collect();
        Self { air, now, hosts }
    }

    /// Let everybody do what is due, then go on in time.
    pub fn step(&mut self) {
        self.air.advance(self.now);
        let mut next = Deadline::NEVER;
        for host in &mut self.hosts {
            while host
                .iface
                .poll(self.now, &mut host.device, &mut host.sockets)
                .more
            {}
            let device = host.device.device().poll_at(self.now);
            next = next
                .min(device)
                .min(host.iface.poll_at(self.now, &host.sockets));
        }
        let next = next.min(self.air.next_event()).instant();
        let tick = self.now.saturating_add(Duration::from_millis(100));
        let soon = self.now.saturating_add(Duration::from_micros(1));
        self.now = next.unwrap_or(tick).clamp(soon, tick);
    }

    pub fn run(&mut self, span: Duration) {
        let end = self.now.saturating_add(span);
        while self.now < end {
            self.step();
        }
    }
}

/// Datagrams of a length from host 0 to host 1 and back; how many came back.
pub fn echo<P: Protection>(hosts: &mut Hosts<P>, count: usize, len: usize) -> usize {
    echo_between(hosts, (0, 1), count, len)
}

/// Datagrams of a length between two hosts; how many came back.
pub fn echo_between<P: Protection>(
    hosts: &mut Hosts<P>,
    (from, to): (usize, usize),
    count: usize,
    len: usize,
) -> usize {
    let port = 0xf0b1;
    let server = hosts.hosts[to].sockets.udp_bind(port).expect("a port");
    let client = hosts.hosts[from].sockets.udp_bind(0xf0b2).expect("a port");
    let mut back = 0;
    for number in 0..count {
        let payload: Vec<u8> = (0..len).map(|at| (at + number) as u8).collect();
        let remote = Endpoint::new(IpAddr::V6(address(to)), port);
        let mut socket = hosts.hosts[from].sockets.udp(client).expect("a socket");
        socket.send(remote, &payload).expect("room");
        let end = hosts.now.saturating_add(Duration::from_millis(1_000));
        while hosts.now < end {
            hosts.step();
            let mut socket = hosts.hosts[to].sockets.udp(server).expect("a socket");
            let got = socket.recv().map(|(meta, data)| (meta, data.to_vec()));
            if let Some((meta, data)) = got {
                socket.send(meta, &data).expect("room");
            }
            let mut socket = hosts.hosts[from].sockets.udp(client).expect("a socket");
            if let Some((_, data)) = socket.recv() {
                assert_eq!(data, payload);
                back += 1;
                break;
            }
        }
    }
    hosts.hosts[from]
        .sockets
        .udp_release(client)
        .expect("a socket");
    hosts.hosts[to]
        .sockets
        .udp_release(server)
        .expect("a socket");
    back
}

#[test]
fn datagrams_of_one_frame_and_of_many_come_back() {
    for len in [0, 32, 100, 1200] {
        let mut hosts = Hosts::new(1, Chance::NEVER, 2, unsecured);
        assert_eq!(echo(&mut hosts, 10, len), 10, "{len} octets");
        let mut hosts = Hosts::new(1, Chance::NEVER, 2, secured);
        assert_eq!(echo(&mut hosts, 10, len), 10, "{len} octets, secured");
    }
}

#[test]
fn retries_of_the_mac_carry_fragments_over_losses() {
    // Fourteen frames each way; without retries one datagram in twenty would come back.
    let mut hosts = Hosts::new(1, Chance::percent(10), 2, unsecured);
    let back = echo(&mut hosts, 50, 1200);
    assert!(back >= 45, "{back} of 50");
}

/// Octets per second times eight of a connection from host 0 to host 1, over so many seconds.
fn goodput<P: Protection>(hosts: &mut Hosts<P>, seconds: u64) -> u64 {
    let listener = hosts.hosts[1].sockets.tcp_listen(80, 1).expect("a port");
    let to = Endpoint::new(IpAddr::V6(address(1)), 80);
    let client = hosts.hosts[0].sockets.tcp_connect(to).expect("a slot");
    let (mut server, mut received, mut sent) = (None, 0_u64, 0_u64);
    let mut began = None;
    loop {
        hosts.step();
        let mut socket = hosts.hosts[0].sockets.tcp(client).expect("a socket");
        while socket.can_send() {
            let data: Vec<u8> = (0..512).map(|at| (sent + at) as u8).collect();
            let took = socket.send_slice(&data).expect("a connection");
            sent += took as u64;
            if took == 0 {
                break;
            }
        }
        let sockets = &mut hosts.hosts[1].sockets;
        server = server.or(sockets.tcp_accept(listener).expect("a listener"));
        if let Some((handle, _)) = server {
            let mut socket = sockets.tcp(handle).expect("a socket");
            let mut buffer = [0; 2048];
            while let Ok(len @ 1..) = socket.recv_slice(&mut buffer) {
                for octet in &buffer[..len] {
                    assert_eq!(*octet, received as u8);
                    received += 1;
                }
            }
            let began = *began.get_or_insert(hosts.now);
            if hosts.now.duration_since(began) > Duration::from_millis(seconds * 1_000) {
                return received * 8 / seconds;
            }
        }
    }
}

#[test]
fn a_connection_over_one_hop_carries_70_kbit_per_second() {
    let mut hosts = Hosts::new(1, Chance::NEVER, 2, unsecured);
    let plain = goodput(&mut hosts, 30);
    let mut hosts = Hosts::new(1, Chance::NEVER, 2, secured);
    let safe = goodput(&mut hosts, 30);
    let mut hosts = Hosts::new(1, Chance::percent(10), 2, unsecured);
    let lossy = goodput(&mut hosts, 30);
    println!("{plain} bit/s, secured {safe} bit/s, one in ten lost {lossy} bit/s");
    assert!(plain >= 70_000, "{plain} bit/s");
    assert!(safe >= 60_000, "{safe} bit/s");
    assert!(lossy >= 20_000, "{lossy} bit/s");
}

#[test]
fn nothing_of_the_adaptation_layer_is_lost_without_a_count() {
    let mut hosts = Hosts::new(5, Chance::percent(20), 2, unsecured);
    echo(&mut hosts, 20, 1200);
    hosts.run(Duration::from_millis(10_000));
    for host in &hosts.hosts {
        let counters = host.device.counters();
        assert_eq!(counters.get(LowpanCounter::Malformed), 0);
        assert_eq!(counters.get(LowpanCounter::Overlap), 0);
        assert!(host.device.is_idle());
    }
}
