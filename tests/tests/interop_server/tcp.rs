//! TCP services of the server with clients on the kernel's TCP, one and many at once.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use litz_tests::namespace::inside;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::server::{IPV4, IPV6, Server};

const LIMIT: Duration = Duration::from_secs(120);
/// A read or write that takes longer is stuck.
const STUCK: Duration = Duration::from_secs(20);

/// Runs `client` inside a namespace with a server; `test` is the name of the calling test.
fn with_server(test: &str, client: fn()) {
    if inside() {
        client();
    } else if prerequisite::network(&[]) {
        Server::start().namespace.rerun(test, LIMIT);
    }
}

fn connect(host: &str, port: u16) -> TcpStream {
    let address = SocketAddr::new(host.parse::<IpAddr>().expect("an address"), port);
    let stream = TcpStream::connect_timeout(&address, STUCK)
        .unwrap_or_else(|error| panic!("connect to {address}: {error}"));
    stream.set_read_timeout(Some(STUCK)).expect("a time limit");
    stream.set_write_timeout(Some(STUCK)).expect("a time limit");
    stream
}

/// Reads to the end; the server must have closed in order.
fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("an orderly end");
    rest
}

#[test]
fn discard_takes_100_mb() {
    with_server("tcp::discard_takes_100_mb", || {
        let mut stream = connect(IPV4, 9);
        let chunk = vec![0x55; 1_000_000];
        for _ in 0..100 {
            stream.write_all(&chunk).expect("the server reads");
        }
        stream.shutdown(Shutdown::Write).expect("a half-close");
        assert_eq!(read_to_end(&mut stream), b"");
    });
}

/// Sends `octets` of noise to the echo service and compares what comes back.
fn echo(host: &str, octets: usize) {
    let mut reader = connect(host, 7);
    let mut writer = reader.try_clone().expect("a second handle");
    let seed = octets as u64;
    let sent = thread::spawn(move || {
        let mut noise = Noise::new(seed);
        let mut left = octets;
        while left > 0 {
            let chunk = noise.octets(65536);
            let part = left.min(chunk.len());
            writer.write_all(&chunk[..part]).expect("the server reads");
            left -= part;
        }
        writer.shutdown(Shutdown::Write).expect("a half-close");
    });
    let mut noise = Noise::new(seed);
    let mut left = octets;
    let mut got = vec![0; 65536];
    while left > 0 {
        let expected = noise.octets(65536);
        let part = left.min(expected.len());
        reader.read_exact(&mut got[..part]).expect("the echo");
        assert!(
            got[..part] == expected[..part],
            "a wrong octet, {left} before the end"
        );
        left -= part;
    }
    assert_eq!(read_to_end(&mut reader), b"");
    sent.join().expect("the writer");
}

#[test]
fn echo_of_20_mb_of_noise_over_ipv4() {
    with_server("tcp::echo_of_20_mb_of_noise_over_ipv4", || {
        echo(IPV4, 20_000_000)
    });
}

#[test]
fn echo_of_20_mb_of_noise_over_ipv6() {
    with_server("tcp::echo_of_20_mb_of_noise_over_ipv6", || {
        echo(IPV6, 20_000_000)
    });
}

#[test]
fn chargen_follows_its_pattern() {
    with_server("tcp::chargen_follows_its_pattern", || {
        // RFC 864: lines of 72 of the 95 printable characters, each starting one later.
        let mut stream = connect(IPV4, 19);
        let mut got = vec![0; 1_000_000 / 74 * 74];
        stream.read_exact(&mut got).expect("characters without end");
        for (number, line) in got.chunks(74).enumerate() {
            let expected: Vec<u8> = (0..72)
                .map(|at| b' ' + ((number + at) % 95) as u8)
                .collect();
            assert_eq!(&line[..72], expected, "line {number}");
            assert_eq!(&line[72..], b"\r\n", "line {number}");
        }
    });
}

#[test]
fn sixty_four_connections_at_once() {
    with_server("tcp::sixty_four_connections_at_once", || {
        let hosts = [IPV4, IPV6];
        let mut streams: Vec<TcpStream> = (0..64).map(|n| connect(hosts[n % 2], 7)).collect();
        // Three rounds, so that every connection is used while all the others are open.
        for round in 0..3_u64 {
            for (number, stream) in (0..).zip(&mut streams) {
                let sent = Noise::new(round << 32 | number).octets(4000);
                stream.write_all(&sent).expect("the server reads");
            }
            for (number, stream) in (0..).zip(&mut streams) {
                let expected = Noise::new(round << 32 | number).octets(4000);
                let mut got = vec![0; 4000];
                stream.read_exact(&mut got).expect("the echo");
                assert!(got == expected, "connection {number} got another's octets");
            }
        }
        for mut stream in streams {
            stream.shutdown(Shutdown::Write).expect("a half-close");
            assert_eq!(read_to_end(&mut stream), b"");
        }
    });
}

#[test]
fn connections_come_and_go() {
    with_server("tcp::connections_come_and_go", || {
        // Many more than the server holds at once, ended in every way a client can end one.
        for number in 0..400 {
            let mut stream = connect([IPV4, IPV6][number % 2], [7, 80, 19][number % 3]);
            match number % 4 {
                0 => drop(stream),
                1 => {
                    // Unread data at close: the kernel resets the connection.
                    stream
                        .write_all(b"GET /bytes/1000000 HTTP/1.1\r\n\r\n")
                        .expect("sent");
                    stream.read_exact(&mut [0; 10]).expect("an answer");
                }
                2 => stream.shutdown(Shutdown::Both).expect("closed"),
                _ => {
                    stream.write_all(b"half a request").expect("sent");
                    stream.shutdown(Shutdown::Write).expect("a half-close");
                }
            }
        }
        echo(IPV4, 100_000);
        echo(IPV6, 100_000);
    });
}

#[test]
fn a_closed_port_refuses_at_once() {
    with_server("tcp::a_closed_port_refuses_at_once", || {
        for host in [IPV4, IPV6] {
            let address = SocketAddr::new(host.parse().expect("an address"), 81);
            let start = Instant::now();
            let error = TcpStream::connect_timeout(&address, STUCK).expect_err("nothing listens");
            assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused, "{error}");
            assert!(
                start.elapsed() < Duration::from_secs(1),
                "{:?}",
                start.elapsed()
            );
        }
    });
}
