//! The limit differs from second to second, and nobody without the secret knows it.
#![allow(clippy::arithmetic_side_effects)]

use std::vec::Vec;

use super::*;

fn in_second(second: i64, secret: u8) -> u32 {
    let mut challenges = Challenges::default();
    let now = Instant::from_micros(second * 1_000_000 + 17);
    (0..2_000)
        .map(|_| u32::from(challenges.allow(now, &[secret; 16])))
        .sum()
}

#[test]
fn the_limit_is_drawn_for_each_second() {
    let counts: Vec<_> = (0..200).map(|second| in_second(second, 1)).collect();
    assert!(counts.iter().all(|count| (500..1_012).contains(count)));
    let mut different = counts.clone();
    different.sort_unstable();
    different.dedup();
    assert!(different.len() > 100, "{counts:?}");
    let others: Vec<_> = (0..200).map(|second| in_second(second, 2)).collect();
    assert_ne!(counts, others);
}

#[test]
fn a_new_second_begins_a_new_count() {
    let mut challenges = Challenges::default();
    let at = Instant::from_micros;
    while challenges.allow(at((1 << 20) - 1), &[3; 16]) {}
    assert!(challenges.allow(at(1 << 20), &[3; 16]));
    while challenges.allow(at(1_500_000), &[3; 16]) {}
    assert!(!challenges.allow(at((2 << 20) - 1), &[3; 16]));
}
