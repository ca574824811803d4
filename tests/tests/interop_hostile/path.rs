//! A router in the middle whose next link takes 1280 octets: it says so, or it says nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::server::{IPV4, Server, pattern};

const LIMIT: Duration = Duration::from_secs(180);
const STUCK: Duration = Duration::from_secs(60);
/// What the client fetches.
const OCTETS: usize = 3_000_000;

/// A client behind a router: its namespace, with a veth pair to that of the server, whose end at
/// the router has a small MTU.
fn client(router: &Namespace) -> Namespace {
    let client = Namespace::new();
    client.ip(&["addr", "flush", "dev", TAP]);
    client.ip(&["link", "set", TAP, "down"]);
    let peer = ["peer", "name", "up0", "netns", client.name()];
    router.ip(&[&["link", "add", "down0", "type", "veth"][..], &peer].concat());
    router.ip(&["addr", "add", "198.51.100.1/24", "dev", "down0"]);
    router.ip(&["link", "set", "down0", "up", "mtu", "1280"]);
    client.ip(&["addr", "add", "198.51.100.2/24", "dev", "up0"]);
    client.ip(&["link", "set", "up0", "up"]);
    client.ip(&["route", "add", "default", "via", "198.51.100.1"]);
    let forward = "echo 1 > /proc/sys/net/ipv4/ip_forward";
    router.run(&["sh", "-c", forward]).success();
    client
}

/// The half of a test that runs at the client: fetch, and compare.
fn fetch() {
    let address: SocketAddr = format!("{IPV4}:80").parse().expect("an address");
    let mut stream = TcpStream::connect_timeout(&address, STUCK).expect("a connection");
    stream.set_read_timeout(Some(STUCK)).expect("a time limit");
    write!(stream, "GET /bytes/{OCTETS} HTTP/1.1\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the answer");
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = &answer[head.expect("a head") + 4..];
    let mut expected = vec![0; OCTETS];
    pattern(0, &mut expected);
    assert_eq!(body.len(), OCTETS);
    assert!(body == expected, "a wrong octet");
}

#[test]
fn a_narrow_link_that_reports() {
    if inside() {
        fetch();
    } else if prerequisite::network(&[]) {
        let server = Server::start();
        let client = client(&server.namespace);
        client.rerun("path::a_narrow_link_that_reports", LIMIT);
        let text = server.namespace.run(&["cat", "/proc/net/snmp"]).text();
        assert!(narrow_reports(&text) > 0, "{text}");
    }
}

#[test]
fn a_narrow_link_that_is_silent() {
    if inside() {
        fetch();
    } else if prerequisite::network(&[]) {
        let server = Server::start();
        let client = client(&server.namespace);
        // What the router itself has to say to the server goes nowhere.
        let rule = [
            "rule",
            "add",
            "iif",
            "lo",
            "to",
            IPV4,
            "ipproto",
            "icmp",
            "blackhole",
        ];
        server.namespace.ip(&rule);
        client.rerun("path::a_narrow_link_that_is_silent", LIMIT);
    }
}

/// "Destination unreachable" messages that the router has sent.
fn narrow_reports(snmp: &str) -> u64 {
    let mut lines = snmp.lines().filter_map(|line| line.strip_prefix("Icmp: "));
    let names = lines.next().unwrap_or_default().split(' ');
    let values = lines.next().unwrap_or_default().split(' ');
    let mut pairs = names.zip(values);
    let found = pairs.find(|(name, _)| *name == "OutDestUnreachs");
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// The server says and keeps what it is told.
#[test]
fn the_servers_mtu_can_be_set() {
    if !inside() {
        if prerequisite::network(&["ss"]) {
            let server = Server::start_with(&["--mtu", "1300"]);
            let name = "path::the_servers_mtu_can_be_set";
            server.namespace.rerun(name, LIMIT);
        }
        return;
    }
    let address: SocketAddr = format!("{IPV4}:7").parse().expect("an address");
    let mut stream = TcpStream::connect_timeout(&address, STUCK).expect("a connection");
    stream.set_read_timeout(Some(STUCK)).expect("a time limit");
    let sent = vec![7; 100_000];
    stream.write_all(&sent).expect("the server reads");
    let mut got = vec![0; sent.len()];
    stream.read_exact(&mut got).expect("the echo");
    let text = run(Command::new("ss").args(["-tin", "dst", IPV4]), STUCK).text();
    // 40 octets are headers, 12 are timestamps, which Linux offers.
    for figure in [" mss:1248", " rcvmss:1248"] {
        assert!(text.contains(figure), "no{figure}:\n{text}");
    }
}
