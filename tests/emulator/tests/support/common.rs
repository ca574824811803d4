//! What both chips do alike: powers, ways of assessment, wakers, orders that are given up, and
//! recovery.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Wake, Waker};

use litz_emulator::Peripherals;
use litz_emulator::air::{MICROSECOND, check_sequence};
use litz_hal::radio::{CcaMode, Radio, RadioConfig, RadioEvent, TxMode, TxOutcome};

use super::world::{World, config, data};

/// What a receiver loses of the power on the way, in dB.
const PATH: i8 = 60;

/// Configures node 0.
fn configure(world: &mut World, config: &RadioConfig) {
    let now = world.nodes[0].now();
    let radio = &mut world.nodes[0].radio;
    radio.configure(now, config).expect("it takes it");
    world.run(500);
}

#[test]
fn a_power_is_the_nearest_that_the_chip_has() {
    let mut world = World::new(2);
    let caps = world.nodes[0].radio.capabilities();
    for wanted in [-60, -24, -15, -8, -1, 0, 2, 5, 20] {
        configure(
            &mut world,
            &RadioConfig {
                tx_power: wanted,
                ..config(1)
            },
        );
        world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
        let sent = world.sent().last().expect("a frame").strength + PATH;
        let possible = wanted.clamp(caps.tx_power_min, caps.tx_power_max);
        assert!((sent - possible).abs() <= 8, "{sent} dBm for {wanted}");
        if [0, 5].contains(&wanted) {
            assert_eq!(sent, wanted);
        }
    }
    let least = RadioConfig {
        tx_power: i8::MIN,
        ..config(1)
    };
    configure(&mut world, &least);
    world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    let sent = world.sent().last().expect("a frame").strength + PATH;
    assert_eq!(sent, caps.tx_power_min);
}

/// What an assessment says while there is noise, and while a frame is on the air.
fn assess(world: &mut World, mode: CcaMode) -> [bool; 2] {
    configure(
        world,
        &RadioConfig {
            cca: mode,
            ..config(1)
        },
    );
    let mut found = Vec::new();
    for frame in [false, true] {
        let start = world.nodes[0].chip.ticks();
        if frame {
            let mut octets = vec![0x41; 100];
            octets.extend(check_sequence(&octets));
            world.air.transmit(99, 15, start, &octets, 0);
        } else {
            let end = start + 3_000 * MICROSECOND;
            world.air.disturb(15, start, end, -60);
        }
        world.run(1_000);
        world.nodes[0].events.clear();
        let now = world.nodes[0].now();
        world.nodes[0].radio.start_cca(now).expect("it is idle");
        world.run(6_000);
        let events = world.nodes[0].events.iter();
        let mut clear = events.filter_map(|event| match event {
            RadioEvent::Cca { clear } => Some(*clear),
            _ => None,
        });
        found.push(clear.next().expect("a result"));
    }
    [found[0], found[1]]
}

#[test]
fn energy_and_carriers_are_told_apart() {
    let mut world = World::new(1);
    assert_eq!(assess(&mut world, CcaMode::Energy(-75)), [false, false]);
    assert_eq!(assess(&mut world, CcaMode::Carrier), [true, false]);
    let both = CcaMode::EnergyAndCarrier(-75);
    assert_eq!(assess(&mut world, both), [true, false]);
    let either = CcaMode::EnergyOrCarrier(-75);
    assert_eq!(assess(&mut world, either), [false, false]);
}

#[derive(Default)]
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_waker_is_woken_by_frames_and_ends_of_transmissions() {
    let mut world = World::new(2);
    let counts = [Arc::new(Count::default()), Arc::new(Count::default())];
    for (node, count) in world.nodes.iter_mut().zip(&counts) {
        node.radio.set_waker(&Waker::from(Arc::clone(count)));
    }
    let woken = |counts: &[Arc<Count>; 2]| counts.each_ref().map(|c| c.0.load(Ordering::Relaxed));
    world.run(5_000);
    assert_eq!(woken(&counts), [0, 0], "silence");
    world.send(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    let [sender, receiver] = woken(&counts);
    assert!(sender > 0 && receiver > 0, "{sender} {receiver}");
}

#[test]
fn an_order_that_is_given_up_leaves_nothing_behind() {
    let mut world = World::new(2);
    for after in [10, 100, 300, 700, 1_000, 1_500] {
        world.nodes[0].events.clear();
        world.order(0, &data(1, 1, 1, 2, false), TxMode::Direct);
        world.run(after);
        // A new configuration gives up what is under way.
        configure(&mut world, &config(1));
        world.run(6_000);
        let events = &world.nodes[0].events;
        let ended = |event: &RadioEvent| matches!(event, RadioEvent::Transmitted(_));
        let late = after >= 1_000 && events.iter().any(ended);
        assert!(late || !events.iter().any(ended), "{after}: {events:?}");
        let outcome = world.send(0, &data(1, 2, 1, 2, true), TxMode::Cca);
        assert!(
            matches!(outcome, TxOutcome::Sent(_)),
            "{after}: {outcome:?}"
        );
        let (_, last) = world.nodes[1].frames.last().expect("a frame");
        assert_eq!(last[2], 2, "{after}");
    }
}

#[test]
fn a_chip_that_forgets_everything_while_sending_is_set_up_again() {
    let mut world = World::new(2);
    world.order(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    world.run(100);
    let ticks = world.nodes[0].chip.ticks();
    world.nodes[0].chip.with(|chip| {
        chip.reset(ticks);
        super::board::after_reset(chip);
    });
    world.run(20_000);
    let events = &world.nodes[0].events;
    assert!(events.contains(&RadioEvent::Recovered), "{events:?}");
    assert_eq!(world.outcome(0), TxOutcome::Failed);
    let outcome = world.send(0, &data(1, 2, 1, 2, true), TxMode::Cca);
    assert!(matches!(outcome, TxOutcome::Sent(_)), "{outcome:?}");
    assert_eq!(world.nodes[1].frames.last().expect("a frame").1[2], 2);
}
