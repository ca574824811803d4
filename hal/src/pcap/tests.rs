//! Tests of capture files: what is written is read again, both formats are read in both byte
//! orders, and no damage does more than end the reading.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::device::{Device, RxToken, TxMeta, TxToken};
use crate::link::{Link, LinkConfig};
use crate::prng::Prng;
use crate::time::Instant;
use std::string::{String, ToString};
use std::vec::Vec;

fn records(file: &[u8]) -> Vec<PcapRecord<'_>> {
    PcapReader::new(file).unwrap().map(Result::unwrap).collect()
}

fn first_error(file: &[u8]) -> Option<PcapErrorKind> {
    match PcapReader::new(file) {
        Ok(mut reader) => reader.find_map(Result::err).map(|error| error.kind),
        Err(error) => Some(error.kind),
    }
}

#[test]
fn what_is_written_is_read_again() {
    for resolution in [Resolution::Micros, Resolution::Nanos] {
        let writer = PcapWriter::new(Vec::new(), LinkType::RAW, resolution).unwrap();
        let mut writer = writer.with_snap_len(4).with_epoch_micros(1_000_000);
        writer
            .write(Instant::from_micros(1_234_567), b"abc")
            .unwrap();
        writer.write(Instant::from_secs(-9), b"abcdef").unwrap();
        writer.flush().unwrap();
        let file = writer.into_sink();
        let first = PcapRecord {
            time: Instant::from_micros(2_234_567),
            sub_nanos: 0,
            link_type: LinkType::RAW,
            original_len: 3,
            octets: b"abc",
        };
        let second = PcapRecord {
            time: Instant::ZERO,
            original_len: 6,
            octets: b"abcd",
            ..first
        };
        assert_eq!(records(&file), [first, second]);
    }
}

#[test]
fn the_file_header_is_the_documented_one() {
    let writer = PcapWriter::new(Vec::new(), LinkType::ETHERNET, Resolution::Micros).unwrap();
    let header = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
    ];
    assert_eq!(writer.into_sink(), header);
}

#[test]
fn a_full_sink_is_an_error_and_takes_nothing_more() {
    let mut memory = [0; 24 + 16 + 2];
    let sink = SliceSink::new(&mut memory);
    let mut writer = PcapWriter::new(sink, LinkType::ETHERNET, Resolution::Micros).unwrap();
    assert_eq!(writer.write(Instant::ZERO, b"long"), Err(Full));
    assert_eq!(writer.sink().written().len(), 24 + 16);
    assert_eq!(Full.to_string(), "the memory lent is full");
    let sink = SliceSink::new(&mut []);
    assert!(PcapWriter::new(sink, LinkType::RAW, Resolution::Nanos).is_err());
}

/// A classic file with one frame, as a machine of either byte order writes it.
fn classic(big: bool, magic: u32, fraction: u32) -> Vec<u8> {
    let long = |value: u32| {
        if big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    };
    let version = if big { [0, 2, 0, 4] } else { [2, 0, 4, 0] };
    let mut file = long(magic).to_vec();
    file.extend(version);
    // The frame check sequence bits of the link type are not part of it.
    for word in [0, 0, 65_535, 0x1400_0001, 7, fraction, 2, 60] {
        file.extend(long(word));
    }
    file.extend(b"hi");
    file
}

#[test]
fn classic_files_of_both_orders_and_resolutions() {
    for big in [false, true] {
        for (magic, fraction, nanos) in [(MAGIC_MICROS, 5, 0), (MAGIC_NANOS, 5_006, 6)] {
            let expected = PcapRecord {
                time: Instant::from_micros(7_000_005),
                sub_nanos: nanos,
                link_type: LinkType::ETHERNET,
                original_len: 60,
                octets: b"hi",
            };
            assert_eq!(records(&classic(big, magic, fraction)), [expected]);
        }
    }
}

/// Builds pcapng blocks of one byte order.
struct Blocks {
    big: bool,
    file: Vec<u8>,
}

