//! What a build leaves out it refuses in words; it does not quietly do something else.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "adversary/frames.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod frames;
#[path = "adversary/host.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod host;
#[path = "left_out/listening.rs"]
mod listening;
#[cfg(all(feature = "ieee802154", feature = "ipv6"))]
#[path = "left_out/lowpan.rs"]
mod lowpan;
#[path = "left_out/stream.rs"]
mod stream;

use litz::iface::{AddrConfig, ConfigError};
use litz::lowpan::{Context, Contexts, Lowpan, LowpanConfig, LowpanStorage};
use litz::phy::link::{Link as Wire, LinkConfig, LinkEnd};
use litz::phy::{Capabilities, Device, Medium, RxToken, TxMeta, TxToken};
use litz::socket::tcp::TcpConfig;
use litz::socket::{
    AskError, BindError, ConnectError, FilterMode, JoinError, ListenError, RawFilter, SendError,
};
use litz::time::{Duration, Instant};
use litz::wire::{
    EtherType, EthernetAddress, EthernetFrame, Eui64, Ipv4Packet, PanId, ShortAddress,
};
use litz::{
    Endpoint, Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet, UdpHandle,
};
use std::net::IpAddr;

/// Says with a constant whether the build has a part.
macro_rules! built {
    ($($name:ident = $feature:literal),+ $(,)?) => {$(
        #[cfg(feature = $feature)]
        const $name: bool = true;
        #[cfg(not(feature = $feature))]
        const $name: bool = false;
    )+};
}

built! {
    AUTOCONF = "autoconf",
    CONNECT = "connect",
    CONTEXTS = "contexts",
    DECIDE = "decide",
    ELEMENTS = "elements",
    EXTENSIONS = "extension-headers",
    FRAGMENTS = "fragments",
    IPV4 = "ipv4",
    IPV6 = "ipv6",
    MESH = "mesh",
    MULTICAST = "multicast",
    NEIGHBORS = "neighbors",
    NUD = "nud",
    OUT_OF_ORDER = "out-of-order",
    PING = "ping",
    PIPELINE = "pipeline",
    QUEUE = "queue",
    RAW = "raw",
    SHARED = "shared",
    SITES = "sites",
    TCP_CONFIG = "tcp-config",
    WINDOW_SCALE = "window-scale",
}

/// What a call gives in a build that has the part, and in one without it.
fn given<T, E>(built: bool, done: T, refused: E) -> Result<T, E> {
    if built { Ok(done) } else { Err(refused) }
}

fn sockets() -> SocketSet<'static> {
    SocketSet::heap([7; 16], &SocketCapacity::default())
}

#[test]
fn an_error_says_what_is_wrong_and_where_if_it_knows() {
    let error = EthernetFrame::new_checked(&[0; 13]).unwrap_err();
    let names = (error.at.header, error.at.field);
    let (place, words) = if SITES {
        (("Ethernet", ""), "Ethernet: truncated")
    } else {
        (("", ""), "truncated")
    };
    assert_eq!((names, error.to_string().as_str()), (place, words));
}

#[test]
fn a_listener_that_is_to_ask_first_asks_or_is_refused() {
    let mut sockets = sockets();
    let listener = sockets.tcp_listen(80, 2).unwrap();
    let asks = sockets.tcp_ask_first(listener, true);
    let expected = given(DECIDE, (), AskError::NotBuilt);
    assert_eq!(asks, expected);
    assert_eq!(sockets.tcp_ask_first(listener, false), Ok(()));
    sockets.tcp_unlisten(listener).unwrap();
    let stale = sockets.tcp_ask_first(listener, false);
    assert_eq!(stale, Err(AskError::Stale));
}

