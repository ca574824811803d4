//! Closing: RFC 9293 §3.6, §3.10.4, §3.10.5, and the last states of §3.10.7.4.

use super::super::*;
use super::pair::{End, Link, Pair};
use super::rig::{Rig, acks, at, only, peer};

#[test]
fn we_close_first() {
    let mut rig = Rig::default();
    let fin = only(rig.close());
    assert!(fin.flags.fin);
    assert_eq!(rig.state(), State::FinWait1);
    assert!(rig.input(peer(0, 1)).is_empty());
    assert_eq!(rig.state(), State::FinWait2);
    rig.input(peer(0, 1).data(b"still"));
    assert_eq!(rig.read(), b"still");
    let ack = only(rig.input(peer(5, 1).fin()));
    assert_eq!((acks(&ack), at(&ack)), (6, 1));
    assert_eq!(rig.state(), State::TimeWait);
    assert!(rig.after(59_000).is_empty());
    assert_eq!(rig.state(), State::TimeWait);
    rig.after(1_000);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Finished));
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

#[test]
fn the_peer_closes_first() {
    let mut rig = Rig::default();
    assert_eq!(acks(&only(rig.input(peer(0, 0).fin()))), 1);
    assert_eq!(rig.state(), State::CloseWait);
    assert_eq!(rig.write(b"answer").len(), 1);
    let fin = only(rig.close());
    assert!(fin.flags.fin && at(&fin) == 6);
    assert_eq!(rig.state(), State::LastAck);
    rig.input(peer(1, 7));
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Finished));
    assert_eq!(rig.end.tcb.recv_slice(&mut [0]), Err(RecvError::Finished));
    assert_eq!(rig.end.tcb.send_slice(&[0]), Err(SendError::Finished));
}

/// #470, #477, #1060, #1126: LAST-ACK ends with the acknowledgment of the FIN, not with another.
#[test]
fn last_ack_needs_the_ack_of_the_fin() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).fin());
    rig.write(b"answer");
    rig.close();
    for ack in [0, 0, 6, 6] {
        rig.input(peer(1, ack));
        assert_eq!(rig.state(), State::LastAck);
    }
    // The peer did not hear our acknowledgment of its FIN.
    let again = only(rig.input(peer(0, 6).fin()));
    assert_eq!(acks(&again), 1);
    let fin = only(rig.after(300));
    assert!(fin.flags.fin && at(&fin) == 6);
    rig.input(peer(1, 7));
    assert!(rig.end.tcb.is_closed());
}

/// #398; RFC 9293 §3.6, figure 13.
#[test]
fn fins_cross() {
    let mut rig = Rig::default();
    rig.close();
    assert_eq!(acks(&only(rig.input(peer(0, 0).fin()))), 1);
    assert_eq!(rig.state(), State::Closing);
    // The FIN again, in CLOSING.
    assert_eq!(acks(&only(rig.input(peer(0, 0).fin()))), 1);
    assert_eq!(rig.state(), State::Closing);
    rig.input(peer(1, 1));
    assert_eq!(rig.state(), State::TimeWait);
}

#[test]
fn simultaneous_close_over_bad_links() {
    for seed in 0..20 {
        let link = Link {
            loss: 200,
            jitter: 3_000,
            ..Link::default()
        };
        let mut pair = Pair::client_server(seed, link, 4096, TcpConfig::DEFAULT);
        pair.run(|pair| {
            pair.ends
                .iter()
                .all(|end| end.tcb.state() == State::Established)
        });
        for end in &mut pair.ends {
            end.tcb.send_slice(b"good bye").unwrap();
            end.tcb.close();
        }
        pair.run(|pair| pair.ends.iter().all(|end| end.tcb.is_closed()));
        for End { tcb, .. } in &pair.ends {
            assert_eq!(
                tcb.close_reason(),
                Some(CloseReason::Finished),
                "seed {seed}"
            );
            assert_eq!(tcb.recv_queue(), 8);
        }
    }
}

/// One segment that acknowledges our FIN and holds the peer's.
#[test]
fn fin_and_its_ack_in_one_segment() {
    let mut rig = Rig::default();
    rig.close();
    rig.input(peer(0, 1).data(b"end").fin());
    assert_eq!(rig.state(), State::TimeWait);
    assert_eq!(rig.read(), b"end");
}

/// RFC 9293 §3.10.7.4, eighth step: the quiet time begins anew with the peer's FIN.
#[test]
fn fin_in_time_wait_is_acknowledged_and_restarts() {
    let mut rig = Rig::default();
    rig.close();
    rig.input(peer(0, 1).fin());
    rig.after(50_000);
    assert_eq!(acks(&only(rig.input(peer(0, 1).fin()))), 1);
    rig.after(50_000);
    assert_eq!(rig.state(), State::TimeWait);
    rig.after(10_000);
    assert!(rig.end.tcb.is_closed());
}

/// RFC 1337.
#[test]
fn rst_does_not_end_time_wait() {
    let mut rig = Rig::default();
    rig.close();
    rig.input(peer(0, 1).fin());
    assert!(rig.input(peer(1, 1).rst()).is_empty());
    assert_eq!(rig.state(), State::TimeWait);
}

