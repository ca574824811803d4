//! Compression and decompression undo one another; what is malformed is refused; fragments.
#![allow(clippy::arithmetic_side_effects)]

mod bad;
mod fragments;
mod packets;
mod waiting;

use std::vec::Vec;

use super::*;
use litz_hal::prng::Prng;
use packets::{contexts, links, packet};

/// A packet through compression and decompression, and how short it became.
fn round(packet: &[u8], link: &LinkAddrs, contexts: &Contexts) -> usize {
    let mut frame = [0xa5; 1500];
    let done = compress(packet, link, contexts, &mut frame)
        .unwrap_or_else(|error| panic!("{error}: {packet:02x?}"));
    let rest = &packet[done.consumed..];
    frame[done.written..][..rest.len()].copy_from_slice(rest);
    let len = done.written + rest.len();
    let mut out = [0xa5; 1500];
    let back = decompress(&frame[..len], link, contexts, None, &mut out)
        .unwrap_or_else(|error| panic!("{error}: {packet:02x?} as {:02x?}", &frame[..len]));
    let rest = &frame[back.consumed..len];
    out[back.written..][..rest.len()].copy_from_slice(rest);
    assert_eq!(back.total, back.written + rest.len());
    assert_eq!(&out[..back.total], packet, "as {:02x?}", &frame[..len]);
    assert_eq!(back.elided, None);
    len
}

#[test]
fn a_million_packets_survive_compression() {
    let mut prng = Prng::new(0x6282);
    let contexts = contexts();
    let (mut before, mut after) = (0_u64, 0_u64);
    for _ in 0..1_000_000 {
        let link = links(&mut prng);
        let packet = packet(&mut prng, &link);
        after += round(&packet, &link, &contexts) as u64;
        before += packet.len() as u64;
    }
    // Most of what is generated cannot be compressed at all.
    assert!(after * 8 < before * 7, "{after} of {before}");
}

#[test]
fn every_base_header_is_read_or_refused() {
    let mut prng = Prng::new(0x1313);
    let contexts = contexts();
    let (mut read, mut refused) = (0, 0);
    for base in 0..1_u16 << 13 {
        for round in 0..8 {
            let link = links(&mut prng);
            let mut frame = (0x6000 | base).to_be_bytes().to_vec();
            let len = if round == 0 { 0 } else { prng.index(80) };
            frame.extend((0..len).map(|_| prng.next_u64() as u8));
            let mut out = [0; 512];
            let known = if round % 2 == 0 {
                &contexts
            } else {
                &Contexts::new()
            };
            match decompress(&frame, &link, known, None, &mut out) {
                Err(_) => refused += 1,
                Ok(done) => {
                    read += 1;
                    let rest = &frame[done.consumed..];
                    if done.written + rest.len() > out.len() {
                        continue;
                    }
                    out[done.written..][..rest.len()].copy_from_slice(rest);
                    if let Some(elided) = done.elided {
                        elided.fill(&mut out[..done.total]).expect("a datagram");
                    }
                    // What it stands for can be said again.
                    super::tests::round(&out[..done.total], &link, known);
                }
            }
        }
    }
    assert!(read > 10_000 && refused > 10_000, "{read} {refused}");
}

#[test]
fn the_shortest_packets_are_as_short_as_the_rfc_says() {
    // Link-local to link-local with everything elided: two octets and the compressed UDP header.
    let link = LinkAddrs {
        src: litz_wire::Eui64([2, 0, 0, 0, 0, 0, 0, 1]).into(),
        dst: litz_wire::ShortAddress(7).into(),
    };
    let address = |addr: HardwareAddr| packets::derived(packets::LINK_LOCAL, addr);
    let udp = packets::udp(
        address(link.src),
        address(link.dst),
        (0xf0b1, 0xf0b2),
        b"x",
        64,
    );
    assert_eq!(round(&udp, &link, &Contexts::new()), 2 + 1 + 1 + 2 + 1);
    // The same with a global prefix that is context 0, and with one that is context 5.
    let contexts = contexts();
    let global = |addr| packets::derived(packets::GLOBAL, addr);
    let udp = packets::udp(
        global(link.src),
        global(link.dst),
        (0xf0b1, 0xf0b2),
        b"x",
        64,
    );
    assert_eq!(round(&udp, &link, &contexts), 2 + 1 + 1 + 2 + 1);
    let other = |addr| packets::derived(packets::OTHER, addr);
    let udp = packets::udp(other(link.src), other(link.dst), (1, 2), b"x", 3);
    assert_eq!(round(&udp, &link, &contexts), 2 + 1 + 1 + 1 + 4 + 2 + 1);
}

#[test]
fn every_prefix_of_a_compressed_packet_is_an_error_or_shorter() {
    let mut prng = Prng::new(0x99);
    let contexts = contexts();
    for _ in 0..2_000 {
        let link = links(&mut prng);
        let packet = packet(&mut prng, &link);
        let mut frame = [0; 1500];
        let done = compress(&packet, &link, &contexts, &mut frame).expect("a packet");
        for len in 0..done.written {
            let mut out = [0; 1500];
            let result = decompress(&frame[..len], &link, &contexts, None, &mut out);
            assert!(result.is_err(), "{len} of {}", done.written);
        }
        for room in 0..done.written {
            let result = compress(&packet, &link, &contexts, &mut frame[..room]);
            assert_eq!(result, Err(LowpanError::NoRoom));
        }
    }
}

#[test]
fn random_octets_do_no_harm() {
    let mut prng = Prng::new(0xdead);
    let contexts = contexts();
    for _ in 0..500_000 {
        let link = links(&mut prng);
        let len = prng.index(128);
        let octets: Vec<u8> = (0..len).map(|_| prng.next_u64() as u8).collect();
        let mut out = [0; 300];
        let total = (prng.index(2) == 0).then(|| prng.index(2048));
        let _ = decompress(&octets, &link, &contexts, total, &mut out);
        let _ = compress(&octets, &link, &contexts, &mut out);
    }
}
