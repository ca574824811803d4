//! Programs that everyone has: ping and curl.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use litz_tests::namespace::TAP;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::server::{IPV4, IPV6, LINK_LOCAL, Server, pattern};

const LARGE: usize = 100_000_000;
const LIMIT: Duration = Duration::from_secs(120);

/// Pings `address` fifty times at 64 and at 1400 octets; not one answer may be missing.
fn ping(address: &str) {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    let server = Server::start();
    for octets in ["64", "1400"] {
        let options = [
            "-n", "-q", "-c", "50", "-i", "0.02", "-W", "5", "-s", octets, address,
        ];
        let mut ping = server.namespace.command("ping");
        let said = run(ping.args(options), LIMIT).success().text();
        assert!(
            said.contains("50 received, 0% packet loss"),
            "{octets} octets:\n{said}"
        );
        assert!(!said.contains("duplicates"), "{octets} octets:\n{said}");
    }
}

#[test]
fn ping_over_ipv4() {
    ping(IPV4);
}

#[test]
fn ping_over_ipv6() {
    ping(IPV6);
}

/// Linux sends 60,000 octets in fragments, and gets them back so.
#[test]
fn ping_of_60000_octets_over_both_versions() {
    if !prerequisite::network(&["ping"]) {
        return;
    }
    let server = Server::start();
    for address in [IPV4, IPV6] {
        let options = [
            "-n", "-q", "-c", "5", "-i", "0.2", "-W", "5", "-s", "60000", address,
        ];
        let mut ping = server.namespace.command("ping");
        let said = run(ping.args(options), LIMIT).success().text();
        assert!(said.contains("5 received, 0% packet loss"), "{said}");
    }
}

#[test]
fn ping_the_link_local_address() {
    ping(&format!("{LINK_LOCAL}%{TAP}"));
}

/// Fetches the page with curl and looks at it.
fn page(host: &str) {
    if !prerequisite::network(&["curl"]) {
        return;
    }
    let server = Server::start();
    let fetch = |path: &str| {
        let url = format!("http://{host}{path}");
        let mut curl = server.namespace.command("curl");
        run(
            curl.args(["-sS", "-i", "-g", "--max-time", "20", &url]),
            LIMIT,
        )
        .success()
        .text()
    };
    let answer = fetch("/");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(
        head.to_lowercase().contains("\r\ncontent-type: text/html"),
        "{head}"
    );
    assert!(body.contains("<html") && body.contains("litz"), "{body}");
    let length = format!("\r\ncontent-length: {}", body.len());
    assert!(head.to_lowercase().contains(&length), "{head}");

    assert!(fetch("/nothing/here").starts_with("HTTP/1.1 404 "));
    assert!(fetch("/bytes/many").starts_with("HTTP/1.1 404 "));
    let empty = fetch("/bytes/0");
    assert!(
        empty.starts_with("HTTP/1.1 200 ") && empty.ends_with("\r\n\r\n"),
        "{empty}"
    );
}

#[test]
fn curl_gets_the_page_over_ipv4() {
    page(IPV4);
}

#[test]
fn curl_gets_the_page_over_ipv6() {
    page(&format!("[{IPV6}]"));
}

/// The SHA-256 of what `/bytes/LARGE` must serve.
fn expected_hash() -> String {
    let mut sum = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum starts");
    let mut input = sum.stdin.take().expect("a pipe");
    let mut chunk = vec![0; 251 * 1000];
    pattern(0, &mut chunk);
    let mut left = LARGE;
    while left > 0 {
        let part = left.min(chunk.len());
        input.write_all(&chunk[..part]).expect("sha256sum reads");
        left -= part;
    }
    drop(input);
    let output = sum.wait_with_output().expect("sha256sum ends");
    hash_in(&String::from_utf8_lossy(&output.stdout))
}

fn hash_in(line: &str) -> String {
    let hash = line.split_whitespace().next().unwrap_or_default();
    assert_eq!(hash.len(), 64, "no SHA-256: {line}");
    hash.to_owned()
}

/// Fetches 100 MB with curl and compares their SHA-256.
fn large(host: &str) {
    if !prerequisite::network(&["curl", "sha256sum"]) {
        return;
    }
    let server = Server::start();
    let script = format!(
        "curl -sS -g --fail --max-time 100 http://{host}/bytes/{LARGE} \
         -w '%{{stderr}}%{{size_download}} octets, %{{speed_download}} octets/s\\n' | sha256sum"
    );
    let ended = run(server.namespace.command("sh").args(["-c", &script]), LIMIT).success();
    println!("{host}: {}", ended.stderr.trim());
    assert!(
        ended.stderr.contains(&format!("{LARGE} octets")),
        "{}",
        ended.stderr
    );
    assert_eq!(hash_in(&ended.text()), expected_hash());
}

#[test]
fn curl_gets_100_mb_over_ipv4() {
    large(IPV4);
}

#[test]
fn curl_gets_100_mb_over_ipv6() {
    large(&format!("[{IPV6}]"));
}
