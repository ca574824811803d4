//! The accumulator against the definition: 16-bit words in network order, added one at a time.

#![allow(clippy::arithmetic_side_effects)]

use super::{Sum, narrow};
use std::vec::Vec;

/// How far apart the cases are: Miri, which is slow, takes few.
#[cfg(miri)]
const STEP: usize = 37;
#[cfg(not(miri))]
const STEP: usize = 1;

/// Seeds that are tried.
#[cfg(miri)]
const SEEDS: u32 = 1;
#[cfg(not(miri))]
const SEEDS: u32 = 6;

fn slow(data: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for pair in data.chunks(2) {
        sum += (u32::from(pair[0]) << 8) | u32::from(pair.get(1).copied().unwrap_or(0));
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

fn octets(len: usize, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            if seed.is_multiple_of(3) {
                0xff
            } else {
                state as u8
            }
        })
        .collect()
}

#[test]
fn every_length_and_alignment_agrees_with_the_definition() {
    for seed in 1..=SEEDS {
        let data = octets(700, seed);
        for start in 0..9 {
            for end in (start..data.len()).step_by(STEP) {
                let part = &data[start..end];
                assert_eq!(Sum::of(part).folded(), slow(part), "{seed} {start}..{end}");
            }
        }
    }
}

#[test]
fn a_copy_is_a_copy_and_sums_the_same() {
    let data = octets(1600, 7);
    for start in 0..9 {
        for len in (0..200).chain(1400..1500).step_by(STEP) {
            let mut out = [0xa5; 1600];
            let part = &data[start..start + len];
            let sum = Sum::copy(&mut out[1..1 + len], part);
            assert_eq!(&out[1..1 + len], part);
            assert_eq!((out[0], out[1 + len]), (0xa5, 0xa5));
            assert_eq!(sum.folded(), slow(part));
        }
    }
    let mut short = [0; 3];
    assert_eq!(Sum::copy(&mut short, &data).folded(), slow(&data[..3]));
    let mut long = [9; 8];
    assert_eq!(Sum::copy(&mut long, &data[..3]).folded(), slow(&data[..3]));
    assert_eq!(long[3..], [9; 5]);
}

#[test]
fn pieces_of_odd_length_join() {
    let data = octets(64, 4);
    for a in (0..data.len()).step_by(STEP.min(5)) {
        for b in (a..data.len()).step_by(STEP.min(5)) {
            let sum = Sum::of(&data[..a])
                .concat(a, Sum::of(&data[a..b]))
                .concat(b, Sum::of(&data[b..]));
            assert_eq!(sum.folded(), slow(&data));
        }
    }
}

#[test]
fn a_patched_checksum_is_the_checksum_of_the_patched_octets() {
    for seed in 1..SEEDS * 33 {
        let mut data = octets(32, seed);
        let checksum = Sum::of(&data).finish();
        let old = Sum::of(&data[4..8]);
        data[4..8].copy_from_slice(&octets(4, seed * 31));
        let new = Sum::of(&data[4..8]);
        assert_eq!(Sum::patch(checksum, old, new), Sum::of(&data).finish());
    }
}

#[test]
fn zero_octets_are_the_only_zero() {
    assert_eq!(Sum::of(&[0; 40]).folded(), 0);
    assert_eq!(Sum::of(&[0xff; 40]).folded(), 0xffff);
    assert_eq!(Sum::ZERO.add_u16(0x1234).add_u16(!0x1234).folded(), 0xffff);
    assert_eq!(
        Sum::ZERO.add_u32(0x1234_5678),
        Sum::of(&[0x12, 0x34, 0x56, 0x78])
    );
}

#[test]
fn a_run_of_known_length_sums_the_same() {
    let data = octets(200, 5);
    let array: [u8; 149] = data[7..156].try_into().expect("149 octets");
    assert_eq!(Sum::of_array(&array).folded(), slow(&array));
    assert_eq!(Sum::of_array(&[1, 2]).folded(), 0x0102);
    assert_eq!(Sum::of_array(&[1, 2]).finish(), 0xfefd);
}

#[test]
fn sums_are_equal_where_their_words_are() {
    assert_eq!(Sum::of(&[1, 2, 3, 4]), Sum::of(&[3, 4, 1, 2]));
    assert_ne!(Sum::of(&[1, 2, 3, 4]), Sum::of(&[1, 2, 3, 5]));
}

/// What machines of 32 bits do.
#[test]
fn a_loop_over_narrow_words_says_the_same() {
    for seed in 0..SEEDS {
        let data = octets(300, seed);
        for len in (0..data.len()).step_by(STEP) {
            assert_eq!(
                narrow(&data[..len]).folded(),
                slow(&data[..len]),
                "{len}, {seed}"
            );
        }
    }
}
