//! Every field of every packet that tshark calls well formed has the value that tshark shows, and
//! lies where tshark says: captures of others where there are any, and packets made here.

use std::path::Path;

use litz_hal::pcap::{LinkType, PcapWriter, Resolution};
use litz_hal::time::Instant;
use litz_oracle::compare::Report;
use litz_oracle::generate::wpan;
use litz_oracle::walk::walk;
use litz_oracle::{captures, elements, generate, records, tshark};
use litz_tests::mutate::Mutator;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::scratch::Scratch;

/// Where the two differ and why that is right: a part of the text of the difference, the reason.
type Explained = [(&'static str, &'static str)];

/// What captures of others show.
const CAPTURES: &Explained = &[
    (
        "dns-zlip",
        "names whose references lead nowhere new are refused, not cut off",
    ),
    (
        "shows dns.qry.name = <Name",
        "a name that cannot be read has no common form",
    ),
    (
        "own__security-annexC-and-levels.pcap",
        "without the key tshark does not look into frames with an integrity code",
    ),
    (
        "tcpdump__802_15_4-oobr-2.pcap",
        "tshark does not look into frames with a wrong check sequence",
    ),
    (
        "zeek__fragmented-1.pcap 1: refused: Ntp: truncated",
        "the message goes on in the next fragment, which tshark takes for no fault",
    ),
    ("/prefix: 1 of ours, 2 of tshark's", ROUTE_INFORMATION),
    (
        "zeek__ntpmode67.pcap",
        "control messages of NTP (modes 6 and 7) have another format",
    ),
];

/// What mutations bring about.
const MUTATED: &Explained = &[
    (
        ": refused: Llc: truncated",
        "tshark looks for no LLC in a frame of length zero",
    ),
    (
        ": refused: Tcp: malformed",
        "a port of zero is refused by the declaration",
    ),
    (
        "options/RecordRoute/route: ",
        "tshark shows no slots if the pointer is not at the end of one",
    ),
];

const ROUTE_INFORMATION: &str =
    "tshark names the fields of route information (RFC 4191) as those of prefix information";

/// Differences beyond these are not printed.
const SHOWN: usize = 60;

/// Packets that tshark does not call well formed, by its reason without numbers.
type Faults = std::collections::BTreeMap<String, usize>;

/// Compares every frame of a capture.
fn capture(file: &Path, report: &mut Report, skipped: &mut Faults) {
    let frames = captures::frames(file);
    let walkable = frames
        .iter()
        .any(|(link_type, _)| captures::start(*link_type).is_some());
    if !walkable {
        return;
    }
    let packets = tshark::packets(file, &[]);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    for ((link_type, frame), packet) in frames.iter().zip(&packets) {
        let Some(start) = captures::start(*link_type) else {
            continue;
        };
        if let Some(fault) = &packet.fault {
            *skipped
                .entry(fault.replace(char::is_numeric, ""))
                .or_default() += 1;
            continue;
        }
        let (layers, end) = walk(start, frame);
        let place = format!("{name} {}", packet.number);
        report.compare(&place, &layers, &end, packet);
        records::compare(report, &place, frame, packet);
        let fcs = 2 * usize::from(*link_type == LinkType::IEEE802_15_4_WITHFCS);
        if let Some(frame) = frame.get(..frame.len().saturating_sub(fcs)) {
            elements::compare(report, &place, frame, packet);
        }
    }
}

fn conclude(report: &Report, skipped: &Faults, explained: &Explained, floor: (usize, usize)) {
    println!(
        "{} packets, {} layers, {} values, {} places",
        report.packets, report.layers, report.values, report.places
    );
    for (fault, count) in skipped {
        println!("{count:8} not well formed: {fault}");
    }
    for (name, count) in &report.by_layer {
        println!("{count:8} {name}");
    }
    let mut unexplained = Vec::new();
    let mut used = vec![0; explained.len()];
    for difference in &report.differences {
        match explained
            .iter()
            .position(|(part, _)| difference.contains(part))
        {
            Some(at) => used[at] += 1,
            None => unexplained.push(difference.as_str()),
        }
    }
    for ((part, reason), count) in explained.iter().zip(used) {
        println!("{count:8} explained: {part}: {reason}");
    }
    let first = unexplained
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        unexplained.is_empty(),
        "{} differences:\n{first}",
        unexplained.len()
    );
    assert!(report.packets >= floor.0, "{} packets only", report.packets);
    assert!(report.values >= floor.1, "{} values only", report.values);
}

