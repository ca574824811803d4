//! The examples of the RFCs, step by step as they stand there, each test named after its section.
//! What has no example is a script of the section's rules. More of each RFC, in the words of the
//! rules, is in `sack.rs`, `recovery.rs`, `sending.rs`, `timers.rs` and `congestion.rs`.

use std::vec;
use std::vec::Vec;

use super::super::congestion::{Ack, Congestion};
use super::super::rtt::{RtoLimits, RttEstimator};
use super::super::*;
use super::pair::Flying;
use super::rig::{Rig, acks, at, blocks, only, peer};

/// Positions of segments with data.
fn data(sent: &[Flying]) -> Vec<i64> {
    let data = sent.iter().filter(|segment| !segment.payload.is_empty());
    data.map(at).collect()
}

fn reno() -> TcpConfig {
    TcpConfig {
        congestion: CongestionControl::NewReno,
        ..TcpConfig::DEFAULT
    }
}

/// A segment of 500 octets at `at`, and what is acknowledged and reported for it.
fn arrives(rig: &mut Rig, at: i64) -> (i64, Vec<(i64, i64)>) {
    arrives_of(rig, at, 500)
}

/// The same of `len` octets.
fn arrives_of(rig: &mut Rig, at: i64, len: usize) -> (i64, Vec<(i64, i64)>) {
    let mut sent = rig.input(peer(at, 0).data(&vec![1; len]));
    if sent.is_empty() {
        sent = rig.after(50);
    }
    let ack = only(sent);
    (acks(&ack), blocks(&ack))
}

/// RFC 2018 §7, case 1: the last four of eight segments are lost, so nothing is reported.
#[test]
fn rfc2018_section_7_case_1() {
    let mut rig = Rig::open_sack(20_000, TcpConfig::DEFAULT);
    for n in 0..4 {
        assert_eq!(arrives(&mut rig, n * 500), (n * 500 + 500, vec![]));
    }
}

/// RFC 2018 §7, case 2: the first of eight is lost.
#[test]
fn rfc2018_section_7_case_2() {
    let mut rig = Rig::open_sack(20_000, TcpConfig::DEFAULT);
    for n in 1..8 {
        let reported = vec![(500, n * 500 + 500)];
        assert_eq!(arrives(&mut rig, n * 500), (0, reported));
    }
}

/// RFC 2018 §7, case 3: the second, fourth, sixth and eighth are lost; then the fourth arrives, and
/// the second. (The numbers there begin at 5000.)
#[test]
fn rfc2018_section_7_case_3() {
    let mut rig = Rig::open_sack(20_000, TcpConfig::DEFAULT);
    for (at, ack, reported) in [
        (0, 500, vec![]),
        (1000, 500, vec![(1000, 1500)]),
        (2000, 500, vec![(2000, 2500), (1000, 1500)]),
        (3000, 500, vec![(3000, 3500), (2000, 2500), (1000, 1500)]),
        (1500, 500, vec![(1000, 2500), (3000, 3500)]),
        (500, 2500, vec![(3000, 3500)]),
    ] {
        assert_eq!(arrives(&mut rig, at), (ack, reported), "segment {at}");
    }
}

