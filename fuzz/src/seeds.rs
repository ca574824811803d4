//! What fuzzing starts from: captured frames where there are captures, frames made by hand, and for
//! each item of a family octets that it accepts.

use litz_hal::pcap::{LinkType, PcapReader};
use litz_oracle::{captures, generate};
use litz_tests::noise::Noise;
use litz_wire::Ieee802154Frame;

use crate::family::{families, items};

/// One input: the target and its octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Name of the target.
    pub target: String,
    /// The input.
    pub octets: Vec<u8>,
}

/// Frames made by hand.
const MADE: usize = 400;
/// Octets of a frame that are kept; what comes later is payload.
const LONGEST: usize = 600;
/// Inputs for one item of a family.
const PER_ITEM: usize = 60;
/// Where headers begin in frames: behind nothing, Ethernet, a tag, IPv4, IPv6, both with four
/// octets more, IPv6 with an extension header, and the header of DHCP.
const STARTS: [usize; 10] = [0, 14, 18, 34, 38, 40, 54, 58, 62, 282];
/// Random inputs that an item gets which no frame is for.
const TRIES: usize = 50_000;

/// The frames of all captures, and some made by hand.
fn frames() -> Vec<(LinkType, Vec<u8>)> {
    let files = captures::files(&captures::folder());
    let mut frames: Vec<_> = files
        .iter()
        .flat_map(|file| captures::frames(file))
        .collect();
    let mut noise = Noise::new(1);
    frames.extend((0..MADE).map(|_| (LinkType::ETHERNET, generate::frame(&mut noise))));
    frames
        .iter_mut()
        .for_each(|(_, frame)| frame.truncate(LONGEST));
    frames
}

/// Inputs for every target.
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let frames = frames();
    for (_, frame) in &frames {
        seeds.push(Seed {
            target: "wire_chain".to_owned(),
            octets: frame.clone(),
        });
    }
    // The interface takes several frames, each behind its length and a pause.
    let ethernet = frames
        .iter()
        .filter(|(link_type, _)| *link_type == LinkType::ETHERNET);
    for group in ethernet.collect::<Vec<_>>().chunks(8) {
        let mut octets = Vec::new();
        for (_, frame) in group {
            octets.extend((frame.len() as u16).to_be_bytes());
            octets.extend(frame);
        }
        seeds.push(Seed {
            target: "interface".to_owned(),
            octets,
        });
    }
    for family in families() {
        seeds.extend(of_family(family, &frames));
    }
    seeds.extend(of_the_air());
    seeds
}

/// Frames of ns-3's air in groups, for a node's MAC, and their payloads for its 6LoWPAN.
fn of_the_air() -> Vec<Seed> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/ns3/plain.pcap");
    let file = std::fs::read(path).unwrap_or_default();
    let records = PcapReader::new(&file).into_iter().flatten().flatten();
    let frames: Vec<&[u8]> = records
        .filter_map(|record| Some(record.octets.split_last_chunk::<2>()?.0))
        .collect();
    let mut seeds = Vec::new();
    for group in frames.chunks(6) {
        // No security; each frame some time after the one before.
        let (mut to_mac, mut to_lowpan) = (vec![0], Vec::new());
        for octets in group {
            to_mac.push(0x80 | octets.len() as u8);
            to_mac.extend(*octets);
            if let Ok(frame) = Ieee802154Frame::new_checked(octets) {
                let payload = &frame.payload()[..frame.payload().len().min(100)];
                to_lowpan.extend([payload.len() as u8, 0]);
                to_lowpan.extend(payload);
            }
        }
        for (target, octets) in [("mac_input", to_mac), ("lowpan_input", to_lowpan)] {
            seeds.push(Seed {
                target: target.to_owned(),
                octets,
            });
        }
    }
    seeds
}

/// For each item of a family, tails of frames that it accepts.
fn of_family(family: &str, frames: &[(LinkType, Vec<u8>)]) -> Vec<Seed> {
    let items = items(family);
    let mut seeds = Vec::new();
    let tails = || {
        let tails = |frame: &'_ (LinkType, Vec<u8>)| {
            STARTS.map(|start| frame.1.get(start..).unwrap_or_default().to_vec())
        };
        frames
            .iter()
            .flat_map(tails)
            .filter(|tail| !tail.is_empty())
    };
    for (at, item) in items.iter().enumerate().take(256) {
        let mut count = 0;
        for tail in tails().chain(random(at)) {
            if count == PER_ITEM {
                break;
            }
            if (item.check)(&tail) {
                count += 1;
                let octets = [&[at as u8], tail.as_slice()].concat();
                seeds.push(Seed {
                    target: format!("wire_{family}"),
                    octets,
                });
            }
        }
    }
    seeds
}

/// Random octets that begin as messages do: a type, and mostly no code.
fn random(seed: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut noise = Noise::new(seed as u64);
    (0..TRIES).map(move |_| {
        let length = 2 + noise.below(62);
        let mut octets = noise.octets(length);
        if !noise.one_in(4) {
            octets[1] = 0;
        }
        octets
    })
}
