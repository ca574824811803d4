//! A SYN that a connection answers itself (builds without a backlog): SYN-RECEIVED in RFC 9293
//! §3.10.7.4, and RFC 5961 there.

use super::super::*;
use super::rig::{ISS, Peer, Rig, acks, at, only, peer};

/// A peer's SYN with options.
fn syn() -> Peer {
    let options = TcpOptionSet {
        mss: Some(1000),
        window_scale: Some(3),
        ..TcpOptionSet::default()
    };
    peer(-1, 0).no_ack().syn().options(options).window(1234)
}

/// The SYN has arrived and nothing was sent yet.
fn asked_by(syn: Peer, config: TcpConfig) -> Rig {
    let mut rig = Rig::closed(4_096, config);
    let (now, syn) = (rig.instant(), syn.flying());
    rig.end
        .tcb
        .answer_syn(now, SeqNumber(ISS), &syn.segment(), &config, Mss(1460));
    rig
}

fn asked() -> Rig {
    asked_by(syn(), TcpConfig::DEFAULT)
}

#[test]
fn a_syn_is_answered_with_what_both_can_do() {
    let mut rig = asked();
    let syn_ack = only(rig.sent());
    assert!(syn_ack.flags.syn && syn_ack.flags.ack);
    assert_eq!((at(&syn_ack), acks(&syn_ack)), (-1, 0));
    assert_eq!(syn_ack.window, 4_096);
    let options = syn_ack.options.set();
    assert_eq!((options.mss, options.window_scale), (Some(1460), Some(0)));
    assert_eq!(rig.state(), State::SynReceived);
    assert!(rig.sent().is_empty());

    let plain = peer(-1, 0).no_ack().syn();
    let options = only(asked_by(plain, TcpConfig::DEFAULT).sent()).options;
    let options = options.set();
    assert_eq!((options.window_scale, options.timestamp), (None, None));
    assert!(!options.sack_permitted);
}

#[test]
fn the_acknowledgment_opens_and_its_data_is_read() {
    let mut rig = asked();
    rig.sent();
    rig.after(20);
    rig.input(peer(0, 0).data(b"hello").window(100));
    assert_eq!(rig.state(), State::Established);
    assert_eq!(rig.read(), b"hello");
    // The window of the acknowledgment is scaled, that of the SYN was not.
    assert_eq!(rig.end.tcb.info().send_window, 800);
    assert_eq!(rig.end.tcb.info().send_mss, 1000);
    let measured = rig.end.tcb.info().round_trip;
    assert_eq!(measured, Some(Duration::from_millis(20)));
    assert_eq!(only(rig.write(b"good day")).payload, b"good day");
}

/// RFC 5681 §3.1: the first window is one segment if the handshake had losses.
#[test]
fn a_lost_syn_ack_is_sent_again_and_given_up_in_the_end() {
    let config = TcpConfig {
        syn_ack_retries: 3,
        ..TcpConfig::DEFAULT
    };
    let mut rig = asked_by(syn(), config);
    rig.sent();
    assert!(rig.after(999).is_empty());
    let again = only(rig.after(2));
    assert!(again.flags.syn && again.flags.ack);
    assert_eq!((at(&again), acks(&again)), (-1, 0));
    let mut late = asked_by(syn(), config);
    late.sent();
    late.after(1_500);
    late.input(peer(0, 0));
    assert_eq!(late.state(), State::Established);
    assert_eq!(late.end.tcb.info().congestion_window, 1000);
    // After 1 + 2 s, 4 s, and another 8 s.
    assert_eq!(rig.after(7_000).len(), 2);
    assert_eq!(rig.state(), State::SynReceived);
    assert!(rig.after(8_000).is_empty());
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
}

#[test]
fn the_same_syn_gets_the_same_answer() {
    let mut rig = asked();
    let first = only(rig.sent());
    let second = only(rig.input(syn()));
    assert_eq!((second.seq, second.ack), (first.seq, first.ack));
    assert!(second.flags.syn && second.flags.ack);
}

/// RFC 5961 §3.2: an RST is obeyed at the very octet that is expected.
#[test]
fn a_reset_ends_it_where_it_is_expected_and_nowhere_else() {
    let mut rig = asked();
    rig.sent();
    let challenge = only(rig.input(peer(10, 0).no_ack().rst()));
    assert_eq!((at(&challenge), acks(&challenge)), (0, 0));
    assert!(!challenge.flags.rst && !challenge.flags.syn);
    assert!(rig.input(peer(-100, 0).no_ack().rst()).is_empty());
    assert_eq!(rig.state(), State::SynReceived);
    assert!(rig.input(peer(0, 0).no_ack().rst()).is_empty());
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Refused));
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// RFC 9293 §3.10.7.4, fifth step.
#[test]
fn a_wrong_acknowledgment_is_reset_and_changes_nothing() {
    let mut rig = asked();
    rig.sent();
    for wrong in [-1, 1, 5_000] {
        let reset = only(rig.input(peer(0, wrong)));
        assert!(reset.flags.rst);
        assert_eq!(at(&reset), wrong);
        assert_eq!(rig.state(), State::SynReceived);
    }
    // RFC 5961 §4.2: another SYN is challenged.
    let other = only(rig.input(peer(7, 0).no_ack().syn()));
    assert!(other.flags.ack && !other.flags.syn && !other.flags.rst);
    rig.input(peer(0, 0));
    assert_eq!(rig.state(), State::Established);
}

/// RFC 3168 §6.1.1.
#[cfg(feature = "tcp-extras")]
#[test]
fn one_flag_agrees_to_congestion_marks() {
    let mut rig = asked_by(syn().ece().cwr(), TcpConfig::DEFAULT);
    let syn_ack = only(rig.sent());
    assert!(syn_ack.flags.ece && !syn_ack.flags.cwr);
    let plain = only(asked_by(syn().ece(), TcpConfig::DEFAULT).sent());
    assert!(!plain.flags.ece && !plain.flags.cwr);
}
