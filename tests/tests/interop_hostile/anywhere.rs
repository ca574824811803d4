//! A listener for every port at every address of a prefix, as a transparent proxy has it, with the
//! kernel's TCP as the clients: each is told whom it has reached, and one port is refused before
//! the handshake.

use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use litz::iface::{PrefixRole, ServedPrefix};
use litz::socket::TcpDecision;
use litz::socket::tcp::State;
use litz::{Interface, InterfaceStorage, IpCidr, Link, SocketCapacity, SocketSet};
use litz_hal::linux::{Tap, monotonic_now, wait_until};
use litz_hal::time::{Deadline, Duration as Span};
use litz_tests::host::{ipv4, mac};
use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use std::os::fd::AsFd;

const LIMIT: Duration = Duration::from_secs(60);
const STUCK: Duration = Duration::from_secs(10);
/// A prefix that nobody has an address of.
const ANYWHERE: &str = "203.0.113.0/24";
const REFUSED: u16 = 666;

/// Tell whoever comes whom they have reached, until `done`.
fn proxy(tap: Tap, done: &AtomicBool) {
    let mut device = tap;
    let storage = InterfaceStorage::heap(1500);
    let mut iface = Interface::new(Link::Ethernet(mac(1)), [3; 16], storage).expect("a link");
    let own = IpCidr::new(ipv4(1), 24).expect("a prefix");
    iface.add_addr(own).expect("room");
    let network = ANYWHERE.parse().expect("a prefix");
    let role = PrefixRole::Routed;
    iface.serve(ServedPrefix { network, role }).expect("room");
    let capacity = SocketCapacity {
        tcp: 64,
        ..SocketCapacity::default()
    };
    let mut sockets = SocketSet::heap([4; 16], &capacity);
    let listener = sockets.tcp_listen(0, 32).expect("a listener");
    sockets.tcp_ask_first(listener, true).expect("held");
    while !done.load(Ordering::Acquire) {
        iface.poll(monotonic_now(), &mut device, &mut sockets);
        while let Some(pending) = sockets.tcp_pending(listener).expect("held") {
            let decision = match pending.local.port {
                REFUSED => TcpDecision::Refuse,
                _ => TcpDecision::Accept,
            };
            sockets
                .tcp_decide(listener, &pending, decision)
                .expect("the oldest");
        }
        while let Some((handle, _)) = sockets.tcp_accept(listener).expect("held") {
            let mut socket = sockets.tcp(handle).expect("held");
            let local = socket.local().expect("an address");
            assert_eq!(socket.state(), State::Established);
            socket
                .send_slice(local.to_string().as_bytes())
                .expect("room");
            sockets.tcp_release(handle).expect("held");
        }
        let soon = Deadline::at(monotonic_now().saturating_add(Span::from_millis(20)));
        let due = iface.poll_at(monotonic_now(), &sockets).min(soon);
        wait_until(&[device.as_fd()], due).expect("ppoll");
    }
}

#[test]
fn every_port_at_every_address_is_accepted_for_linux() {
    if !inside() {
        if prerequisite::network(&[]) {
            let namespace = Namespace::new();
            let name = "anywhere::every_port_at_every_address_is_accepted_for_linux";
            namespace.ip(&["route", "add", ANYWHERE, "via", "192.0.2.1", "dev", TAP]);
            namespace.rerun(name, LIMIT);
        }
        return;
    }
    let tap = Tap::attach(TAP).expect("the device");
    let done = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&done);
    let server = thread::spawn(move || proxy(tap, &flag));
    for number in 1..=200_u16 {
        let target = format!("203.0.113.{number}:{}", 1 + 317 * (number % 200));
        let address: SocketAddr = target.parse().expect("an address");
        let mut stream = TcpStream::connect_timeout(&address, STUCK)
            .unwrap_or_else(|error| panic!("{target}: {error}"));
        stream.set_read_timeout(Some(STUCK)).expect("a time limit");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an orderly end");
        assert_eq!(said, target);
    }
    let refused = SocketAddr::new([203, 0, 113, 9].into(), REFUSED);
    let error = TcpStream::connect_timeout(&refused, STUCK).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    done.store(true, Ordering::Release);
    server.join().expect("the proxy");
}
