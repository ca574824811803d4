//! The examples `ping` and `http_client` against Linux and Python's web server.
#![allow(
    clippy::disallowed_methods,
    reason = "the peers are programs, in real time"
)]

use std::path::Path;
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::process::{Ended, Running, run};
use litz_tests::scratch::Scratch;
use litz_tests::server::ARGUMENTS;
use litz_tests::workspace::example;

const LIMIT: Duration = Duration::from_secs(60);

/// Runs the example at `path` on the TAP device of `namespace`.
fn on_tap(namespace: &Namespace, path: &Path, arguments: &[&str]) -> Ended {
    let mut command = namespace.command(path);
    run(
        command.args(["--tap", TAP]).args(ARGUMENTS).args(arguments),
        LIMIT,
    )
}

/// The kernel answers every echo request of the example.
fn ping(address: &str) {
    if !prerequisite::network(&[]) {
        return;
    }
    let namespace = Namespace::new();
    let path = example("ping");
    let options = ["--count", "5", "--interval", "20"];
    for size in ["0", "56", "1400"] {
        let arguments = [&options[..], &["--size", size, address]].concat();
        let said = on_tap(&namespace, &path, &arguments).success().text();
        assert!(said.contains("5 sent, 5 received"), "{size}:\n{said}");
        assert_eq!(
            said.lines().filter(|line| line.contains(address)).count(),
            5,
            "{said}"
        );
    }
}

#[test]
fn ping_the_kernel_over_ipv4() {
    ping("192.0.2.254");
}

#[test]
fn ping_the_kernel_over_ipv6() {
    ping("2001:db8:1::254");
}

#[test]
fn ping_of_nobody_ends_with_1() {
    if !prerequisite::network(&[]) {
        return;
    }
    let namespace = Namespace::new();
    let arguments = ["--count", "1", "192.0.2.77"];
    let ended = on_tap(&namespace, &example("ping"), &arguments);
    assert_eq!(
        ended.status.code(),
        Some(1),
        "{}{}",
        ended.text(),
        ended.stderr
    );
    assert!(
        ended.text().contains("1 sent, 0 received"),
        "{}",
        ended.text()
    );
}

/// Python's web server in `namespace`, serving `folder`; killed when dropped.
fn web_server(namespace: &Namespace, bind: &str, folder: &Path) -> Running {
    let mut python = namespace.command("python3");
    python
        .args(["-m", "http.server", "--bind", bind, "8000", "--directory"])
        .arg(folder);
    let server = Running::start(&mut python);
    for _ in 0..1000 {
        let listening = namespace
            .run(&["cat", "/proc/net/tcp", "/proc/net/tcp6"])
            .text();
        // Port 8000 in state LISTEN.
        if listening
            .lines()
            .any(|line| line.contains(":1F40 ") && line.contains(" 0A "))
        {
            return server;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!(
        "the web server does not listen:\n{}",
        server.stderr_so_far()
    );
}

fn http_client(bind: &str, host: &str) {
    if !prerequisite::network(&["python3"]) {
        return;
    }
    let namespace = Namespace::new();
    let scratch = Scratch::new();
    let octets = Noise::new(1).octets(5_000_000);
    std::fs::write(scratch.file("noise"), &octets).expect("a writable folder");
    let _server = web_server(&namespace, bind, scratch.path());
    let url = |path: &str| format!("http://{host}:8000/{path}");
    let path = example("http_client");
    let got = on_tap(&namespace, &path, &[&url("noise")]).success();
    assert!(
        got.stdout == octets,
        "{} octets came\n{}",
        got.stdout.len(),
        got.stderr
    );
    let missing = on_tap(&namespace, &path, &[&url("missing")]);
    assert_eq!(missing.status.code(), Some(1), "{}", missing.stderr);
    assert!(missing.stderr.contains("404"), "{}", missing.stderr);
}

#[test]
fn http_client_fetches_from_python_over_ipv4() {
    http_client("192.0.2.254", "192.0.2.254");
}

#[test]
fn http_client_fetches_from_python_over_ipv6() {
    http_client("2001:db8:1::254", "[2001:db8:1::254]");
}

#[test]
fn http_client_says_when_it_is_refused() {
    if !prerequisite::network(&[]) {
        return;
    }
    let namespace = Namespace::new();
    let ended = on_tap(
        &namespace,
        &example("http_client"),
        &["http://192.0.2.254:8000/"],
    );
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("refused"), "{}", ended.stderr);
}
