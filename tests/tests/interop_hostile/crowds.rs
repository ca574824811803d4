//! Many clients at once, and one after the other.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use litz_tests::namespace::inside;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::server::{IPV4, Server};

const LIMIT: Duration = Duration::from_secs(180);
const STUCK: Duration = Duration::from_secs(30);

#[test]
fn a_thousand_connections_at_once() {
    if !inside() {
        if prerequisite::network(&[]) {
            let server = Server::start_with(&["--connections", "1024", "--backlog", "1024"]);
            let name = "crowds::a_thousand_connections_at_once";
            server.namespace.rerun(name, LIMIT);
        }
        return;
    }
    let address: SocketAddr = format!("{IPV4}:7").parse().expect("an address");
    let mut streams: Vec<TcpStream> = (0..1_000)
        .map(|number| {
            let stream = TcpStream::connect_timeout(&address, STUCK)
                .unwrap_or_else(|error| panic!("connection {number}: {error}"));
            stream.set_read_timeout(Some(STUCK)).expect("a time limit");
            stream
        })
        .collect();
    for round in 0..3_u64 {
        for (number, stream) in (0..).zip(&mut streams) {
            let sent = Noise::new(round << 32 | number).octets(2_000);
            stream.write_all(&sent).expect("the server reads");
        }
        for (number, stream) in (0..).zip(&mut streams) {
            let expected = Noise::new(round << 32 | number).octets(2_000);
            let mut got = vec![0; 2_000];
            stream.read_exact(&mut got).expect("the echo");
            assert!(got == expected, "connection {number} got another's octets");
        }
    }
}

/// wrk, for a while: requests per second are printed, and none may fail.
fn wrk(arguments: &[&str]) {
    if !prerequisite::network(&["wrk"]) {
        return;
    }
    let server = Server::start_with(&["--connections", "1024", "--backlog", "256"]);
    let seconds = std::env::var("LITZ_WRK_SECONDS").unwrap_or_else(|_| "5".to_owned());
    let mut command = server.namespace.command("wrk");
    command.args(["-t", "1", "-c", "64", "-d", &seconds]);
    command.args(arguments).arg(format!("http://{IPV4}/"));
    let text = run(&mut command, LIMIT).success().text();
    println!("{text}");
    assert!(!text.contains("Socket errors"), "{text}");
    assert!(!text.contains("Non-2xx"), "{text}");
    let count = text.lines().find(|line| line.contains("requests in"));
    let count = count.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    assert!(count.is_some_and(|count| count > 100), "{text}");
}

#[test]
fn wrk_with_keep_alive() {
    wrk(&["-H", "Connection: keep-alive"]);
}

#[test]
fn wrk_with_a_connection_for_each_request() {
    wrk(&["-H", "Connection: close"]);
}
