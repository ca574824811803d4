//! What the path takes and reports: RFC 1191, RFC 8201, RFC 4821, RFC 5927, RFC 1122 §4.2.3.9.

use std::vec::Vec;

use super::super::*;
use super::pair::Flying;
use super::rig::{ISS, Rig, at, peer};
use crate::socket::IcmpReport;

/// What is sent when the network reports about the segment at `seq` of our stream.
fn report(rig: &mut Rig, seq: i64, report: IcmpReport) -> Vec<Flying> {
    let now = rig.instant();
    let seq = SeqNumber((i64::from(ISS) + 1 + seq) as u32);
    let end = &mut rig.end;
    end.tcb.icmp_report(now, seq, report, 40, &mut end.counters);
    rig.sent()
}

fn too_big(mtu: u32) -> IcmpReport {
    IcmpReport::TooBig { mtu }
}

/// Open, with segments of 1000 octets, and this much of data on its way.
fn sending(octets: usize) -> (Rig, Vec<Flying>) {
    let mut rig = Rig::open_sack(65_000, TcpConfig::DEFAULT);
    let sent = rig.write(&std::vec![7; octets]);
    (rig, sent)
}

fn sizes(sent: &[Flying]) -> Vec<usize> {
    sent.iter().map(|segment| segment.payload.len()).collect()
}

/// RFC 1191 §6.4: what was too big goes out again at once, in smaller segments, and the window
/// stays what it was: nothing was congested.
#[test]
fn too_big_is_sent_again_smaller() {
    let (mut rig, first) = sending(5_000);
    assert_eq!(sizes(&first), [1000; 5]);
    let window = rig.end.tcb.info().congestion_window;
    let again = report(&mut rig, 1000, too_big(540));
    assert_eq!(sizes(&again), [500; 10]);
    assert_eq!(at(&again[0]), 0);
    assert_eq!(rig.end.tcb.info().send_mss, 500);
    assert_eq!(rig.end.tcb.info().congestion_window, window);
    rig.after(10);
    rig.input(peer(0, 5_000));
    assert!(sizes(&rig.write(&[7; 2_000])).iter().all(|len| *len == 500));
}

/// RFC 5927 §4.1: only what is in flight is reported about.
#[test]
fn reports_about_other_segments_are_ignored() {
    let (mut rig, _) = sending(5_000);
    rig.input(peer(0, 2_000));
    for seq in [-1, 0, 1_999, 5_000, 5_001, 1_000_000] {
        assert!(report(&mut rig, seq, too_big(540)).is_empty());
        assert!(report(&mut rig, seq, IcmpReport::Unreachable).is_empty());
    }
    assert_eq!(rig.end.tcb.info().send_mss, 1000);
    assert_eq!(rig.end.tcb.network_error(), None);
    assert_eq!(rig.end.counters.bad_reports, 12);
}

/// RFC 5927 §7.2: a report that contradicts what has arrived is a lie until nothing arrives.
#[test]
fn a_claim_against_the_evidence_waits_for_a_timeout() {
    let (mut rig, _) = sending(3_000);
    rig.input(peer(0, 3_000));
    rig.write(&[7; 3_000]);
    assert!(report(&mut rig, 4_000, too_big(540)).is_empty());
    assert_eq!(rig.end.tcb.info().send_mss, 1000);
    rig.after(10);
    rig.input(peer(0, 6_000));
    rig.write(&[7; 3_000]);
    rig.after(300);
    assert_eq!(rig.end.tcb.info().send_mss, 1000, "it was forgotten");
    let (mut rig, _) = sending(3_000);
    rig.input(peer(0, 3_000));
    rig.write(&[7; 3_000]);
    report(&mut rig, 4_000, too_big(540));
    let again = rig.after(1_000);
    assert_eq!(rig.end.tcb.info().send_mss, 500, "it was true");
    assert!(again.iter().any(|segment| segment.payload.len() == 500));
}

/// RFC 1191 §5 and §7: routers that do not say their MTU, and MTUs that cannot be.
#[test]
fn absurd_mtus() {
    let (mut rig, _) = sending(3_000);
    report(&mut rig, 0, too_big(0));
    assert_eq!(rig.end.tcb.info().send_mss, 1006 - 40);
    for mtu in [1, 68, 0, 0, 0, 0] {
        report(&mut rig, 0, too_big(mtu));
        assert_eq!(rig.end.tcb.info().send_mss, 256);
    }
    let (mut rig, _) = sending(3_000);
    for mtu in [1040, 1500, 65_535, u32::MAX] {
        assert!(report(&mut rig, 0, too_big(mtu)).is_empty());
        assert_eq!(rig.end.tcb.info().send_mss, 1000);
    }
}

