//! Tools of attackers against the example `server`: thc-ipv6, nmap, hping3 and arping, each for
//! some seconds. Afterwards the server answers echo requests, large ones among them, over both
//! versions. `LITZ_LONG=1` lets every tool run to its end.
#![allow(
    clippy::disallowed_methods,
    reason = "the peers are programs, in real time"
)]

use std::time::Duration;

use litz_tests::namespace::TAP;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::server::{IPV4, IPV6, LINK_LOCAL, Server};

/// How long a tool that was told to end is waited for.
const LIMIT: Duration = Duration::from_secs(400);

/// Runs a tool for some seconds, or to its end if that is asked for. Gives what it wrote.
#[track_caller]
fn attack(server: &Server, seconds: u32, tool: &[&str]) -> String {
    let long = std::env::var_os("LITZ_LONG").is_some();
    let seconds = if long { 300 } else { seconds }.to_string();
    let mut command = server.namespace.command("timeout");
    // Output is written line by line, so that what was done until the end is there.
    command.args(["--signal=INT", "--kill-after=5", &seconds, "stdbuf", "-oL"]);
    let ended = run(command.args(tool), LIMIT);
    let text = format!("{}{}", ended.text(), ended.stderr);
    assert!(!text.is_empty(), "{tool:?} did nothing");
    println!("{}: {} octets of output", tool.join(" "), text.len());
    text
}

/// The server answers over both versions, whatever size the question has.
#[track_caller]
fn alive(server: &Server, after: &[&str]) {
    for (addr, size) in [(IPV4, "56"), (IPV6, "56"), (IPV4, "60000"), (IPV6, "60000")] {
        let mut ping = server.namespace.command("ping");
        // A question may fall into the server's limits while the attack still echoes.
        let options = [
            "-n", "-q", "-c", "5", "-i", "0.2", "-W", "3", "-s", size, addr,
        ];
        let said = run(ping.args(options), LIMIT).text();
        assert!(!said.contains(" 0 received"), "after {after:?}: {said}");
    }
}

#[test]
fn pings_of_60000_octets_come_back_over_both_versions() {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    let server = Server::start();
    for addr in [IPV4, IPV6, &format!("{LINK_LOCAL}%{TAP}")] {
        let mut ping = server.namespace.command("ping");
        let options = [
            "-n", "-q", "-c", "5", "-i", "0.2", "-W", "5", "-s", "60000", addr,
        ];
        let said = run(ping.args(options), LIMIT).success().text();
        assert!(said.contains("5 received, 0% packet loss"), "{said}");
    }
}

/// Datagrams behind headers that the kernel writes: destination options, hop-by-hop options, both,
/// in one packet and in fragments. Each has to come back.
const HEADERS: &str = "
import socket, sys
HOPOPTS, DSTOPTS = 54, 59
padding = bytes([0, 0, 1, 4, 0, 0, 0, 0])
unknown = bytes([0, 0, 0x1e, 4, 1, 2, 3, 4])
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.settimeout(5)
for options in ([(DSTOPTS, padding)], [(HOPOPTS, padding)], [(DSTOPTS, unknown)],
                [(HOPOPTS, unknown), (DSTOPTS, padding)]):
    for size in (10, 4000):
        data = bytes(n % 251 for n in range(size))
        extra = [(socket.IPPROTO_IPV6, kind, octets) for kind, octets in options]
        udp.sendmsg([data], extra, 0, (sys.argv[1], 7))
        assert udp.recv(65536) == data, (options, size)
print('all came back')
";

#[test]
fn extension_headers_and_fragments_of_linux_are_understood() {
    if !prerequisite::network(&["python3"]) {
        return;
    }
    let server = Server::start();
    let mut command = server.namespace.command("python3");
    let said = run(command.args(["-c", HEADERS, IPV6]), LIMIT).success();
    assert!(said.text().contains("all came back"), "{}", said.text());
}

#[test]
fn thc_ipv6_implementation_and_fragmentation() {
    if !prerequisite::network(&["ping", "atk6-implementation6", "atk6-fragmentation6"]) {
        return;
    }
    let server = Server::start();
    for tool in [
        &["atk6-implementation6", TAP, IPV6][..],
        &["atk6-fragmentation6", TAP, IPV6],
    ] {
        let said = attack(&server, 8, tool);
        assert!(said.contains("Test") || said.contains("ATTACK"), "{said}");
        alive(&server, tool);
    }
}

#[test]
fn thc_ipv6_exploits_and_fuzzers() {
    if !prerequisite::network(&["ping", "atk6-exploit6", "atk6-fuzz_ip6"]) {
        return;
    }
    let server = Server::start();
    let exploits = ["atk6-exploit6", TAP, IPV6];
    let said = attack(&server, 8, &exploits);
    assert!(said.contains("Test"), "{said}");
    alive(&server, &exploits);
    for kind in ["-1", "-2", "-3", "-4", "-7", "-9"] {
        let fuzz = ["atk6-fuzz_ip6", "-a", "-I", kind, TAP, IPV6];
        let said = attack(&server, 1, &fuzz);
        assert!(said.contains("Fuzz"), "{said}");
    }
    for headers in ["-F", "-S", "-D", "-H"] {
        let fuzz = ["atk6-fuzz_ip6", "-a", "-1", headers, TAP, IPV6];
        attack(&server, 1, &fuzz);
    }
    alive(&server, &["atk6-fuzz_ip6"]);
}

#[test]
fn nmap_hping3_and_arping() {
    if !prerequisite::network(&["ping", "nmap", "hping3", "arping"]) {
        return;
    }
    let server = Server::start();
    let said = attack(
        &server,
        20,
        &[
            "nmap",
            "-n",
            "-Pn",
            "-O",
            "--osscan-guess",
            "-p",
            "1-100",
            IPV4,
        ],
    );
    assert!(said.contains("80/tcp"), "{said}");
    attack(
        &server,
        5,
        &["nmap", "-n", "-Pn", "-sO", "--max-retries", "0", IPV4],
    );
    attack(
        &server,
        5,
        &["nmap", "-6", "-n", "-Pn", "-sS", "-p", "1-100", IPV6],
    );
    alive(&server, &["nmap"]);
    for options in [
        // Fragments, tiny ones among them, and floods of every protocol.
        &["--udp", "-p", "7", "-f", "-d", "2000", "-i", "u200"][..],
        &["-S", "-p", "80", "-f", "-m", "24", "-i", "u200"],
        &["--icmp", "-d", "1400", "-i", "u200", "--rand-source"],
        &["--rawip", "-H", "253", "-d", "100", "-i", "u200"],
        &["-SAFRPUXY", "-p", "++1", "-i", "u200"],
    ] {
        let tool = [&["hping3", "-q"], options, &[IPV4]].concat();
        attack(&server, 1, &tool);
    }
    alive(&server, &["hping3"]);
    // Gratuitous claims of the server's address, and questions from everybody's.
    for options in [
        &["-U", "-S", IPV4, "-i", TAP, IPV4][..],
        &["-0", "-i", TAP, IPV4],
        &["-S", "255.255.255.255", "-i", TAP, IPV4],
        &[
            "-s",
            "02:00:00:00:00:01",
            "-S",
            "192.0.2.77",
            "-i",
            TAP,
            IPV4,
        ],
    ] {
        let tool = [&["arping", "-c", "5", "-W", "0.05"], options].concat();
        attack(&server, 2, &tool);
    }
    alive(&server, &["arping"]);
}
