//! The harness itself: a namespace and a process are gone when their guards are, also after a panic.
#![allow(clippy::disallowed_methods, reason = "processes run in real time")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use litz_tests::namespace::{self, Namespace, TAP};
use litz_tests::prerequisite;
use litz_tests::process::{Running, run, was_killed};
use litz_tests::scratch::Scratch;

const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_namespace_has_its_tap_and_is_removed_after_a_panic() {
    if !prerequisite::network(&[]) {
        return;
    }
    let mut name = String::new();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let namespace = Namespace::new();
        name = namespace.name().to_owned();
        let addresses = namespace.ip(&["-brief", "addr", "show", TAP]);
        assert!(addresses.contains("192.0.2.254/24"), "{addresses}");
        assert!(addresses.contains("2001:db8:1::254/64"), "{addresses}");
        panic!("as a failing test does");
    }));
    assert!(panicked.is_err());
    let list = run(Command::new("ip").args(["netns", "list"]), SOON)
        .success()
        .text();
    assert!(!name.is_empty());
    assert!(
        !list
            .lines()
            .any(|line| line.split_whitespace().next() == Some(name.as_str()))
    );
}

#[test]
fn the_client_half_of_a_test_runs_inside() {
    if namespace::inside() {
        let devices = std::fs::read_to_string("/proc/net/dev").expect("the devices");
        assert!(devices.contains(TAP), "{devices}");
    } else if prerequisite::network(&[]) {
        Namespace::new().rerun("the_client_half_of_a_test_runs_inside", SOON);
    }
}

#[test]
fn a_process_is_killed_with_its_guard() {
    let sleeper = Running::start(Command::new("sleep").arg("600"));
    let process = format!("/proc/{}", sleeper.id());
    assert!(Path::new(&process).exists());
    assert!(sleeper.cpu_time() < Duration::from_secs(1));
    assert!(sleeper.resident_memory() > 0);
    drop(sleeper);
    assert!(!Path::new(&process).exists());
}

#[test]
fn a_command_that_hangs_fails_its_test() {
    let start = Instant::now();
    let limit = Duration::from_millis(100);
    let hung = catch_unwind(|| run(Command::new("sleep").arg("600"), limit));
    assert!(hung.is_err() && start.elapsed() < SOON);
}

#[test]
fn signals_and_lines_are_seen() {
    let mut child =
        Running::start(Command::new("sh").args(["-c", "echo ready >&2; echo out; exec sleep 600"]));
    child.wait_for_line("ready", SOON);
    child.signal("TERM");
    let ended = child.wait(SOON);
    assert!(was_killed(ended.status));
    assert_eq!(ended.text(), "out\n");
}

#[test]
fn a_scratch_folder_goes_with_its_test() {
    let scratch = Scratch::new();
    std::fs::write(scratch.file("a"), "a").expect("a writable folder");
    let path = scratch.path().to_path_buf();
    drop(scratch);
    assert!(!path.exists());
}
