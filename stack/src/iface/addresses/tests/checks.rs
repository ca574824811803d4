//! Tests of the check of an address: RFC 4862 §5.4, RFC 5227, lifetimes.

use super::super::own::Check;
use super::*;
use crate::addr::solicited_node;
use alloc::vec::Vec;

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

const RETRANS: Duration = Duration::from_millis(1000);

/// An address that is asked for from time zero on.
fn asked_for(cidr: &str, seed: u8) -> (Addresses<'static>, Random) {
    let mut addrs = addresses(&[]);
    let mut random = Random::new([seed; 16]);
    let cidr = cidr.parse().unwrap();
    let config = AddrConfig::DETECT;
    addrs
        .add(cidr, AddrOrigin::Manual, &config, at(0), &mut random)
        .unwrap();
    (addrs, random)
}

/// Every step until nothing is due any more, with its time in milliseconds.
fn steps(addrs: &mut Addresses<'_>, random: &mut Random) -> Vec<(i64, CheckStep)> {
    let mut steps = Vec::new();
    while let Some(now) = addrs.checks_at().instant() {
        if let Some(step) = addrs.next_check(now, RETRANS, random) {
            steps.push((now.total_millis(), step));
        }
        assert!(steps.len() < 20);
    }
    steps
}

#[test]
fn rfc4862_5_4_an_address_is_asked_for_once_and_then_used() {
    for seed in 0..50 {
        let (mut addrs, mut random) = asked_for("2001:db8::1/64", seed);
        let own = ip("2001:db8::1");
        assert!(addrs.is_tentative(own) && !addrs.owns(own));
        assert_eq!(addrs.accepts(own), None);
        assert_eq!(addrs.source_for(ip("2001:db8::9")), None);
        let group = solicited_node("2001:db8::1".parse().unwrap());
        assert!(
            addrs.accepts(group.into()).is_some(),
            "to hear who else wants it"
        );
        let asked = addrs.checks_at().instant().unwrap();
        assert!(asked <= at(1000), "{asked}");
        let step = addrs.next_check(asked, RETRANS, &mut random);
        assert_eq!(
            step,
            Some(CheckStep::Ask {
                addr: own,
                number: 1
            })
        );
        let used = asked.saturating_add(RETRANS);
        assert_eq!(addrs.checks_at(), Deadline::at(used));
        assert_eq!(addrs.next_check(used, RETRANS, &mut random), None);
        assert!(addrs.owns(own));
        assert_eq!(addrs.checks_at(), Deadline::NEVER);
    }
}

#[test]
fn rfc7527_4_2_a_looped_question_is_repeated_three_times() {
    let (mut addrs, mut random) = asked_for("2001:db8::1/64", 1);
    let first = addrs.checks_at().instant().unwrap();
    addrs.next_check(first, RETRANS, &mut random);
    for _ in 0..5 {
        addrs.looped(ip("2001:db8::1"));
    }
    let more = steps(&mut addrs, &mut random);
    assert_eq!(more.len(), 3);
    assert!(addrs.owns(ip("2001:db8::1")));
}

#[test]
fn rfc5227_2_1_three_probes_one_to_two_seconds_apart_then_two_announcements() {
    for seed in 0..50 {
        let (mut addrs, mut random) = asked_for("192.0.2.1/24", seed);
        let steps = steps(&mut addrs, &mut random);
        let times: Vec<i64> = steps.iter().map(|(time, _)| *time).collect();
        let gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(times[0] <= 1000, "PROBE_WAIT");
        assert!(
            gaps[..2].iter().all(|gap| (1000..=2000).contains(gap)),
            "{gaps:?}"
        );
        assert_eq!(gaps[2..], [2000, 2000], "ANNOUNCE_WAIT, ANNOUNCE_INTERVAL");
        let addr = ip("192.0.2.1");
        let asked = (1..=3).map(|number| CheckStep::Ask { addr, number });
        let announced = [CheckStep::Announce(addr); 2];
        let expected: Vec<_> = asked.chain(announced).collect();
        assert_eq!(
            steps.iter().map(|(_, step)| *step).collect::<Vec<_>>(),
            expected
        );
        assert!(addrs.owns(addr));
    }
}

