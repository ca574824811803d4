//! The driver of the CC2538 against the model of its chip.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test"
)]

mod board;
#[path = "../support/common.rs"]
mod common;
mod engines;
mod times;
#[path = "../support/world.rs"]
mod world;

use litz_emulator::air::{MICROSECOND, check_sequence};
use litz_hal::radio::{
    Channel, PendingFor, Radio, RadioConfig, RadioError, RadioEvent, TxMode, TxOutcome,
};
use litz_hal::time::Duration;
use litz_wire::ShortAddress;
use world::{PAN, World, config, data};

/// Puts a frame on the air that no driver has sent.
fn inject(world: &World, after: u64, frame: &[u8]) {
    let start = world.nodes[0].chip.ticks() + after * MICROSECOND;
    let mut octets = frame.to_vec();
    octets.extend(check_sequence(frame));
    world.air.transmit(99, 15, start, &octets, 0);
}

fn seqs(world: &World, node: usize) -> Vec<u8> {
    world.nodes[node].frames.iter().map(|f| f.1[2]).collect()
}

#[test]
fn a_frame_is_received_and_the_hardware_acknowledges_it_in_time() {
    let mut world = World::new(2);
    for version in 0..2 {
        let frame = data(version, 7, 1, 2, true);
        let outcome = world.send(0, &frame, TxMode::Cca);
        assert!(matches!(outcome, TxOutcome::Sent(_)), "{outcome:?}");
        let (info, octets) = world.nodes[1].frames.last().expect("it arrives");
        assert_eq!(*octets, frame);
        assert_eq!((info.rssi, info.acked), (-60, Some(false)));
        assert!(info.lqi > 200);
    }
    let sent = world.sent();
    assert_eq!(sent.len(), 4);
    assert_eq!(sent[1].start - sent[0].end, 192 * MICROSECOND);
    assert_eq!(seqs(&world, 0), [7, 7], "the acknowledgments");
}

#[test]
fn nothing_is_sent_on_a_busy_channel() {
    let mut world = World::new(2);
    let from = world.nodes[0].chip.ticks();
    world.air.disturb(15, from, from + 3_000 * MICROSECOND, -40);
    let frame = data(1, 1, 1, 2, false);
    world.run(300);
    assert_eq!(world.send(0, &frame, TxMode::Cca), TxOutcome::ChannelBusy);
    assert_eq!(world.sent().len(), 0);
    assert!(matches!(
        world.send(0, &frame, TxMode::Cca),
        TxOutcome::Sent(_)
    ));
    assert_eq!(seqs(&world, 1), [1]);
}

#[test]
fn a_new_channel_counts_from_the_next_calibration_on() {
    let mut world = World::new(2);
    let other = RadioConfig {
        channel: Channel::new(26).expect("a channel"),
        ..config(1)
    };
    let now = world.nodes[0].now();
    world.nodes[0]
        .radio
        .configure(now, &other)
        .expect("it changes");
    world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    assert_eq!(seqs(&world, 1), [] as [u8; 0]);
    assert_eq!(world.sent()[0].channel, 26);
    let now = world.nodes[0].now();
    world.nodes[0]
        .radio
        .configure(now, &config(1))
        .expect("back");
    world.send(0, &data(1, 2, 1, 2, false), TxMode::Cca);
    assert_eq!(seqs(&world, 1), [2]);
}

#[test]
fn the_filter_drops_frames_for_others_in_every_version() {
    let mut world = World::new(2);
    for version in 0..=2 {
        world.send(0, &data(version, 1, 1, 2, false), TxMode::Direct);
        world.send(0, &data(version, 2, 1, 3, false), TxMode::Direct);
        world.send(0, &data(version, 3, 1, 0xFFFF, false), TxMode::Direct);
        let mut other = data(version, 4, 1, 2, false);
        other[3] ^= 1;
        world.send(0, &other, TxMode::Direct);
    }
    assert_eq!(seqs(&world, 1), [1, 3, 1, 3, 1, 3]);
}

#[test]
fn data_requests_are_told_of_pending_frames() {
    let mut world = World::new(2);
    let station = PendingFor::Short(ShortAddress(1));
    world.nodes[1]
        .radio
        .set_pending(station, true)
        .expect("room");
    let mut request = vec![0x63, 0x88, 5];
    request.extend(PAN.0.to_le_bytes());
    request.extend([2, 0, 1, 0, 4]);
    world.send(0, &request, TxMode::Cca);
    world.nodes[1]
        .radio
        .set_pending(station, false)
        .expect("known");
    world.send(0, &request, TxMode::Cca);
    let acks: Vec<u8> = world
        .sent()
        .iter()
        .skip(1)
        .step_by(2)
        .map(|t| t.octets[0])
        .collect();
    assert_eq!(acks, [0x12, 0x02]);
}

