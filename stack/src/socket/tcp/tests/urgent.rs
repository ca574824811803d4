//! The urgent pointer, received (RFC 9293 §3.8.5).

use super::super::*;
use super::rig::{Peer, Rig, peer};

/// A segment with URG and this pointer arrives.
fn urgent(rig: &mut Rig, peer: Peer, pointer: u16) {
    let mut flying = peer.flying();
    flying.flags.urg = true;
    let mut segment = flying.segment();
    segment.urgent = pointer;
    let now = rig.instant();
    let end = &mut rig.end;
    end.tcb.input(now, &segment, &mut end.counters);
}

/// MUST-30, MUST-33, MUST-62: the pointer names the octet after the urgent data, and what is left
/// of it can be asked for.
#[test]
fn must_30_62_the_end_of_urgent_data_is_told() {
    let mut rig = Rig::default();
    assert_eq!(rig.end.tcb.urgent(), None);
    urgent(&mut rig, peer(0, 0).data(b"abcdef"), 4);
    assert_eq!(rig.end.tcb.urgent(), Some(4));
    assert_eq!(rig.end.counters.urgent, 1);
    let mut two = [0; 2];
    rig.end.tcb.recv_slice(&mut two).unwrap();
    assert_eq!((&two, rig.end.tcb.urgent()), (b"ab", Some(2)));
    assert_eq!(rig.read(), b"cdef", "it stays in the stream");
    assert_eq!(rig.end.tcb.urgent(), None);
}

/// MUST-31: urgent data may be longer than a segment, and be told before it comes. MUST-32: each
/// time that its end moves it is told.
#[test]
fn must_31_32_urgent_data_of_any_length() {
    let mut rig = Rig::default();
    urgent(&mut rig, peer(0, 0).data(b"ab"), 3_000);
    assert_eq!(rig.end.tcb.urgent(), Some(3_000));
    urgent(&mut rig, peer(2, 0).data(b"cd"), 2_998);
    assert_eq!(rig.end.counters.urgent, 1, "the same end");
    urgent(&mut rig, peer(4, 0).data(b"ef"), 5_000);
    assert_eq!(rig.end.tcb.urgent(), Some(5_004));
    assert_eq!(rig.end.counters.urgent, 2);
    urgent(&mut rig, peer(6, 0).data(b"gh"), 1);
    assert_eq!(rig.end.tcb.urgent(), Some(5_004), "it never moves back");
    assert_eq!(rig.read(), b"abcdefgh");
    assert_eq!(rig.end.tcb.urgent(), Some(4_996));
}

/// MUST-66: it counts though the window is closed.
#[test]
fn must_66_an_urgent_pointer_counts_though_the_window_is_closed() {
    let mut rig = Rig::open(2_000, TcpConfig::DEFAULT);
    rig.input(peer(0, 0).data(&[1; 1_000]));
    rig.input(peer(1_000, 0).data(&[2; 1_000]));
    assert_eq!(rig.end.tcb.info().receive_window, 0);
    urgent(&mut rig, peer(2_000, 0), 7);
    assert_eq!(rig.end.tcb.urgent(), Some(2_007));
}

/// Pointers that make no sense lose nothing and stay harmless.
#[test]
fn absurd_urgent_pointers() {
    let mut rig = Rig::default();
    for pointer in [0, 1, 2, 0xfffe, 0xffff] {
        urgent(&mut rig, peer(0, 0), pointer);
    }
    assert_eq!(rig.end.tcb.urgent(), Some(0xffff));
    urgent(&mut rig, peer(-3_000, 0).data(b"old"), 0xffff);
    assert_eq!(rig.end.tcb.urgent(), Some(0xffff));
    urgent(&mut rig, peer(0, 0).data(b"data").fin(), 0);
    assert_eq!(rig.read(), b"data");
    urgent(&mut rig, peer(5, 0), 0xffff);
    assert_eq!(rig.state(), State::CloseWait);
    assert_eq!(rig.end.counters.urgent, 4, "nothing after the FIN");
}

/// The pointer is forgotten when it has been read past, however far the stream goes on.
#[test]
fn an_old_urgent_pointer_does_not_come_back() {
    let mut rig = Rig::open(60_000, TcpConfig::DEFAULT);
    urgent(&mut rig, peer(0, 0).data(b"x"), 1);
    assert_eq!(rig.read(), b"x");
    let tcb = &mut rig.end.tcb;
    for _ in 0..70 {
        // As far as 64 MiB each, all around the circle.
        tcb.rcv.nxt = tcb.rcv.nxt.wrapping_add(1_u32 << 26);
        assert_eq!(tcb.urgent(), None);
    }
}
