//! Tests of the token bucket.

use super::*;

#[test]
fn a_burst_and_then_one_per_interval() {
    let mut bucket = TokenBucket::new(3, Duration::from_millis(100));
    let start = Instant::from_secs(10);
    let taken = |bucket: &mut TokenBucket, now| (0..10).filter(|_| bucket.take(now)).count();
    assert_eq!(taken(&mut bucket, start), 3);
    assert_eq!(
        taken(&mut bucket, start.saturating_add(Duration::from_millis(99))),
        0
    );
    assert_eq!(
        taken(
            &mut bucket,
            start.saturating_add(Duration::from_millis(100))
        ),
        1
    );
    assert_eq!(
        taken(&mut bucket, start.saturating_add(Duration::from_secs(100))),
        3
    );
    assert_eq!(taken(&mut bucket, Instant::ZERO), 0);
}
