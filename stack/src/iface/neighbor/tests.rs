//! Tests of the neighbor state machine.

use super::*;
use alloc::vec;
use core::net::Ipv4Addr;
use litz_wire::EthernetAddress;

const MAC: HardwareAddr = HardwareAddr::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 9]));
const OTHER: HardwareAddr = HardwareAddr::Ethernet(EthernetAddress([2, 0, 0, 0, 0, 8]));

fn host(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, n))
}

fn cache(slots: usize) -> NeighborCache<'static> {
    NeighborCache::new(vec![NeighborSlot::EMPTY; slots].into())
}

/// The station that a packet would go to.
fn station(cache: &mut NeighborCache<'_>, now: Instant) -> Option<HardwareAddr> {
    match cache.resolve(host(1), now) {
        Resolution::Known { station, .. } => Some(station),
        Resolution::Wait => None,
    }
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

#[test]
fn an_unknown_neighbor_is_asked_for_three_times_a_second_apart() {
    let mut cache = cache(4);
    assert_eq!(cache.resolve(host(1), at(0)), Resolution::Wait);
    for second in 0..3 {
        let now = at(second * 1000);
        assert_eq!(cache.poll_at(), Deadline::at(now));
        assert_eq!(cache.next_solicit(now), Some(Solicit::Multicast(host(1))));
        assert_eq!(cache.next_solicit(now), None);
    }
    assert_eq!(cache.next_solicit(at(3000)), None);
    assert!(!cache.contains(host(1)));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
}

#[test]
fn each_neighbor_has_its_own_timer() {
    let mut cache = cache(4);
    cache.resolve(host(1), at(0));
    assert_eq!(cache.next_solicit(at(0)), Some(Solicit::Multicast(host(1))));
    cache.resolve(host(2), at(1));
    assert_eq!(cache.next_solicit(at(1)), Some(Solicit::Multicast(host(2))));
    assert_eq!(cache.poll_at(), Deadline::at(at(1000)));
}

#[test]
fn an_answer_resolves_and_goes_stale_and_is_probed_when_used() {
    let mut cache = cache(4);
    cache.resolve(host(1), at(0));
    cache.next_solicit(at(0));
    let answer = Evidence::Solicited { overrides: true };
    assert!(cache.learn(host(1), MAC, answer, at(1)));
    assert_eq!(station(&mut cache, at(29_000)), Some(MAC));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
    // Beyond REACHABLE_TIME it is still used, and checked five seconds later.
    assert_eq!(station(&mut cache, at(40_000)), Some(MAC));
    assert_eq!(cache.poll_at(), Deadline::at(at(45_000)));
    for second in 45..48 {
        let probe = cache.next_solicit(at(second * 1000));
        assert_eq!(probe, Some(Solicit::Unicast(host(1), MAC)));
        assert_eq!(station(&mut cache, at(second * 1000)), Some(MAC));
    }
    assert_eq!(cache.next_solicit(at(48_000)), None);
    assert!(!cache.contains(host(1)));
}

#[test]
fn who_was_not_asked_makes_no_entry() {
    let mut cache = cache(4);
    for evidence in [
        Evidence::Solicited { overrides: true },
        Evidence::Unsolicited { overrides: true },
    ] {
        assert!(!cache.learn(host(1), MAC, evidence, at(0)));
        assert!(!cache.contains(host(1)));
    }
    assert!(!cache.learn(host(1), MAC, Evidence::Asked, at(0)));
    assert_eq!(cache.known(host(1)), Some(MAC));
}

#[test]
fn a_hardware_address_that_is_no_station_is_not_believed() {
    let mut cache = cache(4);
    cache.resolve(host(1), at(0));
    let answer = Evidence::Solicited { overrides: true };
    for addr in [
        EthernetAddress::BROADCAST,
        EthernetAddress([0x33, 0x33, 0, 0, 0, 1]),
    ] {
        assert!(!cache.learn(host(1), addr.into(), answer, at(0)));
    }
    assert_eq!(cache.known(host(1)), None);
}

#[test]
fn an_answer_without_override_does_not_replace_an_address() {
    let mut cache = cache(4);
    cache.learn(host(1), MAC, Evidence::Asked, at(0));
    cache.learn(
        host(1),
        OTHER,
        Evidence::Solicited { overrides: false },
        at(0),
    );
    assert_eq!(cache.known(host(1)), Some(MAC));
    cache.learn(
        host(1),
        OTHER,
        Evidence::Solicited { overrides: true },
        at(0),
    );
    assert_eq!(cache.known(host(1)), Some(OTHER));
}

#[test]
fn a_flood_of_askers_displaces_the_longest_unused() {
    let mut cache = cache(3);
    cache.learn(host(1), MAC, Evidence::Asked, at(0));
    for n in 2..100 {
        cache.learn(host(n), OTHER, Evidence::Asked, at(i64::from(n) * 10));
        cache.resolve(host(1), at(i64::from(n) * 10 + 5));
    }
    assert_eq!(cache.known(host(1)), Some(MAC));
    assert_eq!(cache.iter().count(), 3);
}

#[test]
fn no_slots_means_no_neighbors_and_no_panic() {
    let mut cache = cache(0);
    assert_eq!(cache.resolve(host(1), at(0)), Resolution::Wait);
    assert!(!cache.learn(host(1), MAC, Evidence::Asked, at(0)));
    assert_eq!(cache.next_solicit(at(0)), None);
}
