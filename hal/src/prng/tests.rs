//! Tests of the generator and of chances.

use super::*;
use std::string::ToString;

#[test]
fn the_published_sequence_of_seed_1234567() {
    let mut prng = Prng::new(1_234_567);
    let found: [u64; 3] = core::array::from_fn(|_| prng.next_u64());
    let published = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
    ];
    assert_eq!(found, published);
}

#[test]
fn bounds_are_kept() {
    let mut prng = Prng::new(7);
    assert_eq!(prng.below(0), 0);
    assert_eq!(prng.below(1), 0);
    let mut seen = [false; 6];
    for _ in 0..1_000 {
        seen[prng.index(6)] = true;
    }
    assert_eq!(seen, [true; 6]);
}

#[test]
fn chances_are_met() {
    let mut prng = Prng::new(42);
    assert!((0..1_000).all(|_| prng.happens(Chance::ALWAYS)));
    assert!(!(0..1_000).any(|_| prng.happens(Chance::NEVER)));
    let hits = (0..10_000)
        .filter(|_| prng.happens(Chance::percent(20)))
        .count();
    assert!((1_800..2_200).contains(&hits), "{hits}");
}

#[test]
fn chances_print_as_percent() {
    assert_eq!(Chance::percent(20).to_string(), "20 %");
    assert_eq!(Chance::per_million(1_500).to_string(), "0.1500 %");
    assert_eq!(Chance::percent(u32::MAX), Chance::ALWAYS);
}