#[test]
fn an_address_of_a_version_that_is_not_spoken_is_refused() {
    let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 1]));
    let mut iface = Interface::new(link, [7; 16], InterfaceStorage::heap(1500)).unwrap();
    let versions = [
        (IPV4, "192.0.2.1/24", "192.0.2.254"),
        (IPV6, "2001:db8::1/64", "2001:db8::254"),
    ];
    for (built, cidr, router) in versions {
        let (cidr, router): (IpCidr, IpAddr) = (cidr.parse().unwrap(), router.parse().unwrap());
        let expected = given(built, (), ConfigError::Version);
        assert_eq!(iface.add_addr(cidr), expected);
        assert_eq!(iface.set_default_route(router), expected);
        assert_eq!(iface.has_addr(cidr.addr()), built);
        assert!(!iface.has_addr(router));
    }
    assert_eq!(iface.addrs().count(), usize::from(IPV4) + usize::from(IPV6));
}

#[test]
fn what_is_for_an_address_of_a_version_that_is_not_spoken_is_refused() {
    let mut sockets = sockets();
    let udp = sockets.udp_bind(7).unwrap();
    for (built, remote) in [(IPV4, "192.0.2.2"), (IPV6, "2001:db8::2")] {
        let remote = Endpoint::new(remote.parse::<IpAddr>().unwrap(), 7);
        let sent = sockets.udp(udp).unwrap().send(remote, b"x");
        assert_eq!(sent, given(built, (), SendError::BadRemote));
        let connected = sockets.tcp_connect(remote).map(drop);
        let refused = given(CONNECT, ConnectError::BadRemote, ConnectError::NotBuilt);
        let refused = refused.unwrap_or_else(|error| error);
        assert_eq!(connected, given(built && CONNECT, (), refused));
        let local = Endpoint { port: 9, ..remote };
        let bound = sockets.udp_bind(local).map(drop);
        assert_eq!(bound, given(built, (), BindError::NotBuilt));
        let listening = sockets.tcp_listen(local, 1).map(drop);
        assert_eq!(listening, given(built, (), ListenError::NotBuilt));
    }
}

#[test]
fn a_socket_of_a_kind_that_is_not_built_is_refused() {
    let mut sockets = sockets();
    let echo = sockets.icmp_bind(1).map(drop);
    assert_eq!(echo, given(PING, (), BindError::NotBuilt));
    // This host has room for no others.
    let other = given(RAW, BindError::NoFreeSlot, BindError::NotBuilt);
    let other = other.unwrap_or_else(|error| error);
    assert_eq!(sockets.raw_open(RawFilter::default()).map(drop), Err(other));
    assert_eq!(sockets.frame_open(None).map(drop), Err(other));
}

#[test]
fn an_address_that_is_to_be_asked_for_is_or_is_refused() {
    let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 1]));
    let mut iface = Interface::new(link, [7; 16], InterfaceStorage::heap(1500)).unwrap();
    let cidr = "2001:db8::1/64".parse().unwrap();
    let added = iface.add_addr_with(cidr, AddrConfig::DETECT, Instant::ZERO);
    let expected = given(AUTOCONF, (), ConfigError::Detection);
    assert_eq!(added, expected);
    let known = iface.add_addr_with(cidr, AddrConfig::STATIC, Instant::ZERO);
    assert_eq!(known, Ok(()));
    let ends = AddrConfig {
        valid: Some(Duration::from_secs(60)),
        ..AddrConfig::STATIC
    };
    let limited = iface.add_addr_with(cidr, ends, Instant::ZERO);
    assert_eq!(limited, given(AUTOCONF, (), ConfigError::Lifetime));
}

#[test]
fn a_connection_is_begun_or_refused() {
    let remote: litz::Endpoint = "192.0.2.1:80".parse().unwrap();
    let begun = sockets().tcp_connect(remote).map(drop);
    let expected = given(CONNECT, (), ConnectError::NotBuilt);
    assert_eq!(begun, expected);
}

#[test]
fn other_settings_than_the_defaults_are_taken_or_refused() {
    let mut sockets = sockets();
    let other = TcpConfig {
        initial_window: 1,
        ..TcpConfig::DEFAULT
    };
    let listens = sockets.tcp_listen_with(80, 1, other).map(drop);
    assert_eq!(listens, given(TCP_CONFIG, (), ListenError::NotBuilt));
    let listens = sockets.tcp_listen_with(81, 1, TcpConfig::DEFAULT);
    assert_eq!(listens.map(drop), Ok(()));
    let remote: litz::Endpoint = "192.0.2.1:80".parse().unwrap();
    let begun = sockets.tcp_connect_with(remote, other).map(drop);
    let expected = given(CONNECT && TCP_CONFIG, (), ConnectError::NotBuilt);
    assert_eq!(begun, expected);
}