#[test]
fn rfc4862_5_4_5_a_duplicate_is_not_used_and_told_once() {
    for cidr in ["2001:db8::1/64", "192.0.2.1/24"] {
        let (mut addrs, mut random) = asked_for(cidr, 1);
        let own = cidr.parse::<IpCidr>().unwrap().addr();
        addrs.claimed(own, at(1));
        assert!(addrs.ages_at().is_due(at(1)));
        assert!(matches!(addrs.age(at(1)), Some(Aged::Lost(_))));
        assert!(addrs.age(at(1)).is_none(), "once");
        assert_eq!(
            (addrs.ages_at(), addrs.checks_at()),
            (Deadline::NEVER, Deadline::NEVER)
        );
        assert_eq!(steps(&mut addrs, &mut random).len(), 0);
        assert!(!addrs.owns(own) && !addrs.is_tentative(own));
        let states: Vec<_> = addrs.all().map(|own| own.info().state).collect();
        assert_eq!(states, [AddrState::Duplicate], "the program can see it");
        // Added again, it is asked for again.
        let config = AddrConfig::DETECT;
        let cidr = cidr.parse().unwrap();
        addrs
            .add(cidr, AddrOrigin::Manual, &config, at(2), &mut random)
            .unwrap();
        assert!(addrs.is_tentative(own));
    }
}

#[test]
fn rfc5227_2_4_an_address_in_use_is_defended_as_the_program_wants() {
    for (defend, kept, announced) in [
        (Defend::Never, [false, false, false], 0),
        (Defend::Once, [true, false, false], 1),
        (Defend::Always, [true, true, true], 2),
    ] {
        let mut addrs = addresses(&[]);
        let mut random = Random::new([0; 16]);
        let config = AddrConfig {
            defend,
            ..AddrConfig::STATIC
        };
        let (cidr, own) = ("192.0.2.1/24".parse().unwrap(), ip("192.0.2.1"));
        addrs
            .add(cidr, AddrOrigin::Manual, &config, at(0), &mut random)
            .unwrap();
        let mut count = 0;
        for (time, kept) in [1000, 10_999, 11_000].into_iter().zip(kept) {
            addrs.claimed(own, at(time));
            if let Some(step) = addrs.next_check(at(time), RETRANS, &mut random) {
                assert_eq!(step, CheckStep::Announce(own));
                count += 1;
            }
            assert_eq!(addrs.owns(own), kept, "{defend:?} at {time}");
            assert_eq!(addrs.checks_at(), Deadline::NEVER);
        }
        assert_eq!(count, announced, "{defend:?}");
    }
}

#[test]
fn rfc4862_5_5_4_addresses_are_preferred_then_deprecated_then_gone() {
    let mut addrs = addresses(&[]);
    let mut random = Random::new([0; 16]);
    let config = AddrConfig {
        preferred: Some(Duration::from_secs(10)),
        valid: Some(Duration::from_secs(20)),
        ..AddrConfig::STATIC
    };
    let (cidr, own) = ("2001:db8::1/64".parse().unwrap(), ip("2001:db8::1"));
    let mut add = |addrs: &mut Addresses<'_>, now| {
        addrs.add(cidr, AddrOrigin::Manual, &config, now, &mut random)
    };
    add(&mut addrs, at(0)).unwrap();
    let state = |addrs: &Addresses<'_>| addrs.all().next().map(|own| own.info().state);
    assert_eq!(addrs.ages_at(), Deadline::at(at(10_000)));
    assert!(addrs.age(at(9_999)).is_none());
    assert_eq!(state(&addrs), Some(AddrState::Preferred));
    assert!(addrs.age(at(10_000)).is_none());
    assert_eq!(state(&addrs), Some(AddrState::Deprecated));
    assert_eq!(
        addrs.source_for(ip("2001:db8::9")),
        Some(own),
        "if there is no other"
    );
    assert_eq!(addrs.ages_at(), Deadline::at(at(20_000)));
    // Renewed in time it is preferred again.
    add(&mut addrs, at(15_000)).unwrap();
    assert_eq!(state(&addrs), Some(AddrState::Preferred));
    assert!(addrs.age(at(34_999)).is_none());
    assert!(matches!(addrs.age(at(35_000)), Some(Aged::Gone(gone)) if gone.addr() == own));
    assert_eq!(state(&addrs), None);
    assert_eq!(addrs.ages_at(), Deadline::NEVER);
}

#[test]
fn a_static_address_costs_no_timer() {
    let addrs = addresses(&["192.0.2.1/24", "2001:db8::1/64"]);
    assert_eq!(
        (addrs.ages_at(), addrs.checks_at()),
        (Deadline::NEVER, Deadline::NEVER)
    );
    assert!(addrs.all().all(|own| own.life().check == Check::Idle));
}
