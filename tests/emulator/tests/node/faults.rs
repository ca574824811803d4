//! A board that is reset in the middle of a transfer: the other side notices and begins anew, and
//! the counter of its frames has gone on, so that they are believed.

use crate::client::{self, Progress, Stream};
use crate::log::tell;
use crate::machine::Kind;
use crate::world::World;

fn recovers(kind: Kind) {
    let Some(program) = kind.node() else {
        return;
    };
    let mut world = World::new(3, 0, &[program]);
    client::wait_until_ready(&mut world);
    let mut stream = Stream::open(&mut world, 0, 20 * 1024);
    let mut progress = Progress::Going;
    let going = world.until(60_000_000, |world| {
        progress = stream.advance(world);
        stream.received() > 4_000
    });
    assert!(going && progress == Progress::Going, "{progress:?}");
    tell!("after {} octets: reset", stream.received());
    world.nodes[0].machine.reset();
    assert!(!stream.finish(&mut world), "the board has forgotten it");
    assert_eq!(world.nodes[0].has_said("is ready"), 2);
    assert!(Stream::open(&mut world, 0, 20 * 1024).finish(&mut world));
    client::page(&mut world, 0);
}

#[test]
fn a_transfer_begins_anew_when_an_nrf52840_was_reset() {
    recovers(Kind::Nrf52840);
}

#[test]
fn a_transfer_begins_anew_when_a_cc2538_was_reset() {
    recovers(Kind::Cc2538);
}