#[test]
fn a_broken_frame_is_dropped_and_the_next_received() {
    let mut world = World::new(1);
    inject(&world, 500, &data(1, 1, 9, 1, true));
    let start = world.nodes[0].chip.ticks();
    world.air.disturb(
        15,
        start + 900 * MICROSECOND,
        start + 950 * MICROSECOND,
        -10,
    );
    inject(&world, 4_000, &data(1, 2, 9, 1, true));
    world.run(9_000);
    assert_eq!(seqs(&world, 0), [2]);
    assert_eq!(world.sent().len(), 3, "one acknowledgment");
}

#[test]
fn an_overflow_of_the_fifo_is_survived() {
    let mut world = World::new(1);
    // Frames of 110 octets: the second does not fit while the first is there.
    let mut frame = data(1, 1, 9, 1, false);
    frame.resize(110, 0x55);
    inject(&world, 500, &frame);
    inject(&world, 5_000, &frame);
    // The processor is elsewhere until both are over.
    let late = world.nodes[0].chip.ticks() + 12_000 * MICROSECOND;
    world.nodes[0].chip.dawdle(late);
    world.run(1);
    inject(&world, 1_000, &data(1, 3, 9, 1, true));
    world.run(15_000);
    assert_eq!(seqs(&world, 0).last(), Some(&3));
    assert!(world.nodes[0].frames.len() <= 2);
}

#[test]
fn a_sleeping_radio_hears_nothing_and_wakes() {
    let mut world = World::new(2);
    let now = world.nodes[1].now();
    world.nodes[1].radio.sleep(now).expect("it is idle");
    world.send(0, &data(1, 1, 1, 2, true), TxMode::Cca);
    assert_eq!(world.nodes[1].frames.len(), 0);
    assert_eq!(world.nodes[1].radio.start_cca(now), Err(RadioError::Asleep));
    let now = world.nodes[1].now();
    world.nodes[1].radio.wake(now).expect("it wakes");
    world.run(1_000);
    world.send(0, &data(1, 2, 1, 2, true), TxMode::Cca);
    assert_eq!(seqs(&world, 1), [2]);
}

#[test]
fn assessments_and_energies_are_reported() {
    let mut world = World::new(1);
    let now = world.nodes[0].now();
    world.nodes[0].radio.start_cca(now).expect("it is idle");
    let from = world.nodes[0].chip.ticks();
    world.air.disturb(15, from, from + 9_000 * MICROSECOND, -50);
    world.run(500);
    let now = world.nodes[0].now();
    world.nodes[0].radio.start_cca(now).expect("it is idle");
    let until = now.saturating_add(Duration::from_millis(4));
    world.nodes[0]
        .radio
        .detect_energy(now, until)
        .expect("idle");
    world.run(6_000);
    let expected = [
        RadioEvent::Cca { clear: true },
        RadioEvent::Cca { clear: false },
        RadioEvent::Energy(-50),
    ];
    assert_eq!(world.nodes[0].events, expected);
}

#[test]
fn frames_that_others_send_in_a_row_are_all_received() {
    let mut world = World::new(1);
    let mut after = 500;
    for seq in 0..30 {
        let frame = data(1, seq, 9, 1, false);
        inject(&world, after, &frame);
        after += 160 + 32 * (3 + frame.len() as u64) + 192;
    }
    world.run(after + 2_000);
    assert_eq!(seqs(&world, 0), (0..30).collect::<Vec<_>>());
}

#[test]
fn what_the_layer_above_cannot_take_is_not_acknowledged() {
    let acks = |world: &World| world.sent().iter().filter(|t| t.octets[0] == 2).count();
    let mut world = World::new(2);
    world.nodes[1].radio.set_room(2);
    for seq in 0..4 {
        world.send(0, &data(1, seq, 1, 2, true), TxMode::Cca);
    }
    assert_eq!((acks(&world), seqs(&world, 1)), (2, vec![0, 1]));
    world.nodes[1].radio.set_room(1);
    for seq in 2..4 {
        world.send(0, &data(1, seq, 1, 2, true), TxMode::Cca);
    }
    assert_eq!((acks(&world), seqs(&world, 1)), (3, vec![0, 1, 2]));
}

#[test]
fn what_finds_no_place_is_not_acknowledged() {
    let acks = |world: &World| world.sent().iter().filter(|t| t.octets[0] == 2).count();
    let mut world = World::new(2);
    world.nodes[1].fetches = false;
    for seq in 0..6 {
        world.send(0, &data(1, seq, 1, 2, true), TxMode::Cca);
    }
    assert_eq!(acks(&world), 2, "a third place is for what is under way");
    for _ in 0..2 {
        world.nodes[1].fetch();
    }
    assert_eq!(seqs(&world, 1), [0, 1]);
    world.nodes[1].fetches = true;
    world.send(0, &data(1, 9, 1, 2, true), TxMode::Cca);
    assert_eq!((acks(&world), seqs(&world, 1)), (3, vec![0, 1, 9]));
}
