//! Acknowledgments: in time or not at all (IEEE 802.15.4-2020 §6.7.4).

use litz_emulator::air::MICROSECOND;
use litz_hal::radio::{PendingFor, Radio, RadioEvent, TxMode, TxOutcome};
use litz_wire::ShortAddress;

use super::world::{World, data};

#[test]
fn an_acknowledgment_leaves_192_microseconds_after_the_frame() {
    let mut world = World::new(2);
    for seq in 0..50 {
        // Phases of the chips' clocks vary.
        world.run(1_003 + u64::from(seq));
        let frame = data(1, seq, 1, 2, true);
        let outcome = world.send(0, &frame, TxMode::Cca);
        assert!(matches!(outcome, TxOutcome::Sent(_)), "{outcome:?}");
    }
    let sent = world.sent();
    assert_eq!(sent.len(), 100);
    for (seq, pair) in (0..50).zip(sent.chunks(2)) {
        let gap = pair[1].start - pair[0].end;
        assert!(
            (191 * MICROSECOND..=192 * MICROSECOND).contains(&gap),
            "{seq}: {} us",
            gap as f64 / 64.0
        );
        assert_eq!(pair[1].octets[..3], [2, 0, seq]);
        // The sender receives it, as any frame.
        let (info, octets) = &world.nodes[0].frames[usize::from(seq)];
        assert_eq!(
            (octets.as_slice(), info.acked),
            ([2, 0, seq].as_slice(), None)
        );
    }
    let acked: Vec<_> = world.nodes[1].frames.iter().map(|f| f.0.acked).collect();
    assert_eq!(acked, [Some(false); 50]);
}

#[test]
fn it_says_that_frames_are_pending_for_those_that_the_mac_named() {
    let mut world = World::new(2);
    let station = PendingFor::Short(ShortAddress(1));
    world.nodes[1]
        .radio
        .set_pending(station, true)
        .expect("room");
    world.send(0, &data(0, 1, 1, 2, true), TxMode::Direct);
    world.nodes[1]
        .radio
        .set_pending(station, false)
        .expect("known");
    world.send(0, &data(0, 2, 1, 2, true), TxMode::Direct);
    let sent = world.sent();
    assert_eq!(sent[1].octets[..3], [0x12, 0, 1]);
    assert_eq!(sent[3].octets[..3], [0x02, 0, 2]);
}

#[test]
fn a_late_processor_acknowledges_nothing() {
    let mut world = World::new(2);
    world.order(0, &data(1, 7, 1, 2, true), TxMode::Direct);
    // Ramp-up, frame, and then 160 us in which the receiver's processor is elsewhere.
    world.nodes[1].fetches = true;
    let frame_end = 40 + 160 + 32 * (1 + 27 + 2);
    let start = world.nodes[0].chip.ticks();
    world.nodes[0]
        .chip
        .dawdle(start + (frame_end + 30) * MICROSECOND);
    let late = start + (frame_end + 160) * MICROSECOND;
    world.nodes[1].chip.dawdle(late);
    world.run(8_000);
    assert_eq!(world.sent().len(), 1, "no acknowledgment: it would be late");
    assert_eq!(world.nodes[1].frames[0].0.acked, None);
    // And the receiver works on.
    let outcome = world.send(0, &data(1, 8, 1, 2, true), TxMode::Direct);
    assert!(matches!(outcome, TxOutcome::Sent(_)));
    assert_eq!(world.nodes[1].frames[1].0.acked, Some(false));
}

#[test]
fn an_order_waits_for_the_acknowledgment_that_is_leaving() {
    let mut world = World::new(2);
    world.order(0, &data(1, 1, 1, 2, true), TxMode::Direct);
    // Until the frame has just been received.
    let frame = 40 + 160 + 32 * (1 + 27 + 2);
    world.run(frame + 60);
    assert_eq!(world.nodes[1].frames.len(), 1);
    world.order(1, &data(1, 2, 2, 1, false), TxMode::Direct);
    world.run(6_000);
    assert!(matches!(world.outcome(1), TxOutcome::Sent(_)));
    let sent = world.sent();
    let kinds: Vec<u8> = sent.iter().map(|t| t.octets[0] & 7).collect();
    assert_eq!(
        kinds,
        [1, 2, 1],
        "frame, acknowledgment, and only then the next"
    );
    assert_eq!(world.nodes[0].frames.len(), 2);
    assert!(!world.nodes[1].events.contains(&RadioEvent::Recovered));
}

#[test]
fn a_frame_to_all_and_one_of_version_2_are_left_to_the_mac() {
    let mut world = World::new(2);
    world.send(0, &data(1, 1, 1, 0xFFFF, true), TxMode::Direct);
    world.send(0, &data(2, 2, 1, 2, true), TxMode::Direct);
    assert_eq!(world.sent().len(), 2);
    assert_eq!(world.nodes[1].frames.len(), 2);
}
