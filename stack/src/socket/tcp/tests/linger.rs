//! Closing with a limit in time.

use super::super::*;
use super::rig::{Rig, peer};

const LIMIT: Duration = Duration::from_secs(5);

fn closing(data: &[u8]) -> Rig {
    let mut rig = Rig::default();
    rig.write(data);
    rig.end.tcb.close_within(LIMIT);
    rig.sent();
    rig
}

/// What is not acknowledged in time is given up: the peer hears an RST, the application the reason.
#[test]
fn what_is_not_acknowledged_in_time_is_reset() {
    let mut rig = closing(b"hello");
    let sent = rig.after(4_900);
    assert!(sent.iter().all(|segment| !segment.flags.rst));
    assert_eq!(rig.state(), State::FinWait1);
    let sent = rig.after(200);
    assert!(sent.last().unwrap().flags.rst, "{sent:?}");
    assert_eq!(rig.state(), State::Closed);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Lingered));
}

/// An acknowledgment of a part does not put it off.
#[test]
fn a_part_does_not_put_it_off() {
    let mut rig = closing(b"hello");
    rig.after(3_000);
    rig.input(peer(0, 2));
    let sent = rig.after(2_100);
    assert!(sent.last().unwrap().flags.rst);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Lingered));
}

/// A peer whose window stays closed cannot hold it either.
#[test]
fn a_closed_window_does_not_put_it_off() {
    let mut rig = Rig::default();
    rig.input(peer(0, 0).window(0));
    rig.write(b"hello");
    rig.end.tcb.close_within(LIMIT);
    rig.sent();
    for _ in 0..60 {
        rig.after(100);
        rig.input(peer(0, 0).window(0));
    }
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Lingered));
}

/// In time, it ends as any close does, and stays out of the way of the peer's own end.
#[test]
fn in_time_it_is_a_close() {
    let mut rig = closing(b"hello");
    rig.after(100);
    rig.input(peer(0, 6));
    assert_eq!(rig.state(), State::FinWait2);
    assert!(rig.after(60_000).is_empty());
    rig.input(peer(0, 6).fin());
    assert_eq!(rig.state(), State::TimeWait);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Finished));
}

/// No time at all is an abort; a connection that was never open needs no RST.
#[test]
fn no_time_is_an_abort() {
    let mut rig = Rig::default();
    rig.write(b"hello");
    rig.end.tcb.close_within(Duration::ZERO);
    assert!(rig.sent().last().unwrap().flags.rst);
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Aborted));
    let mut rig = Rig::syn_sent(8_192, TcpConfig::DEFAULT);
    rig.end.tcb.send_slice(b"hello").unwrap();
    rig.end.tcb.close_within(LIMIT);
    let sent = rig.after(6_000);
    assert!(sent.iter().all(|segment| segment.flags.syn), "{sent:?}");
    assert_eq!(rig.end.tcb.close_reason(), Some(CloseReason::Lingered));
}
