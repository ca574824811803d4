//! Explicit congestion notification, step by step: RFC 3168 §6.1.

use std::vec;

use super::super::*;
use super::pair::{End, Link, Pair};
use super::rig::{Rig, only, peer};

fn offering() -> TcpConfig {
    TcpConfig {
        ecn: EcnUse::Offer,
        congestion: CongestionControl::NewReno,
        ..TcpConfig::DEFAULT
    }
}

/// A connection that uses it, with ten segments in flight.
fn busy() -> Rig {
    let mut rig = Rig::syn_sent(100_000, offering());
    rig.after(10);
    let options = TcpOptionSet {
        mss: Some(1000),
        sack_permitted: true,
        ..TcpOptionSet::default()
    };
    rig.input(peer(-1, 0).syn().ece().options(options));
    rig.end.tcb.marks.quick = 0;
    let sent = rig.write(&vec![1; 60_000]);
    assert!(sent.len() == 10 && sent.iter().all(|segment| segment.ecn_capable));
    rig.after(10);
    rig
}

/// §6.1.1: who asks, and who agrees.
#[test]
fn it_is_negotiated() {
    for (client, server, agreed) in [
        (EcnUse::Offer, EcnUse::Accept, true),
        (EcnUse::Offer, EcnUse::Offer, true),
        (EcnUse::Offer, EcnUse::Off, false),
        (EcnUse::Accept, EcnUse::Offer, false),
        (EcnUse::Accept, EcnUse::Accept, false),
    ] {
        let ends = [client, server].map(|ecn| {
            let config = TcpConfig {
                ecn,
                ..TcpConfig::DEFAULT
            };
            End::new(7, 8_192, 8_192, config)
        });
        let mut pair = Pair::new(1, Link::default(), ends);
        pair.ends[1].listening = true;
        pair.connect(0);
        pair.run(|pair| {
            pair.ends
                .iter()
                .all(|end| end.tcb.state() == State::Established)
        });
        let on = [0, 1].map(|n| pair.ends[n].tcb.ecn.is_on());
        assert_eq!(on, [agreed; 2], "{client:?} {server:?}");
    }
}

/// §6.1.1.1: a SYN that gets no answer does not ask again.
#[test]
fn second_syn_does_not_ask() {
    let mut rig = Rig::closed(8_192, offering());
    let now = rig.instant();
    rig.end
        .tcb
        .connect(now, rig.end.iss, &rig.end.config, rig.end.mss);
    let syn = only(rig.sent());
    assert!(syn.flags.ece && syn.flags.cwr && !syn.ecn_capable);
    let again = rig.after(1_500);
    assert!(!again[0].flags.ece && !again[0].flags.cwr);
    rig.input(peer(-1, 0).syn().ece());
    assert!(!rig.end.tcb.ecn.is_on());
}

/// §6.1.2: a mark is answered like a loss, once in a round trip, and the answer is said once.
#[test]
fn echo_reduces_the_window_once_in_a_round_trip() {
    let mut rig = busy();
    let sent = rig.input(peer(0, 1000).ece());
    assert_eq!(rig.end.tcb.info().congestion_window, 5_000);
    assert!(sent.is_empty());
    for n in 2..=10 {
        let sent = rig.input(peer(0, n * 1000).ece());
        assert!(sent.iter().skip(1).all(|segment| !segment.flags.cwr));
    }
    assert_eq!(rig.end.counters.congestion_echoes, 1);
    assert_eq!(rig.end.counters.retransmissions, 0);
    // Data that was sent after the reduction meets congestion too.
    rig.after(10);
    rig.input(peer(0, 12_000).ece());
    assert_eq!(rig.end.counters.congestion_echoes, 2);
}

#[test]
fn answer_is_on_the_next_new_data() {
    let mut rig = busy();
    let mut sent = rig.input(peer(0, 1000).ece());
    for n in 2..=10 {
        sent.extend(rig.input(peer(0, n * 1000)));
    }
    let answers = sent.iter().filter(|segment| segment.flags.cwr).count();
    assert!(sent[0].flags.cwr && answers == 1, "{sent:?}");
}

/// §6.1.5: what is sent again, and what is without data, cannot be marked.
#[test]
fn retransmissions_are_not_capable() {
    let mut rig = busy();
    for end in [2000, 3000, 4000] {
        for segment in rig.input(peer(0, 0).sack(&[(1000, end)])) {
            assert_eq!(
                segment.ecn_capable,
                segment.payload.len() == 1000 && super::rig::at(&segment) >= 10_000
            );
        }
    }
    assert_eq!(rig.end.counters.retransmissions, 1);
    let ack = only(rig.input(peer(5, 0).data(b"x"))[..1].to_vec());
    assert!(!ack.ecn_capable);
}

/// §6.1.3: every acknowledgment echoes a mark until the peer has reduced its window.
#[test]
fn marks_are_echoed_until_answered() {
    let mut rig = busy();
    let plain = |n: i64| peer(n * 10, 0).data(&[1; 10]);
    let echoed = |rig: &mut Rig, segment| {
        let mut sent = rig.input(segment);
        sent.extend(rig.after(50));
        sent.iter().any(|segment| segment.flags.ece)
    };
    assert!(!echoed(&mut rig, plain(0)));
    assert!(echoed(&mut rig, plain(1).marked()));
    assert!(echoed(&mut rig, plain(2)));
    assert!(!echoed(&mut rig, plain(3).cwr()));
    assert!(echoed(&mut rig, plain(4).marked().cwr()), "a new mark");
}

/// Without agreement nothing of it is looked at.
#[test]
fn strangers_cannot_slow_us_down() {
    let mut rig = Rig::open_sack(100_000, TcpConfig::DEFAULT);
    rig.write(&vec![1; 60_000]);
    for n in 1..=10 {
        let sent = rig.input(peer(0, n * 1000).ece());
        assert!(
            sent.iter()
                .all(|segment| !segment.ecn_capable && !segment.flags.cwr)
        );
    }
    assert_eq!(rig.end.counters.congestion_echoes, 0);
}
