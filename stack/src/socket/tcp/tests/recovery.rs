//! Finding and repairing losses with selective acknowledgments, step by step: RFC 6675, RFC 8985,
//! RFC 6937, RFC 3522, RFC 3708, RFC 5682.

use std::vec;
use std::vec::Vec;

use super::super::*;
use super::pair::Flying;
use super::rig::{Rig, at, only, peer};

/// Positions and lengths of segments.
fn shape(sent: &[Flying]) -> Vec<(i64, usize)> {
    sent.iter()
        .map(|segment| (at(segment), segment.payload.len()))
        .collect()
}

fn reno() -> TcpConfig {
    TcpConfig {
        congestion: CongestionControl::NewReno,
        ..TcpConfig::DEFAULT
    }
}

/// An open connection with SACK, ten segments of 1000 octets in flight, and 10 ms later.
fn busy(config: TcpConfig) -> Rig {
    let mut rig = Rig::open_sack(100_000, config);
    assert_eq!(rig.write(&vec![1; 60_000]).len(), 10);
    assert!(rig.after(10).is_empty());
    rig
}

/// RFC 6675 §5, RFC 8985 §3.1: three segments behind a gap tell of a loss, and each lets a new one
/// out (limited transmit) until then.
#[test]
fn three_segments_behind_a_gap_repair_it() {
    let mut rig = busy(reno());
    let sent = rig.input(peer(0, 0).sack(&[(1000, 2000)]));
    assert_eq!(shape(&sent), [(10_000, 1000)]);
    let sent = rig.input(peer(0, 0).sack(&[(1000, 3000)]));
    assert_eq!(shape(&sent), [(11_000, 1000)]);
    let sent = rig.input(peer(0, 0).sack(&[(1000, 4000)]));
    assert_eq!(shape(&sent), [(0, 1000)]);
    assert_eq!(rig.end.tcb.info().slow_start_threshold, 6_000);
}

/// Several losses in one window are repaired in one round trip, without a timeout.
#[test]
fn several_losses_are_repaired_at_once() {
    let mut rig = busy(reno());
    // 0, 2000 and 4000 are lost.
    let mut sent = Vec::new();
    sent.extend(rig.input(peer(0, 0).sack(&[(1000, 2000)])));
    sent.extend(rig.input(peer(0, 0).sack(&[(3000, 4000), (1000, 2000)])));
    for end in [6000, 7000, 8000, 9000, 10_000] {
        let blocks = [(5000, end), (3000, 4000), (1000, 2000)];
        sent.extend(rig.input(peer(0, 0).sack(&blocks)));
    }
    let again: Vec<i64> = sent.iter().map(at).filter(|at| *at < 10_000).collect();
    assert_eq!(again, [0, 2000, 4000]);
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
    assert_eq!(rig.end.counters.fast_retransmits, 1, "one reduction");
}

/// RFC 8985 §6.2: a segment sent again is lost again, and only time tells.
#[test]
fn lost_retransmission_is_found() {
    let mut rig = busy(reno());
    rig.input(peer(0, 0).sack(&[(1000, 2000)]));
    rig.input(peer(0, 0).sack(&[(1000, 3000)]));
    rig.after(1);
    let sent = rig.input(peer(0, 0).sack(&[(1000, 4000)]));
    assert_eq!(shape(&sent), [(0, 1000)]);
    rig.after(9);
    // What was sent before that arrives and says nothing about it.
    let sent = rig.input(peer(0, 0).sack(&[(1000, 12_000)]));
    assert!(!sent.is_empty() && sent.iter().all(|s| at(s) >= 12_000));
    rig.after(12);
    // What was sent after that arrives.
    let sent = rig.input(peer(0, 0).sack(&[(1000, 13_000)]));
    assert_eq!(at(&sent[0]), 0, "{sent:?}");
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
}

/// RFC 8985 §6.2: fewer than three segments behind the gap; a quarter of a round trip decides.
#[test]
fn reordering_window_repairs_what_few_segments_follow() {
    let mut rig = Rig::open_sack(100_000, reno());
    rig.write(&[1; 3000]);
    rig.after(10);
    assert!(rig.input(peer(0, 0).sack(&[(1000, 3000)])).is_empty());
    assert!(rig.after(2).is_empty());
    assert_eq!(shape(&rig.after(1)), [(0, 1000)]);
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
}

/// RFC 8985 §6.2, step 4: what overtakes without loss widens the window, and nothing is repaired.
#[test]
fn reordering_is_no_loss() {
    let mut rig = busy(reno());
    rig.input(peer(0, 0).sack(&[(1000, 2000)]));
    rig.input(peer(0, 2000));
    // It has been seen; now three segments behind a gap wait for their time.
    for end in [4000, 5000, 6000, 7000] {
        let sent = rig.input(peer(0, 2000).sack(&[(3000, end)]));
        assert!(sent.iter().all(|s| at(s) >= 10_000), "{sent:?}");
    }
    rig.input(peer(0, 7000));
    assert_eq!(rig.end.counters.retransmissions, 0);
}