/// RFC 8201 §4: IPv6 carries 1280 octets everywhere.
#[test]
fn nothing_below_the_minimum_of_ipv6() {
    let options = TcpOptionSet {
        mss: Some(1440),
        ..TcpOptionSet::default()
    };
    let mut rig = Rig::open_with(65_000, TcpConfig::DEFAULT, options);
    rig.write(&[7; 5_000]);
    let now = rig.instant();
    let end = &mut rig.end;
    end.tcb
        .icmp_report(now, SeqNumber(ISS + 1), too_big(600), 60, &mut end.counters);
    assert_eq!(end.tcb.info().send_mss, 1220);
}

/// RFC 1122 §4.2.3.9, RFC 5927 §5.2: what is reported ends no open connection, but explains one
/// that timed out.
#[test]
fn errors_are_remembered_and_told_with_the_timeout() {
    let config = TcpConfig {
        data_retries: 2,
        ..TcpConfig::DEFAULT
    };
    for (said, told) in [
        (IcmpReport::Unreachable, NetworkError::Unreachable),
        (IcmpReport::PortUnreachable, NetworkError::Refused),
        (IcmpReport::ProtocolUnreachable, NetworkError::Refused),
        (IcmpReport::Prohibited, NetworkError::Prohibited),
        (IcmpReport::TimeExceeded, NetworkError::TimeExceeded),
        (
            IcmpReport::ParameterProblem { pointer: 3 },
            NetworkError::ParameterProblem,
        ),
    ] {
        let mut rig = Rig::open(8_192, config);
        rig.write(b"hello");
        assert!(report(&mut rig, 0, said).is_empty());
        assert_eq!(rig.state(), State::Established, "{said}");
        rig.after(100_000);
        assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
        assert_eq!(rig.end.tcb.network_error(), Some(told));
    }
}

/// RFC 5927 §5.2: a connection that is being opened is given up for a hard error, not for others.
#[test]
fn hard_errors_end_an_attempt() {
    for (said, ends) in [
        (IcmpReport::PortUnreachable, true),
        (IcmpReport::ProtocolUnreachable, true),
        (IcmpReport::Prohibited, true),
        (IcmpReport::Unreachable, false),
        (IcmpReport::TimeExceeded, false),
    ] {
        let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
        report(&mut rig, 5, said);
        assert_eq!(rig.state(), State::SynSent, "not our SYN");
        report(&mut rig, -1, said);
        assert_eq!(rig.state() == State::Closed, ends, "{said}");
        if ends {
            let reason = rig.end.tcb.close_reason();
            assert_eq!(reason, Some(CloseReason::Unreachable));
        }
        assert!(rig.end.tcb.network_error().is_some());
    }
}

/// RFC 4821 §7.7: full segments vanish and nobody says why.
#[test]
fn black_hole_is_passed_with_smaller_segments() {
    let (mut rig, _) = sending(20_000);
    let (mut heard, mut least) = (0, 1000);
    for _ in 0..200 {
        // Only segments of up to 600 octets arrive.
        for segment in rig.after(100) {
            let (from, len) = (at(&segment), segment.payload.len());
            least = least.min(len);
            if len <= 600 && from <= heard {
                heard = heard.max(from + len as i64);
            }
        }
        if heard > 0 {
            for segment in rig.input(peer(0, heard)) {
                let (from, len) = (at(&segment), segment.payload.len());
                if len <= 600 && from <= heard {
                    heard = heard.max(from + len as i64);
                }
            }
        }
    }
    assert_eq!(heard, 20_000, "the smallest segment had {least} octets");
    assert_eq!(rig.end.counters.black_holes, 1);
    assert_eq!(rig.end.tcb.info().send_mss, 536);
}

