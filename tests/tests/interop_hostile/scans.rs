//! Floods and scans with the tools that are used for them: hping3 and nmap.

use std::process::Command;
use std::time::{Duration, Instant};

use litz_tests::namespace::Namespace;
use litz_tests::prerequisite;
use litz_tests::process::{Running, run};
use litz_tests::server::{IPV4, Server};

const LIMIT: Duration = Duration::from_secs(180);

/// A program in the namespace, to its end.
#[track_caller]
fn inside(namespace: &Namespace, program: &str, arguments: &[&str]) -> String {
    let mut command: Command = namespace.command(program);
    run(command.args(arguments), LIMIT).success().text()
}

/// How long a page takes.
#[track_caller]
fn page(namespace: &Namespace) -> Duration {
    let begin = Instant::now();
    let url = format!("http://{IPV4}/");
    let text = inside(namespace, "curl", &["-sS", "--max-time", "10", &url]);
    assert!(text.contains("litz"), "{text}");
    begin.elapsed()
}

#[test]
fn pages_are_served_during_a_syn_flood() {
    if !prerequisite::network(&["curl", "hping3"]) {
        return;
    }
    let server = Server::start_with(&["--backlog", "8"]);
    let namespace = &server.namespace;
    // From sources that nobody is behind; the answers end at the kernel, which forwards nothing.
    let flood = ["-q", "-S", "-p", "80", "-i", "u100", "-c", "60000"];
    let mut command = namespace.command("hping3");
    let flood = Running::start(command.args(flood).args(["--rand-source", IPV4]));
    std::thread::sleep(Duration::from_secs(1));
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        slowest = slowest.max(page(namespace));
    }
    println!("the slowest page took {slowest:?}");
    // In virtual time it is one second; here the machine may be busy with other things.
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    drop(flood);
    page(namespace);
}

#[test]
fn nmap_finds_what_is_open() {
    if !prerequisite::network(&["nmap"]) {
        return;
    }
    let server = Server::start();
    let namespace = &server.namespace;
    let ports = ["-n", "-Pn", "-p", "7,9,19,80,81,4000"];
    let scan = |kind: &str| inside(namespace, "nmap", &[&ports[..], &[kind, IPV4]].concat());
    let text = scan("-sS");
    for open in [
        "7/tcp    open",
        "9/tcp    open",
        "19/tcp   open",
        "80/tcp   open",
    ] {
        assert!(text.contains(open), "{text}");
    }
    for closed in ["81/tcp   closed", "4000/tcp closed"] {
        assert!(text.contains(closed), "{text}");
    }
    // Segments without sense: closed ports answer with a reset, open ones not at all.
    let text = scan("-sX");
    assert!(text.contains("81/tcp   closed"), "{text}");
    assert!(text.contains("80/tcp   open|filtered"), "{text}");
    page_after(namespace);
}

fn page_after(namespace: &Namespace) {
    if prerequisite::programs(&["curl"]) {
        page(namespace);
    }
}

#[test]
fn nmap_calls_the_sequence_numbers_random() {
    if !prerequisite::network(&["nmap"]) {
        return;
    }
    let server = Server::start();
    let arguments = ["-n", "-Pn", "-v", "-O", "-p", "80,81", IPV4];
    let text = inside(&server.namespace, "nmap", &arguments);
    let line = text
        .lines()
        .find(|line| line.contains("Sequence Prediction"));
    let line = line.unwrap_or_else(|| panic!("no verdict:\n{text}"));
    println!("{line}");
    assert!(line.contains("Good luck!"), "{line}");
    page_after(&server.namespace);
}
