//! Tests of when a host registers its addresses.

use litz_wire::Eui64;

use super::*;

const ROUTER: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9);
const OTHER: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 8);
const ADDR: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
const NOW: Instant = Instant::from_secs(100);

fn random() -> Random {
    Random::new([7; 16])
}

fn registering() -> Registering<'static> {
    let config = RegistrationConfig {
        owner: Eui64([2, 0, 0, 0, 0, 0, 0, 1]).into(),
        minutes: 60,
    };
    let slots = std::vec![RegistrationSlot::EMPTY; 2].into();
    let mut registering = Registering::new(config, slots, 0);
    assert!(registering.add(ADDR, NOW, &mut random()));
    registering
}

fn answer(number: u8, status: RegistrationStatus) -> Answer {
    Answer {
        addr: Some(ADDR),
        router: ROUTER,
        number: Some(number),
        status,
        minutes: 60,
    }
}

/// The next question, and when.
fn question(registering: &mut Registering<'_>) -> (Instant, u8, u16) {
    let now = registering.due().instant().expect("something is due");
    match registering.step(now, Some(ROUTER)) {
        Some(Step::Ask {
            addr: ADDR,
            router: ROUTER,
            number,
            minutes,
        }) => (now, number, minutes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rfc6775_5_5_a_registration_is_refreshed_before_it_ends() {
    let mut registering = registering();
    let (mut now, mut number, minutes) = question(&mut registering);
    assert_eq!(minutes, 60);
    for _ in 0..300 {
        let success = answer(number, RegistrationStatus::Success);
        let outcome = registering.answered(now, &success, &mut random());
        assert_eq!(outcome, Some(Outcome::Ours(ADDR)));
        let (at, then, _) = question(&mut registering);
        let waited = at.duration_since(now);
        assert!(waited >= Duration::from_secs(3600 / 2), "{waited}");
        assert!(waited <= Duration::from_secs(3600 / 4 * 3), "{waited}");
        assert_eq!(then, next(number));
        (now, number) = (at, then);
    }
}

#[test]
fn a_question_has_one_number_until_it_is_answered_or_given_up() {
    let mut registering = registering();
    let (first, number, _) = question(&mut registering);
    let (second, again, _) = question(&mut registering);
    assert_eq!(second.duration_since(first), RETRANS_TIMER);
    assert_eq!(again, number);
    question(&mut registering);
    let now = registering.due().instant().unwrap();
    assert_eq!(
        registering.step(now, Some(ROUTER)),
        Some(Step::Silent(ROUTER))
    );
    // Another router is asked from the beginning.
    let now = registering.due().instant().unwrap();
    let step = registering.step(now, Some(OTHER));
    assert!(matches!(step, Some(Step::Ask { router: OTHER, number: new, .. }) if new != number));
}

#[test]
fn nobody_is_asked_without_a_router_and_nothing_spins() {
    let mut registering = registering();
    for _ in 0..10 {
        let now = registering.due().instant().unwrap();
        assert_eq!(registering.step(now, None), None);
        assert!(!registering.due().is_due(now));
    }
}

#[test]
fn answers_that_nobody_asked_for_are_no_answers() {
    let mut registering = registering();
    let success = |number| answer(number, RegistrationStatus::Success);
    assert_eq!(
        registering.answered(NOW, &success(241), &mut random()),
        None
    );
    let (now, number, _) = question(&mut registering);
    let stranger = Answer {
        router: OTHER,
        ..success(number)
    };
    assert_eq!(registering.answered(now, &stranger, &mut random()), None);
    let late = success(number.wrapping_sub(1));
    assert_eq!(registering.answered(now, &late, &mut random()), None);
    let own = registering.answered(now, &success(number), &mut random());
    assert_eq!(own, Some(Outcome::Ours(ADDR)));
    // A copy of it, or the refusal that comes too late, changes nothing.
    let duplicate = answer(number, RegistrationStatus::Duplicate);
    assert_eq!(registering.answered(now, &duplicate, &mut random()), None);
}

#[test]
fn rfc6775_5_5_2_a_duplicate_is_lost_and_a_full_router_is_asked_ever_more_rarely() {
    let mut registering = registering();
    let mut last = Duration::ZERO;
    for _ in 0..10 {
        let (now, number, _) = question(&mut registering);
        let full = answer(number, RegistrationStatus::CacheFull);
        let outcome = registering.answered(now, &full, &mut random());
        assert_eq!(outcome, Some(Outcome::Later));
        let wait = registering.due().remaining(now).unwrap();
        assert!(wait >= last && wait <= LONGEST_WAIT);
        last = wait;
    }
    assert_eq!(last, LONGEST_WAIT);
    let (now, number, _) = question(&mut registering);
    let duplicate = answer(number, RegistrationStatus::Duplicate);
    let outcome = registering.answered(now, &duplicate, &mut random());
    assert_eq!(outcome, Some(Outcome::Lost(ADDR)));
    assert_eq!(registering.due(), Deadline::NEVER);
}

#[test]
fn rfc8505_5_2_a_restarted_host_gets_past_the_number_that_the_router_knows() {
    let mut registering = registering();
    for step in 0_u8..=MOST_MOVES {
        let (now, number, _) = question(&mut registering);
        let moved = answer(number, RegistrationStatus::Moved);
        let outcome = registering.answered(now, &moved, &mut random());
        let lost = step == MOST_MOVES;
        let wanted = if lost {
            Outcome::Lost(ADDR)
        } else {
            Outcome::Later
        };
        assert_eq!(outcome, Some(wanted), "{step}");
    }
}

#[test]
fn rfc6775_5_5_an_address_that_is_gone_is_registered_no_more() {
    let mut registering = registering();
    let (now, number, _) = question(&mut registering);
    let success = answer(number, RegistrationStatus::Success);
    registering.answered(now, &success, &mut random());
    registering.keep(now, |_| false);
    let (now, number, minutes) = question(&mut registering);
    assert_eq!(minutes, 0);
    let success = Answer {
        minutes: 0,
        ..answer(number, RegistrationStatus::Success)
    };
    assert_eq!(
        registering.answered(now, &success, &mut random()),
        Some(Outcome::Later)
    );
    assert_eq!(registering.iter().count(), 0);
    // One that no router knows of just goes.
    registering.add(ADDR, now, &mut random());
    registering.keep(now, |_| false);
    assert_eq!(registering.iter().count(), 0);
}

#[test]
fn rfc6775_5_3_a_router_is_asked_before_what_it_said_ends() {
    let mut registering = registering();
    registering.keep(NOW, |_| false);
    registering.advertised(NOW, Some(Duration::from_secs(400)));
    let at = registering.refresh_at().instant().unwrap();
    assert_eq!(at.duration_since(NOW), Duration::from_secs(300));
    // What another one said ends later.
    registering.advertised(NOW, Some(Duration::from_secs(4000)));
    assert_eq!(registering.refresh_at(), Deadline::at(at));
    let mut now = at;
    for _ in 0..MOST_SOLICITS {
        assert!(!registering.solicits(now));
        now = registering.refresh_at().instant().unwrap();
    }
    assert!(registering.solicits(now));
    registering.advertised(now, None);
    assert_eq!(registering.refresh_at(), Deadline::NEVER);
    // An answer is one, and the next question is not due before it has to be.
    registering.advertised(now, Some(Duration::from_secs(400)));
    let at = registering.refresh_at().instant().unwrap();
    assert!(!registering.solicits(at));
    registering.advertised(at, Some(Duration::from_secs(400)));
    let again = registering.refresh_at().instant().unwrap();
    assert_eq!(again.duration_since(at), Duration::from_secs(300));
    registering.advertised(again, None);
    assert_eq!(registering.refresh_at(), Deadline::NEVER);
}
