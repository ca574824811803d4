//! Replays the fuzz targets on random and mutated octets, on what fuzzing starts from, and on the
//! corpus if there is one.

use std::fs;
use std::path::Path;

use litz_tests::mutate::Mutator;
use litz_tests::noise::Noise;

/// Real frames: an ARP request, an ICMP echo request, a SYN with options, a UDP datagram, a
/// neighbor solicitation.
const FRAMES: [&str; 5] = [
    "ffffffffffff020000000002080600010800060400010200000000 02c00002fe000000000000c0000201",
    "020000000001020000000002080045000020000140004001b6d7c00002fec0000201\
     080055a912340001706970671c1d1e1f",
    "0200000000010200000000020800 4500003c1c4640004006 99c2 c00002fe c0000201 \
     c0000007 a0b0c0d0 00000000 a002faf0 91230000 020405b4 0402080a 00112233 00000000 01030307",
    "0200000000010200000000020800 450000201c4600004011d9af c00002fe c0000201 \
     d4310007000c5d2c 01020304",
    "3333ff000001020000000002 86dd 6000000000203aff 20010db8000100000000000000000254 \
     ff0200000000000000000001ff000001 8700 1c2e 00000000 20010db8000100000000000000000001 \
     0101 020000000002",
];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(octet).collect()
}

fn mutator(seed: u64) -> Mutator {
    let mut mutator = Mutator::new(seed);
    FRAMES.iter().for_each(|frame| mutator.learn(&hex(frame)));
    mutator
}

/// Replays the files that fuzzing has left, if it was run on this machine.
fn corpus(target: &str, body: impl Fn(&[u8])) {
    for folder in ["corpus", "artifacts"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join(target);
        for file in fs::read_dir(folder).into_iter().flatten().flatten() {
            println!("{}", file.path().display());
            body(&fs::read(file.path()).expect("a readable file"));
        }
    }
}

#[test]
fn wire_chain_takes_anything() {
    FRAMES
        .iter()
        .for_each(|frame| litz_fuzz::wire_chain(&hex(frame)));
    for seed in 0..4 {
        let mut mutator = mutator(seed);
        for _ in 0..50_000 {
            litz_fuzz::wire_chain(&mutator.frame());
        }
    }
    corpus("wire_chain", litz_fuzz::wire_chain);
}

#[test]
fn interface_takes_anything() {
    for seed in 0..300 {
        let mut mutator = mutator(seed);
        let mut noise = Noise::new(seed);
        let mut input = Vec::new();
        for _ in 0..200 {
            let frame = mutator.frame();
            let length = frame.len().min(0x7ff) as u16;
            let pause = (noise.below(32) as u16) << 11;
            input.extend((length | pause).to_be_bytes());
            input.extend(&frame[..length.into()]);
        }
        litz_fuzz::interface(&input);
    }
    corpus("interface", litz_fuzz::interface);
}

#[test]
fn interfaces_of_every_medium_take_packets_of_sound_structure() {
    for seed in 0..1_000 {
        let mut noise = Noise::new(seed);
        // The first octet chooses the medium, the second what the host does.
        let mut input = vec![seed as u8, (seed >> 2) as u8];
        input.extend((0..4_000).map(|_| noise.below(256) as u8));
        litz_fuzz::structured(&input);
    }
    corpus("structured", litz_fuzz::structured);
}

#[test]
fn group_members_take_any_message() {
    // Queries of every version, with groups that the host is in, and reports of others.
    let messages = [
        "11 00 0000 00000000",
        "11 64 0000 ef000003",
        "11 ff 0000 ef000003 02 7d 0002 c0000201 c0000205",
        "16 00 0000 ef000003",
        "82 00 0000 0000 0000 00000000000000000000000000000000",
        "82 00 0000 ffff 0000 ff050000000000000000000000000003 07 ff 0001 \
         20010db8000000000000000000000001",
        "83 00 0000 0000 0000 ff050000000000000000000000000003",
    ];
    let messages: Vec<_> = messages.iter().map(|text| hex(text)).collect();
    for seed in 0..300 {
        let mut noise = Noise::new(seed);
        let mut input = Vec::new();
        for _ in 0..200 {
            let what = noise.below(256) as u8;
            if what & 3 > 1 {
                input.extend([what, noise.below(256) as u8]);
                continue;
            }
            let mut message = messages[noise.below(messages.len())].clone();
            for _ in 0..noise.below(4) {
                let at = noise.below(message.len());
                message[at] = noise.below(256) as u8;
            }
            message.truncate(message.len() - noise.below(3));
            input.extend([what, message.len() as u8]);
            input.extend(message);
        }
        litz_fuzz::groups(&input);
    }
    corpus("groups", litz_fuzz::groups);
}

