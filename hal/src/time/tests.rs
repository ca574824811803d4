//! Tests of time arithmetic at its edges.

use super::*;
use std::string::ToString;

#[test]
fn arithmetic_saturates() {
    let last = Instant::from_micros(i64::MAX);
    assert_eq!(last.saturating_add(Duration::MAX), last);
    assert_eq!(Instant::from_secs(i64::MAX), last);
    assert_eq!(
        Instant::from_micros(i64::MIN)
            .saturating_sub(Duration::MAX)
            .total_micros(),
        i64::MIN
    );
    assert_eq!(
        last.duration_since(Instant::from_micros(i64::MIN)),
        Duration::MAX
    );
    assert_eq!(Instant::ZERO.duration_since(last), Duration::ZERO);
    assert_eq!(Duration::from_secs(u64::MAX), Duration::MAX);
    assert_eq!(
        Duration::from_micros(3).saturating_sub(Duration::from_micros(4)),
        Duration::ZERO
    );
}

#[test]
fn doubling_and_halving_are_total() {
    let span = Duration::from_micros(3);
    assert_eq!(span.doubled(2), Duration::from_micros(12));
    assert_eq!(span.doubled(62), Duration::from_micros(3 << 62));
    assert_eq!(span.doubled(63), Duration::MAX);
    assert_eq!(span.doubled(u32::MAX), Duration::MAX);
    assert_eq!(Duration::ZERO.doubled(100), Duration::ZERO);
    assert_eq!(Duration::MAX.halved(63), Duration::from_micros(1));
    assert_eq!(Duration::MAX.halved(64), Duration::ZERO);
}

#[test]
fn the_earlier_deadline_wins_and_never_is_the_latest() {
    let (one, two) = (
        Deadline::at(Instant::from_secs(1)),
        Deadline::at(Instant::from_secs(2)),
    );
    assert_eq!(one.min(two), one);
    assert_eq!(Deadline::NEVER.min(two), two);
    assert_eq!(two.min(Deadline::NEVER), two);
    assert_eq!(Deadline::NEVER.min(Deadline::NEVER), Deadline::NEVER);
    assert!(one.is_due(Instant::from_secs(1)));
    assert!(!one.is_due(Instant::from_micros(999_999)));
    assert!(!Deadline::NEVER.is_due(Instant::from_micros(i64::MAX)));
}

#[test]
fn times_print_as_seconds() {
    assert_eq!(Instant::from_micros(-1_500_000).to_string(), "-1.500000s");
    assert_eq!(Duration::from_millis(2_001).to_string(), "2.001000s");
    assert_eq!(Deadline::NEVER.to_string(), "never");
}