#[test]
fn a_port_is_shared_and_a_socket_connected_or_that_is_refused() {
    let mut sockets = sockets();
    let shared = sockets.udp_bind_shared(5353).map(drop);
    assert_eq!(shared, given(SHARED, (), BindError::NotBuilt));
    let alone = sockets.udp_bind(5000).unwrap();
    let remote: litz::Endpoint = "192.0.2.1:53".parse().unwrap();
    let connected = sockets.udp(alone).unwrap().connect(remote);
    assert_eq!(connected, given(SHARED, (), SendError::NotBuilt));
}

#[test]
fn a_group_is_joined_or_that_is_refused() {
    let mut sockets = sockets();
    let group = if IPV4 { "224.0.0.251" } else { "ff02::fb" };
    let joined = sockets.set_group_filter(group.parse().unwrap(), FilterMode::Exclude, &[]);
    assert_eq!(joined, given(MULTICAST, (), JoinError::NotBuilt));
}

#[test]
fn contexts_are_set_or_refused() {
    let mut contexts = Contexts::new();
    let prefix = "2001:db8::".parse().unwrap();
    let set = contexts.set(0, Some(Context::new(prefix, 64)));
    assert_eq!(set, CONTEXTS);
    assert_eq!(contexts.get(0).is_some(), CONTEXTS);
    assert!(!contexts.set(16, None));
}

/// Whether a packet arrives whose frame was changed on the way. Its header has nine octets; it goes
/// from station 1 to station 2, both by their short addresses.
fn arrives(change: impl FnOnce(&mut Vec<u8>)) -> Option<bool> {
    let config = |number: u8| LowpanConfig {
        pan: PanId(7),
        short_addr: ShortAddress(number.into()),
        extended_addr: Eui64([number; 8]),
        quota: 1,
        learn_contexts: false,
    };
    let link = || {
        Wire::new(LinkConfig {
            capabilities: Capabilities {
                max_frame: 125,
                ..Capabilities::new(Medium::Ieee802154, 1280)
            },
            ..LinkConfig::default()
        })
    };
    let mut packet = [0; 40];
    (packet[0], packet[6], packet[7], packet[39]) = (0x60, 59, 64, 1);
    let (_first, end, mut air) = link();
    let mut sender = Lowpan::new(end, config(1), LowpanStorage::heap(1, 1), 0);
    let to = ShortAddress(2).into();
    sender.send_packet(Instant::ZERO, to, &packet).unwrap();
    let (frame, _) = air.receive(Instant::ZERO).unwrap();
    let mut octets = frame.consume(<[u8]>::to_vec);
    change(&mut octets);
    let (_second, end, mut air) = link();
    let mut receiver = Lowpan::new(end, config(2), LowpanStorage::heap(1, 1), 0);
    let room = air.transmit(Instant::ZERO).unwrap();
    let put = |room: &mut [u8]| room.copy_from_slice(&octets);
    room.consume(octets.len(), TxMeta::default(), put).unwrap();
    receiver.receive_packet(Instant::ZERO, |_, arrived| arrived == packet)
}

#[test]
fn a_frame_that_came_through_a_mesh_is_read_or_dropped() {
    let through_a_mesh = |frame: &mut Vec<u8>| {
        frame.splice(9..9, [0xb3, 0, 1, 0, 2]);
    };
    assert_eq!(arrives(through_a_mesh), MESH.then_some(true));
}

#[test]
fn a_frame_with_information_elements_is_read_or_dropped() {
    let with_an_end_of_elements = |frame: &mut Vec<u8>| {
        // Version 2, elements present.
        frame[1] = frame[1] & !0x30 | 0x22;
        frame.splice(9..9, [0x80, 0x3f]);
    };
    assert_eq!(arrives(with_an_end_of_elements), ELEMENTS.then_some(true));
}