#[test]
fn captures_of_others_say_what_tshark_says() {
    let files = captures::files(&captures::folder());
    if files.is_empty() {
        println!(
            "skipped: there are no captures in {}",
            captures::folder().display()
        );
        return;
    }
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let (mut report, mut skipped) = (Report::default(), Faults::new());
    for file in files {
        capture(&file, &mut report, &mut skipped);
    }
    conclude(&report, &skipped, CAPTURES, (1_600, 30_000));
}

/// Writes frames to a capture file.
fn write(file: &Path, link_type: LinkType, frames: impl Iterator<Item = Vec<u8>>) {
    let sink = std::io::BufWriter::new(std::fs::File::create(file).expect("a new file"));
    let mut writer = PcapWriter::new(sink, link_type, Resolution::Micros).expect("written");
    for (number, frame) in frames.enumerate() {
        writer
            .write(Instant::from_millis(number as i64), &frame)
            .expect("written");
    }
    writer.flush().expect("written");
}

#[test]
fn packets_made_by_hand_say_what_tshark_says() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let (mut report, mut skipped) = (Report::default(), Faults::new());
    for seed in 1..=4 {
        println!("seed {seed}");
        let mut noise = Noise::new(seed);
        let file = scratch.file(&format!("made-{seed}.pcap"));
        write(
            &file,
            LinkType::ETHERNET,
            (0..1500).map(|_| generate::frame(&mut noise)),
        );
        capture(&file, &mut report, &mut skipped);
    }
    conclude(&report, &skipped, &[], (6_000, 140_000));
    assert_eq!(
        skipped,
        Faults::new(),
        "packets made by hand are well formed"
    );
}

#[test]
fn frames_of_low_power_networks_say_what_tshark_says() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let (mut report, mut skipped) = (Report::default(), Faults::new());
    for (seed, link_type) in [
        (21, LinkType::IEEE802_15_4_WITHFCS),
        (22, LinkType::IEEE802_15_4_NOFCS),
    ] {
        println!("seed {seed}");
        let mut noise = Noise::new(seed);
        let file = scratch.file(&format!("wpan-{seed}.pcap"));
        let frame = |_| match link_type {
            LinkType::IEEE802_15_4_NOFCS => wpan::frame(&mut noise),
            _ => wpan::with_check_sequence(wpan::frame(&mut noise)),
        };
        write(&file, link_type, (0..1500).map(frame));
        capture(&file, &mut report, &mut skipped);
    }
    conclude(&report, &skipped, &[], (3_000, 70_000));
    for (layer, least) in [
        ("NhcExt", 50),
        ("NhcIpv6", 50),
        ("HeaderIe", 500),
        ("PayloadIe", 300),
    ] {
        let count = report.by_layer.get(layer).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {layer} only");
    }
    assert_eq!(
        skipped,
        Faults::new(),
        "packets made by hand are well formed"
    );
}

#[test]
fn routes_names_and_leases_say_what_tshark_says() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let (mut report, mut skipped) = (Report::default(), Faults::new());
    for seed in 31..=32 {
        println!("seed {seed}");
        let mut noise = Noise::new(seed);
        let file = scratch.file(&format!("service-{seed}.pcap"));
        let frames = (0..1500).map(|_| generate::service(&mut noise));
        write(&file, LinkType::ETHERNET, frames);
        capture(&file, &mut report, &mut skipped);
    }
    conclude(&report, &skipped, &[], (3_000, 70_000));
    for (layer, least) in [
        ("DnsRecord", 1_500),
        ("Coap", 500),
        ("ConsistencyCheck", 100),
    ] {
        let count = report.by_layer.get(layer).copied().unwrap_or(0);
        assert!(count >= least, "{count} of {layer} only");
    }
    assert_eq!(
        skipped,
        Faults::new(),
        "packets made by hand are well formed"
    );
}

#[test]
fn mutated_packets_say_what_tshark_says() {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let (mut report, mut skipped) = (Report::default(), Faults::new());
    for seed in 11..=14 {
        println!("seed {seed}");
        let (mut noise, mut mutator) = (Noise::new(seed), Mutator::new(seed));
        (0..256).for_each(|_| mutator.learn(&generate::frame(&mut noise)));
        let file = scratch.file(&format!("mutated-{seed}.pcap"));
        write(
            &file,
            LinkType::ETHERNET,
            (0..1500).map(|_| mutator.frame()),
        );
        capture(&file, &mut report, &mut skipped);
    }
    conclude(&report, &skipped, MUTATED, (4_000, 70_000));
}