/// RFC 9293 §3.10.7.4, MAY-2; RFC 6191.
#[test]
fn a_new_syn_may_end_time_wait() {
    let mut rig = Rig::default();
    let new = peer(100_000, 0).no_ack().syn().flying();
    assert!(!rig.end.tcb.accepts_reopen(&new.segment()));
    rig.close();
    rig.input(peer(0, 1).fin());
    assert!(rig.end.tcb.accepts_reopen(&new.segment()));
    for refused in [
        peer(-5, 0).no_ack().syn(),
        peer(1, 0).no_ack().syn(),
        peer(100_000, 0).syn(),
        peer(100_000, 0).no_ack().syn().rst(),
        peer(100_000, 0),
    ] {
        assert!(!rig.end.tcb.accepts_reopen(&refused.flying().segment()));
    }
}

/// RFC 9293 §3.10.5.
#[test]
fn abort_sends_a_rst_that_the_peer_believes() {
    let mut rig = Rig::default();
    rig.write(b"unheard");
    rig.end.tcb.abort();
    let rst = only(rig.sent());
    assert!(rst.flags.rst);
    assert_eq!((at(&rst), acks(&rst)), (7, 0));
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Aborted));
    assert_eq!(
        rig.end.tcb.send_slice(b"x"),
        Err(SendError::Ended(CloseReason::Aborted))
    );
    assert!(rig.after(100_000).is_empty());
}

#[test]
fn abort_in_every_state_ends() {
    let mut rig = Rig::closed(100, TcpConfig::DEFAULT);
    rig.end.tcb.abort();
    assert!(rig.sent().is_empty());
    let mut rig = Rig::syn_sent(100, TcpConfig::DEFAULT);
    rig.end.tcb.abort();
    assert!(rig.sent().is_empty(), "the peer knows of nothing");
    assert!(rig.end.tcb.is_closed());
}

/// A closed connection answers as none would (RFC 9293 §3.10.7.1).
#[test]
fn closed_answers_with_rst() {
    let mut rig = Rig::closed(100, TcpConfig::DEFAULT);
    let rst = only(rig.input(peer(5, 9).data(b"abc")));
    assert!(rst.flags.rst && !rst.flags.ack && at(&rst) == 9);
    let rst = only(rig.input(peer(5, 9).no_ack().syn().data(b"abc").fin()));
    assert!(rst.flags.rst && rst.flags.ack);
    assert_eq!((rst.seq, acks(&rst)), (SeqNumber(0), 10));
    assert!(rig.input(peer(5, 9).rst()).is_empty());
}

/// RFC 9293 §3.6.1: nobody will read it.
#[test]
fn data_after_the_application_is_gone_is_reset() {
    let mut rig = Rig::default();
    rig.end.tcb.close_and_forget();
    rig.sent();
    rig.input(peer(0, 1));
    let rst = only(rig.input(peer(0, 1).data(b"anybody?")));
    assert!(rst.flags.rst && at(&rst) == 1);
    assert_eq!(
        rig.end.tcb.close_reason(),
        Some(CloseReason::DataAfterClose)
    );
}

/// The FIN of a peer without more data still ends it properly.
#[test]
fn forgotten_connection_finishes() {
    let mut rig = Rig::default();
    rig.end.tcb.close_and_forget();
    rig.sent();
    rig.input(peer(0, 1).fin());
    assert_eq!(rig.state(), State::TimeWait);
}

#[test]
fn fin_wait_2_of_a_forgotten_connection_ends() {
    let mut rig = Rig::default();
    rig.end.tcb.close_and_forget();
    rig.sent();
    rig.input(peer(0, 1));
    assert_eq!(rig.state(), State::FinWait2);
    rig.after(61_000);
    assert!(rig.end.tcb.is_closed());

    let mut rig = Rig::default();
    rig.close();
    rig.input(peer(0, 1));
    rig.after(10_000_000);
    assert_eq!(rig.state(), State::FinWait2, "an application still waits");
    rig.end.tcb.close_and_forget();
    rig.after(61_000);
    assert!(rig.end.tcb.is_closed());
}

/// A new connection is a new value.
#[test]
fn nothing_survives_from_an_old_connection() {
    let mut rig = Rig::default();
    rig.end.tcb.set_keep_alive(Some(Duration::from_secs(1)));
    rig.write(b"unacknowledged");
    rig.input(peer(3, 0).data(b"out of order"));
    rig.end.tcb.reset_to_closed();
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
    assert_eq!((rig.end.tcb.send_queue(), rig.end.tcb.recv_queue()), (0, 0));
    assert_eq!(rig.end.tcb.send_capacity(), 8_192);
    assert!(rig.sent().is_empty());
    let now = rig.instant();
    rig.end
        .tcb
        .connect(now, SeqNumber(77), &rig.end.config, Mss(1460));
    let syn = only(rig.sent());
    assert_eq!(syn.seq, SeqNumber(77));
    assert!(rig.end.tcb.close_reason().is_none());
}

/// RFC 9293 §3.10.7.4, second step: in CLOSING and LAST-ACK an RST is no failure, unless data was
/// still on its way.
#[test]
fn rst_for_the_last_fin_is_no_failure() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).fin());
    rig.close();
    rig.input(peer(1, 0).rst());
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Finished));

    let mut rig = Rig::default();
    rig.input(peer(0, 0).fin());
    rig.write(b"unheard");
    rig.close();
    rig.input(peer(1, 0).rst());
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Reset));
}
