//! Builds without fast retransmit: losses are found by the retransmission timer alone.

use super::super::*;
use super::pair::Flying;
use super::rig::{Rig, at, peer};

/// Where segments begin, and how long they are.
fn shape(sent: &[Flying]) -> std::vec::Vec<(i64, usize)> {
    sent.iter()
        .map(|sent| (at(sent), sent.payload.len()))
        .collect()
}

/// RFC 5681 §3.1: duplicates say nothing; the timer sends the first segment, whose acknowledgment
/// opens the window for the others by a segment each. What the peer turns out to have is not sent.
#[test]
fn duplicates_are_not_counted_and_the_timer_goes_back() {
    let mut rig = Rig::open(60_000, TcpConfig::DEFAULT);
    assert_eq!(rig.write(&[1; 6_000]).len(), 6);
    for _ in 0..10 {
        assert!(rig.input(peer(0, 0)).is_empty());
    }
    assert_eq!(shape(&rig.after(300)), [(0, 1000)]);
    assert_eq!(rig.end.tcb.info().congestion_window, 1000);
    assert_eq!(rig.end.tcb.info().slow_start_threshold, 3000);
    // The second was lost, too.
    assert_eq!(
        shape(&rig.input(peer(0, 1000))),
        [(1000, 1000), (2000, 1000)]
    );
    // The peer had all that followed.
    assert!(rig.input(peer(0, 6000)).is_empty());
    assert_eq!(rig.end.tcb.info().in_flight, 0);
    assert_eq!(rig.end.counters.fast_retransmits, 0);
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// RFC 6298 §5.7: the timeout stays doubled until something that was sent once is measured.
#[test]
fn rfc6298_back_off_ends_with_a_measurement() {
    let mut rig = Rig::open(60_000, TcpConfig::DEFAULT);
    rig.write(&[1; 2_000]);
    let single = rig.end.tcb.info().retransmit_timeout;
    rig.after(300);
    rig.input(peer(0, 2000));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        single.saturating_mul(2)
    );
    rig.write(&[2; 1_000]);
    rig.input(peer(0, 3000));
    assert!(rig.end.tcb.info().retransmit_timeout <= single);
}
