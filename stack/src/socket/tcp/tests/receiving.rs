//! Segments that arrive: RFC 9293 §3.10.7.4, RFC 5961, RFC 7323 §5, and acknowledgments in time.

use super::super::*;
use super::rig::{Rig, acks, at, only, peer};

#[test]
fn data_in_order_is_acknowledged_after_a_delay() {
    let mut rig = Rig::default();
    assert!(rig.input(peer(0, 0).data(b"abc")).is_empty());
    assert!(rig.after(39).is_empty());
    assert_eq!(acks(&only(rig.after(1))), 3);
    assert_eq!(rig.read(), b"abc");
}

/// #530; RFC 9293 §3.8.6.3 (SHLD-19): at least every second full segment.
#[test]
fn every_second_full_segment_is_acknowledged_at_once() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).data(&[1; 1000]));
    rig.read();
    rig.after(100);
    for round in 0..5 {
        let seq = 1000 + 2000 * round;
        assert!(rig.input(peer(seq, 0).data(&[1; 1000])).is_empty());
        let ack = only(rig.input(peer(seq + 1000, 0).data(&[1; 1000])));
        assert_eq!(acks(&ack), seq + 2000);
        rig.read();
        rig.sent();
    }
}

#[test]
fn young_connections_acknowledge_at_once() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    rig.input(peer(-1, 0).syn());
    for n in 0..4 {
        assert_eq!(acks(&only(rig.input(peer(n, 0).data(b"x")))), n + 1);
    }
}

#[test]
fn zero_delay_acknowledges_at_once() {
    let mut rig = Rig::default();
    rig.end.tcb.set_ack_delay(Duration::ZERO);
    assert_eq!(acks(&only(rig.input(peer(0, 0).data(b"abc")))), 3);
}

#[test]
fn acknowledgment_travels_with_data() {
    let mut rig = Rig::default();
    assert!(rig.input(peer(0, 0).data(b"abc")).is_empty());
    let segment = only(rig.write(b"answer"));
    assert_eq!(acks(&segment), 3);
    rig.input(peer(3, 6));
    assert!(rig.after(1000).is_empty());
}

/// RFC 5681 §4.2: one duplicate for each segment out of order, an acknowledgment at once when the
/// gap is filled.
#[cfg(feature = "sack")]
#[test]
fn out_of_order_data_is_kept_and_answered_at_once() {
    let mut rig = Rig::default();
    for (n, seq) in [3, 9, 6].into_iter().enumerate() {
        let ack = only(rig.input(peer(seq, 0).data(b"xyz")));
        assert_eq!(acks(&ack), 0, "{n}");
    }
    let ack = only(rig.input(peer(0, 0).data(b"abc")));
    assert_eq!(acks(&ack), 12);
    assert_eq!(rig.read(), b"abcxyzxyzxyz");
}

/// Several segments out of order before anything can be sent: the sender must be able to count.
#[test]
fn duplicate_acknowledgments_are_not_merged() {
    let mut rig = Rig::default();
    let now = rig.instant();
    for seq in [10, 20, 30] {
        let segment = peer(seq, 0).data(&[1; 10]).flying();
        rig.end
            .tcb
            .input(now, &segment.segment(), &mut rig.end.counters);
    }
    assert_eq!(rig.sent().len(), 3);
}

/// #452, #735, #261: many gaps, then what was missing.
#[test]
fn too_many_gaps_do_not_keep_out_what_is_in_order() {
    let mut rig = Rig::default();
    for n in 0..100 {
        rig.input(peer(1 + n * 2, 0).data(b"x"));
    }
    assert!(rig.end.counters.assembler_full > 0);
    for n in 0..100 {
        rig.input(peer(n * 2, 0).data(b"yx"));
    }
    assert_eq!(rig.read(), b"yx".repeat(100));
}

