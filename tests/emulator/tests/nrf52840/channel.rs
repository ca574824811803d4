//! Channels, clear channel assessment, energy detection, times of transmission.

use litz_emulator::air::MICROSECOND;
use litz_hal::radio::{Channel, Radio, RadioEvent, Transmit, TxMode, TxOutcome};
use litz_hal::time::Duration;

use super::world::{World, config, data};

fn disturb(world: &World, channel: u8, micros: u64, dbm: i8) {
    let from = world.nodes[0].chip.ticks();
    world
        .air
        .disturb(channel, from, from + micros * MICROSECOND, dbm);
}

#[test]
fn nothing_is_sent_on_a_busy_channel_and_the_receiver_goes_on() {
    let mut world = World::new(2);
    disturb(&world, 15, 2_000, -60);
    let frame = data(1, 1, 1, 2, false);
    assert_eq!(world.send(0, &frame, TxMode::Cca), TxOutcome::ChannelBusy);
    assert_eq!(world.sent().len(), 0);
    let outcome = world.send(0, &frame, TxMode::Cca);
    assert!(matches!(outcome, TxOutcome::Sent(_)));
    world.send(1, &data(1, 2, 2, 1, false), TxMode::Cca);
    assert_eq!(world.nodes[0].frames.len(), 1, "it receives after both");
}

#[test]
fn energy_below_the_threshold_is_no_reason_to_wait() {
    let mut world = World::new(2);
    disturb(&world, 15, 3_000, -80);
    let outcome = world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    assert!(matches!(outcome, TxOutcome::Sent(_)));
}

#[test]
fn without_assessment_it_sends_whatever_is_there() {
    let mut world = World::new(2);
    disturb(&world, 15, 6_000, -20);
    let outcome = world.send(0, &data(1, 1, 1, 2, false), TxMode::Direct);
    assert!(matches!(outcome, TxOutcome::Sent(_)));
    assert_eq!(world.nodes[1].frames.len(), 0, "nobody understood it");
}

#[test]
fn the_end_of_a_transmission_is_known_to_the_microsecond() {
    let mut world = World::new(1);
    let outcome = world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    let TxOutcome::Sent(end) = outcome else {
        panic!("{outcome:?}")
    };
    let truth = (world.sent()[0].end / MICROSECOND) as i64;
    assert!((truth - end.total_micros()).abs() <= 1, "{truth} {end:?}");
}

#[test]
fn a_frame_leaves_at_its_time() {
    let mut world = World::new(1);
    let at = world.nodes[0]
        .now()
        .saturating_add(Duration::from_millis(3));
    let now = world.nodes[0].now();
    let frame = data(1, 1, 1, 2, false);
    let transmit = Transmit {
        frame: &frame,
        mode: TxMode::Direct,
        at: Some(at),
        retries: 0,
    };
    world.nodes[0]
        .radio
        .transmit(now, transmit)
        .expect("in time");
    world.run(8_000);
    assert!(matches!(world.outcome(0), TxOutcome::Sent(_)));
    let start = (world.sent()[0].start / MICROSECOND) as i64;
    assert!((start - at.total_micros()).abs() <= 1, "{start} {at:?}");
    let past = Transmit {
        at: Some(now),
        ..transmit
    };
    let now = world.nodes[0].now();
    let refused = world.nodes[0].radio.transmit(now, past);
    assert_eq!(refused, Err(litz_hal::radio::RadioError::TooLate));
    world.run(1_000);
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn radios_hear_each_other_on_the_same_channel_only() {
    let mut world = World::new(2);
    for (channel, number) in [(11, 1), (26, 2)] {
        let channel = Channel::new(channel).expect("a channel");
        let config = litz_hal::radio::RadioConfig {
            channel,
            ..config(1)
        };
        let now = world.nodes[0].now();
        world.nodes[0]
            .radio
            .configure(now, &config)
            .expect("it changes");
        world.run(500);
        world.send(0, &data(1, number, 1, 2, false), TxMode::Cca);
        assert_eq!(world.nodes[1].frames.len(), 0);
        assert_eq!(world.sent().last().expect("one").channel, channel.number());
    }
    let channel = Channel::new(26).expect("a channel");
    let config = litz_hal::radio::RadioConfig {
        channel,
        ..config(2)
    };
    let now = world.nodes[1].now();
    world.nodes[1]
        .radio
        .configure(now, &config)
        .expect("it changes");
    world.run(500);
    world.send(0, &data(1, 3, 1, 2, true), TxMode::Cca);
    assert_eq!(world.nodes[1].frames.len(), 1);
}

#[test]
fn assessments_and_energies_are_reported() {
    let mut world = World::new(1);
    let now = world.nodes[0].now();
    world.nodes[0].radio.start_cca(now).expect("it is idle");
    world.run(500);
    disturb(&world, 15, 9_000, -50);
    let now = world.nodes[0].now();
    world.nodes[0].radio.start_cca(now).expect("it is idle");
    world.run(500);
    let now = world.nodes[0].now();
    let until = now.saturating_add(Duration::from_millis(4));
    world.nodes[0]
        .radio
        .detect_energy(now, until)
        .expect("idle");
    world.run(5_000);
    let expected = [
        RadioEvent::Cca { clear: true },
        RadioEvent::Cca { clear: false },
        RadioEvent::Energy(-50),
    ];
    assert_eq!(world.nodes[0].events, expected);
}
