//! Tests of the waiting packets.

use super::*;
use alloc::vec;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

fn hop(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, n))
}

fn pending(slots: usize, octets: usize) -> Pending<'static> {
    let slots: Vec<_> = (0..slots)
        .map(|_| PendingSlot::new(vec![0; octets]))
        .collect();
    Pending::new(slots.into())
}

#[test]
fn packets_leave_in_order_and_only_for_their_hop() {
    let mut pending = pending(4, 8);
    for (n, octet) in [(1, 10), (2, 20), (1, 11)] {
        assert!(pending.keep(hop(n), 2, |buffer| buffer.fill(octet)));
    }
    let first = |pending: &mut Pending<'_>| {
        let (at, ()) = pending.find(|at| (at == hop(1)).then_some(()))?;
        pending.take(at, |_, packet| packet.to_vec())
    };
    assert_eq!(first(&mut pending), Some(vec![10, 10]));
    assert_eq!(first(&mut pending), Some(vec![11, 11]));
    assert_eq!(first(&mut pending), None);
    assert!(!pending.is_empty());
}

#[test]
fn the_oldest_makes_way_and_what_does_not_fit_is_refused() {
    let mut pending = pending(2, 8);
    assert!(!pending.keep(hop(1), 9, |_| {}));
    assert!(pending.keep(hop(1), 1, |buffer| buffer.fill(1)));
    assert!(pending.keep(hop(1), 1, |buffer| buffer.fill(2)));
    assert!(!pending.keep(hop(1), 1, |buffer| buffer.fill(3)));
    let all = |pending: &mut Pending<'_>| {
        let (at, ()) = pending.find(|_| Some(()))?;
        pending.take(at, |_, packet| packet.to_vec())
    };
    assert_eq!(all(&mut pending), Some(vec![2]));
    assert_eq!(all(&mut pending), Some(vec![3]));
    assert_eq!(all(&mut pending), None);
    assert!(pending.is_empty());
}