/// RFC 8985 §7: the last segments are lost, and nothing follows that would tell.
#[test]
fn tail_loss_is_probed() {
    let mut rig = Rig::open_sack(100_000, reno());
    rig.write(&[1; 5000]);
    rig.after(10);
    rig.input(peer(0, 3000));
    let sent = rig.after(30);
    assert_eq!(
        shape(&sent),
        [(4000, 1000)],
        "the last one after two round trips"
    );
    assert_eq!(rig.end.counters.tail_probes, 1);
    rig.after(10);
    // It arrives and shows that the one before it is missing.
    let mut sent = rig.input(peer(0, 3000).sack(&[(4000, 5000)]));
    sent.extend(rig.after(5));
    assert_eq!(shape(&sent), [(3000, 1000)]);
    rig.after(10);
    rig.input(peer(0, 5000));
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
    assert_eq!(rig.end.tcb.send_queue(), 0);
}

/// RFC 8985 §7.4: a probe that repairs the only loss is answered like one.
#[test]
fn probe_that_repairs_reduces_the_window() {
    let mut rig = Rig::open_sack(100_000, reno());
    rig.write(&[1; 5000]);
    rig.after(10);
    rig.input(peer(0, 4000));
    assert_eq!(shape(&rig.after(250)), [(4000, 1000)]);
    let before = rig.end.tcb.info().congestion_window;
    rig.input(peer(0, 5000));
    assert_eq!(
        rig.end.tcb.info().congestion_window,
        before,
        "not known yet"
    );
    rig.write(&[1; 1000]);
    rig.input(peer(0, 6000));
    assert!(rig.end.tcb.info().congestion_window < before);
}

/// RFC 8985 §7.4.1: if both the probe and its original arrive, nothing was lost.
#[test]
fn needless_probe_costs_nothing() {
    for twice in [false, true] {
        let mut rig = Rig::open_sack(100_000, reno());
        rig.write(&[1; 5000]);
        rig.after(10);
        rig.input(peer(0, 4000));
        assert_eq!(shape(&rig.after(250)), [(4000, 1000)]);
        let before = rig.end.tcb.info().congestion_window;
        rig.input(peer(0, 5000));
        let second = peer(0, 5000);
        rig.input(if twice {
            second.sack(&[(4000, 5000)])
        } else {
            second
        });
        rig.write(&[1; 1000]);
        rig.input(peer(0, 6000));
        assert!(rig.end.tcb.info().congestion_window >= before, "{twice}");
    }
}

/// RFC 6937 §3: while more is in flight than the window will be, one segment goes out for every two
/// that arrive.
#[test]
fn rate_is_reduced_in_proportion() {
    let mut rig = Rig::open_sack(200_000, reno());
    rig.write(&vec![1; 150_000]);
    rig.after(10);
    for n in 1..=10 {
        rig.input(peer(0, n * 1000));
    }
    // Twenty in flight, from 10,000 on; the first is lost.
    rig.after(10);
    let mut out = Vec::new();
    for n in 1..20 {
        out.push(
            rig.input(peer(0, 10_000).sack(&[(11_000, 11_000 + n * 1000)]))
                .len(),
        );
    }
    assert_eq!(out[..2], [1, 1], "limited transmit");
    assert_eq!(out[2], 1, "the repair");
    // 22 were in flight: 11 shall be.
    let rest: usize = out[3..].iter().sum();
    assert!((7..=9).contains(&rest), "{out:?}");
    rig.input(peer(0, 32_000));
    assert_eq!(rig.end.tcb.info().slow_start_threshold, 11_000);
}

/// RFC 2018 §8: a peer that says it has something and then has not.
#[test]
fn reneging_is_survived() {
    let mut rig = busy(reno());
    rig.input(peer(0, 0).sack(&[(1000, 10_000)]));
    rig.after(10);
    // The gap is filled, but what followed is gone.
    rig.input(peer(0, 1000));
    let again = rig.after(2_000);
    assert_eq!(at(&again[0]), 1000, "{again:?}");
    let mut at_most = 1000;
    for n in 2..=12 {
        rig.input(peer(0, n * 1000));
        at_most = n * 1000;
    }
    assert_eq!(rig.end.tcb.send_queue(), 60_000 - at_most as usize);
}