/// A host on an Ethernet.
struct Host {
    iface: Interface<'static>,
    sockets: SocketSet<'static>,
    device: LinkEnd,
    socket: UdpHandle,
}

impl Host {
    fn new(number: u8, device: LinkEnd) -> Self {
        let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, number]));
        let storage = InterfaceStorage::heap(1500);
        let mut iface = Interface::new(link, [number; 16], storage).unwrap();
        let addr = litz::IpCidr::new([192, 0, 2, number], 24).unwrap();
        iface.add_addr(addr).unwrap();
        let mut sockets = sockets();
        let socket = sockets.udp_bind(7).unwrap();
        Self {
            iface,
            sockets,
            device,
            socket,
        }
    }

    fn poll(&mut self, now: Instant) {
        self.iface.poll(now, &mut self.device, &mut self.sockets);
    }

    fn send(&mut self, to: u8) {
        let remote = (core::net::IpAddr::from([192, 0, 2, to]), 7);
        let mut socket = self.sockets.udp(self.socket).unwrap();
        socket.send(remote, b"litz").unwrap();
    }

    /// Datagrams that have come.
    fn take(&mut self) -> usize {
        let mut socket = self.sockets.udp(self.socket).unwrap();
        core::iter::from_fn(|| socket.recv().map(drop)).count()
    }
}

fn pair() -> (Wire, Host, Host) {
    let (wire, one, other) = Wire::new(LinkConfig::default());
    (wire, Host::new(1, one), Host::new(2, other))
}

#[test]
fn neighbors_are_asked_for_again_while_they_are_sent_to_and_nothing_is_lost_meanwhile() {
    let (_wire, mut one, mut other) = pair();
    let mut arrived = Vec::new();
    for second in 0..300 {
        one.send(2);
        for step in 0..20 {
            let now = Instant::from_millis(second * 1000 + step * 50);
            one.poll(now);
            other.poll(now);
        }
        arrived.push(other.take());
    }
    // A build that keeps no packets loses the one that began to ask.
    let expected = core::iter::once(usize::from(QUEUE)).chain(core::iter::repeat(1));
    let expected: Vec<_> = expected.take(300).collect();
    assert_eq!(arrived, expected);
}

#[test]
fn a_neighbor_that_has_gone_is_forgotten_within_two_minutes() {
    let (_wire, mut one, mut other) = pair();
    for second in 0..120 {
        one.send(2);
        for step in 0..10 {
            let now = Instant::from_millis(second * 1000 + step * 100);
            one.poll(now);
            if second < 5 {
                other.poll(now);
            }
        }
        let known = one.iface.neighbors().count();
        match second {
            2..60 if !NUD => assert_eq!(known, 1, "second {second}"),
            70.. => assert_eq!(known, 0, "second {second}"),
            _ => {}
        }
    }
}

#[test]
fn rfc6864_routers_may_fragment_what_is_sent_or_may_not() {
    let (_wire, mut one, mut other) = pair();
    for step in 0..10 {
        let now = Instant::ZERO.saturating_add(Duration::from_millis(step * 100));
        one.send(2);
        one.poll(now);
        other.poll(now);
    }
    one.send(2);
    one.poll(Instant::from_millis(1100));
    let (mut seen, mut idents) = (0, Vec::new());
    while let Some(frame) = other.device.receive_only(Instant::from_millis(1200)) {
        frame.consume(|octets| {
            let frame = EthernetFrame::new_checked(octets).unwrap();
            if frame.ethertype() != EtherType::Ipv4 {
                return;
            }
            let packet = Ipv4Packet::new_checked(frame.payload()).unwrap();
            assert_eq!(packet.dont_frag(), !FRAGMENTS);
            idents.push(packet.ident());
            seen += 1;
        });
    }
    assert!(seen > 0, "nothing was sent");
    assert_eq!(idents.iter().any(|&ident| ident != 0), FRAGMENTS);
}
