//! Tests of the hashes, against a library.

use core::hash::Hasher;

use siphasher::sip::{SipHasher13, SipHasher24};

use super::*;

/// Every length up to some words, under several keys.
#[test]
fn hashes_are_those_of_another_implementation() {
    for seed in 0..8_u8 {
        let key: [u8; 16] = core::array::from_fn(|n| (n as u8).wrapping_mul(29) ^ seed);
        let message: [u8; 70] = core::array::from_fn(|n| (n as u8).wrapping_mul(7) ^ seed);
        for len in 0..message.len() {
            let octets = &message[..len];
            let (mut one, mut two) = (
                SipHasher13::new_with_key(&key),
                SipHasher24::new_with_key(&key),
            );
            one.write(octets);
            two.write(octets);
            assert_eq!(
                hash13(&key, octets),
                one.finish(),
                "1-3, {len} octets, seed {seed}"
            );
            assert_eq!(
                hash24(&key, octets),
                two.finish(),
                "2-4, {len} octets, seed {seed}"
            );
        }
    }
}

#[test]
fn words_are_their_octets() {
    let key: [u8; 16] = core::array::from_fn(|n| n as u8);
    let words: [u64; 5] = core::array::from_fn(|n| 0x0102_0304_0506_0708_u64.rotate_left(n as u32));
    for len in 0..=words.len() {
        let octets: [[u8; 8]; 5] = words.map(u64::to_le_bytes);
        let octets = octets[..len].as_flattened();
        assert_eq!(words24(&key, &words[..len]), hash24(&key, octets), "{len}");
    }
}

/// The first vectors of the reference implementation.
#[test]
fn hashes_are_those_of_the_reference() {
    let key: [u8; 16] = core::array::from_fn(|n| n as u8);
    assert_eq!(hash24(&key, &[]), 0x726f_db47_dd0e_0e31);
    assert_eq!(hash24(&key, &[0]), 0x74f8_39c5_93dc_67fd);
}

#[test]
fn parts_make_one_message_that_ends_with_its_room() {
    let message = Message::of(&[b"ab", b"", b"cde"]);
    assert_eq!(message.octets(), b"abcde");
    let long = Message::of(&[&[1; 60], &[2; 60], &[3; 60]]);
    assert_eq!(long.octets().len(), ROOM);
    assert_eq!(long.octets().last(), Some(&2));
}
