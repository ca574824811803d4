//! Tests of the times at which a router advertises itself.

use super::*;
use alloc::vec::Vec;

const START: Instant = Instant::from_secs(100);

fn on(random: &mut Random) -> Advertiser<'static> {
    let mut advertiser = Advertiser {
        config: Some(RouterConfig::default()),
        due: Deadline::at(START),
        sent: None,
        initial: INITIAL_ADVERTS,
        ends: false,
        quiet: false,
    };
    advertiser.sent(START, random);
    advertiser
}

#[test]
fn rfc4861_6_2_4_three_soon_then_at_random_intervals() {
    let mut random = Random::new([1; 16]);
    let mut advertiser = on(&mut random);
    let mut gaps = Vec::new();
    let mut now = START;
    for _ in 0..20 {
        let next = advertiser.due().instant().unwrap();
        gaps.push(next.duration_since(now).total_millis() / 1000);
        now = next;
        advertiser.sent(now, &mut random);
    }
    assert_eq!(gaps[..3], [16, 16, 16]);
    assert!(
        gaps[3..].iter().all(|gap| (200..600).contains(gap)),
        "{gaps:?}"
    );
    assert!(gaps[3..].windows(2).any(|pair| pair[0] != pair[1]));
}

#[test]
fn rfc4861_6_2_6_questions_are_answered_soon_and_not_more_often_than_every_three_seconds() {
    let mut random = Random::new([1; 16]);
    let mut advertiser = on(&mut random);
    let mut now = START.saturating_add(Duration::from_secs(10));
    advertiser.asked(now, &mut random);
    let reply = advertiser.due().instant().unwrap();
    assert!(reply.duration_since(now) < MAX_REPLY_DELAY);
    advertiser.sent(reply, &mut random);
    let mut sent = 0;
    for _ in 0..1000 {
        now = now.saturating_add(Duration::from_millis(100));
        advertiser.asked(now, &mut random);
        if advertiser.due().is_due(now) {
            advertiser.sent(now, &mut random);
            sent += 1;
        }
    }
    assert!((25..=33).contains(&sent), "{sent} in 100 s");
}
