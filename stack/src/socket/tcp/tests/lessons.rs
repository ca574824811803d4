//! Loss, window, timer and number bugs of other stacks that no other file here has by name; the
//! numbers are those of their reports.

use std::format;
use std::vec;

use super::super::*;
use super::rig::{Rig, at, only, peer};

/// #518: a segment that is not acceptable does not move the window.
#[test]
fn unacceptable_segment_changes_no_window() {
    let mut rig = Rig::default();
    let before = rig.end.tcb.info().send_window;
    rig.input(peer(-50_000, 0).window(1));
    rig.input(peer(1 << 30, 0).data(b"x").window(2));
    rig.input(peer(0, 50_000).window(3));
    rig.input(peer(0, -200_000).window(4));
    assert_eq!(rig.end.tcb.info().send_window, before);
}

/// #486: what a connection looks like can be printed at any time.
#[test]
fn every_state_can_be_printed() {
    let mut rig = Rig::open_sack(8_192, TcpConfig::DEFAULT);
    assert!(!format!("{:?}", rig.end.tcb).is_empty());
    rig.write(&[1; 3000]);
    rig.input(peer(0, 0).window(0));
    rig.input(peer(5000, 0).data(b"x").sack(&[(1000, 2000)]));
    for millis in [10, 1_000, 100_000] {
        rig.after(millis);
        assert!(!format!("{:?}{:?}", rig.end.tcb, rig.end.tcb.info()).is_empty());
    }
    rig.end.tcb.abort();
    assert!(!format!("{:?}", rig.end.tcb).is_empty());
}

/// #1020, #1023: the window closes on what is in flight and opens again: the data is sent again
/// once for each back-off and not without end, and all of it arrives.
#[test]
fn window_closed_on_data_in_flight() {
    let mut rig = Rig::open_sack(60_000, TcpConfig::DEFAULT);
    assert_eq!(rig.write(&vec![1; 5_000]).len(), 5);
    rig.input(peer(0, 0).window(0));
    let sent = rig.after(10_000);
    assert!((3..12).contains(&sent.len()), "{sent:?}");
    assert!(sent.iter().all(|segment| segment.payload.len() <= 1000));
    let sent = rig.input(peer(0, 0).window(60_000));
    let positions: vec::Vec<i64> = sent.iter().map(at).collect();
    assert_eq!(positions[0], 0, "{sent:?}");
    rig.input(peer(0, 5_000));
    assert_eq!(rig.end.tcb.send_queue(), 0);
}

/// #1190, #1193: the minimum of the timeout is 200 ms, or what the application says.
#[test]
fn minimum_timeout_is_a_setting() {
    for (min, millis) in [(200, 200), (1_000, 1_000), (20, 20)] {
        let config = TcpConfig {
            min_rto: Duration::from_millis(min),
            sack: false,
            ..TcpConfig::DEFAULT
        };
        let mut rig = Rig::open(8_192, config);
        // Ten round trips that take the same time leave nothing of the first variation.
        for n in 0..40 {
            rig.write(&[1; 10]);
            rig.after(10);
            rig.input(peer(0, 10 * (n + 1)));
        }
        rig.write(&[1; 10]);
        assert!(rig.after(millis - 1).is_empty(), "{min}");
        assert_eq!(at(&only(rig.after(2))), 400, "{min}");
    }
}

/// #256, #266, #995, #1195: losses all over a window are repaired in as many round trips as SACK
/// needs, which is one, and not one for each.
#[cfg(feature = "sack")]
#[test]
fn many_losses_take_one_round_trip() {
    let mut rig = Rig::open_sack(200_000, TcpConfig::DEFAULT);
    rig.write(&vec![1; 100_000]);
    let mut acked = 0;
    for _ in 0..2 {
        rig.after(10);
        let flight = i64::from(rig.end.tcb.info().in_flight);
        for n in 1..=flight / 1000 {
            rig.input(peer(0, acked + n * 1000));
        }
        acked += flight;
    }
    // Every fourth of what is in flight is lost.
    rig.after(10);
    let flight = i64::from(rig.end.tcb.info().in_flight);
    assert!(flight >= 30_000);
    let mut blocks: vec::Vec<(i64, i64)> = vec::Vec::new();
    let mut sent = vec::Vec::new();
    for first in (0..flight / 4000).map(|n| acked + n * 4000) {
        for end in [2000, 3000, 4000] {
            let mut report = vec![(first + 1000, first + end)];
            report.extend(blocks.iter().rev().take(3));
            sent.extend(rig.input(peer(0, acked).sack(&report)));
        }
        blocks.push((first + 1000, first + 4000));
    }
    // What the threshold held back follows as the repaired arrive.
    let again = |sent: &[super::pair::Flying]| {
        sent.iter().filter(|s| at(s) < acked + flight).count() as i64
    };
    assert!(
        again(&sent) >= flight / 4000 - 3,
        "{} of {}",
        again(&sent),
        flight / 4000
    );
    assert_eq!(rig.end.counters.retransmit_timeouts, 0);
    assert_eq!(rig.end.counters.fast_retransmits, 1);
}

