//! Tests of the neighbor state machine.

use super::*;
use alloc::vec;
use core::net::{IpAddr, Ipv4Addr};
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

/// An answer to a question.
fn answer(overrides: bool) -> Evidence {
    Evidence::Advert {
        solicited: true,
        overrides,
        router: None,
    }
}

/// What nobody asked for.
fn hint(overrides: bool) -> Evidence {
    Evidence::Advert {
        solicited: false,
        overrides,
        router: None,
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
    assert_eq!(cache.next_solicit(at(3000)), Some(Solicit::GiveUp(host(1))));
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
    assert!(
        cache
            .learn(host(1), Some(MAC), answer(true), at(1))
            .resolved
    );
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
    assert_eq!(
        cache.next_solicit(at(48_000)),
        Some(Solicit::GiveUp(host(1)))
    );
    assert!(!cache.contains(host(1)));
}

#[test]
fn who_was_not_asked_makes_no_entry() {
    let mut cache = cache(4);
    for evidence in [answer(true), hint(true)] {
        assert!(!cache.learn(host(1), Some(MAC), evidence, at(0)).resolved);
        assert!(!cache.contains(host(1)));
    }
    assert!(
        !cache
            .learn(host(1), Some(MAC), Evidence::Asked, at(0))
            .resolved
    );
    assert_eq!(cache.known(host(1)), Some(MAC));
}

#[test]
fn a_hardware_address_that_is_no_station_is_not_believed() {
    let mut cache = cache(4);
    cache.resolve(host(1), at(0));
    for addr in [
        EthernetAddress::BROADCAST,
        EthernetAddress([0x33, 0x33, 0, 0, 0, 1]),
    ] {
        assert!(
            !cache
                .learn(host(1), Some(addr.into()), answer(true), at(0))
                .resolved
        );
    }
    assert_eq!(cache.known(host(1)), None);
}

#[test]
fn an_answer_without_override_does_not_replace_an_address() {
    let mut cache = cache(4);
    cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    cache.learn(host(1), Some(OTHER), answer(false), at(0));
    assert_eq!(cache.known(host(1)), Some(MAC));
    cache.learn(host(1), Some(OTHER), answer(true), at(0));
    assert_eq!(cache.known(host(1)), Some(OTHER));
}

#[test]
fn a_flood_of_askers_displaces_the_longest_unused() {
    let mut cache = cache(3);
    cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    for n in 2..100 {
        cache.learn(host(n), Some(OTHER), Evidence::Asked, at(i64::from(n) * 10));
        cache.resolve(host(1), at(i64::from(n) * 10 + 5));
    }
    assert_eq!(cache.known(host(1)), Some(MAC));
    assert_eq!(cache.iter().count(), 3);
}

#[test]
fn no_slots_means_no_neighbors_and_no_panic() {
    let mut cache = cache(0);
    assert_eq!(cache.resolve(host(1), at(0)), Resolution::Wait);
    assert!(
        !cache
            .learn(host(1), Some(MAC), Evidence::Asked, at(0))
            .resolved
    );
    assert_eq!(cache.next_solicit(at(0)), None);
}

/// A cache that knows the neighbor as reachable, with this router flag.
fn reachable(router: bool) -> NeighborCache<'static> {
    let mut cache = cache(4);
    cache.resolve(host(1), at(0));
    let first = advert(true, true, Some(router));
    assert!(cache.learn(host(1), Some(MAC), first, at(0)).resolved);
    cache
}

fn advert(solicited: bool, overrides: bool, router: Option<bool>) -> Evidence {
    Evidence::Advert {
        solicited,
        overrides,
        router,
    }
}

/// Whether using the neighbor begins to check it, so that it was stale.
fn is_stale(cache: &mut NeighborCache<'_>) -> bool {
    let before = cache.poll_at();
    cache.resolve(host(1), at(1));
    before == Deadline::NEVER && cache.poll_at() == Deadline::at(at(5001))
}

#[test]
fn rfc4861_7_2_5_what_an_advertisement_does_to_a_reachable_entry() {
    // solicited, override, address in the option; then: address known, stale.
    for (solicited, overrides, told, known, stale) in [
        (false, false, None, MAC, false),
        (false, false, Some(MAC), MAC, false),
        (false, false, Some(OTHER), MAC, true),
        (false, true, None, MAC, false),
        (false, true, Some(MAC), MAC, false),
        (false, true, Some(OTHER), OTHER, true),
        (true, false, None, MAC, false),
        (true, false, Some(MAC), MAC, false),
        (true, false, Some(OTHER), MAC, true),
        (true, true, None, MAC, false),
        (true, true, Some(MAC), MAC, false),
        (true, true, Some(OTHER), OTHER, false),
    ] {
        let mut cache = reachable(false);
        cache.learn(
            host(1),
            told,
            advert(solicited, overrides, Some(false)),
            at(0),
        );
        let case = (solicited, overrides, told);
        assert_eq!(cache.known(host(1)), Some(known), "{case:?}");
        assert_eq!(is_stale(&mut cache), stale, "{case:?}");
    }
}

