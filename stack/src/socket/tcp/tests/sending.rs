//! What is sent and when: windows, Nagle, losses. RFC 9293 §3.7.4 and §3.8.6.2.1, RFC 5681, RFC
//! 6582, RFC 6298.

use std::vec;
use std::vec::Vec;

use super::super::*;
use super::pair::Flying;
use super::rig::{ISS, Rig, at, only, peer};

/// Positions and lengths of segments.
fn shape(sent: &[Flying]) -> Vec<(i64, usize)> {
    sent.iter()
        .map(|segment| (at(segment), segment.payload.len()))
        .collect()
}

/// An open connection with much to send, and what it sends first.
fn busy(octets: usize) -> (Rig, Vec<Flying>) {
    let mut rig = Rig::open(octets, TcpConfig::DEFAULT);
    let sent = rig.write(&vec![1; octets]);
    (rig, sent)
}

/// RFC 6928.
#[test]
fn initial_window_is_ten_segments() {
    let (_, sent) = busy(50_000);
    assert_eq!(sent.len(), 10);
    assert!(sent.iter().all(|segment| segment.payload.len() == 1000));
}

#[test]
fn slow_start_doubles() {
    let (mut rig, _) = busy(60_000);
    let sent: usize = (1..=10).map(|n| rig.input(peer(0, n * 1000)).len()).sum();
    assert_eq!(sent, 20);
}

#[cfg(feature = "tcp-extras")]
#[test]
fn push_marks_the_end_of_the_queue() {
    let mut rig = Rig::default();
    let sent = rig.write(&[1; 2500]);
    let push: Vec<bool> = sent.iter().map(|s| s.flags.psh).collect();
    assert_eq!(push, [false, false, true]);
}

/// RFC 9293 §3.7.4.
#[test]
fn nagle_holds_small_segments_back() {
    let mut rig = Rig::default();
    assert_eq!(rig.write(b"first").len(), 1);
    assert!(rig.write(b"second").is_empty());
    assert!(rig.write(b"third").is_empty());
    assert_eq!(only(rig.input(peer(0, 5))).payload, b"secondthird");
    assert_eq!(shape(&rig.write(&[1; 1500])), [(16, 1000)], "full ones go");
}

/// Minshall: the end of a large write does not wait; a second small segment does.
#[cfg(feature = "tcp-extras")]
#[test]
fn minshall_lets_the_end_of_a_write_go() {
    let mut rig = Rig::default();
    assert_eq!(shape(&rig.write(&[1; 1500])), [(0, 1000), (1000, 500)]);
    assert!(rig.write(b"more").is_empty());
    assert_eq!(shape(&rig.input(peer(0, 1500))), [(1500, 4)]);
    let config = TcpConfig {
        minshall: false,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open(8_192, config);
    assert_eq!(shape(&rig.write(&[1; 1500])), [(0, 1000)]);
}

/// A corked connection sends full segments only, until it is uncorked, closed, or has waited.
#[test]
fn cork_waits_for_full_segments() {
    let mut rig = Rig::default();
    rig.end.tcb.set_cork(true);
    assert!(rig.write(b"header").is_empty());
    assert_eq!(shape(&rig.write(&[1; 1000])), [(0, 1000)]);
    rig.input(peer(0, 1000));
    assert!(rig.after(50).is_empty());
    rig.end.tcb.set_cork(false);
    assert_eq!(shape(&rig.sent()), [(1000, 6)]);
    rig.input(peer(0, 1006));
    rig.end.tcb.set_cork(true);
    assert!(rig.write(b"trailer").is_empty());
    assert_eq!(shape(&rig.after(250)), [(1006, 7)], "not for ever");
}

#[test]
fn nagle_off_sends_at_once() {
    let mut rig = Rig::default();
    rig.end.tcb.set_nagle(false);
    for n in 0..10 {
        assert_eq!(shape(&rig.write(b"x")), [(n, 1)]);
    }
}

#[test]
fn close_does_not_wait_for_nagle() {
    let mut rig = Rig::default();
    rig.write(b"first");
    assert!(rig.write(b"second").is_empty());
    let last = only(rig.close());
    assert!(last.flags.fin && last.payload == b"second");
}

/// RFC 9293 §3.8.6.2.1: not a small segment because the window has a small rest.
#[test]
fn sender_avoids_silly_windows() {
    let mut rig = Rig::open(50_000, TcpConfig::DEFAULT);
    rig.input(peer(0, 0).window(4_300));
    assert_eq!(
        shape(&rig.write(&[1; 20_000])).len(),
        4,
        "not the 300 octets that fit"
    );
    assert_eq!(rig.input(peer(0, 1000).window(3_500)).len(), 0);
    assert_eq!(
        shape(&rig.input(peer(0, 2000).window(3_500))),
        [(4000, 1000)]
    );
}

/// The silly window is used at last, when nothing else moves.
#[test]
fn small_window_is_used_after_a_while() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(300));
    assert!(rig.write(&[1; 5000]).is_empty());
    let sent = rig.after(250);
    assert_eq!(shape(&sent), [(0, 300)]);
    rig.input(peer(0, 300).window(60_000));
    assert_eq!(rig.end.tcb.send_queue(), 4700);
}

