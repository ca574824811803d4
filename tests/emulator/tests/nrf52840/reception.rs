//! Reception: what goes with a frame, broken frames, frames in a row, full buffers.

use litz_emulator::air::{MICROSECOND, check_sequence};
use litz_hal::radio::{RadioEvent, TxMode};

use super::world::{World, data};

/// Puts a frame on the air that no driver has sent; returns when it ends, in ticks.
fn inject(world: &World, after: u64, frame: &[u8]) -> u64 {
    let start = world.nodes[0].chip.ticks() + after * MICROSECOND;
    let mut octets = frame.to_vec();
    octets.extend(check_sequence(frame));
    world.air.transmit(99, 15, start, &octets, 0)
}

#[test]
fn a_frame_comes_with_its_time_strength_and_quality() {
    let mut world = World::new(1);
    let frame = data(1, 1, 9, 1, false);
    inject(&world, 100, &frame);
    world.run(5_000);
    let (info, octets) = &world.nodes[0].frames[0];
    assert_eq!(*octets, frame);
    let delimiter = (world.sent()[0].delimiter() / MICROSECOND) as i64;
    assert!((info.timestamp.total_micros() - delimiter).abs() <= 1);
    assert_eq!((info.rssi, info.lqi), (-60, 4 * 32));
}

#[test]
fn a_frame_whose_check_fails_is_dropped_and_the_next_is_received() {
    let mut world = World::new(1);
    inject(&world, 100, &data(1, 1, 9, 1, true));
    let start = world.nodes[0].chip.ticks();
    world.air.disturb(
        15,
        start + 500 * MICROSECOND,
        start + 600 * MICROSECOND,
        -10,
    );
    inject(&world, 3_000, &data(1, 2, 9, 1, true));
    world.run(8_000);
    let seqs: Vec<u8> = world.nodes[0].frames.iter().map(|f| f.1[2]).collect();
    assert_eq!(seqs, [2]);
}

#[test]
fn frames_that_collide_are_both_lost() {
    let mut world = World::new(1);
    inject(&world, 100, &data(1, 1, 8, 1, false));
    inject(&world, 400, &data(1, 2, 9, 1, false));
    world.run(8_000);
    assert_eq!(world.nodes[0].frames.len(), 0);
}

#[test]
fn frames_in_a_row_are_all_received() {
    let mut world = World::new(1);
    let mut after = 100;
    for seq in 0..40 {
        // 192 us after each other, as after short frames.
        let frame = data(1, seq, 9, 1, false);
        inject(&world, after, &frame);
        after += 160 + 32 * (3 + frame.len() as u64) + 192;
    }
    world.run(after + 2_000);
    let seqs: Vec<u8> = world.nodes[0].frames.iter().map(|f| f.1[2]).collect();
    assert_eq!(seqs, (0..40).collect::<Vec<_>>());
}

#[test]
fn what_finds_no_buffer_is_not_acknowledged() {
    let mut world = World::new(2);
    world.nodes[1].fetches = false;
    for seq in 0..8 {
        world.send(0, &data(1, seq, 1, 2, true), TxMode::Cca);
    }
    let acks = world.sent().iter().filter(|t| t.octets[0] == 2).count();
    assert_eq!(acks, 3, "one of four buffers receives");
    for _ in 0..3 {
        world.nodes[1].fetch();
    }
    let seqs: Vec<u8> = world.nodes[1].frames.iter().map(|f| f.1[2]).collect();
    assert_eq!(seqs, [0, 1, 2]);
    world.nodes[1].fetches = true;
    world.send(0, &data(1, 9, 1, 2, true), TxMode::Cca);
    assert_eq!(world.nodes[1].frames[3].0.acked, Some(false));
    let received = world.nodes[1].events.iter();
    assert_eq!(received.filter(|e| **e == RadioEvent::Received).count(), 4);
}

#[test]
fn what_the_layer_above_cannot_take_is_not_acknowledged() {
    use litz_hal::radio::Radio;
    let mut world = World::new(2);
    world.nodes[1].radio.set_room(2);
    for seq in 0..4 {
        world.send(0, &data(1, seq, 1, 2, true), TxMode::Cca);
    }
    let acks = |world: &World| world.sent().iter().filter(|t| t.octets[0] == 2).count();
    assert_eq!(acks(&world), 2);
    let seqs: Vec<u8> = world.nodes[1].frames.iter().map(|f| f.1[2]).collect();
    assert_eq!(seqs, [0, 1], "what is acknowledged is not lost");
    // Frames that ask for no acknowledgment have no promise to be kept.
    world.send(0, &data(1, 7, 1, 2, false), TxMode::Cca);
    assert_eq!(world.nodes[1].frames.len(), 3);
    world.nodes[1].radio.set_room(1);
    world.send(0, &data(1, 2, 1, 2, true), TxMode::Cca);
    world.send(0, &data(1, 3, 1, 2, true), TxMode::Cca);
    assert_eq!(acks(&world), 3);
}

#[test]
fn impossible_lengths_are_dropped() {
    let mut world = World::new(1);
    inject(&world, 100, &[1]);
    inject(&world, 1_000, &[]);
    inject(&world, 2_000, &data(1, 3, 9, 1, false));
    world.run(5_000);
    assert_eq!(world.nodes[0].frames.len(), 1);
}

#[test]
fn strengths_are_corrected_by_the_temperature() {
    let mut world = World::new(1);
    // Degrees, and what the chip measures too much of -60 dBm (erratum 153).
    let cases = [
        (-40, 3),
        (-20, 2),
        (0, 1),
        (20, 0),
        (40, -1),
        (60, -2),
        (80, -3),
    ];
    for (seq, (degrees, excess)) in cases.into_iter().enumerate() {
        world.nodes[0].radio.set_temperature(degrees * 4);
        inject(&world, 100, &data(1, seq as u8, 9, 1, false));
        world.run(5_000);
        let (info, _) = world.nodes[0].frames.last().expect("it arrives");
        let quality = (4 * (32 - i32::from(excess))) as u8;
        assert_eq!((info.rssi, info.lqi), (-60 - excess, quality), "{degrees}");
    }
}
