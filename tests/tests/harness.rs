//! The harness itself: a namespace and a process go with their guards, also after a panic.
#![allow(clippy::disallowed_methods, reason = "processes run in real time")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use litz_tests::mutate::{Mutator, repair};
use litz_tests::namespace::{self, Namespace, TAP};
use litz_tests::noise::Noise;
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

#[test]
fn checksums_are_repaired() {
    // An ICMP echo request over IPv4 and over IPv6, as Linux sends them.
    let ipv4 = "0200000000010200000000020800 45000020000140004001b6d6 c00002fe c0000201 \
                0800 65a8 1234 0001 7069 6e67 212121 21";
    let ipv6 = "02000000000102000000000286dd 60000000000c3a40 \
                20010db8000100000000000000000254 20010db8000100000000000000000001 \
                8000 0000 1234 0001 70696e67";
    for text in [ipv4, ipv6] {
        let mut frame: Vec<u8> = hex(text);
        repair(&mut frame);
        let right = frame.clone();
        // The sum over a message with its checksum is all ones (RFC 1071 §1).
        let (from, pseudo) = if text == ipv4 { (34, 0) } else { (54, 58 + 12) };
        let addresses = if text == ipv4 { 0..0 } else { 22..54 };
        let sum = pseudo + words(&right[addresses]) + words(&right[from..from + 12]);
        assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff, "{text}");
        // A repaired frame stays as it is; a changed one does not stay wrong.
        repair(&mut frame);
        assert_eq!(frame, right);
        frame[from + 2] ^= 0x55;
        repair(&mut frame);
        assert_eq!(frame, right);
    }
    for length in 0..100 {
        repair(&mut hex(ipv4)[..length.min(40)]);
        repair(&mut Noise::new(length as u64).octets(length));
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(octet).collect()
}

fn words(octets: &[u8]) -> u32 {
    octets
        .chunks(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
        .sum()
}

#[test]
fn a_mutator_repeats_itself() {
    let frames = |seed| {
        let mut mutator = Mutator::new(seed);
        mutator.learn(&[0x55; 60]);
        (0..1000).map(|_| mutator.frame()).collect::<Vec<_>>()
    };
    assert_eq!(frames(1), frames(1));
    assert_ne!(frames(1), frames(2));
    assert!(frames(1).iter().all(|frame| frame.len() <= 1700));
}
