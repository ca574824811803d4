//! Timers: window probes, keep-alive, user timeout. RFC 9293 §3.8.3, §3.8.4, §3.8.6.1.

use super::super::*;
use super::pair::{Link, Pair};
use super::rig::{Rig, acks, at, only, peer};

/// RFC 9293 §3.8.6.1 (MUST-35, MUST-36): a closed window is probed, at growing intervals, for as
/// long as it is answered.
#[test]
fn closed_window_is_probed_with_back_off() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    assert!(rig.write(&[1; 500]).is_empty());
    let began = rig.now;
    let mut gaps = std::vec::Vec::new();
    let mut last = began;
    for _ in 0..100 {
        let probe = loop {
            let sent = rig.after(1);
            if let Some(probe) = sent.into_iter().next() {
                break probe;
            }
        };
        assert_eq!((at(&probe), probe.payload.len()), (0, 1));
        gaps.push((rig.now - last) / 1000);
        last = rig.now;
        assert!(rig.input(peer(0, 0).window(0)).is_empty());
    }
    assert_eq!(gaps[..5], [200, 400, 800, 1600, 3200]);
    assert_eq!(gaps[99], 60_000);
    assert!(!rig.end.tcb.is_closed(), "an answer is enough");
    // It opens: everything goes, the octet of the probes too.
    let sent = only(rig.input(peer(0, 0).window(60_000)));
    assert_eq!((at(&sent), sent.payload.len()), (0, 500));
}

/// The peer takes the probe's octet.
#[test]
fn probe_may_be_taken() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    rig.write(&[1; 500]);
    assert_eq!(rig.after(250).len(), 1);
    let sent = only(rig.input(peer(0, 1).window(60_000)));
    assert_eq!((at(&sent), sent.payload.len()), (1, 499));
    rig.input(peer(0, 500));
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// Nobody answers: R2 holds for probes too.
#[test]
fn unanswered_probes_end_the_connection() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    rig.write(&[1; 500]);
    rig.after(3_600_000);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
}

/// #503, #836, #953, #1018: the window closes on data in flight, then the timer expires.
#[test]
fn window_closes_on_data_in_flight() {
    let mut rig = Rig::default();
    assert_eq!(rig.write(&[1; 3000]).len(), 3);
    rig.input(peer(0, 1000).window(0));
    let sent = rig.after(60_000);
    assert!((3..20).contains(&sent.len()), "{}", sent.len());
    assert!(
        sent.iter()
            .all(|probe| at(probe) == 1000 && probe.payload.len() == 1)
    );
    // While probing, our own acknowledgments must not be beyond the peer's window.
    rig.input(peer(0, 1000).window(0).data(b"x"));
    let ack = only(rig.after(40));
    assert_eq!((at(&ack), acks(&ack)), (1000, 1));
    let sent = rig.input(peer(1, 1000).window(60_000));
    assert_eq!(at(&sent[0]), 1000);
    assert_eq!(sent.iter().map(|s| s.payload.len()).sum::<usize>(), 2000);
}

/// A FIN alone before a closed window.
#[test]
fn fin_before_a_closed_window() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    assert!(rig.close().is_empty());
    let probe = only(rig.after(250));
    assert!(probe.flags.fin && probe.payload.is_empty());
    rig.input(peer(0, 1).window(0));
    assert_eq!(rig.state(), State::FinWait2);
}

/// A reader that stops and goes on, again and again, over a bad link.
#[test]
fn stalled_reader() {
    for seed in 0..10 {
        let link = Link {
            loss: 50,
            jitter: 2_000,
            ..Link::default()
        };
        let mut pair = Pair::client_server(seed, link, 4_096, TcpConfig::DEFAULT);
        let (mut sent, mut received, mut wake) = (0, 0, 0);
        pair.run(|pair| {
            if pair.ends[0].tcb.may_send() {
                sent += pair.ends[0].tcb.send_slice(&[7; 500]).unwrap();
            }
            if pair.now > wake && pair.ends[1].tcb.recv_queue() > 3_000 {
                received += pair.ends[1].tcb.recv_slice(&mut [0; 3_500]).unwrap();
                wake = pair.now + 3_000_000;
            }
            received > 60_000
        });
        assert!(sent >= received);
        assert!(pair.ends[0].counters.window_probes > 0, "{pair:?}");
    }
}

/// RFC 9293 §3.8.4: off by default (MUST-25); then a segment without data that asks for an answer.
#[cfg(feature = "tcp-extras")]
#[test]
fn keep_alive() {
    let mut rig = Rig::default();
    assert!(rig.after(100_000_000).is_empty());
    rig.end.tcb.set_keep_alive(Some(Duration::from_secs(10)));
    for _ in 0..20 {
        let probe = only(rig.after(10_000));
        assert_eq!((at(&probe), probe.payload.len()), (-1, 0));
        rig.input(peer(0, 0));
    }
    // Silence.
    let probes = rig.after(10_000_000);
    assert_eq!(probes.len(), 9);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::KeepAlive));
}

/// The probe of the other side.
#[test]
fn keep_alive_probe_is_answered() {
    let mut rig = Rig::default();
    for _ in 0..30 {
        let ack = only(rig.input(peer(-1, 0)));
        assert_eq!((at(&ack), acks(&ack)), (0, 0));
        let ack = only(rig.input(peer(-1, 0).data(b"?")));
        assert_eq!(acks(&ack), 0);
        rig.after(10_000);
    }
}

/// RFC 5482.
#[cfg(feature = "tcp-extras")]
#[test]
fn user_timeout() {
    let mut rig = Rig::default();
    rig.end.tcb.set_timeout(Some(Duration::from_secs(5)));
    rig.after(60_000);
    assert!(!rig.end.tcb.is_closed(), "nothing is waited for");
    rig.write(&[1; 100]);
    rig.after(4_000);
    rig.input(peer(0, 50));
    rig.after(4_000);
    assert!(!rig.end.tcb.is_closed(), "progress counts");
    rig.after(1_100);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));

    let config = TcpConfig {
        user_timeout: Some(Duration::from_secs(5)),
        ..TcpConfig::DEFAULT
    };
    let mut rig = Rig::syn_sent(100, config);
    rig.after(5_000);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::TimedOut));
}

#[test]
fn idle_connection_has_no_deadline() {
    let mut rig = Rig::default();
    rig.write(&[1; 100]);
    rig.input(peer(0, 100).data(b"answer"));
    rig.after(1_000);
    assert_eq!(rig.end.tcb.deadline(), Deadline::NEVER);
}

/// Timers stand on a circle of nine hours: nothing that was due is lost when nobody polls for
/// longer.
#[test]
fn hours_without_a_poll_lose_no_timer() {
    for hours in [1, 3, 8, 9, 10, 100, 1_000] {
        let mut rig = Rig::default();
        rig.write(b"hello");
        rig.now += hours * 3_600_000_000;
        assert_eq!(only(rig.sent()).payload, b"hello", "{hours} h");
    }
}
