//! Tests of the numbers drawn.

use super::*;

#[test]
fn spans_stay_within_their_limits_and_spread_over_them() {
    let mut random = Random::new([7; 16]);
    let (low, high) = (Duration::from_millis(500), Duration::from_millis(1500));
    let spans: std::vec::Vec<_> = (0..1000).map(|_| random.between(low, high)).collect();
    assert!(spans.iter().all(|&span| (low..high).contains(&span)));
    let first_half = spans
        .iter()
        .filter(|span| span.total_millis() < 1000)
        .count();
    assert!((400..600).contains(&first_half), "{first_half} of 1000");
    assert_eq!(random.below(Duration::ZERO), Duration::ZERO);
    assert_eq!(random.between(high, low), high);
}

#[test]
fn another_secret_or_purpose_gives_other_numbers() {
    let (mut one, mut same, mut other) = (
        Random::new([1; 16]),
        Random::new([1; 16]),
        Random::new([2; 16]),
    );
    let drawn = [one.next(), one.next(), other.next()];
    assert_eq!(drawn.first(), Some(&same.next()));
    assert!(
        drawn
            .iter()
            .enumerate()
            .all(|(at, a)| drawn.iter().skip(at + 1).all(|b| a != b))
    );
    assert_eq!(one.keyed(b"aaaa", b"x"), same.keyed(b"aaaa", b"x"));
    assert_ne!(one.keyed(b"aaaa", b"x"), one.keyed(b"bbbb", b"x"));
}