/// Karn's algorithm for all that one acknowledgment covers: a repair fills the gap before a segment
/// that was sent once and has long arrived. What passed meanwhile is no round trip.
#[test]
fn acknowledgment_of_a_repair_measures_nothing() {
    for sack in [true, false] {
        let config = TcpConfig {
            sack,
            ..TcpConfig::DEFAULT
        };
        let mut rig = Rig::open_sack(8_192, config);
        rig.write(&[1; 2000]);
        // The acknowledgment of the second segment was lost.
        let sent = rig.after(1_200);
        assert!(sent.iter().any(|segment| at(segment) == 0));
        rig.after(10);
        rig.input(peer(0, 2000));
        let smoothed = rig.end.tcb.info().round_trip.unwrap();
        assert!(smoothed < Duration::from_millis(20), "{smoothed:?}");
    }
}

/// #338: an RST outside of the window has no answer, one within it few, and none is answered with
/// an RST: two hosts cannot go on for ever.
#[test]
fn rsts_have_few_answers() {
    let mut rig = Rig::default();
    for seq in [-1, -10_000, 8_192, 100_000, 1 << 30] {
        assert!(rig.input(peer(seq, 0).rst()).is_empty(), "{seq}");
    }
    let mut answers = vec::Vec::new();
    for seq in 1..1_000 {
        answers.extend(rig.input(peer(seq, 0).rst()));
    }
    assert!((1..=10).contains(&answers.len()), "{}", answers.len());
    assert!(answers.iter().all(|answer| !answer.flags.rst));
    assert_eq!(rig.state(), State::Established);
    let mut closed = Rig::closed(8_192, TcpConfig::DEFAULT);
    assert!(closed.input(peer(0, 0).rst()).is_empty());
}

/// #261, #452, #735: a gap before segments of one octet each, more of them than there is memory for
/// gaps; every octet that is refused comes again, and what was kept is not forgotten.
#[test]
fn segments_of_one_octet_around_gaps() {
    let mut rig = Rig::open_small(2_000, TcpConfig::DEFAULT);
    let stream: vec::Vec<u8> = (0..1_000).map(|n| (n % 251) as u8).collect();
    let send = |rig: &mut Rig, at: i64| rig.input(peer(at, 0).data(&stream[at as usize..][..1]));
    for at in (1..1_000).rev().step_by(2) {
        send(&mut rig, at);
    }
    // Everything in order, with the duplicates that this makes.
    for at in 0..1_000 {
        let sent = send(&mut rig, at);
        assert!(sent.len() <= 1, "{sent:?}");
    }
    assert_eq!(rig.read(), stream);
    assert!(rig.end.tcb.rcv.assembler.is_empty());
}

/// Options whose length is nothing, too short, or beyond the header (2017: `ed2c3766`, `3f43be8d`,
/// `2582d157`): reading and printing them ends.
#[test]
fn absurd_lengths_of_options() {
    use litz_wire::{TcpOptionSet, TcpPacket};
    for kind in 0..=255_u8 {
        for len in 0..=10_u8 {
            for at in 0..4 {
                let mut octets = [1; 24];
                octets[12] = 0x60;
                octets[20 + at] = kind;
                if let Some(octet) = octets.get_mut(21 + at) {
                    *octet = len;
                }
                let packet = TcpPacket::new_checked(&octets).expect("a header");
                let _ = TcpOptionSet::from_options(&packet.options());
                assert!(packet.options().iter().count() <= 4);
                assert!(!format!("{packet:?}{packet}").is_empty());
            }
        }
    }
}
