//! The example `dump` on a capture of the example `demo`, beside tshark.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use litz_hal::pcap::{LinkType, PcapWriter, Resolution};
use litz_hal::time::Instant;
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

/// A capture of one link type with these frames in it.
fn capture(scratch: &Scratch, link_type: LinkType, frames: &[&[u8]]) -> PathBuf {
    let writer = PcapWriter::new(Vec::new(), link_type, Resolution::Micros);
    let mut writer = writer.expect("a vector takes everything");
    for (second, frame) in (1..).zip(frames) {
        let written = writer.write(Instant::from_secs(second), frame);
        written.expect("a vector takes everything");
    }
    let path = scratch.file(&format!("{}.pcap", link_type.0));
    std::fs::write(&path, writer.into_sink()).expect("a writable folder");
    path
}

/// What `dump` prints of such a capture.
fn lines(link_type: LinkType, frames: &[&[u8]]) -> Vec<String> {
    let scratch = Scratch::new();
    let path = capture(&scratch, link_type, frames);
    let text = run(Command::new(example("dump")).arg(&path), LIMIT)
        .success()
        .text();
    text.lines().map(str::to_owned).collect()
}

/// An acknowledgment, and a compressed datagram to all routers of a link.
const FRAMES: [&[u8]; 2] = [
    &[0x02, 0x00, 0x07],
    &[
        0x41, 0x88, 0x0e, 0xef, 0xbe, 0x02, 0x80, 0x02, 0x00, 0x7b, 0x3b, 0x3a, 0x02, 133, 0, 0, 0,
        0, 0, 0, 0,
    ],
];

#[test]
fn dump_prints_radio_frames_with_and_without_their_check_sequence() {
    let expected = [
        "1.000000s Ieee802154 Ack seq 7",
        "2.000000s Ieee802154 Data seq 14 pan 0xbeef 0x0002 > 0x8002 | \
         Iphc fe80::* > ff02::2 Icmpv6 hlim 255 | Icmpv6Header type 133 code 0 | \
         RouterSolicit options=[]",
    ];
    assert_eq!(lines(LinkType::IEEE802_15_4_NOFCS, &FRAMES), expected);
    let whole = FRAMES.map(|frame| [frame, &[0x12, 0x34]].concat());
    let whole: Vec<&[u8]> = whole.iter().map(Vec::as_slice).collect();
    assert_eq!(lines(LinkType::IEEE802_15_4_WITHFCS, &whole), expected);
}

#[test]
fn dump_prints_packets_without_and_behind_other_link_headers() {
    let mut packet = vec![0x45, 0, 0, 52, 0, 0, 0x40, 0, 64, 17, 0, 0];
    packet.extend([192, 0, 2, 1, 192, 0, 2, 2]);
    packet.extend([0x80, 0, 0, 53, 0, 32, 0, 0]);
    packet.extend(b"\x12\x34\x01\x00\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x1c\0\x01");
    let text = "Ipv4 192.0.2.1 > 192.0.2.2 Udp ttl 64 | Udp 32768 > 53 len 32 | \
        Dns 4660 AAAA? a.test";
    for link_type in [LinkType::RAW, LinkType::IPV4] {
        assert_eq!(lines(link_type, &[&packet]), [format!("1.000000s {text}")]);
    }
    let loopback = [&[2, 0, 0, 0][..], &packet].concat();
    assert_eq!(
        lines(LinkType::NULL, &[&loopback]),
        [format!("1.000000s {text}")]
    );
    let cooked = [
        &[0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0][..],
        &packet,
    ]
    .concat();
    assert_eq!(
        lines(LinkType::LINUX_SLL, &[&cooked]),
        [format!("1.000000s LinuxSll Out Ipv4 | {text}")]
    );
    let foreign = lines(LinkType(147), &[&packet]);
    assert_eq!(foreign, ["1.000000s 52 octets of another medium"]);
}

#[test]
fn dump_reads_every_capture_to_its_end() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pcaps");
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        println!("skipped: there are no captures in {}", folder.display());
        return;
    };
    let mut count = 0;
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, frames) = (columns[0], columns[7]);
        if !name.ends_with(".pcap") && !name.ends_with(".pcapng") {
            continue;
        }
        let path = folder.join(name);
        let lines = run(Command::new(example("dump")).arg(&path), LIMIT);
        assert!(lines.status.success(), "{name}: {}", lines.stderr);
        let printed = lines.success().text().lines().count();
        assert_eq!(printed.to_string(), frames, "{name}");
        let tree = run(Command::new(example("dump")).arg("-v").arg(&path), LIMIT);
        assert!(tree.status.success(), "{name}: {}", tree.stderr);
        count += 1;
    }
    assert!(count > 50, "{count} captures");
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
