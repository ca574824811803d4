//! The example `demo`: it ends well at any loss, repeats itself, and its capture is sound.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::scratch::Scratch;
use litz_tests::workspace::example;

const LIMIT: Duration = Duration::from_secs(60);

/// Runs the demo in `folder`; returns what it printed.
#[track_caller]
fn demo(folder: &Path, arguments: &[&str]) -> String {
    let mut demo = Command::new(example("demo"));
    run(demo.args(arguments).current_dir(folder), LIMIT)
        .success()
        .text()
}

/// The number that stands before `unit` in the summary.
#[track_caller]
fn figure(text: &str, unit: &str) -> u64 {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_end_matches(','))
        .collect();
    let at = words.iter().rposition(|word| *word == unit);
    let at = at.unwrap_or_else(|| panic!("no figure of {unit}:\n{text}"));
    words[at - 1]
        .parse()
        .unwrap_or_else(|_| panic!("no number before {unit}:\n{text}"))
}

#[test]
fn demo_tells_what_happens() {
    let scratch = Scratch::new();
    let text = demo(scratch.path(), &[]);
    for word in ["resolve", "ping", "page", "1048576 octets", "demo.pcap"] {
        assert!(text.contains(word), "nothing of `{word}`:\n{text}");
    }
    assert!(
        figure(&text, "segments") > 700,
        "1 MiB in fewer segments than it fills:\n{text}"
    );
    assert!(
        figure(&text, "drops") > 0,
        "the default link is lossy:\n{text}"
    );
    assert!(
        figure(&text, "retransmissions") > 0,
        "drops without retransmissions:\n{text}"
    );
    assert!(scratch.file("demo.pcap").is_file());
}

#[test]
fn demo_repeats_itself() {
    let (first, second) = (Scratch::new(), Scratch::new());
    let arguments = ["--seed", "7", "--loss", "3"];
    assert_eq!(
        demo(first.path(), &arguments),
        demo(second.path(), &arguments)
    );
    let capture = |scratch: &Scratch| std::fs::read(scratch.file("demo.pcap")).expect("written");
    assert!(capture(&first) == capture(&second), "the captures differ");
}

#[test]
fn demo_ends_well_at_any_loss() {
    let scratch = Scratch::new();
    for loss in ["0", "1", "5", "20"] {
        for seed in ["1", "2", "3"] {
            let text = demo(scratch.path(), &["--loss", loss, "--seed", seed]);
            if loss == "0" {
                assert_eq!(figure(&text, "retransmissions"), 0, "{text}");
                assert_eq!(figure(&text, "drops"), 0, "{text}");
            }
        }
    }
}

#[test]
fn demo_refuses_bad_arguments() {
    let scratch = Scratch::new();
    for arguments in [
        &["--loss", "many"][..],
        &["--loss", "101"],
        &["--seed"],
        &["--help-me"],
    ] {
        let mut demo = Command::new(example("demo"));
        let ended = run(demo.args(arguments).current_dir(scratch.path()), LIMIT);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert_eq!(
            ended.stderr.lines().count(),
            1,
            "{arguments:?}: {}",
            ended.stderr
        );
    }
}

/// The packets of `capture` that match `filter`, one line each, with every checksum verified.
fn tshark(capture: &Path, filter: &str) -> Vec<String> {
    let mut tshark = Command::new("tshark");
    tshark.arg("-n").arg("-r").arg(capture);
    for protocol in ["ip", "tcp", "udp"] {
        tshark.args(["-o", &format!("{protocol}.check_checksum:TRUE")]);
    }
    let ended = run(tshark.args(["-Y", filter]), LIMIT).success();
    ended.text().lines().map(str::to_owned).collect()
}

#[test]
fn tshark_finds_nothing_malformed_and_no_bad_checksum() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    demo(scratch.path(), &[]);
    let capture = scratch.file("demo.pcap");
    // 0 is "bad", 1 is "good".
    let wrong = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 \
                 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 \
                 || udp.checksum.status == 0 || _ws.expert.severity >= error";
    let found = tshark(&capture, wrong);
    assert!(found.is_empty(), "{}", found.join("\n"));
    // That the checksums were verified at all.
    let good = tshark(&capture, "tcp.checksum.status == 1");
    assert!(
        good.len() > 700,
        "only {} verified TCP checksums",
        good.len()
    );
    let pings = tshark(&capture, "icmp.type == 0 && icmp.checksum.status == 1");
    assert!(!pings.is_empty(), "no answered ping in the capture");
}