/// RFC 2018 §8: what the peer was told of is not thrown away for something else.
#[cfg(feature = "sack")]
#[test]
fn full_assembler_keeps_what_it_has() {
    let mut rig = Rig::open_small(8_192, TcpConfig::DEFAULT);
    for n in (0..20).rev() {
        rig.input(peer(1 + n * 2, 0).data(b"x"));
    }
    assert_eq!(rig.end.counters.assembler_full, 16);
    for n in 0..16 {
        rig.input(peer(n * 2, 0).data(b"yx"));
    }
    let ack = only(rig.input(peer(32, 0).data(b"y")));
    assert_eq!(acks(&ack), 34, "the last four were there");
}

/// #1048, #1051, #1079: a segment beyond the right edge is cut there.
#[test]
fn segment_longer_than_the_window_is_cut() {
    let mut rig = Rig::open(1000, TcpConfig::DEFAULT);
    let ack = only(rig.input(peer(0, 0).data(&[7; 3000])));
    assert_eq!((acks(&ack), ack.window), (1000, 0));
    assert_eq!(rig.read(), [7; 1000]);
    let update = only(rig.sent());
    assert_eq!((acks(&update), update.window), (1000, 1000));
    let far = only(rig.input(peer(5000, 0).data(&[7; 10])));
    assert_eq!(acks(&far), 1000);
    assert_eq!(rig.end.counters.out_of_window, 1);
}

/// Both edges at once, and data that overlaps what is there.
#[test]
fn segment_is_cut_at_both_edges() {
    let mut rig = Rig::open(1000, TcpConfig::DEFAULT);
    rig.input(peer(0, 0).data(&[1; 600]));
    rig.input(peer(500, 0).data(&[2; 2000]));
    let data = rig.read();
    assert_eq!(data.len(), 1000);
    assert_eq!((data[599], data[600]), (1, 2));
}

#[test]
fn duplicate_data_is_acknowledged_again() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).data(b"abc"));
    rig.after(50);
    for _ in 0..50 {
        assert_eq!(acks(&only(rig.input(peer(0, 0).data(b"abc")))), 3);
    }
    assert_eq!(rig.end.counters.duplicate_data, 50);
    assert_eq!(rig.read(), b"abc");
}

/// MUST-8 of old: data that comes with an old acknowledgment counts.
#[test]
fn data_with_an_old_ack_is_taken() {
    let mut rig = Rig::default();
    rig.write(&[1; 500]);
    rig.input(peer(0, 500).data(b"new"));
    rig.input(peer(3, 100).data(b"old ack"));
    assert_eq!(rig.read(), b"newold ack");
}

/// RFC 5961 §5.2: an acknowledgment older than the largest window, or of what was never sent, is
/// challenged and what comes with it dropped.
#[test]
fn ack_out_of_range_is_challenged() {
    let mut rig = Rig::default();
    for ack in [-60_001, 1, 100_000] {
        let challenge = only(rig.input(peer(0, ack).data(b"evil")));
        assert_eq!((at(&challenge), acks(&challenge)), (0, 0));
    }
    assert_eq!(rig.end.counters.bad_ack, 3);
    assert!(rig.read().is_empty());
}

#[test]
fn segment_without_ack_is_dropped() {
    let mut rig = Rig::default();
    assert!(rig.input(peer(0, 0).no_ack().data(b"x")).is_empty());
    assert_eq!(rig.end.counters.no_ack, 1);
}

/// RFC 5961 §3.2.
#[test]
fn rst_is_obeyed_only_at_the_expected_octet() {
    let mut rig = Rig::default();
    let challenge = only(rig.input(peer(1, 0).rst()));
    assert!(challenge.flags.ack && !challenge.flags.rst);
    assert_eq!((at(&challenge), acks(&challenge)), (0, 0));
    for outside in [-1, -5000, 8_192, 100_000] {
        assert!(rig.input(peer(outside, 0).rst()).is_empty(), "{outside}");
    }
    assert_eq!(rig.state(), State::Established);
    // #338: no RST is ever answered with an acknowledgment if it is obeyed.
    assert!(rig.input(peer(0, 0).rst()).is_empty());
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Reset));
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// What came before the RST can be read.
#[test]
fn data_before_a_rst_is_not_lost() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).data(b"last words"));
    rig.input(peer(10, 0).rst());
    assert_eq!(rig.read(), b"last words");
    assert_eq!(
        rig.end.tcb.recv_slice(&mut [0]),
        Err(RecvError::Ended(CloseReason::Reset))
    );
}

