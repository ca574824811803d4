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

use litz::iface::{AddrConfig, ConfigError};
use litz::socket::{AskError, BindError, ConnectError, SendError};
use litz::time::Instant;
use litz::wire::EthernetAddress;
use litz::{Interface, InterfaceStorage, Link, SocketCapacity, SocketSet};

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
    DECIDE = "decide",
    SHARED = "shared",
}

/// What a call gives in a build that has the part, and in one without it.
fn given<T, E>(built: bool, done: T, refused: E) -> Result<T, E> {
    if built { Ok(done) } else { Err(refused) }
}

fn sockets() -> SocketSet<'static> {
    SocketSet::heap([7; 16], &SocketCapacity::default())
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
fn an_address_that_is_to_be_asked_for_is_or_is_refused() {
    let link = Link::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 1]));
    let mut iface = Interface::new(link, [7; 16], InterfaceStorage::heap(1500)).unwrap();
    let cidr = "2001:db8::1/64".parse().unwrap();
    let added = iface.add_addr_with(cidr, AddrConfig::DETECT, Instant::ZERO);
    let expected = given(AUTOCONF, (), ConfigError::Detection);
    assert_eq!(added, expected);
    let known = iface.add_addr_with(cidr, AddrConfig::STATIC, Instant::ZERO);
    assert_eq!(known, Ok(()));
}

#[test]
fn a_connection_is_begun_or_refused() {
    let remote: litz::Endpoint = "192.0.2.1:80".parse().unwrap();
    let begun = sockets().tcp_connect(remote).map(drop);
    let expected = given(CONNECT, (), ConnectError::NotBuilt);
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