/// Segments of 500 octets that arrive, with what is acknowledged and reported.
type Steps<'a> = &'a [(i64, i64, &'a [(i64, i64)])];

/// One of them with its length.
type Step<'a> = (i64, usize, i64, &'a [(i64, i64)]);

fn reports_of(steps: &[Step<'_>]) {
    let mut rig = Rig::open_sack(20_000, TcpConfig::DEFAULT);
    for (at, len, ack, reported) in steps {
        let found = arrives_of(&mut rig, *at, *len);
        assert_eq!(found, (*ack, reported.to_vec()), "segment {at}");
    }
}

fn reports(steps: Steps<'_>) {
    let mut rig = Rig::open_sack(20_000, TcpConfig::DEFAULT);
    for (at, ack, reported) in steps {
        let found = arrives(&mut rig, *at);
        assert_eq!(found, (*ack, reported.to_vec()), "segment {at}");
    }
}

/// RFC 2883 §4.1.1: a duplicate segment. (The numbers there begin at 3000.)
#[test]
fn rfc2883_section_4_1_1() {
    reports(&[(0, 500, &[]), (500, 1000, &[]), (0, 1000, &[(0, 500)])]);
}

/// RFC 2883 §4.1.2: an out-of-order segment and a duplicate segment.
#[test]
fn rfc2883_section_4_1_2() {
    reports(&[
        (0, 500, &[]),
        (500, 1000, &[]),
        (1500, 1000, &[(1500, 2000)]),
        (0, 1000, &[(0, 500), (1500, 2000)]),
    ]);
}

/// RFC 2883 §4.1.3: a duplicate of an out-of-order segment.
#[test]
fn rfc2883_section_4_1_3() {
    reports(&[
        (0, 500, &[]),
        (500, 1000, &[]),
        (1500, 1000, &[(1500, 2000)]),
        (2000, 1000, &[(1500, 2500)]),
        (2000, 1000, &[(2000, 2500), (1500, 2500)]),
    ]);
}

/// RFC 2883 §4.2.1: a larger segment of which one part is a duplicate. (The numbers there begin at
/// 500.)
#[test]
fn rfc2883_section_4_2_1() {
    reports_of(&[
        (0, 500, 500, &[]),
        (1500, 500, 500, &[(1500, 2000)]),
        (500, 500, 1000, &[(1500, 2000)]),
        (500, 1000, 2000, &[(500, 1000)]),
    ]);
}

/// RFC 2883 §4.2.2: two parts of a larger segment are duplicates; the first of them is reported.
#[test]
fn rfc2883_section_4_2_2() {
    reports_of(&[
        (0, 500, 500, &[]),
        (2500, 500, 500, &[(2500, 3000)]),
        (500, 500, 1000, &[(2500, 3000)]),
        (1500, 500, 1000, &[(1500, 2000), (2500, 3000)]),
        (500, 1500, 2000, &[(500, 1000), (2500, 3000)]),
    ]);
}

/// RFC 2883 §4.2.3: the same beyond a gap; the second block is the range that the first is part of.
#[test]
fn rfc2883_section_4_2_3() {
    reports_of(&[
        (0, 500, 500, &[]),
        (3000, 500, 500, &[(3000, 3500)]),
        (1000, 500, 500, &[(1000, 1500), (3000, 3500)]),
        (2000, 500, 500, &[(2000, 2500), (1000, 1500), (3000, 3500)]),
        (1000, 1500, 500, &[(1000, 1500), (1000, 2500), (3000, 3500)]),
    ]);
}

/// RFC 2883 §5.1: the network has made two of one.
#[test]
fn rfc2883_section_5_1() {
    reports(&[(0, 500, &[]), (500, 1000, &[]), (500, 1000, &[(500, 1000)])]);
}

/// RFC 2883 §5.2: a segment is late and was sent again; both arrive.
#[test]
fn rfc2883_section_5_2() {
    reports(&[
        (0, 500, &[]),
        (1000, 500, &[(1000, 1500)]),
        (1500, 500, &[(1000, 2000)]),
        (2000, 500, &[(1000, 2500)]),
        (500, 2500, &[]),
        (500, 2500, &[(500, 1000)]),
    ]);
}

/// RFC 2883 §5.3: all acknowledgments are lost, and the first segment comes again after a timeout.
#[test]
fn rfc2883_section_5_3() {
    reports(&[
        (0, 500, &[]),
        (500, 1000, &[]),
        (1000, 1500, &[]),
        (1500, 2000, &[]),
        (0, 2000, &[(0, 500)]),
    ]);
}

/// RFC 2883 §5.4: the sender's timeout was too short; what it has sent again follows what was late.
#[test]
fn rfc2883_section_5_4() {
    reports(&[
        (0, 500, &[]),
        (500, 1000, &[]),
        (1000, 1500, &[]),
        (1500, 2000, &[]),
        (0, 2000, &[(0, 500)]),
        (500, 2000, &[(500, 1000)]),
    ]);
}

/// RFC 6298 §2, rules 2.1 to 2.5.
#[test]
fn rfc6298_section_2() {
    let limits = |min, seconds| {
        RtoLimits::new(&TcpConfig {
            min_rto: Duration::from_micros(min),
            max_rto: Duration::from_secs(seconds),
            ..TcpConfig::DEFAULT
        })
    };
    // 2.1: a second until something is measured.
    let mut rtt = RttEstimator::new(1_000_000, limits(1, 60));
    assert_eq!(rtt.rto(), 1_000_000);
    // 2.2: SRTT = R, RTTVAR = R / 2, RTO = SRTT + 4 · RTTVAR.
    rtt.sample(100_000);
    assert_eq!(rtt.rto(), 300_000);
    // 2.3: RTTVAR = 3/4 · 50 + 1/4 · 40 ms, SRTT = 7/8 · 100 + 1/8 · 140 ms.
    rtt.sample(140_000);
    assert_eq!((rtt.smoothed(), rtt.variation()), (Some(105_000), 47_500));
    assert_eq!(rtt.rto(), 295_000);
    // 2.4: a second at least, if that is asked for; 2.5: a minute at most.
    let mut rtt = RttEstimator::new(1_000_000, limits(1_000_000, 60));
    rtt.sample(1_000);
    assert_eq!(rtt.rto(), 1_000_000);
    rtt.sample(100_000_000);
    assert_eq!(rtt.rto(), 60_000_000);
}

/// RFC 6298 §5, rules 5.1 to 5.6.
#[test]
fn rfc6298_section_5() {
    let config = TcpConfig {
        sack: false,
        min_rto: Duration::from_millis(200),
        ..reno()
    };
    let mut rig = Rig::open(8_192, config);
    // 5.1: data starts the timer. (There are 10 ms of round trip and so the minimum.)
    rig.write(&[1; 1000]);
    rig.after(100);
    // 5.1: it runs on with more data; 5.3: an acknowledgment of new data starts it anew.
    rig.write(&[1; 1000]);
    rig.input(peer(0, 1000));
    assert!(rig.after(150).is_empty());
    // 5.4, 5.5, 5.6: it expires; the earliest is sent again, with twice the time.
    assert_eq!(data(&rig.after(51)), [1000]);
    assert!(rig.after(390).is_empty());
    assert_eq!(data(&rig.after(11)), [1000]);
    assert!(rig.after(790).is_empty());
    assert_eq!(data(&rig.after(11)), [1000]);
    // 5.2: all is acknowledged, it is off.
    rig.input(peer(0, 2000));
    assert!(rig.after(60_000).is_empty());
    assert_eq!(rig.end.counters.retransmit_timeouts, 3);
}

/// RFC 5681 §3.1 and §3.2 with limited transmit: steps 1 to 6 for one loss of ten segments.
#[test]
fn rfc5681_section_3_2() {
    let config = TcpConfig {
        sack: false,
        ..reno()
    };
    let mut rig = Rig::open(100_000, config);
    assert_eq!(rig.write(&vec![1; 60_000]).len(), 10);
    rig.after(10);
    // 1: the first and the second duplicate let a new segment out each (RFC 3042).
    assert_eq!(data(&rig.input(peer(0, 0))), [10_000]);
    assert_eq!(data(&rig.input(peer(0, 0))), [11_000]);
    // 2, 3: the third: half of what was in flight before is the threshold, the lost one is sent.
    assert_eq!(data(&rig.input(peer(0, 0))), [0]);
    assert_eq!(rig.end.tcb.info().slow_start_threshold, 6_000);
    // 4, 5: the others let new segments out, fewer than there are duplicates.
    let mut new = Vec::new();
    for _ in 3..11 {
        new.extend(data(&rig.input(peer(0, 0))));
    }
    assert!((1..=6).contains(&new.len()), "{new:?}");
    assert_eq!(new[0], 12_000);
    // 6: an acknowledgment of all that was sent before ends it, with the threshold as the window,
    // or less, so that there is no burst (RFC 6582 §3.2, step 3, option 1).
    let sent = rig.input(peer(0, 12_000));
    let info = rig.end.tcb.info();
    let flight = 1000 * new.len() as u32;
    assert_eq!(info.congestion_window, 6_000.min(flight.max(1000) + 1000));
    assert_eq!(info.slow_start_threshold, 6_000);
    assert_eq!(data(&sent).len(), 1);
    assert_eq!(rig.end.counters.fast_retransmits, 1);
}

/// RFC 6582 §3.2: two of ten segments are lost; the partial acknowledgment sends the second again
/// at once, and only the full one ends recovery. Step 1: what follows is no second recovery.
#[test]
fn rfc6582_section_3_2() {
    let config = TcpConfig {
        sack: false,
        ..reno()
    };
    let mut rig = Rig::open(100_000, config);
    rig.write(&vec![1; 10_000]);
    rig.after(10);
    rig.input(peer(0, 0));
    rig.input(peer(0, 0));
    assert_eq!(data(&rig.input(peer(0, 0))), [0]);
    for _ in 3..8 {
        assert_eq!(data(&rig.input(peer(0, 0))), [0_i64; 0]);
    }
    rig.after(10);
    // The first is repaired, the sixth is missing, too.
    assert_eq!(data(&rig.input(peer(0, 5_000))), [5_000]);
    rig.after(10);
    rig.input(peer(0, 10_000));
    assert_eq!(rig.end.counters.retransmissions, 2);
    // One reduction; nothing is in flight, so that option 1 leaves two segments.
    let info = rig.end.tcb.info();
    assert_eq!(info.slow_start_threshold, 5_000);
    assert_eq!(info.congestion_window, 2_000);
}

/// RFC 6675 §5: the first and the fifth of ten segments are lost. NextSeg gives the lost in their
/// order, each once, and new data when the pipe has room.
#[test]
fn rfc6675_section_5() {
    let mut rig = Rig::open_sack(100_000, reno());
    rig.write(&vec![1; 60_000]);
    rig.after(10);
    let mut sent = Vec::new();
    for end in [2000, 3000, 4000] {
        sent.extend(data(&rig.input(peer(0, 0).sack(&[(1000, end)]))));
    }
    assert_eq!(sent, [10_000, 11_000, 0]);
    for end in [6000, 7000, 8000, 9000, 10_000, 11_000, 12_000] {
        let blocks = [(5000, end), (1000, 4000)];
        sent.extend(data(&rig.input(peer(0, 0).sack(&blocks))));
    }
    let again: Vec<i64> = sent.iter().copied().filter(|at| *at < 10_000).collect();
    assert_eq!(again, [0, 4000]);
    let new: Vec<i64> = sent.into_iter().filter(|at| *at >= 10_000).collect();
    assert!(new.is_sorted() && new.len() > 2, "{new:?}");
    // RFC 6675 §5, step C: the pipe is never above the window.
    let info = rig.end.tcb.info();
    assert!(info.congestion_window <= 6_000, "{info:?}");
}

/// A segment of ten octets with a timestamp, and what the acknowledgment echoes.
fn echoed(rig: &mut Rig, at: i64, tsval: u32) -> Option<u32> {
    let options = TcpOptionSet {
        timestamp: Some(TcpOptionTimestamp { tsval, tsecr: 0 }),
        ..TcpOptionSet::default()
    };
    let sent = rig.input(peer(at, 0).options(options).data(&[1; 10]));
    let ack = sent.into_iter().next()?;
    ack.options.set().timestamp.map(|stamp| stamp.tsecr)
}

fn stamped() -> Rig {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let options = TcpOptionSet {
        timestamp: Some(TcpOptionTimestamp { tsval: 0, tsecr: 0 }),
        sack_permitted: true,
        ..TcpOptionSet::default()
    };
    Rig::open_with(8_192, config, options)
}

/// RFC 7323 §4.3, first example: acknowledgments are delayed, and the earliest timestamp that has
/// not been acknowledged is echoed.
#[test]
fn rfc7323_section_4_3_delayed_acknowledgments() {
    let mut rig = stamped();
    assert_eq!(echoed(&mut rig, 0, 1), None);
    assert_eq!(echoed(&mut rig, 10, 2), Some(1));
    assert_eq!(echoed(&mut rig, 20, 3), None);
    let late = only(rig.after(50));
    assert_eq!(late.options.set().timestamp.unwrap().tsecr, 3);
}

/// RFC 7323 §4.3, second example: segments A to E, of which B and D come late. What came last in
/// order is echoed while there is a gap, then what filled it.
#[test]
fn rfc7323_section_4_3_gaps() {
    let mut rig = stamped();
    // A is acknowledged at once, as there.
    rig.end.tcb.marks.quick = 1;
    assert_eq!(echoed(&mut rig, 0, 1), Some(1));
    assert_eq!(echoed(&mut rig, 20, 3), Some(1), "C");
    assert_eq!(echoed(&mut rig, 10, 2), Some(2), "B");
    assert_eq!(echoed(&mut rig, 40, 5), Some(2), "E");
    assert_eq!(echoed(&mut rig, 30, 4), Some(4), "D");
}

/// RFC 7323 §5.3: the steps R1 to R5 of PAWS.
#[test]
fn rfc7323_section_5_3() {
    let mut rig = stamped();
    rig.end.tcb.marks.quick = 9;
    assert_eq!(echoed(&mut rig, 0, 100), Some(100));
    // R1: an old timestamp is not acceptable, whatever its sequence number; it is acknowledged.
    assert_eq!(echoed(&mut rig, 10, 99), Some(100));
    // R3: in the window but not next: nothing is remembered.
    assert_eq!(echoed(&mut rig, 20, 120), Some(100));
    // R3: the same one again is accepted, and what is next is remembered.
    assert_eq!(echoed(&mut rig, 10, 100), Some(100));
    assert_eq!(echoed(&mut rig, 30, 130), Some(130));
    assert_eq!(rig.read().len(), 40);
}

/// RFC 8985 §3.4: four segments of which the last three are lost, the probe arrives, and one of the
/// two that are sent again is lost again. There is no timeout.
#[test]
fn rfc8985_section_3_4() {
    let mut rig = Rig::open_sack(100_000, reno());
    assert_eq!(data(&rig.write(&[1; 4000])), [0, 1000, 2000, 3000]);
    rig.after(10);
    rig.input(peer(0, 1000));
    // 3: two round trips later the probe is the last segment again.
    assert_eq!(data(&rig.after(40)), [3000]);
    rig.after(10);
    // 5: it is reported; the others were sent long before and are lost.
    let sent = rig.input(peer(0, 1000).sack(&[(3000, 4000)]));
    assert_eq!(data(&sent), [1000, 2000]);
    rig.after(10);
    // 7: P2 arrives, and P1 is missing still. It went just before P2, so time has to pass.
    let mut sent = rig.input(peer(0, 1000).sack(&[(2000, 4000)]));
    sent.extend(rig.after(5));
    assert_eq!(data(&sent), [1000]);
    rig.after(5);
    rig.input(peer(0, 4000));
    assert_eq!(rig.end.tcb.send_queue(), 0);
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
}

/// RFC 8985 §3.5: a segment has been in flight for a timeout, and two more were sent just before
/// that. Only the first is sent again; when its original arrives, the others are not.
#[test]
fn rfc8985_section_3_5() {
    let mut rig = Rig::open_sack(100_000, reno());
    assert_eq!(data(&rig.write(&[1; 1000])), [0]);
    // The probe for the tail, which is not in the example.
    assert_eq!(data(&rig.after(250)), [0]);
    assert_eq!(rig.end.counters.tail_probes, 1);
    let left = rig.end.tcb.deadline().remaining(rig.instant()).unwrap();
    assert!(rig.after(left.total_millis() as i64 - 1).is_empty());
    assert_eq!(data(&rig.write(&[1; 2000])), [1000, 2000]);
    assert_eq!(data(&rig.after(2)), [0]);
    assert_eq!(rig.end.counters.retransmit_timeouts, 1);
    assert_eq!(data(&rig.input(peer(0, 1000))), [0; 0]);
    assert_eq!(rig.end.tcb.sent.lost(), 0);
    rig.input(peer(0, 3000));
    assert_eq!(
        rig.end.counters.retransmissions, 2,
        "the probe and the first"
    );
}

/// RFC 8985 §6.3: the probe is lost, too. The timeout sends the first again, and its acknowledgment
/// lets the others follow at once.
#[test]
fn rfc8985_section_6_3() {
    let mut rig = Rig::open_sack(100_000, reno());
    rig.write(&[1; 4000]);
    rig.after(10);
    rig.input(peer(0, 1000));
    assert_eq!(data(&rig.after(40)), [3000]);
    assert_eq!(data(&rig.after(260)), [1000]);
    assert_eq!(rig.end.counters.retransmit_timeouts, 1);
    rig.after(10);
    assert_eq!(data(&rig.input(peer(0, 2000))), [2000, 3000]);
    rig.after(10);
    rig.input(peer(0, 4000));
    assert_eq!(rig.end.tcb.send_queue(), 0);
}

/// Twenty segments in flight of which the first `lost` are lost: how many are sent for each
/// acknowledgment of the others.
fn reduction(lost: i64) -> Vec<usize> {
    let config = TcpConfig {
        initial_window: 20,
        ..reno()
    };
    let mut rig = Rig::open_sack(200_000, config);
    assert_eq!(rig.write(&vec![1; 100_000]).len(), 20);
    rig.after(10);
    let counts = (lost + 1..=20).map(|end| {
        let sent = rig.input(peer(0, 0).sack(&[(lost * 1000, end * 1000)]));
        data(&sent).len()
    });
    counts.collect()
}

/// RFC 6937 §3.1, first example: one of twenty is lost. Once it is sent again, every second
/// acknowledgment lets a segment out, and at the end there is half the window in flight.
#[test]
fn rfc6937_section_3_1_one_loss() {
    let counts = reduction(1);
    // Limited transmit, limited transmit, the lost one.
    assert_eq!(counts[..3], [1, 1, 1]);
    // No bursts, and never two in a row until as much is in flight as the threshold says.
    assert!(counts.iter().all(|count| *count <= 1), "{counts:?}");
    let reducing = &counts[3..16];
    let row = reducing.windows(2).any(|pair| pair == [1, 1]);
    assert!(!row && reducing.contains(&1), "{counts:?}");
    let sum: usize = counts.iter().sum();
    assert!((9..=11).contains(&sum), "{sum}: {counts:?}");
}

/// RFC 6937 §3.1, second example: fifteen of twenty are lost. What is in flight is below the
/// threshold, so it grows as in slow start: never more than two for one acknowledgment.
#[test]
fn rfc6937_section_3_1_many_losses() {
    let counts = reduction(15);
    assert!(
        counts[2..].iter().all(|count| (1..=3).contains(count)),
        "{counts:?}"
    );
    let sum: usize = counts.iter().sum();
    assert!((5..=10).contains(&sum), "{sum}: {counts:?}");
}

/// The average window, in segments, of a connection that loses one in `period` segments, at 100 ms.
fn average_window(which: CongestionControl, period: u64, losses: u64) -> f64 {
    let (mss, rtt_us) = (1_000, 100_000);
    let mut congestion = Congestion::new(which, 10, mss, SeqNumber(0));
    let (mut sent, mut rounds, mut now_us) = (0, 0.0, 0_u32);
    let mut sum = 0.0;
    let mut met = 0;
    congestion.on_loss(10 * mss, mss);
    congestion.settle(mss);
    while met < losses {
        let window = congestion.window() / mss;
        let before = sent / period;
        sent += u64::from(window);
        for _ in 0..window {
            congestion.on_ack(&Ack {
                octets: mss,
                mss,
                now_us,
                smoothed_us: rtt_us,
                rtt_us: Some(rtt_us),
                una: SeqNumber(0),
                nxt: SeqNumber(0),
                burst: 8,
            });
        }
        now_us = now_us.wrapping_add(rtt_us);
        if sent / period > before {
            met += 1;
            congestion.on_loss(congestion.window(), mss);
            congestion.settle(mss);
        }
        // The first losses are on the way to where it settles.
        if met > losses / 2 {
            rounds += 1.0;
            sum += f64::from(window);
        }
    }
    sum / rounds
}

/// RFC 9438 §5.1, table 1: average windows at a round trip of 100 ms and C = 0.4. Fast convergence,
/// which the table's model has not, costs a little.
#[test]
fn rfc9438_section_5_1() {
    for (period, cubic, reno) in [(1_000, 38.0, 38.0), (10_000, 187.0, 120.0)] {
        for (which, table) in [
            (CongestionControl::Cubic, cubic),
            (CongestionControl::NewReno, reno),
        ] {
            let average = average_window(which, period, 60);
            std::println!("one in {period}, {which:?}: {average:.1}, in the table {table}");
            assert!(
                (0.75 * table..=1.25 * table).contains(&average),
                "{which:?}: {average}, not {table}"
            );
        }
    }
}

/// A round of ten segments, acknowledged one by one with this round trip; how much the window grew,
/// in segments.
fn round(congestion: &mut Congestion, una: &mut u32, rtt_us: u32) -> u32 {
    let before = congestion.window();
    let nxt = SeqNumber(*una + 20_000);
    for _ in 0..10 {
        *una += 1_000;
        congestion.on_ack(&Ack {
            octets: 1_000,
            mss: 1_000,
            now_us: 0,
            smoothed_us: rtt_us,
            rtt_us: Some(rtt_us),
            una: SeqNumber(*una),
            nxt,
            burst: 8,
        });
    }
    (congestion.window() - before) / 1_000
}

/// RFC 9406 §4.2: with round trips of 40 ms the threshold is an eighth, 5 ms. A longer one makes
/// slow start careful, to a fourth of its growth; a short one takes it back; and after five careful
/// rounds it is over.
#[test]
fn rfc9406_section_4_2() {
    let mut congestion = Congestion::new(CongestionControl::NewReno, 10, 1_000, SeqNumber(0));
    let mut una = 0;
    round(&mut congestion, &mut una, 40_000);
    round(&mut congestion, &mut una, 40_000);
    assert_eq!(round(&mut congestion, &mut una, 44_000), 10, "below it");
    // The last round's shortest was 44 ms, so it is 5.5 ms now.
    assert_eq!(round(&mut congestion, &mut una, 49_400), 10, "below it");
    let entering = round(&mut congestion, &mut una, 56_000);
    assert!(
        entering < 10,
        "careful from the eighth round trip on: {entering}"
    );
    assert_eq!(round(&mut congestion, &mut una, 57_000), 2, "a fourth");
    round(&mut congestion, &mut una, 50_000);
    assert_eq!(round(&mut congestion, &mut una, 50_000), 10, "taken back");
    round(&mut congestion, &mut una, 70_000);
    for left in (1..5).rev() {
        assert!(congestion.is_slow_start(), "{left} rounds are left");
        round(&mut congestion, &mut una, 70_000);
    }
    assert!(!congestion.is_slow_start());
}
