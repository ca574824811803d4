//! Checksums of received segments, verified while their text is copied into the receive buffer.

use std::format;
use std::vec::Vec;

use litz_wire::rt::Sum;

use super::super::*;
use super::pair::{Rng, memory};
use super::rig::{Rig, peer};

/// The sum of all but the payload with which the checksum of a segment is right.
fn rest(segment: &Segment<'_>) -> Sum {
    Sum::ZERO.add_u16(Sum::of(segment.payload).finish())
}

/// A segment arrives, its checksum still to be verified, and before some a copy that was changed on
/// its way.
#[track_caller]
pub(super) fn arrive(
    tcb: &mut Tcb<'_>,
    now: Instant,
    segment: &Segment<'_>,
    counters: &mut TcpCounters,
) -> Reply {
    let rest = rest(segment);
    if segment.seq.0.is_multiple_of(4) && !segment.payload.is_empty() {
        let mut changed = segment.payload.to_vec();
        changed[segment.payload.len() / 2] ^= 0x55;
        let broken = Segment {
            payload: &changed,
            ..*segment
        };
        assert!(tcb.verify(&broken, rest).is_none(), "taken: {broken:?}");
    }
    let verified = tcb.verify(segment, rest).expect("its checksum is right");
    tcb.input_verified(now, segment, verified, counters)
}

/// The text lies in two pieces where the ring begins anew, at even and at odd places.
#[test]
fn both_pieces_are_summed() {
    let mut rng = Rng(7);
    for capacity in [1, 2, 3, 64, 129, 300] {
        for _ in 0..500 {
            let mut ring = Ring::new(memory(capacity));
            let turned = rng.below(capacity as u64) as usize;
            ring.enqueue_slice(&std::vec![0; turned]);
            ring.discard(rng.below(turned as u64 + 1) as usize);
            let before: Vec<u8> = ring.peek(0, capacity).concat();
            let offset = rng.below(8) as usize;
            let data: Vec<u8> = (0..rng.below(310)).map(|_| rng.next() as u8).collect();
            let sum = ring.place(offset, &data);
            if offset + data.len() > ring.free() && !data.is_empty() {
                assert_eq!(sum, None);
                continue;
            }
            assert_eq!(sum, Some(Sum::of(&data)));
            ring.commit(offset + data.len());
            assert_eq!(ring.peek(0, before.len()).concat(), before);
            assert_eq!(ring.peek(before.len() + offset, data.len()).concat(), data);
        }
    }
}

/// RFC 9293, MUST-3: a segment whose checksum is wrong changes nothing, whatever it is.
#[test]
fn must_3_nothing_of_a_broken_segment_counts() {
    let mut rig = Rig::open_sack(8_192, TcpConfig::DEFAULT);
    rig.write(&[1; 3_000]);
    rig.input(peer(2_000, 0).data(&[3; 1_000]));
    let before = format!("{:?}", rig.end.tcb);
    let segments = [
        peer(0, 2_000).data(&[9; 1_000]),
        peer(0, 3_000).data(&[9; 1_000]).fin(),
        peer(0, 0).data(&[9; 2_500]),
        peer(1_500, 0).data(&[9; 1_000]),
        peer(4_000, 0).data(&[9; 1_000]),
        peer(0, 0).rst(),
        peer(0, 0).syn(),
        peer(0, 3_000).window(0),
    ];
    for segment in segments {
        let flying = segment.flying();
        let wrong = rest(&flying.segment()).add_u16(1);
        assert!(rig.end.tcb.verify(&flying.segment(), wrong).is_none());
        assert_eq!(format!("{:?}", rig.end.tcb), before);
    }
    // What was held before is not damaged either.
    rig.input(peer(0, 0).data(&[2; 2_000]));
    assert_eq!(rig.read(), [[2; 1_000], [2; 1_000], [3; 1_000]].concat());
}

/// A whole window, in any order.
#[cfg(feature = "inline")]
#[test]
fn text_ahead_of_a_gap_is_placed_too() {
    let mut rng = Rng(11);
    for _ in 0..50 {
        let mut rig = Rig::open_sack(5_000, TcpConfig::DEFAULT);
        // Begin somewhere in the ring.
        let shift = 1 + rng.below(999) as i64;
        rig.input(peer(0, 0).data(&std::vec![0; shift as usize]));
        rig.read();
        let stream: Vec<u8> = (0..4_000).map(|_| rng.next() as u8).collect();
        let mut pieces: Vec<usize> = (0..16).collect();
        while !pieces.is_empty() {
            let piece = pieces.swap_remove(rng.below(pieces.len() as u64) as usize) * 250;
            // Some overlap what is there.
            let end = (piece + 250 + rng.below(2) as usize * 100).min(stream.len());
            rig.input(peer(shift + piece as i64, 0).data(&stream[piece..end]));
        }
        assert!(rig.read() == stream, "shift {shift}");
    }
}