#[test]
fn every_item_of_every_family_takes_anything() {
    let seeds = litz_fuzz::seeds();
    for family in litz_fuzz::families() {
        let target = format!("wire_{family}");
        let body = |data: &[u8]| litz_fuzz::family(family, data);
        let inputs: Vec<_> = seeds.iter().filter(|seed| seed.target == target).collect();
        inputs.iter().for_each(|seed| body(&seed.octets));
        for seed in 0..2 {
            let (mut mutator, mut noise) = (Mutator::new(seed), Noise::new(seed));
            inputs
                .iter()
                .take(256)
                .for_each(|seed| mutator.learn(&seed.octets));
            for _ in 0..10_000 {
                let mut input = mutator.frame();
                if let Some(first) = input.first_mut() {
                    *first = noise.next_u64() as u8;
                }
                body(&input);
            }
        }
        println!("{target}: {} inputs to start from", inputs.len());
        corpus(&target, body);
    }
}

/// Every item that can accept something is given something that it accepts.
#[test]
fn seeds_reach_the_items() {
    let seeds = litz_fuzz::seeds();
    let mut unreached = Vec::new();
    for family in litz_fuzz::families() {
        let target = format!("wire_{family}");
        for (at, item) in litz_fuzz::items(family).iter().enumerate() {
            let reached = |seed: &litz_fuzz::Seed| {
                seed.target == target && seed.octets.first() == Some(&(at as u8))
            };
            if !seeds.iter().any(reached) {
                unreached.push(item.name);
            }
        }
    }
    assert_eq!(unreached, [""; 0]);
}

/// A family has a target, and a target that is named after a family has one.
#[test]
fn families_and_targets_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz_targets");
    let files = fs::read_dir(folder).expect("the targets").flatten();
    let mut targets: Vec<String> = files
        .map(|file| {
            file.file_name()
                .to_string_lossy()
                .trim_end_matches(".rs")
                .to_owned()
        })
        .filter(|name| name.starts_with("wire_") && name != "wire_chain")
        .collect();
    let mut families: Vec<String> = litz_fuzz::families()
        .map(|family| format!("wire_{family}"))
        .collect();
    targets.sort();
    families.sort();
    assert_eq!(targets, families);
}

/// Octets at random as events.
fn play(body: fn(&[u8]), seeds: u64, len: usize) {
    for seed in 0..seeds {
        body(&Noise::new(seed).octets(len));
    }
}

#[test]
fn two_connections_survive_any_wire() {
    play(litz_fuzz::tcp_pair, 4_000, 801);
    corpus("tcp_pair", litz_fuzz::tcp_pair);
}

#[test]
fn believable_segments_do_no_harm() {
    play(litz_fuzz::tcp_segments, 600, 400);
    corpus("tcp_segments", litz_fuzz::tcp_segments);
}

/// Payloads of 6LoWPAN: compressed UDP, first and further fragments, a neighbor solicitation, mesh.
const PAYLOADS: [&str; 6] = [
    "7e33f312 1234 01020304",
    "c0500001 7e33f312 1234 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
    "e050000106 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
    "7b3b3aff 8700 1c2e 00000000 fe800000000000000000000000000001 0101 020000000002",
    "b300010002 5001 7a333a 8000 0000 00010002",
    "41 6000000000083a40 fe800000000000000000000000000002 fe800000000000000000000000000001 \
     8000 0000 00010002",
];

/// Payloads, mutated, each behind an octet for its length and what `head` adds.
fn payloads(seed: u64, count: usize, head: &[u8]) -> Vec<u8> {
    let mut mutator = Mutator::new(seed);
    PAYLOADS
        .iter()
        .for_each(|payload| mutator.learn(&hex(payload)));
    let mut input = Vec::new();
    for _ in 0..count {
        let payload = mutator.frame();
        let len = (payload.len() + head.len()).min(100);
        input.push(len as u8);
        input.extend(head.iter().chain(&payload).take(len));
    }
    input
}

#[test]
fn lowpan_input_takes_anything() {
    for seed in 0..100 {
        let mut input = Vec::new();
        for payload in PAYLOADS {
            let payload = hex(payload);
            input.extend([payload.len() as u8, seed as u8]);
            input.extend(payload);
        }
        let mut noise = Noise::new(seed);
        let mutated = payloads(seed, 200, &[noise.below(256) as u8]);
        litz_fuzz::lowpan_input(&[input, mutated].concat());
    }
    corpus("lowpan_input", litz_fuzz::lowpan_input);
}

#[test]
fn mac_input_takes_anything() {
    // A data frame for the node, one for everybody, a data request, a beacon request, an
    // acknowledgment, a secured frame.
    let heads = [
        "61d8 01 efbe 0001 0201",
        "4198 02 efbe ffff 0201",
        "63d8 03 efbe 0001 0201 04",
        "0308 04 ffff ffff 07",
        "0200 05",
        "69dc 06 efbe 0100000000000002 0200000000000002 0d 05000000 01",
    ];
    for seed in 0..60 {
        let mut input = vec![seed as u8];
        for head in heads {
            input.extend(payloads(seed, 40, &hex(head)));
        }
        litz_fuzz::mac_input(&input);
    }
    corpus("mac_input", litz_fuzz::mac_input);
}

/// A listener's connection that ends unread, and another that takes its place.
#[test]
fn a_second_connection_begins_its_streams_anew() {
    litz_fuzz::tcp_pair(include_bytes!("inputs/tcp_pair_connects_twice"));
}
