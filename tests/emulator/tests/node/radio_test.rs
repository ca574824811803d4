//! The image that tests radios: its scan finds a disturber, its error rates are those of the air.

use litz_emulator::air::MICROSECOND;

use crate::machine::Kind;
use crate::world::World;

/// Two boards with the image, after their first round, on an air with such a loss and a disturber
/// on channel 20 while they scan.
fn round(percent: u32) -> Option<World> {
    let program = Kind::Nrf52840.build("nrf52840-radio-test")?;
    let mut world = World::new(11, percent, &[program.clone(), program]);
    world.air.disturb(20, 0, 100_000 * MICROSECOND, -50);
    let told = world.until(30_000_000, |world| {
        world
            .nodes
            .iter()
            .all(|node| node.has_said("error rate") > 0)
    });
    assert!(told, "a board never told its rates");
    Some(world)
}

/// Frames that node `node` has missed, of those it could have heard.
fn missed(world: &World, node: usize) -> (u32, u32) {
    let other = world.nodes[1 - node].address.to_string();
    let log = world.nodes[node].log();
    let line = log.lines().find(|line| line.contains("error rate"));
    let line = line.expect("the rates");
    assert!(line.contains(&format!("from {other}: ")), "{line}");
    assert!(line.ends_with("-60 dBm, quality 128"), "{line}");
    let numbers: Vec<u32> = line
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [heard, all, ..] = numbers[..] else {
        panic!("{line}")
    };
    (all - heard, all)
}

#[test]
fn the_scan_finds_the_disturber_and_every_frame_is_heard() {
    let Some(world) = round(0) else { return };
    for node in 0..2 {
        let log = world.nodes[node].log();
        for channel in 11..=26 {
            let dbm = if channel == 20 { -50 } else { -92 };
            let line = format!("channel {channel}: {dbm} dBm\n");
            assert!(log.contains(&line), "{line}{log}");
        }
        let (lost, all) = missed(&world, node);
        // What begins while the other is about to send is not heard.
        assert!(lost <= 5 && all >= 120, "{lost} of {all}");
    }
}

#[test]
fn the_error_rate_is_that_of_the_air() {
    let Some(world) = round(10) else { return };
    for node in 0..2 {
        let (lost, all) = missed(&world, node);
        assert!(all >= 120, "{all}");
        let percent = lost * 100 / all;
        assert!((5..=20).contains(&percent), "{lost} of {all}");
    }
}
