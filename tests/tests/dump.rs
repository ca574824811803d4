//! The example `dump` on a capture of the example `demo`, beside tshark.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::scratch::Scratch;
use litz_tests::workspace::example;

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn dump_prints_one_line_per_packet_as_tshark_counts_them() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let mut demo = Command::new(example("demo"));
    run(demo.current_dir(scratch.path()), LIMIT).success();
    let capture = scratch.file("demo.pcap");
    let mut tshark = Command::new("tshark");
    let counted = run(tshark.arg("-n").arg("-r").arg(&capture), LIMIT)
        .success()
        .text();
    let mut dump = Command::new(example("dump"));
    let dumped = run(dump.arg(&capture), LIMIT).success().text();
    assert!(counted.lines().count() > 700);
    assert_eq!(dumped.lines().count(), counted.lines().count());
    for protocol in ["ARP", "ICMP", "TCP"] {
        let ours = dumped
            .lines()
            .filter(|line| line.to_uppercase().contains(protocol))
            .count();
        let theirs = counted
            .lines()
            .filter(|line| line.contains(protocol))
            .count();
        assert!(
            ours > 0 && theirs > 0,
            "{protocol}: {ours} lines, tshark has {theirs}"
        );
    }
}

#[test]
fn dump_prints_trees() {
    let scratch = Scratch::new();
    let mut demo = Command::new(example("demo"));
    run(demo.current_dir(scratch.path()), LIMIT).success();
    let mut dump = Command::new(example("dump"));
    let text = run(dump.arg("-v").arg(scratch.file("demo.pcap")), LIMIT)
        .success()
        .text();
    for field in ["src_addr", "hop_limit", "window", "seq_no"] {
        assert!(text.contains(field), "no field `{field}` in the trees");
    }
}

#[test]
fn dump_refuses_what_is_no_capture() {
    let scratch = Scratch::new();
    let file = scratch.file("noise");
    std::fs::write(&file, Noise::new(2).octets(1000)).expect("a writable folder");
    for argument in [file.as_path(), Path::new("/nonexistent.pcap")] {
        let ended = run(Command::new(example("dump")).arg(argument), LIMIT);
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}