impl Blocks {
    fn short(&self, value: u16) -> [u8; 2] {
        if self.big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn long(&self, value: u32) -> [u8; 4] {
        if self.big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let mut padded = body.to_vec();
        padded.resize(body.len().next_multiple_of(4), 0);
        let len = self.long(padded.len() as u32 + 12);
        self.file.extend(self.long(kind));
        self.file.extend(len);
        self.file.extend(padded);
        self.file.extend(len);
    }

    fn section(&mut self) {
        let mut body = self.long(0x1a2b_3c4d).to_vec();
        body.extend(self.short(1));
        body.extend(self.short(0));
        body.extend([0xff; 8]);
        self.block(0x0a0d_0d0a, &body);
    }

    fn interface(&mut self, link_type: LinkType, snap_len: u32, options: &[(u16, &[u8])]) {
        let mut body = self.short(link_type.0).to_vec();
        body.extend([0; 2]);
        body.extend(self.long(snap_len));
        for (code, value) in options {
            body.extend(self.short(*code));
            body.extend(self.short(value.len() as u16));
            body.extend_from_slice(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        self.block(1, &body);
    }

    fn packet(&mut self, interface: u32, units: u64, octets: &[u8]) {
        let len = octets.len() as u32;
        let mut body = Vec::new();
        for word in [interface, (units >> 32) as u32, units as u32, len, len + 1] {
            body.extend(self.long(word));
        }
        body.extend_from_slice(octets);
        self.block(6, &body);
    }

    fn simple(&mut self, original_len: u32, octets: &[u8]) {
        let mut body = self.long(original_len).to_vec();
        body.extend_from_slice(octets);
        self.block(3, &body);
    }
}

fn sample() -> Vec<u8> {
    let mut blocks = Blocks {
        big: false,
        file: Vec::new(),
    };
    blocks.section();
    blocks.interface(LinkType::ETHERNET, 4, &[(2, b"eth0")]);
    blocks.interface(LinkType::RAW, 0, &[(9, &[9]), (0, &[])]);
    blocks.block(0x0bad, b"something else");
    blocks.packet(0, 1_000_001, b"first");
    blocks.packet(1, 1_000_000_123, b"second");
    blocks.simple(6, b"thir");
    blocks.big = true;
    blocks.section();
    let hour = 3_600_i64.to_be_bytes();
    blocks.interface(LinkType::IPV6, 0, &[(9, &[0x81]), (14, &hour)]);
    blocks.packet(0, 5, b"fourth");
    blocks.file
}

#[test]
fn pcapng_with_sections_interfaces_and_resolutions() {
    let file = sample();
    let found: Vec<_> = records(&file)
        .iter()
        .map(|r| {
            (
                r.time.total_micros(),
                r.sub_nanos,
                r.link_type,
                r.original_len,
                r.octets,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (1_000_001, 0, LinkType::ETHERNET, 6, &b"first"[..]),
            (1_000_000, 123, LinkType::RAW, 7, b"second"),
            (0, 0, LinkType::ETHERNET, 6, b"thir"),
            (3_602_500_000, 0, LinkType::IPV6, 7, b"fourth"),
        ]
    );
}

#[test]
fn a_file_cut_short_gives_its_whole_records_and_one_error() {
    for file in [sample(), classic(true, MAGIC_MICROS, 0)] {
        let whole = records(&file);
        for len in 0..file.len() {
            let Ok(reader) = PcapReader::new(&file[..len]) else {
                continue;
            };
            let (mut good, mut bad) = (Vec::new(), 0);
            for record in reader {
                match record {
                    Ok(record) => good.push(record),
                    Err(error) => {
                        assert_eq!(error.kind, PcapErrorKind::Truncated);
                        assert!(error.offset <= len);
                        bad += 1;
                    }
                }
            }
            assert!(bad <= 1);
            assert!(whole.starts_with(&good));
        }
    }
}

#[test]
fn damaged_files_end_the_reading_and_nothing_else() {
    let mut prng = Prng::new(11);
    for file in [sample(), classic(false, MAGIC_NANOS, 0)] {
        for _ in 0..20_000 {
            let mut damaged = file.clone();
            for _ in 0..=prng.below(4) {
                let at = prng.index(damaged.len());
                damaged[at] = prng.next_u64() as u8;
            }
            let Ok(reader) = PcapReader::new(&damaged) else {
                continue;
            };
            assert!(reader.count() <= damaged.len() / 12);
        }
    }
}

#[test]
fn each_kind_of_damage_has_a_name() {
    use PcapErrorKind::*;
    assert_eq!(first_error(b""), Some(NotACapture));
    assert_eq!(first_error(b"hello, world"), Some(NotACapture));
    let mut old = classic(true, MAGIC_MICROS, 0);
    old[5] = 1;
    assert_eq!(first_error(&old), Some(Version));
    let mut blocks = Blocks {
        big: true,
        file: Vec::new(),
    };
    blocks.section();
    let section = blocks.file.clone();
    blocks.packet(0, 0, b"nowhere");
    assert_eq!(first_error(&blocks.file), Some(Interface));
    blocks.file = section.clone();
    for _ in 0..33 {
        blocks.interface(LinkType::RAW, 0, &[]);
    }
    assert_eq!(first_error(&blocks.file), Some(TooManyInterfaces));
    let mut wrong = section.clone();
    wrong[7] = 30;
    assert_eq!(first_error(&wrong), Some(Length));
    wrong[7] = 4;
    assert_eq!(first_error(&wrong), Some(Length));
    let mut order = section;
    order[8] = 0;
    assert_eq!(first_error(&order), Some(NotACapture));
    let error = PcapReader::new(b"").unwrap_err();
    assert_eq!(
        error.to_string(),
        "this is no pcap or pcapng file (at octet 0)"
    );
}

#[test]
fn a_captured_device_passes_everything_on() {
    let (_link, a, mut b) = Link::new(LinkConfig::default());
    let mut a = PcapDevice::new(a, Vec::new()).unwrap();
    let send = a.transmit(Instant::from_secs(1)).unwrap();
    send.consume(4, TxMeta::default(), |frame| frame.copy_from_slice(b"ping"))
        .unwrap();
    let (rx, tx) = b.receive(Instant::from_secs(1)).unwrap();
    rx.consume(|frame| assert_eq!(frame, b"ping"));
    tx.consume(4, TxMeta::default(), |frame| frame.copy_from_slice(b"pong"))
        .unwrap();
    let (rx, tx) = a.receive(Instant::from_secs(2)).unwrap();
    rx.consume(|_| tx.consume(3, TxMeta::default(), |frame| frame.copy_from_slice(b"bye")))
        .unwrap();
    assert!(a.take_capture_error().is_none());
    let (_, writer) = a.into_parts();
    let file = writer.into_sink();
    let order: Vec<_> = records(&file).iter().map(|record| record.octets).collect();
    assert_eq!(order, [&b"ping"[..], b"pong", b"bye"]);
}

#[test]
fn a_capture_that_fails_does_not_stop_the_device() {
    let (_link, a, mut b) = Link::new(LinkConfig::default());
    let mut memory = [0; 24];
    let mut a = PcapDevice::new(a, SliceSink::new(&mut memory)).unwrap();
    for _ in 0..2 {
        let send = a.transmit(Instant::ZERO).unwrap();
        send.consume(1, TxMeta::default(), |_| ()).unwrap();
    }
    assert!(b.receive(Instant::ZERO).is_some());
    assert_eq!(a.take_capture_error(), Some(Full));
    assert_eq!(a.take_capture_error(), None);
}

#[test]
fn real_captures_are_read_to_their_end() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/pcaps");
    let Ok(index) = std::fs::read_to_string(std::format!("{folder}/INDEX.tsv")) else {
        std::println!("skipped: there are no captures in {folder}");
        return;
    };
    let mut wrong: Vec<String> = Vec::new();
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, frames) = (columns[0], columns[7]);
        if !name.ends_with(".pcap") && !name.ends_with(".pcapng") {
            continue;
        }
        let file = std::fs::read(std::format!("{folder}/{name}")).unwrap();
        let count = PcapReader::new(&file)
            .and_then(|mut reader| reader.try_fold(0, |count, record| record.map(|_| count + 1)));
        match count {
            Ok(count) if count.to_string() == frames => {}
            other => wrong.push(std::format!("{name}: {other:?}, not {frames}")),
        }
    }
    std::println!("{}", wrong.join("\n"));
    assert!(wrong.is_empty());
}