/// RFC 5961 §4.2, whatever the sequence number.
#[test]
fn syn_on_an_open_connection_is_challenged() {
    let mut rig = Rig::default();
    for seq in [-1, 0, 500, 1_000_000] {
        let challenge = only(rig.input(peer(seq, 0).syn()));
        assert!(!challenge.flags.rst);
        assert_eq!((at(&challenge), acks(&challenge)), (0, 0));
    }
    assert_eq!(rig.state(), State::Established);
    assert_eq!(rig.end.counters.bad_syn, 4);
}

/// RFC 5961 §7.
#[test]
fn challenges_are_limited() {
    let mut rig = Rig::default();
    let answers: usize = (0..1000).map(|_| rig.input(peer(9, 0).rst()).len()).sum();
    assert_eq!(answers, 10);
    assert_eq!(rig.end.counters.challenge_acks_limited, 990);
    rig.after(5_000);
    only(rig.input(peer(9, 0).rst()));
}

/// #542: two ends that disagree about everything do not shout at each other for ever.
#[test]
fn desynchronized_peers_fall_silent() {
    let mut a = Rig::default();
    let mut b = Rig::default();
    b.end.tcb.rcv.nxt = SeqNumber(4_000_000);
    b.end.tcb.rcv.adv = SeqNumber(4_008_192);
    a.end.tcb.rcv.nxt = SeqNumber(9_000_000);
    a.end.tcb.rcv.adv = SeqNumber(9_008_192);
    let now = a.instant();
    let mut flying = std::vec![peer(7, 0).flying()];
    let mut count = 0;
    while let Some(segment) = flying.pop() {
        count += 1;
        assert!(count < 100, "a storm");
        for rig in [&mut a, &mut b] {
            let reply = rig
                .end
                .tcb
                .input(now, &segment.segment(), &mut rig.end.counters);
            if let Reply::Segment(out) = reply {
                flying.push(super::pair::Flying::of(&out));
            }
            flying.extend(rig.sent());
        }
    }
}

/// #112, #111: a FIN ahead of missing data.
#[test]
fn fin_counts_only_in_order() {
    let mut rig = Rig::default();
    let ack = only(rig.input(peer(3, 0).data(b"def").fin()));
    assert_eq!((rig.state(), acks(&ack)), (State::Established, 0));
    // Nothing can follow the FIN.
    rig.input(peer(6, 0).data(b"ghi"));
    let ack = only(rig.input(peer(0, 0).data(b"abc")));
    assert_eq!((rig.state(), acks(&ack)), (State::CloseWait, 7));
    assert_eq!(rig.read(), b"abcdef");
    assert_eq!(rig.end.tcb.recv_slice(&mut [0]), Err(RecvError::Finished));
}

#[test]
fn fin_alone_ahead_of_missing_data() {
    let mut rig = Rig::default();
    rig.input(peer(3, 0).fin());
    assert_eq!(rig.state(), State::Established);
    rig.input(peer(0, 0).data(b"abc"));
    assert_eq!(rig.state(), State::CloseWait);
}

/// Data after the FIN is not taken.
#[test]
fn data_after_fin_is_dropped() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).fin());
    rig.input(peer(1, 0).data(b"more"));
    assert!(rig.read().is_empty());
    assert_eq!(rig.end.counters.unexpected_data, 1);
}

/// RFC 9293 §3.8.6.2.2: a window opens by a segment or half of the buffer, not by an octet.
#[test]
fn receiver_avoids_silly_windows() {
    let mut rig = Rig::open(4_000, TcpConfig::DEFAULT);
    let ack = rig.input(peer(0, 0).data(&[1; 4000]));
    assert_eq!(ack[0].window, 0);
    for _ in 0..14 {
        rig.end.tcb.recv_slice(&mut [0; 100]).unwrap();
        assert!(rig.sent().is_empty());
    }
    rig.end.tcb.recv_slice(&mut [0; 100]).unwrap();
    assert_eq!(only(rig.sent()).window, 1500, "one segment of 1460");
}

