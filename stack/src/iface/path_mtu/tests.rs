//! Tests of what is believed of paths.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));

fn mtus(slots: usize) -> PathMtus<'static> {
    PathMtus::new(std::vec![PathMtuSlot::EMPTY; slots].into())
}

#[test]
fn a_path_is_narrow_for_ten_minutes() {
    let mut mtus = mtus(2);
    let now = Instant::from_secs(5);
    assert!(mtus.learn(V6, 1400, 1500, now));
    assert_eq!(mtus.of(V6, now).min(1500), 1400);
    assert_eq!(mtus.of(V4, now).min(1500), 1500);
    let later = now.saturating_add(Duration::from_secs(599));
    assert_eq!(mtus.of(V6, later).min(1500), 1400);
    let later = now.saturating_add(Duration::from_secs(600));
    assert_eq!(mtus.of(V6, later).min(1500), 1500);
}

#[test]
fn no_report_makes_a_path_wider_or_too_narrow() {
    let mut mtus = mtus(2);
    let now = Instant::ZERO;
    assert!(mtus.learn(V6, 1400, 1500, now));
    assert!(!mtus.learn(V6, 1450, 1500, now));
    assert!(!mtus.learn(V6, 9000, 1500, now));
    assert!(mtus.learn(V6, 0, 1500, now));
    assert_eq!(mtus.of(V6, now).min(1500), 1280);
    assert!(mtus.learn(V4, 68, 1500, now));
    assert_eq!(mtus.of(V4, now).min(1500), 576);
}

#[test]
fn the_oldest_path_makes_way() {
    let mut mtus = mtus(2);
    let addr = |n| IpAddr::V4(Ipv4Addr::new(192, 0, 2, n));
    for n in 1..=3 {
        let now = Instant::from_secs(n.into());
        assert!(mtus.learn(addr(n), 1000, 1500, now));
    }
    let now = Instant::from_secs(4);
    let known: std::vec::Vec<_> = (1..=3).map(|n| mtus.of(addr(n), now).min(1500)).collect();
    assert_eq!(known, [1500, 1000, 1000]);
    assert!(!self::mtus(0).learn(V4, 1000, 1500, now), "no memory");
}

#[test]
fn plateaus_are_below_what_did_not_pass() {
    for len in [577, 1006, 1007, 1492, 1493, 1500, 2002, 9000, 65_535] {
        assert!(plateau(len) < len, "{len}");
    }
    assert_eq!(plateau(1500), 1492);
}
