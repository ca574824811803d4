//! Dissectors that are written from declarations: Wireshark loads them, and shows of every field
//! what our parser reads, for a protocol that it does not know.

use core::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use litz_hal::pcap::{LinkType, PcapWriter, Resolution};
use litz_hal::time::Instant;
use litz_oracle::tshark;
use litz_tests::dissector::Layout;
use litz_tests::noise::Noise;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::scratch::Scratch;
use litz_wire::rt::Header;
use litz_wire::{codes, header};

/// The first link type for private use.
const USER0: LinkType = LinkType(147);
/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(300);
/// Packets of a capture.
const PACKETS: usize = 200;

/// What a gauge measures.
#[codes(u5)]
enum Quantity {
    /// Degrees.
    Temperature = 1,
    /// Pascals.
    Pressure = 2,
}

/// A protocol that Wireshark does not know: fields of many widths, some across octets.
#[header(be, size = 44)]
struct Gauge<'a> {
    #[eq(5)]
    version: u3,
    quantity: As<u5, Quantity>,
    alarm: bool,
    _spare: u2,
    serial: u13,
    station: u24,
    count: u40,
    window: u7,
    offset: u17,
    big: u64,
    host: Ipv4Addr,
    name: [u8; 18],
    #[payload]
    samples: &'a [u8],
}

/// The same idea with the lowest bit first.
#[header(le, size = 10)]
struct Meter {
    kind: u3,
    level: u9,
    urgent: bool,
    _spare: u3,
    total: u32,
    part: u24,
    last: u8,
}

/// Writes a capture of random octets that `start` makes right.
fn capture(file: &Path, seed: u64, len: usize, start: impl Fn(&mut [u8])) -> Vec<Vec<u8>> {
    let mut noise = Noise::new(seed);
    let sink = std::fs::File::create(file).expect("a new file");
    let mut writer = PcapWriter::new(sink, USER0, Resolution::Micros).expect("written");
    let packets = (0..PACKETS).map(|number| {
        let mut packet = noise.octets(len);
        start(&mut packet);
        writer
            .write(Instant::from_millis(number as i64), &packet)
            .expect("written");
        packet
    });
    packets.collect()
}

/// The values of all fields by name.
type Values = Vec<(&'static str, String)>;

/// Holds what tshark shows with our dissector against what `read` reads.
fn compare<H: Header>(seed: u64, len: usize, start: fn(&mut [u8]), read: fn(&[u8]) -> Values) {
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let layout = Layout::of::<H>();
    let scratch = Scratch::new();
    let (script, file) = (scratch.file("dissector.lua"), scratch.file("made.pcap"));
    std::fs::write(&script, layout.lua()).expect("written");
    let packets = capture(&file, seed, len, start);
    let load = format!("lua_script:{}", script.display());
    let shown = tshark::packets(&file, &["-X", &load]);
    assert_eq!(shown.len(), packets.len());
    let mut compared = 0;
    for (packet, shown) in packets.iter().zip(&shown) {
        let place = format!("seed {seed}, packet {}: {packet:02x?}", shown.number);
        let proto = shown
            .protos
            .iter()
            .find(|proto| proto.name == layout.filter());
        let proto = proto.unwrap_or_else(|| panic!("{place}: not dissected"));
        let values = read(packet);
        let names: Vec<&str> = layout.placed().map(|(field, _)| field.name).collect();
        assert!(
            values.iter().map(|(name, _)| *name).eq(names),
            "the test forgets a field"
        );
        // What follows the fixed part is shown as octets.
        let rest = format!("{}.rest", layout.filter());
        let rest = proto.fields.iter().find(|theirs| theirs.name == rest);
        let rest = rest.map_or(0, |theirs| theirs.size);
        assert_eq!(rest, packet.len() - layout.len, "{place}: rest");
        for (name, ours) in values {
            let field = format!("{}.{name}", layout.filter());
            let theirs = proto.fields.iter().find(|theirs| theirs.name == field);
            let theirs = theirs.unwrap_or_else(|| panic!("{place}: no {name}"));
            assert_eq!(theirs.show, ours, "{place}: {name}");
            compared += 1;
        }
    }
    println!(
        "{}: {} packets, {compared} values",
        layout.name,
        packets.len()
    );
}

/// Pairs of names and values as tshark writes numbers.
macro_rules! values {
    ($($name:ident: $value:expr),* $(,)?) => {
        vec![$((stringify!($name), ($value).to_string())),*]
    };
}

#[test]
fn a_protocol_that_wireshark_does_not_know() {
    let start = |packet: &mut [u8]| packet[0] = 0xa0 | (packet[0] & 0x1f);
    compare::<Gauge>(1, 48, start, |packet| {
        let gauge = GaugePacket::new_checked(packet).expect("a gauge");
        values!(
            version: gauge.version(),
            quantity: gauge.quantity().0,
            alarm: u8::from(gauge.alarm()),
            serial: gauge.serial(),
            station: gauge.station(),
            count: gauge.count(),
            window: gauge.window(),
            offset: gauge.offset(),
            big: gauge.big(),
            host: gauge.host().to_bits(),
            name: gauge.name().map(|octet| format!("{octet:02x}")).join(":"),
        )
    });
}

#[test]
fn a_protocol_with_the_lowest_bit_first() {
    compare::<Meter>(
        2,
        10,
        |_| (),
        |packet| {
            let meter = MeterPacket::new_checked(packet).expect("a meter");
            values!(
                kind: meter.kind(),
                level: meter.level(),
                urgent: u8::from(meter.urgent()),
                total: meter.total(),
                part: meter.part(),
                last: meter.last(),
            )
        },
    );
}

/// tshark warns of what it cannot load.
#[test]
fn the_program_writes_a_dissector_for_every_header() {
    let mut cargo = litz_tests::workspace::cargo();
    cargo.args(["build", "--quiet", "-p", "litz-tests", "--bin", "dissector"]);
    cargo.env("CARGO_TARGET_DIR", litz_tests::workspace::target());
    run(&mut cargo, LIMIT).success();
    let path = litz_tests::workspace::target().join("debug/dissector");
    let program = |name: &str| run(Command::new(&path).arg(name), LIMIT);
    let usage = program("");
    assert_eq!(usage.status.code(), Some(2));
    let (_, names) = usage.stderr.split_once(": ").expect("a list of names");
    let names: Vec<&str> = names
        .split_once(": ")
        .expect("names")
        .1
        .split_whitespace()
        .collect();
    assert!(names.len() > 10 && names.contains(&"Udp"), "{names:?}");
    if !prerequisite::programs(&["tshark"]) {
        return;
    }
    let scratch = Scratch::new();
    let file = scratch.file("made.pcap");
    capture(&file, 3, 300, |_| ());
    for name in names {
        let script = scratch.file(&format!("{name}.lua"));
        std::fs::write(&script, program(name).success().stdout).expect("written");
        let load = format!("lua_script:{}", script.display());
        let shown = tshark::packets(&file, &["-X", &load]);
        let filter = format!("litz_{}", name.to_lowercase());
        let dissected = |packet: &tshark::Packet| packet.protos.iter().any(|p| p.name == filter);
        assert!(shown.iter().all(dissected), "{name} is not dissected");
    }
}
