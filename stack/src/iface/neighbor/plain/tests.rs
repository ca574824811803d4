//! Tests of neighbors that are asked for once a minute.

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

fn advert(solicited: bool, overrides: bool, router: Option<bool>) -> Evidence {
    Evidence::Advert {
        solicited,
        overrides,
        router,
    }
}

/// An answer to a question.
const fn answer() -> Evidence {
    Evidence::Advert {
        solicited: true,
        overrides: true,
        router: None,
    }
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

/// The station that a packet for the first host would go to.
fn station(cache: &mut NeighborCache<'_>, millis: i64) -> Option<HardwareAddr> {
    match cache.resolve(host(1), at(millis)) {
        Resolution::Known { station, .. } => Some(station),
        Resolution::Wait => None,
    }
}

/// A cache that has learned of the first host at time 0.
fn resolved() -> NeighborCache<'static> {
    let mut cache = cache(4);
    assert_eq!(station(&mut cache, 0), None);
    assert!(cache.learn(host(1), Some(MAC), answer(), at(0)).resolved);
    cache
}

#[test]
fn an_unknown_neighbor_is_asked_for_three_times_a_second_apart() {
    let mut cache = cache(4);
    assert_eq!(station(&mut cache, 0), None);
    for second in 0..3 {
        let now = at(second * 1000);
        assert_eq!(cache.poll_at(), Deadline::at(now));
        assert_eq!(cache.next_solicit(now), Some(Solicit::Multicast(host(1))));
        assert_eq!(cache.next_solicit(now), None);
        assert_eq!(station(&mut cache, second * 1000), None);
    }
    assert_eq!(cache.next_solicit(at(3000)), Some(Solicit::GiveUp(host(1))));
    assert_eq!(cache.next_solicit(at(3000)), None);
    assert!(!cache.contains(host(1)));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
}

#[test]
fn rfc1122_2_3_2_1_who_is_sent_to_is_asked_for_once_a_minute_and_packets_go_on() {
    let mut cache = resolved();
    assert_eq!(station(&mut cache, 59_999), Some(MAC));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
    assert_eq!(station(&mut cache, 60_000), Some(MAC));
    let solicit = cache.next_solicit(at(60_000));
    assert_eq!(solicit, Some(Solicit::Multicast(host(1))));
    assert_eq!(station(&mut cache, 60_500), Some(MAC), "until it is known");
    // The address is somebody else's now.
    let learned = cache.learn(host(1), Some(OTHER), answer(), at(60_600));
    assert!(!learned.resolved, "nothing waits for it");
    assert_eq!(station(&mut cache, 60_700), Some(OTHER));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
    assert_eq!(station(&mut cache, 120_599), Some(OTHER));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
}

#[test]
fn who_does_not_answer_any_more_is_forgotten() {
    let mut cache = resolved();
    assert_eq!(station(&mut cache, 60_000), Some(MAC));
    for millis in [60_000, 61_000, 62_000] {
        let solicit = cache.next_solicit(at(millis));
        assert_eq!(solicit, Some(Solicit::Multicast(host(1))));
    }
    let solicit = cache.next_solicit(at(63_000));
    assert_eq!(solicit, Some(Solicit::GiveUp(host(1))));
    assert_eq!(station(&mut cache, 63_000), None);
}

#[test]
fn nobody_is_asked_for_who_is_not_sent_to() {
    let mut cache = resolved();
    assert_eq!(cache.next_solicit(at(1_000_000)), None);
    assert_eq!(cache.known(host(1)), Some(MAC));
}

#[test]
fn layers_above_confirm_and_doubt() {
    let mut cache = resolved();
    cache.confirm(host(1), at(50_000));
    assert_eq!(station(&mut cache, 109_999), Some(MAC));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
    cache.doubt(host(1), at(70_000));
    assert_eq!(cache.poll_at(), Deadline::at(at(70_000)));
    cache.next_solicit(at(70_000));
    cache.doubt(host(1), at(70_500));
    assert_eq!(cache.poll_at(), Deadline::at(at(71_000)), "once");
    cache.confirm(host(2), at(0));
    assert!(!cache.contains(host(2)));
}

