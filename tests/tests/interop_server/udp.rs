//! UDP echo of the server with clients on the kernel's UDP, and the answer of a closed port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use litz_tests::namespace::inside;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::server::{IPV4, IPV6, Server};

const LIMIT: Duration = Duration::from_secs(120);

fn with_server(test: &str, client: fn()) {
    if inside() {
        client();
    } else if prerequisite::network(&[]) {
        Server::start().namespace.rerun(test, LIMIT);
    }
}

fn connected(host: &str, port: u16) -> UdpSocket {
    let host: IpAddr = host.parse().expect("an address");
    let any: IpAddr = match host {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).expect("a port");
    socket
        .connect(SocketAddr::new(host, port))
        .expect("a route");
    socket
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a time limit");
    socket
}

/// Sends a datagram of each length up to `longest` and wants each back, alone and unchanged.
fn echo(host: &str, longest: usize) {
    let socket = connected(host, 7);
    let mut got = vec![0; 2000];
    for length in 0..=longest {
        let sent = Noise::new(length as u64).octets(length);
        socket.send(&sent).expect("sent");
        let received = socket
            .recv(&mut got)
            .unwrap_or_else(|error| panic!("{length}: {error}"));
        assert!(
            got[..received] == sent,
            "{length} octets came back as {received}"
        );
    }
}

#[test]
fn echo_of_every_length_over_ipv4() {
    with_server("udp::echo_of_every_length_over_ipv4", || echo(IPV4, 1472));
}

#[test]
fn echo_of_every_length_over_ipv6() {
    with_server("udp::echo_of_every_length_over_ipv6", || echo(IPV6, 1452));
}

#[test]
fn a_closed_port_is_reported() {
    with_server("udp::a_closed_port_is_reported", || {
        for host in [IPV4, IPV6] {
            let socket = connected(host, 9999);
            socket.send(b"anyone?").expect("sent");
            // The kernel turns the ICMP error into one of the socket.
            let error = socket.recv(&mut [0; 10]).expect_err("nothing listens");
            assert_eq!(
                error.kind(),
                io::ErrorKind::ConnectionRefused,
                "{host}: {error}"
            );
        }
    });
}
