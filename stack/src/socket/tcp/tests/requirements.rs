//! Requirements of RFC 9293 that no other test shows, each under its number.

use super::super::*;
use super::rig::{Rig, acks, at, only, peer};

#[test]
fn must_23_a_syn_is_sent_for_three_minutes() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    let began = rig.now;
    let mut last = 0;
    while let Some(due) = rig.end.tcb.deadline().instant() {
        rig.now = due.total_micros();
        if !rig.sent().is_empty() {
            last = (rig.now - began) / 1_000_000;
        }
    }
    assert!((180..300).contains(&last), "{last} s");
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
}

#[test]
fn must_25_keep_alive_is_off_by_default() {
    let mut rig = Rig::default();
    assert_eq!(TcpConfig::DEFAULT.keep_alive, None);
    assert!(rig.after(100 * 3_600_000).is_empty());
    assert_eq!(rig.state(), State::Established);
}

#[cfg(feature = "tcp-extras")]
#[test]
fn must_28_two_hours_can_be_asked_for() {
    let hours = |hours: u64| Some(Duration::from_secs(hours * 3_600));
    let config = TcpConfig {
        keep_alive: hours(2),
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::open(8_192, config);
    assert!(rig.after(2 * 3_600_000 - 1_000).is_empty());
    let probe = only(rig.after(2_000));
    assert_eq!((at(&probe), probe.payload.len()), (-1, 0));
}

/// Sixteen hours with a closed window: the peer answers every probe.
#[test]
fn must_37_a_window_may_stay_closed() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    rig.end.tcb.send_slice(b"hello").unwrap();
    let mut probes = 0;
    for _ in 0..1_000 {
        for _ in rig.after(60_000) {
            probes += 1;
            rig.input(peer(0, 0).window(0));
        }
    }
    assert!(probes > 500, "{probes}");
    assert_eq!(rig.state(), State::Established);
    let sent = rig.input(peer(0, 0).window(1_000));
    assert_eq!(only(sent).payload, b"hello");
}

#[test]
fn must_40_no_acknowledgment_waits_half_a_second() {
    for millis in [0, 40, 499, 500, 60_000] {
        let config = TcpConfig {
            ack_delay: Duration::from_millis(millis),
            ..TcpConfig::DEFAULT
        };
        let mut rig = Rig::open(8_192, config);
        let mut sent = rig.input(peer(0, 0).data(b"x"));
        sent.extend(rig.after(499));
        assert_eq!(acks(&only(sent)), 1, "{millis} ms");
    }
}

#[test]
fn must_65_only_a_syn_says_its_segment_size() {
    let config = TcpConfig {
        timestamps: TimestampUse::Offer,
        ..TcpConfig::DEFAULT
    };
    let options = TcpOptionSet {
        mss: Some(1_000),
        window_scale: Some(3),
        sack_permitted: true,
        timestamp: Some(TcpOptionTimestamp { tsval: 1, tsecr: 0 }),
        ..TcpOptionSet::default()
    };
    let mut rig = Rig::open_with(8_192, config, options);
    let mut sent = rig.write(&[1; 3_000]);
    sent.extend(rig.after(3_000));
    sent.extend(rig.close());
    assert!(sent.len() > 4);
    for segment in sent {
        let set = segment.options.set();
        assert_eq!((set.mss, set.window_scale), (None, None));
        assert!(!set.sack_permitted);
    }
}

#[test]
fn must_66_a_reset_counts_though_the_window_is_closed() {
    let mut rig = Rig::open(1_000, TcpConfig::DEFAULT);
    rig.input(peer(0, 0).data(&[1; 1_000]));
    assert_eq!(rig.end.tcb.info().receive_window, 0);
    rig.input(peer(1_000, 0).rst());
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.read().len(), 1_000, "what was received is not lost");
}

#[test]
fn must_67_the_segment_size_offered_is_that_of_the_link() {
    for mss in [48, 536, 1_460, 8_960, 65_495] {
        let mut tcb = Tcb::new(super::pair::memory(100), super::pair::memory(100));
        let now = Instant::ZERO;
        let mut counters = TcpCounters::default();
        tcb.connect(now, SeqNumber(1), &TcpConfig::DEFAULT, Mss(mss));
        let mut blocks = SackBlocks::default();
        let syn = tcb.next_segment(now, 100, &mut blocks, &mut counters);
        assert_eq!(syn.unwrap().options.mss, Some(mss));
    }
}

#[test]
fn shld_2_a_reset_may_hold_data() {
    let mut rig = Rig::default();
    assert!(rig.input(peer(0, 0).rst().data(b"because")).is_empty());
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Reset));
}