#[test]
fn rfc4861_7_2_5_what_an_advertisement_does_to_a_stale_entry() {
    for (solicited, overrides, told, known, stale) in [
        (false, false, Some(OTHER), MAC, true),
        (true, false, Some(OTHER), MAC, true),
        (false, true, Some(MAC), MAC, true),
        (false, true, Some(OTHER), OTHER, true),
        (true, true, None, MAC, false),
        (true, false, Some(MAC), MAC, false),
        (true, true, Some(OTHER), OTHER, false),
    ] {
        let mut cache = cache(4);
        cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
        cache.learn(host(1), told, advert(solicited, overrides, None), at(0));
        let case = (solicited, overrides, told);
        assert_eq!(cache.known(host(1)), Some(known), "{case:?}");
        assert_eq!(is_stale(&mut cache), stale, "{case:?}");
    }
}

#[test]
fn rfc4861_7_2_5_an_incomplete_entry_takes_any_answer_with_an_address() {
    for overrides in [false, true] {
        let mut asking = cache(4);
        asking.resolve(host(1), at(0));
        let nothing = asking.learn(host(1), None, answer(overrides), at(0));
        assert_eq!(nothing, Learned::default(), "no address, no use");
        let unasked = asking.learn(host(1), Some(MAC), hint(overrides), at(0));
        assert!(unasked.resolved);
        assert!(is_stale(&mut asking), "not confirmed by an answer");
    }
}

#[test]
fn rfc4861_7_2_5_a_router_that_says_it_is_none_leaves_the_routers() {
    let mut cache = reachable(true);
    let keeps = cache.learn(host(1), Some(MAC), advert(true, true, Some(true)), at(0));
    assert!(!keeps.left_routers);
    // Rule I: an advertisement that is not believed says nothing of routers either.
    let other = cache.learn(
        host(1),
        Some(OTHER),
        advert(true, false, Some(false)),
        at(0),
    );
    assert!(!other.left_routers);
    let leaves = cache.learn(host(1), None, advert(true, true, Some(false)), at(0));
    assert!(leaves.left_routers);
    let again = cache.learn(host(1), None, advert(true, true, Some(false)), at(0));
    assert!(!again.left_routers, "once");
}

#[test]
fn rfc4861_7_2_3_a_solicitation_with_another_address_makes_the_entry_stale() {
    let mut cache = reachable(false);
    cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    assert!(!is_stale(&mut cache), "the same address changes nothing");
    let mut cache = reachable(false);
    cache.learn(host(1), Some(OTHER), Evidence::Asked, at(0));
    assert_eq!(cache.known(host(1)), Some(OTHER));
    assert!(is_stale(&mut cache));
}

#[test]
fn rfc4861_7_3_1_progress_of_a_layer_above_is_as_good_as_an_answer() {
    let mut cache = cache(4);
    cache.confirm(host(1), at(0));
    assert!(!cache.contains(host(1)), "it makes no entry");
    cache.resolve(host(1), at(0));
    cache.confirm(host(1), at(0));
    assert_eq!(cache.known(host(1)), None, "and resolves none");
    cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    assert!(is_stale(&mut cache));
    cache.confirm(host(1), at(2));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
    assert_eq!(cache.next_solicit(at(20_000)), None);
}

#[test]
fn what_a_router_says_of_timers_holds_for_ipv6_alone() {
    let mut cache = cache(4);
    cache.set_retrans_timer(Duration::from_millis(200));
    let v6: IpAddr = "fe80::9".parse().unwrap();
    cache.resolve(v6, at(0));
    assert_eq!(cache.next_solicit(at(0)), Some(Solicit::Multicast(v6)));
    assert_eq!(cache.poll_at(), Deadline::at(at(200)));
    cache.resolve(host(1), at(1));
    assert_eq!(cache.next_solicit(at(1)), Some(Solicit::Multicast(host(1))));
    while cache.next_solicit(at(600)).is_some() {}
    while cache.next_solicit(at(800)).is_some() {}
    while cache.next_solicit(at(1000)).is_some() {}
    assert_eq!(cache.poll_at(), Deadline::at(at(1001)));
}

#[test]
fn rfc6583_who_makes_us_ask_for_many_displaces_one_neighbor_in_use_at_most() {
    let mut cache = cache(8);
    for n in 1..=8 {
        cache.resolve(host(n), at(0));
        cache.learn(host(n), Some(MAC), answer(true), at(0));
    }
    for scan in 0..1_000_000_u32 {
        let now = at(i64::from(scan));
        let addr = Ipv4Addr::from_bits(0x0a00_0000 | scan);
        cache.resolve(IpAddr::V4(addr), now);
        for n in 2..=8 {
            if scan % 1000 == 0 {
                cache.resolve(host(n), now);
            }
        }
        if scan % 100 == 0 {
            while cache.next_solicit(now).is_some() {}
        }
        // They answer when they are asked, so only the scan can cost them their place.
        if scan % 1000 == 999 {
            for n in 1..=8 {
                cache.confirm(host(n), now);
            }
        }
    }
    let kept = (1..=8).filter(|&n| cache.known(host(n)).is_some()).count();
    assert_eq!(kept, 7, "one made room for who does not answer");
    assert!(cache.take_displaced(), "and what waits for them is told");
}

#[test]
fn rfc4861_6_2_6_who_seeks_routers_is_none() {
    let mut cache = reachable(true);
    assert!(
        !cache
            .learn(host(1), Some(MAC), Evidence::Asked, at(0))
            .left_routers
    );
    let seeks = cache.learn(host(1), Some(MAC), Evidence::SoughtRouter, at(0));
    assert!(seeks.left_routers);
    cache.learn(host(1), Some(MAC), Evidence::Router, at(0));
    assert!(
        cache
            .learn(host(1), None, Evidence::SoughtRouter, at(0))
            .left_routers
    );
}
