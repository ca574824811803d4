//! Opening: RFC 9293 §3.5, §3.10.7.3.

use super::super::*;
use super::pair::{End, Link, Pair};
use super::rig::{IRS, ISS, Rig, acks, at, only, peer};

fn mss(octets: u16) -> TcpOptionSet<'static> {
    TcpOptionSet {
        mss: Some(octets),
        ..TcpOptionSet::default()
    }
}

#[cfg(feature = "sack")]
#[test]
fn syn_offers_mss_and_scale() {
    let mut rig = Rig::closed(1 << 20, TcpConfig::DEFAULT);
    let now = rig.instant();
    rig.end
        .tcb
        .connect(now, rig.end.iss, &rig.end.config, rig.end.mss);
    let syn = only(rig.sent());
    assert_eq!(syn.seq, SeqNumber(ISS));
    assert_eq!(syn.window, u16::MAX, "not scaled");
    assert_eq!(syn.options.set().mss, Some(1460));
    assert_eq!(syn.options.set().window_scale, Some(5));
    assert!(syn.options.set().sack_permitted);
}

#[test]
fn syn_ack_opens_and_is_acknowledged() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    let ack = only(rig.input(peer(-1, 0).syn()));
    assert_eq!(rig.state(), State::Established);
    assert_eq!((at(&ack), acks(&ack)), (0, 0));
    assert!(ack.flags.ack && !ack.flags.syn);
}

/// MUST-14 and MUST-15: without an MSS option, 536 octets.
#[test]
fn default_mss_is_536() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    rig.input(peer(-1, 0).syn());
    let sent = rig.write(&[7; 2000]);
    assert_eq!(sent[0].payload.len(), 536);
}

/// #491: the SYN-ACK acknowledges the initial sequence number itself.
#[test]
fn syn_ack_of_nothing_is_reset() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    for ack in [-1, 1, 1000, -1000] {
        let rst = only(rig.input(peer(-1, ack).syn()));
        assert!(rst.flags.rst && !rst.flags.ack);
        assert_eq!(at(&rst), ack, "<SEQ=SEG.ACK><CTL=RST>");
        assert_eq!(rig.state(), State::SynSent);
    }
    assert!(
        rig.input(peer(-1, 7).rst()).is_empty(),
        "an RST is never answered"
    );
    only(rig.input(peer(-1, 0).syn()));
    assert_eq!(rig.state(), State::Established);
}

#[test]
fn rst_in_syn_sent_needs_the_right_ack() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    assert!(rig.input(peer(-1, 0).no_ack().rst()).is_empty());
    assert_eq!(rig.state(), State::SynSent);
    assert!(rig.input(peer(12345, 0).rst()).is_empty());
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Refused));
    assert_eq!(
        rig.end.tcb.send_slice(b"x"),
        Err(SendError::Ended(CloseReason::Refused))
    );
    assert_eq!(
        rig.end.tcb.recv_slice(&mut [0]),
        Err(RecvError::Ended(CloseReason::Refused))
    );
}

/// A FIN in SYN-SENT cannot be placed and is dropped; behind a SYN it counts.
#[test]
fn fin_in_syn_sent() {
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    assert!(rig.input(peer(-1, 0).fin()).is_empty());
    assert!(rig.input(peer(-1, 0).no_ack().fin()).is_empty());
    assert_eq!(rig.state(), State::SynSent);
    let ack = only(rig.input(peer(-1, 0).syn().data(b"bye").fin()));
    assert_eq!(rig.state(), State::CloseWait);
    assert_eq!(acks(&ack), 4);
    assert_eq!(rig.read(), b"bye");
}

/// #538: MSS 0, and sizes smaller than the options.
#[test]
fn absurd_mss_makes_progress() {
    for octets in [0, 1, 12, 13, 47, 48] {
        for timestamps in [TimestampUse::Off, TimestampUse::Offer] {
            let config = TcpConfig {
                timestamps,
                ..TcpConfig::DEFAULT
            };
            let mut rig = Rig::syn_sent(8_192, config);
            let stamped = timestamps == TimestampUse::Offer;
            let timestamp = stamped.then_some(TcpOptionTimestamp { tsval: 1, tsecr: 0 });
            rig.input(peer(-1, 0).syn().options(TcpOptionSet {
                timestamp,
                ..mss(octets)
            }));
            let sent = rig.write(&[1; 500]);
            let len = sent[0].payload.len();
            assert!((30..=48).contains(&len), "{octets}: {len}");
        }
    }
}

