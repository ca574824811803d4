//! The address filter, for each version of the frame format (IEEE 802.15.4-2020 §6.7.2).

use litz_hal::radio::{Radio, RadioConfig, TxMode};

use super::world::{PAN, World, config, data, extended};

/// Whether node 2 receives a frame that node 1 sends.
fn passes(world: &mut World, frame: &[u8]) -> bool {
    let before = world.nodes[1].frames.len();
    world.send(0, frame, TxMode::Direct);
    world.nodes[1].frames.len() > before
}

#[test]
fn frames_for_others_are_dropped_in_every_version() {
    let mut world = World::new(2);
    for version in 0..=2 {
        assert!(passes(&mut world, &data(version, 1, 1, 2, false)));
        assert!(passes(&mut world, &data(version, 2, 1, 0xFFFF, false)));
        assert!(!passes(&mut world, &data(version, 3, 1, 3, false)));
        let mut other_pan = data(version, 4, 1, 2, false);
        other_pan[3] ^= 1;
        assert!(!passes(&mut world, &other_pan));
        let mut any_pan = data(version, 5, 1, 2, false);
        any_pan[3..5].copy_from_slice(&[0xFF, 0xFF]);
        assert!(passes(&mut world, &any_pan));
    }
    assert!(
        !passes(&mut world, &data(3, 6, 1, 2, false)),
        "a reserved version"
    );
}

#[test]
fn extended_addresses_are_compared_whole() {
    let mut world = World::new(2);
    for (number, expected) in [(2, true), (3, false)] {
        // Extended destination, short source, one network.
        let mut frame = vec![0x41, 0x9C, 1];
        frame.extend(PAN.0.to_le_bytes());
        let mut address = extended(number).0;
        address.reverse();
        frame.extend(address);
        frame.extend([1, 0]);
        assert_eq!(passes(&mut world, &frame), expected);
    }
}

#[test]
fn frames_without_destination_are_the_coordinators() {
    let mut world = World::new(2);
    // Source only: network and short address.
    let mut frame = vec![0x01, 0x80, 1];
    frame.extend(PAN.0.to_le_bytes());
    frame.extend([1, 0]);
    assert!(!passes(&mut world, &frame));
    let coordinator = RadioConfig {
        pan_coordinator: true,
        ..config(2)
    };
    let now = world.nodes[1].now();
    world.nodes[1]
        .radio
        .configure(now, &coordinator)
        .expect("it takes it");
    assert!(passes(&mut world, &frame));
}

#[test]
fn a_promiscuous_radio_receives_everything_and_acknowledges_nothing() {
    let mut world = World::new(2);
    let promiscuous = RadioConfig {
        promiscuous: true,
        ..config(2)
    };
    let now = world.nodes[1].now();
    world.nodes[1]
        .radio
        .configure(now, &promiscuous)
        .expect("it takes it");
    assert!(passes(&mut world, &data(1, 3, 1, 3, false)));
    assert!(passes(&mut world, &data(1, 3, 1, 2, true)));
    assert!(passes(&mut world, &[0xFF; 20]));
    assert_eq!(world.sent().len(), 3);
}