/// #489, #490: the peer takes its window back below what is in flight.
#[test]
fn peer_shrinks_its_window() {
    let (mut rig, sent) = busy(50_000);
    assert_eq!(sent.len(), 10);
    assert!(rig.input(peer(0, 1000).window(10)).is_empty());
    assert!(rig.input(peer(0, 2000).window(0)).is_empty());
    assert!(rig.input(peer(0, 3000).window(1)).is_empty());
    assert_eq!(rig.end.tcb.info().in_flight, 7000);
    rig.after(5_000);
    let sent = rig.input(peer(0, 10_000).window(60_000));
    assert_eq!(at(&sent[0]), 10_000);
}

/// RFC 5681 §3.2, RFC 3042: two duplicates let new segments out, the third repairs. RFC 6937: then
/// none goes out until what is in flight is what the window will be, and one for each after that.
#[cfg(feature = "fast-retransmit")]
#[test]
fn fast_retransmit_on_the_third_duplicate() {
    let config = TcpConfig {
        congestion: CongestionControl::NewReno,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open(60_000, config);
    assert_eq!(rig.write(&[1; 60_000]).len(), 10);
    assert_eq!(shape(&rig.input(peer(0, 0))), [(10_000, 1000)]);
    assert_eq!(shape(&rig.input(peer(0, 0))), [(11_000, 1000)]);
    assert_eq!(shape(&rig.input(peer(0, 0))), [(0, 1000)]);
    assert_eq!(rig.end.tcb.info().slow_start_threshold, 6_000);
    let more: usize = (0..8).map(|_| rig.input(peer(0, 0)).len()).sum();
    assert_eq!(more, 5, "8 in flight beside what was lost, and 6 shall be");
    // All there: the window is what half was.
    rig.input(peer(0, 17_000));
    assert!(rig.end.tcb.info().congestion_window <= 6_000);
}

/// RFC 6582 §3.2: a partial acknowledgment repairs the next hole without waiting.
#[cfg(feature = "fast-retransmit")]
#[test]
fn partial_acknowledgment_repairs_the_next_hole() {
    let (mut rig, _) = busy(60_000);
    for _ in 0..3 {
        rig.input(peer(0, 0));
    }
    let sent = rig.input(peer(0, 4000));
    assert_eq!(shape(&sent)[0], (4000, 1000));
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
}

/// #748: a window update is no duplicate.
#[test]
fn window_update_is_no_duplicate() {
    let (mut rig, _) = busy(60_000);
    for n in 1..20 {
        rig.input(peer(0, 0).window(50_000 + n));
    }
    assert_eq!(
        (
            rig.end.counters.duplicate_acks,
            rig.end.counters.retransmissions
        ),
        (0, 0)
    );
}

/// Nor is a segment with data, nor one when nothing is in flight.
#[test]
fn data_is_no_duplicate() {
    let mut rig = Rig::default();
    rig.write(&[1; 1000]);
    for n in 0..10 {
        rig.input(peer(n, 0).data(b"x"));
    }
    rig.input(peer(10, 1000));
    for _ in 0..10 {
        rig.input(peer(10, 1000));
    }
    assert_eq!(
        (
            rig.end.counters.duplicate_acks,
            rig.end.counters.retransmissions
        ),
        (0, 0)
    );
}

/// RFC 6298 §5: the timer, its back-off, and going back to one segment.
#[test]
fn retransmission_timeout() {
    let (mut rig, _) = busy(60_000);
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(200)
    );
    assert!(rig.after(199).is_empty());
    assert_eq!(shape(&rig.after(1)), [(0, 1000)]);
    assert_eq!(rig.end.tcb.info().congestion_window, 1_000);
    assert!(rig.after(399).is_empty());
    assert_eq!(shape(&rig.after(1)), [(0, 1000)]);
    // An acknowledgment of all that had arrived: on from there, in slow start.
    let sent = rig.input(peer(0, 9_000));
    assert_eq!(shape(&sent)[0], (9_000, 1000));
}

/// RFC 6298 §5.3: progress restarts the timer.
#[test]
fn progress_restarts_the_timer() {
    let (mut rig, _) = busy(10_000);
    for n in 1..10 {
        assert!(rig.after(150).is_empty(), "{n}");
        rig.input(peer(0, n * 1000));
    }
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
}

/// Karn: the acknowledgment of what was sent twice measures nothing, and back-off stays until
/// something is measured.
#[test]
fn back_off_ends_with_a_measurement() {
    let mut rig = Rig::default();
    rig.write(&[1; 500]);
    rig.after(250);
    assert_eq!(rig.end.counters.retransmissions, 1);
    rig.input(peer(0, 500));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(400)
    );
    rig.write(&[1; 500]);
    rig.after(10);
    rig.input(peer(0, 1000));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(200)
    );
}

