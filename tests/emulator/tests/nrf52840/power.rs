//! Sleep, waking, and a radio that does not do what it should.

use litz_emulator::Peripherals;
use litz_hal::radio::{Radio, RadioError, RadioEvent, Transmit, TxMode, TxOutcome};

use super::world::{World, data};

#[test]
fn a_sleeping_radio_hears_nothing_and_wakes() {
    let mut world = World::new(2);
    let now = world.nodes[1].now();
    world.nodes[1].radio.sleep(now).expect("it is idle");
    world.send(0, &data(1, 1, 1, 2, true), TxMode::Cca);
    assert_eq!(world.nodes[1].frames.len(), 0);
    let transmit = Transmit {
        frame: &data(1, 2, 2, 1, false),
        mode: TxMode::Cca,
        at: None,
        retries: 0,
    };
    let now = world.nodes[1].now();
    let refused = world.nodes[1].radio.transmit(now, transmit);
    assert_eq!(refused, Err(RadioError::Asleep));
    world.nodes[1].radio.wake(now).expect("it wakes");
    world.run(1_000);
    world.send(0, &data(1, 3, 1, 2, true), TxMode::Cca);
    assert_eq!(world.nodes[1].frames[0].0.acked, Some(false));
    world.send(1, &data(1, 4, 2, 1, false), TxMode::Cca);
    assert!(matches!(world.outcome(1), TxOutcome::Sent(_)));
}

#[test]
fn a_radio_that_lost_its_registers_is_set_up_again() {
    let mut world = World::new(2);
    world.order(0, &data(1, 1, 1, 2, false), TxMode::Cca);
    world.run(100);
    // Everything is as after a reset, in the middle of a transmission.
    let ticks = world.nodes[0].chip.ticks();
    world.nodes[0].chip.with(|chip| chip.reset(ticks));
    world.run(20_000);
    let events = &world.nodes[0].events;
    assert!(events.contains(&RadioEvent::Recovered), "{events:?}");
    assert_eq!(world.outcome(0), TxOutcome::Failed);
}

#[test]
fn orders_are_refused_while_one_is_under_way() {
    let mut world = World::new(1);
    let frame = data(1, 1, 1, 2, false);
    world.order(0, &frame, TxMode::Cca);
    let now = world.nodes[0].now();
    let radio = &mut world.nodes[0].radio;
    let transmit = Transmit {
        frame: &frame,
        mode: TxMode::Cca,
        at: None,
        retries: 0,
    };
    assert_eq!(radio.transmit(now, transmit), Err(RadioError::Busy));
    assert_eq!(radio.start_cca(now), Err(RadioError::Busy));
    assert_eq!(radio.sleep(now), Err(RadioError::Busy));
    world.run(6_000);
    let too_long = Transmit {
        frame: &[0; 126],
        ..transmit
    };
    let now = world.nodes[0].now();
    let refused = world.nodes[0].radio.transmit(now, too_long);
    assert_eq!(refused, Err(RadioError::TooLong));
}
