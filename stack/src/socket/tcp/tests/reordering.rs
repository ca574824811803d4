//! Segments that overtake each other by more than three: what was missing comes by itself after it
//! was sent again (RFC 8985 §6.2, RFC 3522, RFC 3708).

use std::vec;
use std::vec::Vec;

use super::super::*;
use super::rig::{Peer, Rig, at, peer};

/// An open connection, segments in flight, and 10 ms later; how long a segment is.
fn busy(timestamps: TimestampUse) -> (Rig, i64) {
    let config = TcpConfig {
        timestamps,
        congestion: CongestionControl::NewReno,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::syn_sent(100_000, config);
    rig.after(10);
    rig.input(peer(-1, 0).syn().options(echoing(1, timestamps)));
    let sent = rig.write(&vec![1; 60_000]);
    let len = sent[0].payload.len() as i64;
    rig.after(10);
    (rig, len)
}

/// Options of the peer, with a timestamp that echoes ours.
fn echoing(echo: u32, timestamps: TimestampUse) -> TcpOptionSet<'static> {
    let stamp = TcpOptionTimestamp {
        tsval: 7,
        tsecr: echo,
    };
    TcpOptionSet {
        timestamp: (timestamps == TimestampUse::Offer).then_some(stamp),
        mss: Some(1000),
        sack_permitted: true,
        ..TcpOptionSet::default()
    }
}

fn before(sent: &[super::pair::Flying], end: i64) -> Vec<i64> {
    sent.iter().map(at).filter(|at| *at < end).collect()
}

/// The original arrives late, and what was sent again is reported twice: from then on gaps wait for
/// their time, however many segments follow them.
#[test]
fn a_late_original_makes_rack_patient() {
    let (mut rig, len) = busy(TimestampUse::Off);
    let mut again = Vec::new();
    for end in 2..=4 {
        let ack = peer(0, 0).sack(&[(len, end * len)]);
        again.extend(before(&rig.input(ack), 10 * len));
    }
    assert_eq!(again, [0]);
    rig.input(peer(0, 4 * len));
    rig.input(peer(0, 4 * len).sack(&[(0, len)]));
    assert_eq!(rig.end.counters.spurious_recoveries, 1);
    for end in 6..=10 {
        let sent = rig.input(peer(0, 4 * len).sack(&[(5 * len, end * len)]));
        assert_eq!(before(&sent, 10 * len), [0; 0]);
    }
    assert_eq!(rig.end.counters.fast_retransmits, 1);
}

/// Two gaps are repaired, and the original of the first arrives: the reduction stays until it is
/// clear whether the other one was lost.
#[test]
fn one_late_original_proves_nothing_about_another_gap() {
    for lost in [false, true] {
        let (mut rig, len) = busy(TimestampUse::Offer);
        let original = rig.end.tcb.stamps.option(rig.instant()).unwrap().tsval - 10;
        let ack = |echo: u32, to: i64, blocks: &[(i64, i64)]| -> Peer {
            let options = echoing(echo, TimestampUse::Offer);
            peer(0, to).options(options).sack(blocks)
        };
        let mut again = Vec::new();
        for end in 4..=9 {
            let blocks = [(3 * len, end * len), (len, 2 * len)];
            again.extend(before(&rig.input(ack(original, 0, &blocks)), 10 * len));
        }
        assert_eq!(again, [0, 2 * len]);
        let window = rig.end.tcb.info().slow_start_threshold;
        rig.after(2);
        rig.input(ack(original, 2 * len, &[(3 * len, 9 * len)]));
        assert_eq!(rig.end.counters.spurious_recoveries, 0);
        let echo = original + if lost { 10 } else { 0 };
        rig.input(ack(echo, 9 * len, &[]));
        let taken_back = rig.end.tcb.info().slow_start_threshold > window;
        assert_eq!(taken_back, !lost);
        assert_eq!(rig.end.counters.spurious_recoveries, u32::from(!lost));
    }
}

/// Blocks stand in the order in which they changed last (RFC 2018 §4), and acknowledgments get
/// lost: several new ones in one of them tell nothing about who overtook whom.
#[test]
fn two_new_blocks_are_no_reordering() {
    let (mut rig, len) = busy(TimestampUse::Off);
    let blocks = [(3 * len, 6 * len), (len, 2 * len)];
    let sent = rig.input(peer(0, 0).sack(&blocks));
    assert_eq!(before(&sent, 10 * len), [0]);
}