/// RFC 4821 §7.3: sizes between what arrives and what does not are halved until they are close.
#[cfg(feature = "tcp-extras")]
#[test]
fn sizes_between_are_searched_after_a_black_hole() {
    const PASSES: usize = 800;
    let (mut rig, _) = sending(5_000);
    let (mut heard, mut tried) = (0, Vec::new());
    let mut queued = 5_000;
    for _ in 0..3_000 {
        let mut sent = rig.after(100);
        if queued - heard < 5_000 {
            queued += 5_000;
            sent.extend(rig.write(&[7; 5_000]));
        }
        while !sent.is_empty() {
            let before = heard;
            for segment in core::mem::take(&mut sent) {
                let (from, len) = (at(&segment), segment.payload.len());
                if len > 536 {
                    tried.push(len);
                }
                if len <= PASSES && from <= heard {
                    heard = heard.max(from + len as i64);
                }
            }
            if heard > before {
                sent = rig.input(peer(0, heard));
            }
        }
    }
    let size = usize::from(rig.end.tcb.info().send_mss);
    assert!((PASSES - 32..=PASSES).contains(&size), "{size} octets");
    tried.retain(|len| *len != 1_000 && *len != size);
    tried.dedup();
    assert!(tried.len() < 20, "{tried:?}");
    assert_eq!(rig.end.counters.black_holes, 1);
}

/// RFC 4821 §7: after a while a full segment is tried, and if it arrives all are full again.
#[cfg(feature = "tcp-extras")]
#[test]
fn a_larger_segment_is_tried_later() {
    for (minutes, size) in [(5, 500), (11, 1000)] {
        let (mut rig, _) = sending(5_000);
        report(&mut rig, 0, too_big(540));
        rig.after(10);
        rig.input(peer(0, 5_000));
        rig.after(minutes * 60_000);
        let sent = rig.write(&[7; 5_000]);
        let first = sent[0].payload.len();
        assert_eq!(first, size, "after {minutes} min");
        assert!(sizes(&sent[1..]).iter().all(|len| *len == 500));
        rig.after(10);
        rig.input(peer(0, 10_000));
        assert_eq!(usize::from(rig.end.tcb.info().send_mss), size);
    }
}

/// The larger segment vanishes: it is sent again in smaller ones, and tried much later again.
#[cfg(all(feature = "sack", feature = "tcp-extras"))]
#[test]
fn a_larger_segment_that_vanishes_is_no_loss_of_the_others() {
    let (mut rig, _) = sending(5_000);
    report(&mut rig, 0, too_big(540));
    rig.after(10);
    rig.input(peer(0, 5_000));
    rig.after(11 * 60_000);
    let sent = rig.write(&[7; 5_000]);
    assert_eq!(sent[0].payload.len(), 1000);
    rig.after(10);
    rig.input(peer(0, 5_000).sack(&[(6_000, 8_000)]));
    let mut again = rig.after(100);
    again.extend(rig.input(peer(0, 5_000).sack(&[(6_000, 10_000)])));
    let again: Vec<_> = again
        .iter()
        .map(|sent| (at(sent), sent.payload.len()))
        .collect();
    assert!(again.iter().all(|(_, len)| *len <= 500), "{again:?}");
    rig.input(peer(0, 10_000));
    assert_eq!(rig.end.tcb.info().send_mss, 500);
    rig.after(5_000);
    assert_eq!(sizes(&rig.write(&[7; 2_000])), [500; 4]);
}

/// A clamp holds for what is asked for and for what is sent.
#[test]
fn the_segment_size_can_be_clamped() {
    let config = TcpConfig {
        max_segment: 700,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::closed(20_000, config);
    let now = rig.instant();
    let (iss, mss) = (rig.end.iss, rig.end.mss);
    rig.end.tcb.connect(now, iss, &config, mss);
    assert_eq!(rig.sent()[0].options.set().mss, Some(700));
    let mut rig = Rig::open(20_000, config);
    assert_eq!(sizes(&rig.write(&[7; 2_100])), [700; 3]);
}

/// R1 of RFC 9293 §3.8.3 is told, and is over when the peer is heard again.
#[test]
fn trouble_is_told_at_r1() {
    let mut rig = Rig::open(8_192, TcpConfig::DEFAULT);
    rig.write(b"hello");
    rig.after(200 + 400 + 10);
    assert!(!rig.end.tcb.is_troubled());
    rig.after(800);
    assert!(rig.end.tcb.is_troubled());
    assert_eq!(rig.end.counters.troubled, 1);
    rig.input(peer(0, 5));
    assert!(!rig.end.tcb.is_troubled());
}