#[test]
fn window_of_a_syn_is_not_scaled_and_scales_are_at_most_14() {
    let mut rig = Rig::syn_sent(1 << 20, TcpConfig::DEFAULT);
    let options = TcpOptionSet {
        window_scale: Some(200),
        ..mss(1000)
    };
    rig.input(peer(-1, 0).syn().options(options).window(5));
    assert_eq!(rig.end.tcb.info().send_window, 5);
    rig.input(peer(0, 0).window(5));
    assert_eq!(rig.end.tcb.info().send_window, 5 << 14);
}

#[test]
fn no_scaling_unless_both_offer_it() {
    let mut rig = Rig::syn_sent(1 << 20, TcpConfig::DEFAULT);
    let ack = only(rig.input(peer(-1, 0).syn().options(mss(1000))));
    assert_eq!(ack.window, u16::MAX);
    assert!(!rig.end.tcb.info().window_scaling);

    let config = TcpConfig {
        window_scaling: false,
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::syn_sent(1 << 20, config);
    let options = TcpOptionSet {
        window_scale: Some(7),
        ..mss(1000)
    };
    rig.input(peer(-1, 0).syn().options(options).window(1000));
    rig.input(peer(0, 0).window(1000));
    assert_eq!(rig.end.tcb.info().send_window, 1000);
}

/// RFC 9293 §3.5, figure 7.
#[test]
fn simultaneous_open() {
    for seed in 0..20 {
        let loss = if seed == 0 { 0 } else { 300 };
        let link = Link {
            loss,
            jitter: 3_000,
            ..Link::default()
        };
        let ends = [ISS, IRS].map(|iss| End::new(iss, 4096, 4096, TcpConfig::DEFAULT));
        let mut pair = Pair::new(seed, link, ends);
        pair.connect(0);
        pair.connect(1);
        pair.run(|pair| {
            pair.ends
                .iter()
                .all(|end| end.tcb.state() == State::Established)
        });
        pair.link.loss = 0;
        for end in &mut pair.ends {
            assert_eq!(end.tcb.send_slice(b"hello"), Ok(5));
        }
        pair.run(|pair| pair.ends.iter().all(|end| end.tcb.recv_queue() == 5));
    }
}

#[test]
fn syn_is_retried_and_given_up() {
    let mut rig = Rig::syn_sent(
        4096,
        TcpConfig {
            syn_retries: 3,
            ..TcpConfig::DEFAULT
        },
    );
    let syns = rig.after(600_000);
    assert_eq!(syns.len(), 3);
    assert!(
        syns.iter()
            .all(|syn| syn.flags.syn && syn.seq == SeqNumber(ISS))
    );
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// RFC 5681 §3.1 and RFC 6298 §5.7: what a lost SYN means for what follows.
#[test]
fn after_a_lost_syn_one_segment_and_three_seconds() {
    let mut rig = Rig::syn_sent(16_384, TcpConfig::DEFAULT);
    assert_eq!(rig.after(1_500).len(), 1);
    rig.input(peer(-1, 0).syn().options(mss(1000)));
    assert_eq!(rig.write(&[1; 8000]).len(), 1);
    assert_eq!(
        rig.end.tcb.info().retransmit_timeout,
        Duration::from_secs(3)
    );
}

/// RFC 9293 §3.10.4 gives up a connection that is closed in SYN-SENT; data that was queued is not
/// lost.
#[test]
fn close_in_syn_sent() {
    let mut rig = Rig::syn_sent(4096, TcpConfig::DEFAULT);
    assert!(rig.close().is_empty());
    assert!(rig.end.tcb.is_closed());

    let mut rig = Rig::syn_sent(4096, TcpConfig::DEFAULT);
    assert!(rig.write(b"late").is_empty());
    assert!(rig.close().is_empty());
    assert_eq!(rig.end.tcb.send_slice(b"later"), Err(SendError::Finished));
    let sent = rig.input(peer(-1, 0).syn());
    assert_eq!(rig.state(), State::FinWait1);
    assert!(sent[0].flags.fin && sent[0].payload == b"late");
}
