//! Tests of what a router makes of registrations.

use litz_wire::Eui64;

use super::*;

fn station(number: u8) -> Eui64 {
    Eui64([2, 0, 0, 0, 0, 0, 0, number])
}

fn addr(number: u16) -> Ipv6Addr {
    Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, number)
}

fn ask(of: u8, number: u16) -> Ask {
    Ask {
        addr: addr(number),
        at: RegisteredAt::Station(station(of).into()),
        owner: station(of).into(),
        number: Some(240),
        minutes: 10,
        authentic: false,
    }
}

fn registrar(quota: usize, slots: usize) -> Registrar<'static> {
    Registrar::new(quota, std::vec![RegisteredSlot::EMPTY; slots].into())
}

const NOW: Instant = Instant::from_secs(100);

fn later(seconds: u64) -> Instant {
    NOW.saturating_add(Duration::from_secs(seconds))
}

#[test]
fn rfc6775_6_5_an_address_is_its_first_owners_until_its_time_is_over() {
    let mut registrar = registrar(2, 4);
    let success = Some(RegistrationStatus::Success);
    assert_eq!(registrar.judge(NOW, &ask(1, 1)), success);
    let of = |registrar: &Registrar<'_>, at| registrar.station(IpAddr::V6(addr(1)), at);
    assert_eq!(of(&registrar, NOW), Some(station(1).into()));
    let other = registrar.judge(later(1), &ask(2, 1));
    assert_eq!(other, Some(RegistrationStatus::Duplicate));
    assert_eq!(of(&registrar, later(599)), Some(station(1).into()));
    assert_eq!(of(&registrar, later(600)), None);
    assert_eq!(registrar.judge(later(600), &ask(2, 1)), success);
    assert_eq!(of(&registrar, later(600)), Some(station(2).into()));
}

#[test]
fn rfc6775_5_5_a_lifetime_of_zero_ends_the_registration() {
    let mut registrar = registrar(2, 4);
    registrar.judge(NOW, &ask(1, 1));
    let end = |of| Ask {
        minutes: 0,
        ..ask(of, 1)
    };
    let other = registrar.judge(NOW, &end(2));
    assert_eq!(other, Some(RegistrationStatus::Duplicate));
    assert_eq!(registrar.iter(NOW).count(), 1);
    for _ in 0..2 {
        let own = registrar.judge(NOW, &end(1));
        assert_eq!(own, Some(RegistrationStatus::Success));
        assert_eq!(registrar.iter(NOW).count(), 0);
    }
}

#[test]
fn rfc8505_5_2_the_latest_number_says_where_the_owner_is() {
    let mut registrar = registrar(2, 4);
    registrar.judge(NOW, &ask(1, 1));
    let moved = |number| Ask {
        at: RegisteredAt::Station(station(9).into()),
        number: Some(number),
        ..ask(1, 1)
    };
    let newer = registrar.judge(NOW, &moved(241));
    assert_eq!(newer, Some(RegistrationStatus::Success));
    let at = registrar.station(IpAddr::V6(addr(1)), NOW);
    assert_eq!(at, Some(station(9).into()));
    let older = registrar.judge(NOW, &ask(1, 1));
    assert_eq!(older, Some(RegistrationStatus::Moved));
    let again = registrar.judge(NOW, &moved(241));
    assert_eq!(again, Some(RegistrationStatus::Success));
    let at = registrar.station(IpAddr::V6(addr(1)), NOW);
    assert_eq!(at, Some(station(9).into()));
}

#[test]
fn a_station_has_its_quota_and_nobody_is_displaced() {
    let mut registrar = registrar(2, 4);
    let full = Some(RegistrationStatus::CacheFull);
    let success = Some(RegistrationStatus::Success);
    assert_eq!(registrar.judge(NOW, &ask(1, 1)), success);
    assert_eq!(registrar.judge(NOW, &ask(1, 2)), success);
    assert_eq!(registrar.judge(NOW, &ask(1, 3)), full);
    for invented in 2..200 {
        let answer = registrar.judge(NOW, &ask(invented, 100 + u16::from(invented)));
        assert_eq!(answer, if invented < 4 { success } else { full });
    }
    assert_eq!(registrar.judge(NOW, &ask(1, 1)), success);
}

#[test]
fn who_has_the_key_displaces_who_has_not() {
    let mut registrar = registrar(2, 4);
    for invented in 10..100 {
        registrar.judge(NOW, &ask(invented, invented.into()));
    }
    for of in 1..=4 {
        let honest = Ask {
            authentic: true,
            ..ask(of, of.into())
        };
        let answer = registrar.judge(NOW, &honest);
        assert_eq!(answer, Some(RegistrationStatus::Success));
        // The same without the key is not answered, whatever it says.
        let end = Ask {
            minutes: 0,
            ..ask(of, of.into())
        };
        assert_eq!(registrar.judge(NOW, &end), None);
    }
    let honest = Ask {
        authentic: true,
        ..ask(5, 5)
    };
    let answer = registrar.judge(NOW, &honest);
    assert_eq!(answer, Some(RegistrationStatus::CacheFull));
    assert_eq!(registrar.iter(NOW).count(), 4);
}