/// RFC 3708: everything that was sent again is reported twice; the window is what it was.
#[test]
fn duplicates_take_a_reduction_back() {
    let mut rig = busy(reno());
    for end in [2000, 3000, 4000] {
        rig.input(peer(0, 0).sack(&[(1000, end)]));
    }
    assert!(rig.end.tcb.info().congestion_window < 10_000);
    rig.input(peer(0, 4000));
    rig.input(peer(0, 4000).sack(&[(0, 1000)]));
    assert!(rig.end.tcb.info().congestion_window >= 10_000);
    assert_eq!(rig.end.counters.spurious_recoveries, 1);
}

fn stamped(rig: &Rig, echo: u32) -> TcpOptionSet<'static> {
    let _ = rig;
    TcpOptionSet {
        timestamp: Some(TcpOptionTimestamp {
            tsval: 7,
            tsecr: echo,
        }),
        mss: Some(1000),
        sack_permitted: true,
        ..TcpOptionSet::default()
    }
}

/// RFC 3522: the first acknowledgment after a timeout echoes the original.
#[test]
fn timestamps_take_a_timeout_back() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..reno()
    };
    let mut rig = Rig::syn_sent(100_000, config);
    rig.after(10);
    let options = stamped(&rig, 0);
    rig.input(peer(-1, 0).syn().options(options));
    let sent = rig.write(&vec![1; 60_000]);
    let len = sent[0].payload.len() as i64;
    let original = sent[0].options.set().timestamp.unwrap().tsval;
    let window = rig.end.tcb.info().congestion_window;
    let again = rig.after(400);
    assert!(again.iter().any(|s| at(s) == 0));
    let ack = peer(0, len).options(stamped(&rig, original));
    rig.input(ack);
    assert_eq!(rig.end.counters.spurious_recoveries, 1);
    assert!(rig.end.tcb.info().congestion_window >= window);
    assert_eq!(rig.end.tcb.sent.lost(), 0, "nothing more is sent again");
}

/// RFC 5682 §3: what was not sent again is acknowledged, so the timeout was none.
#[test]
fn acknowledged_originals_take_a_timeout_back() {
    let mut rig = busy(reno());
    let window = rig.end.tcb.info().congestion_window;
    let sent = rig.after(300);
    assert!(sent.iter().any(|s| at(s) == 0) && rig.end.counters.retransmit_timeouts == 1);
    // The first acknowledgment could be of what was sent again: two new segments, no old one.
    let sent = rig.input(peer(0, 1000));
    assert!(
        !sent.is_empty() && sent.iter().all(|s| at(s) >= 10_000),
        "{sent:?}"
    );
    // The second cannot.
    rig.input(peer(0, 2000));
    assert_eq!(rig.end.counters.spurious_recoveries, 1);
    assert!(rig.end.tcb.info().congestion_window >= window);
}

/// RFC 5682 §3: a duplicate after that means that the timeout was one.
#[test]
fn real_timeout_is_not_taken_back() {
    let mut rig = busy(reno());
    rig.after(300);
    let new = rig.input(peer(0, 1000));
    let end = at(new.last().unwrap()) + 1000;
    let mut sent = rig.input(peer(0, 1000).sack(&[(end - 1000, end)]));
    sent.extend(rig.after(20));
    assert!(sent.iter().any(|s| at(s) == 1000), "{sent:?}");
    assert_eq!(rig.end.counters.spurious_recoveries, 0);
}

/// RFC 6298 §5, RFC 8985 §6.3: after a timeout what the peer has is not sent again.
#[test]
fn timeout_spares_what_has_arrived() {
    let mut rig = busy(reno());
    rig.input(peer(0, 0).sack(&[(1000, 2000)]));
    rig.end.tcb.timers.stop(Timer::Loss);
    rig.after(400);
    assert_eq!(rig.end.counters.retransmit_timeouts, 1);
    let mut again: Vec<i64> = Vec::new();
    for ack in [2000, 3000, 5000, 8000, 11_000] {
        again.extend(rig.input(peer(0, ack)).iter().map(at));
    }
    assert!(!again.contains(&1000), "{again:?}");
}

/// Blocks of nonsense: outside, empty, backwards. Nothing is believed.
#[test]
fn nonsense_blocks_are_ignored() {
    let mut rig = busy(reno());
    for blocks in [
        [(-5000, -4000)],
        [(2000, 2000)],
        [(3000, 2000)],
        [(5000, 50_000)],
        [(1 << 31, 3)],
        [(-1000, 20_000)],
    ] {
        rig.input(peer(0, 0).sack(&blocks));
        assert_eq!(rig.end.tcb.sent.sacked(), 0, "{blocks:?}");
    }
    assert_eq!(
        only(rig.input(peer(0, 1000))[..1].to_vec()).payload.len(),
        1000
    );
}
