//! Tests of the times at which routers are looked for.

use super::*;

#[test]
fn rfc7559_2_solicitations_become_rare_and_never_cease() {
    for seed in 0..50 {
        let mut random = Random::new([seed; 16]);
        let mut solicitation = Solicitation::default();
        assert_eq!(solicitation.due, Deadline::NEVER);
        let start = Instant::from_secs(5);
        solicitation.begin(start, &mut random);
        let mut now = solicitation.due.instant().unwrap();
        assert!(now.duration_since(start) < MAX_DELAY);
        let mut nominal = FIRST_WAIT;
        for _ in 0..20 {
            solicitation.sent(now, &mut random);
            let next = solicitation.due.instant().unwrap();
            let wait = next.duration_since(now);
            let tenth = Duration::from_micros(nominal.total_micros() / 10);
            assert!(wait >= nominal.saturating_sub(tenth), "{wait} of {nominal}");
            assert!(wait <= nominal.saturating_add(tenth), "{wait} of {nominal}");
            nominal = wait.doubled(1).min(LONGEST_WAIT);
            now = next;
        }
        assert_eq!(nominal, LONGEST_WAIT);
        solicitation.end();
        assert_eq!(solicitation.due, Deadline::NEVER);
    }
}