#[test]
fn an_unsolicited_answer_resolves_nothing_unknown_and_a_request_does() {
    let mut cache = cache(4);
    cache.learn(host(1), Some(MAC), answer(), at(0));
    assert_eq!(cache.known(host(1)), None);
    cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    assert_eq!(cache.iter().next(), Some((host(1), MAC)));
}

#[test]
fn rfc4861_7_2_5_who_does_not_override_replaces_nothing() {
    let mut cache = resolved();
    for solicited in [false, true] {
        let hint = advert(solicited, false, None);
        let learned = cache.learn(host(1), Some(OTHER), hint, at(1));
        assert_eq!(learned, Learned::default());
        assert_eq!(cache.known(host(1)), Some(MAC));
    }
    cache.learn(host(1), None, answer(), at(1));
    assert_eq!(cache.known(host(1)), Some(MAC));
    let group = HardwareAddr::Ethernet(EthernetAddress::BROADCAST);
    cache.learn(host(1), Some(group), answer(), at(1));
    assert_eq!(cache.known(host(1)), Some(MAC));
}

#[test]
fn rfc6583_strangers_displace_nobody_in_use() {
    let mut cache = cache(2);
    for n in 1..=2 {
        cache.resolve(host(n), at(0));
        cache.learn(host(n), Some(MAC), answer(), at(0));
    }
    for n in 3..100 {
        cache.learn(host(n), Some(OTHER), Evidence::Asked, at(1));
    }
    assert_eq!(cache.known(host(1)), Some(MAC));
    assert_eq!(cache.known(host(2)), Some(MAC));
    // One that has aged makes room.
    cache.learn(host(3), Some(OTHER), Evidence::Asked, at(60_000));
    assert_eq!(cache.known(host(3)), Some(OTHER));
}

#[test]
fn rfc6583_who_makes_us_ask_for_many_displaces_one_neighbor_in_use_at_most() {
    let mut cache = cache(8);
    for n in 1..=8 {
        cache.resolve(host(n), at(0));
        cache.learn(host(n), Some(MAC), answer(), at(0));
    }
    for scan in 0..1000 {
        let addr = Ipv4Addr::from_bits(0x0a00_0000 | scan);
        cache.resolve(IpAddr::V4(addr), at(i64::from(scan)));
    }
    let kept = (1..=8).filter(|&n| cache.known(host(n)).is_some()).count();
    assert_eq!(kept, 7);
    assert_eq!(cache.take_displaced(), QUEUE, "what waits for them is told");
}

#[test]
fn rfc4861_7_2_5_a_router_that_says_it_is_none_leaves_the_routers() {
    let mut cache = cache(4);
    cache.learn(host(1), Some(MAC), Evidence::Router, at(0));
    let asks = cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    assert!(!asks.left_routers);
    let leaves = advert(true, true, Some(false));
    let learned = cache.learn(host(1), Some(MAC), leaves, at(0));
    assert_eq!(learned.left_routers, AUTOCONF);
    assert!(!cache.learn(host(1), Some(MAC), leaves, at(0)).left_routers);
}

#[test]
fn what_routers_say_of_timers_changes_none() {
    let mut cache = cache(4);
    cache.set_retrans_timer(Duration::from_millis(10));
    cache.set_reachable_time(Duration::from_millis(10));
    assert_eq!(cache.retrans_timer(), RETRANS_TIMER);
    assert_eq!(cache.resolve(host(1), at(0)), Resolution::Wait);
    cache.next_solicit(at(0));
    assert_eq!(cache.poll_at(), Deadline::at(at(1000)));
    cache.learn(host(1), Some(MAC), answer(), at(0));
    assert_eq!(station(&mut cache, 1000), Some(MAC));
    assert_eq!(cache.poll_at(), Deadline::NEVER);
}

#[test]
fn no_slots_means_no_neighbors_and_no_panic() {
    let mut cache = NeighborCache::default();
    assert_eq!(cache.resolve(host(1), at(0)), Resolution::Wait);
    let learned = cache.learn(host(1), Some(MAC), Evidence::Asked, at(0));
    assert!(!learned.resolved);
    assert_eq!(cache.next_solicit(at(0)), None);
}