/// A window probe is answered, whatever it holds.
#[test]
fn zero_window_probe_is_answered() {
    let mut rig = Rig::open(1_000, TcpConfig::DEFAULT);
    rig.input(peer(0, 0).data(&[1; 1000]));
    for _ in 0..100 {
        let ack = only(rig.input(peer(1000, 0).data(b"?")));
        assert_eq!((acks(&ack), ack.window), (1000, 0));
    }
    // And its acknowledgment counts.
    rig.write(&[1; 100]);
    rig.input(peer(1000, 100).data(b"?"));
    assert_eq!(rig.end.tcb.send_queue(), 0);
}

/// SHLD-14: the right edge does not move back though the application reads slowly.
#[test]
fn right_edge_never_moves_back() {
    let mut rig = Rig::open(100_000, TcpConfig::DEFAULT);
    let mut edge = 0;
    let mut seq = 0;
    for round in 0..60 {
        for ack in rig.input(peer(seq, 0).data(&std::vec![1; 1000 + round])) {
            assert!(acks(&ack) + i64::from(ack.window) >= edge);
            edge = acks(&ack) + i64::from(ack.window);
        }
        seq += 1000 + round as i64;
    }
}

/// RFC 7323 §5: an old duplicate of a wrapped sequence number; and segments without timestamp.
#[cfg(feature = "tcp-extras")]
#[test]
fn paws() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::syn_sent(8_192, config);
    let stamp = |tsval| TcpOptionSet {
        timestamp: Some(TcpOptionTimestamp { tsval, tsecr: 0 }),
        ..TcpOptionSet::default()
    };
    let ack = only(rig.input(peer(-1, 0).syn().options(stamp(1000))));
    assert_eq!(ack.options.set().timestamp.unwrap().tsecr, 1000);
    rig.input(peer(0, 0).options(stamp(1010)).data(b"abc"));
    let refused = only(rig.input(peer(3, 0).options(stamp(999)).data(b"old")));
    assert_eq!(acks(&refused), 3);
    assert_eq!(refused.options.set().timestamp.unwrap().tsecr, 1010);
    assert!(rig.input(peer(3, 0).data(b"none")).is_empty());
    assert_eq!(
        (rig.end.counters.paws, rig.end.counters.no_timestamp),
        (1, 1)
    );
    // An RST needs none (RFC 7323 §5.2).
    rig.input(peer(3, 0).rst());
    assert!(rig.end.tcb.is_closed());
}

/// #1138: ranges that cross the wrap.
#[cfg(feature = "sack")]
#[test]
fn out_of_order_across_the_wrap() {
    for offset in -5..5_i64 {
        let mut rig = Rig::default();
        // The stream's octet 5 + offset has number 2³².
        let base = (-(5 + offset)) as u32;
        rig.end.tcb.rcv.nxt = SeqNumber(base);
        rig.end.tcb.rcv.acked = SeqNumber(base);
        rig.end.tcb.rcv.adv = SeqNumber(base.wrapping_add(8192));
        let send = |rig: &mut Rig, at: u32, data: &[u8]| {
            let mut segment = peer(0, 0).data(data).flying();
            segment.seq = SeqNumber(base.wrapping_add(at));
            let now = rig.instant();
            rig.end
                .tcb
                .input(now, &segment.segment(), &mut rig.end.counters);
            rig.sent();
        };
        send(&mut rig, 8, b"89");
        send(&mut rig, 2, b"23");
        send(&mut rig, 4, b"4567");
        send(&mut rig, 0, b"01");
        assert_eq!(rig.read(), b"0123456789");
    }
}

/// Urgent data stays in the stream.
#[test]
fn urgent_data_stays_in_the_stream() {
    let mut rig = Rig::default();
    let mut segment = peer(0, 0).data(b"abc").flying();
    segment.flags.urg = true;
    let mut view = segment.segment();
    view.urgent = 0xffff;
    let now = rig.instant();
    rig.end.tcb.input(now, &view, &mut rig.end.counters);
    assert_eq!(rig.read(), b"abc");
}