/// #468, #476: the back-off neither overflows nor exceeds its limit; R2 ends it.
#[test]
fn data_is_given_up() {
    let config = TcpConfig {
        data_retries: 200,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open(8_192, config);
    rig.write(&[1; 500]);
    let sent = rig.after(200 * 60_000);
    assert_eq!(sent.len(), 200);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
    assert_eq!(
        rig.end.tcb.send_slice(b"x"),
        Err(SendError::Ended(CloseReason::TimedOut))
    );

    let mut rig = Rig::default();
    rig.write(&[1; 500]);
    let retries = usize::from(TcpConfig::DEFAULT.data_retries);
    assert_eq!(rig.after(3_600_000).len(), retries);
    assert!(rig.end.tcb.is_closed());
}

/// RFC 9293 §3.8.3: R2 is at least 100 seconds.
#[test]
fn default_patience_exceeds_100_seconds() {
    let mut rig = Rig::default();
    rig.write(&[1; 500]);
    rig.after(100_000);
    assert!(!rig.end.tcb.is_closed());
}

/// RFC 5681 §4.1.
#[test]
fn window_restarts_after_idleness() {
    let (mut rig, _) = busy(60_000);
    for n in 1..=60 {
        rig.input(peer(0, n * 1000));
    }
    assert!(rig.end.tcb.info().congestion_window > 20_000);
    rig.after(5_000);
    assert_eq!(rig.write(&[1; 40_000]).len(), 10);
}

/// What is acknowledged leaves the queue, wherever segments began and ended.
#[test]
fn acknowledgment_in_the_middle_of_a_segment() {
    let (mut rig, _) = busy(10_000);
    rig.input(peer(0, 1));
    assert_eq!(rig.end.tcb.send_queue(), 9_999);
    rig.input(peer(0, 1_499));
    let sent = rig.after(250);
    assert_eq!(shape(&sent), [(1_499, 1000)]);
}

/// After a timeout SND.NXT goes back; what acknowledges beyond it must count, and acknowledgments
/// that we send must not look old to the peer.
#[test]
fn going_back_does_not_hide_our_acknowledgments() {
    let (mut rig, _) = busy(10_000);
    rig.after(250);
    rig.input(peer(0, 0).data(b"x"));
    let ack = only(rig.after(40));
    assert!(ack.payload.is_empty());
    assert_eq!(at(&ack), 10_000);
    rig.input(peer(1, 10_000));
    assert_eq!(rig.end.tcb.send_queue(), 0);
    assert!(rig.after(10_000).is_empty());
}

#[cfg(feature = "tcp-extras")]
#[test]
fn timestamps_measure_retransmissions() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::syn_sent(8_192, config);
    let stamp = |tsval, tsecr| TcpOptionSet {
        mss: Some(1000),
        timestamp: Some(TcpOptionTimestamp { tsval, tsecr }),
        ..TcpOptionSet::default()
    };
    rig.input(peer(-1, 0).syn().options(stamp(5, 0)));
    let sent = rig.write(&[1; 3000]);
    assert_eq!(sent[0].payload.len(), 988, "room for the option");
    let again = only(rig.after(250));
    let echo = again.options.set().timestamp.unwrap();
    rig.after(30);
    rig.input(peer(0, 988).options(stamp(6, echo.tsval)));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(200)
    );
}

/// Back-off ends too when data that was sent once, after the timeout, has arrived, though nothing
/// was timed.
#[test]
fn back_off_ends_with_new_data() {
    let mut rig = Rig::default();
    rig.write(&[1; 500]);
    rig.after(250);
    rig.write(&[1; 1000]);
    rig.end.tcb.snd.measure_at = SeqNumber(ISS + 1 + 100_000);
    rig.input(peer(0, 500));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(400)
    );
    rig.end.tcb.snd.measure_at = SeqNumber(ISS + 1 + 100_000);
    rig.input(peer(0, 1500));
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_millis(200)
    );
}

/// Pacing: a window is spread over its round trip, at twice the rate in slow start.
#[cfg(feature = "tcp-extras")]
#[test]
fn paced_window_is_spread_over_the_round_trip() {
    let config = TcpConfig {
        pacing: true,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open(60_000, config);
    // Ten segments in 5 ms, two of them in the first of it, one on its way.
    assert_eq!(rig.write(&vec![1; 60_000]).len(), 3);
    assert_eq!(rig.after(1).len(), 2);
    assert_eq!(rig.after(1).len(), 2);
    assert_eq!(rig.after(2).len(), 3, "the window is used up");
    assert!(rig.after(5).is_empty());
    // Acknowledged all at once, the next window is spread too.
    let sent = rig.input(peer(0, 10_000));
    assert!((2..=6).contains(&sent.len()), "{sent:?}");
}
