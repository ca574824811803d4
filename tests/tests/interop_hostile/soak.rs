//! Connections that come and go for long: the server's memory stays what it was. Ten seconds, or
//! `LITZ_SOAK_SECONDS` of them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use litz_tests::namespace::inside;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::server::{IPV4, Server};

const STUCK: Duration = Duration::from_secs(30);
/// In the environment of the client half: for how many seconds it comes and goes.
const SECONDS: &str = "LITZ_CHURN_SECONDS";

fn seconds() -> u64 {
    let asked = std::env::var("LITZ_SOAK_SECONDS");
    asked.map_or(10, |text| text.parse().expect("seconds"))
}

#[test]
fn memory_stays_what_it_was_while_connections_come_and_go() {
    if inside() {
        let seconds = std::env::var(SECONDS).expect("a time");
        return come_and_go(Duration::from_secs(seconds.parse().expect("seconds")));
    }
    if !prerequisite::network(&[]) {
        return;
    }
    let server = Server::start_with(&["--connections", "256", "--backlog", "64"]);
    // Linux would run out of ports, as it keeps each for a minute; so tuples are soon used again.
    let few = "echo 256 > /proc/sys/net/ipv4/tcp_max_tw_buckets";
    server.namespace.run(&["sh", "-c", few]).success();
    let run = |seconds: u64| {
        let name = "soak::memory_stays_what_it_was_while_connections_come_and_go";
        let limit = Duration::from_secs(60 + 2 * seconds);
        let seconds = seconds.to_string();
        server
            .namespace
            .rerun_with(name, limit, (SECONDS, &seconds));
    };
    // What is touched for the first time becomes resident.
    run(4);
    let before = server.running().resident_memory();
    run(seconds());
    let after = server.running().resident_memory();
    println!("{} s: {before} octets before, {after} after", seconds());
    assert!(
        after <= before + (1 << 20),
        "{before} octets have become {after}"
    );
}

/// Connections with ends of all kinds, four at a time.
fn come_and_go(time: Duration) {
    let threads: Vec<_> = (0..4)
        .map(|number| std::thread::spawn(move || visits(number, time)))
        .collect();
    let all: u64 = threads
        .into_iter()
        .map(|thread| thread.join().expect("visits"))
        .sum();
    println!("{all} connections in {time:?}");
    assert!(all > 100, "{all}");
}

fn visits(number: u64, time: Duration) -> u64 {
    let address: SocketAddr = format!("{IPV4}:7").parse().expect("an address");
    let (begin, mut noise, mut count) = (Instant::now(), Noise::new(number), 0);
    while begin.elapsed() < time {
        let mut stream = TcpStream::connect_timeout(&address, STUCK).expect("a connection");
        stream.set_read_timeout(Some(STUCK)).expect("a time limit");
        let len = 1 + noise.below(4_000);
        let said = noise.octets(len);
        stream.write_all(&said).expect("the server reads");
        let kind = noise.below(4);
        if kind == 1 {
            // Half-closed, and heard to the end.
            stream.shutdown(Shutdown::Write).expect("open");
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).expect("the echo");
            assert!(heard == said, "another's octets");
        } else if kind > 1 {
            let mut heard = vec![0; said.len()];
            stream.read_exact(&mut heard).expect("the echo");
            assert!(heard == said, "another's octets");
        }
        // Unread, the echo makes Linux reset the connection.
        drop(stream);
        count += 1;
    }
    count
}
