//! How the server begins, idles and ends.

use std::process::Command;
use std::thread;
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP};
use litz_tests::prerequisite;
use litz_tests::process::{Ended, run};
use litz_tests::scratch::Scratch;
use litz_tests::server::{ARGUMENTS, IPV4, SOON, Server};
use litz_tests::workspace;

/// Sends the signal to a server that has served, and wants it to end with 0.
fn ends_by(signal: &str) {
    if !prerequisite::network(&["curl"]) {
        return;
    }
    let mut server = Server::start();
    let mut curl = server.namespace.command("curl");
    run(
        curl.args(["-sS", "--fail", &format!("http://{IPV4}/")]),
        SOON,
    )
    .success();
    let running = server.stop();
    running.signal(signal);
    let ended = running.wait(Duration::from_secs(5));
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
}

#[test]
fn sigterm_ends_it_with_0() {
    ends_by("TERM");
}

#[test]
fn sigint_ends_it_with_0() {
    ends_by("INT");
}

#[test]
fn a_device_that_is_removed_ends_it_with_one_line_and_2() {
    if !prerequisite::network(&[]) {
        return;
    }
    let mut server = Server::start();
    server.namespace.run(&["ip", "link", "del", TAP]).success();
    let ended = server.stop().wait(Duration::from_secs(5));
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("gone"), "{}", ended.stderr);
}

#[test]
fn idle_means_no_cpu() {
    if !prerequisite::network(&["curl"]) {
        return;
    }
    let server = Server::start();
    let mut curl = server.namespace.command("curl");
    run(
        curl.args(["-sS", "--fail", &format!("http://{IPV4}/")]),
        SOON,
    )
    .success();
    // What the kernel says to a new device (solicitations, listener reports) has passed then.
    thread::sleep(Duration::from_secs(2));
    let before = server.running().cpu_time();
    thread::sleep(Duration::from_secs(4));
    let used = server.running().cpu_time() - before;
    assert!(
        used <= Duration::from_millis(10),
        "{used:?} of CPU time in four idle seconds"
    );
}

/// One line on standard error, and exit code 2.
#[track_caller]
fn refuses(ended: &Ended, words: &[&str]) {
    let said = ended.stderr.as_str();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "not one line:\n{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

#[test]
fn a_bad_argument_gives_one_line_and_2() {
    let server = workspace::example("server");
    let cases: &[(&[&str], &[&str])] = &[
        (&[], &["--tap"]),
        (&["--tap"], &["--tap"]),
        (&["--tap", "x", "--port", "1"], &["--port"]),
        (&["--tap", "x", "surplus"], &["surplus"]),
        (&["--tap", "x", "--mac", "02:00:00"], &["--mac", "02:00:00"]),
        (
            &["--tap", "x", "--mac", "ff:ff:ff:ff:ff:ff"],
            &["--mac", "ff:ff:ff:ff:ff:ff"],
        ),
        (
            &["--tap", "x", "--ipv4", "192.0.2.1"],
            &["--ipv4", "192.0.2.1"],
        ),
        (
            &["--tap", "x", "--ipv4", "192.0.2.1/33"],
            &["--ipv4", "192.0.2.1/33"],
        ),
        (
            &["--tap", "x", "--ipv4", "192.0.2.256/24"],
            &["--ipv4", "192.0.2.256/24"],
        ),
        (
            &["--tap", "x", "--gateway", "nobody"],
            &["--gateway", "nobody"],
        ),
        (
            &["--tap", "x", "--ipv6", "2001:db8::/129"],
            &["--ipv6", "2001:db8::/129"],
        ),
        (
            &["--tap", "x", "--ipv6", "ff02::1/64"],
            &["--ipv6", "ff02::1/64"],
        ),
    ];
    for (arguments, words) in cases {
        let ended = run(Command::new(&server).args(*arguments), SOON);
        refuses(&ended, words);
    }
}

#[test]
fn a_missing_tap_gives_one_line_and_2() {
    if !prerequisite::network(&[]) {
        return;
    }
    let namespace = Namespace::new();
    let mut server = Server::command(&namespace);
    let ended = run(server.args(["--tap", "missing0"]).args(ARGUMENTS), SOON);
    refuses(&ended, &["missing0"]);
}

#[test]
fn a_tap_in_use_gives_one_line_and_2() {
    if !prerequisite::network(&[]) {
        return;
    }
    let first = Server::start();
    let mut second = Server::command(&first.namespace);
    let ended = run(second.args(["--tap", TAP]).args(ARGUMENTS), SOON);
    refuses(&ended, &[TAP]);
}

#[test]
fn no_permission_gives_one_line_and_2() {
    if !prerequisite::network(&["setpriv"]) {
        return;
    }
    let namespace = Namespace::new();
    // Where it was built, nobody may be allowed to look.
    let scratch = Scratch::new();
    let copy = scratch.file("server");
    std::fs::copy(workspace::example("server"), &copy).expect("a copy");
    let nobody = [
        "--reuid",
        "65534",
        "--regid",
        "65534",
        "--clear-groups",
        "--inh-caps",
        "-all",
    ];
    let mut server = namespace.command("setpriv");
    let ended = run(
        server
            .args(nobody)
            .arg(copy)
            .args(["--tap", TAP])
            .args(ARGUMENTS),
        SOON,
    );
    refuses(&ended, &["permission"]);
}
