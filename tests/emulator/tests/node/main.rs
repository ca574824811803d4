//! The images of nodes on emulated boards, two nRF52840 and a CC2538, which share one air with a
//! border router on the host.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test"
)]

mod client;
mod faults;
mod linux;
mod log;
mod machine;
mod radio_test;
mod router;
mod world;

use client::Stream;
use machine::{Kind, Program};
use world::World;

/// Two nRF52840 and a CC2538; `None` without a compiler for them.
fn boards() -> Option<Vec<Program>> {
    let nrf52840 = Kind::Nrf52840.node()?;
    let cc2538 = Kind::Cc2538.node()?;
    Some(vec![nrf52840.clone(), nrf52840, cc2538])
}

/// Pings, datagrams of every size, 20 KB there and back and the page, of each board.
fn everybody_serves(percent: u32) {
    let Some(programs) = boards() else {
        return;
    };
    let mut world = World::new(9, percent, &programs);
    client::wait_until_ready(&mut world);
    for node in 0..world.nodes.len() {
        world.heard.verbose = true;
        client::ping(&mut world, node, 32);
        world.heard.verbose = false;
        client::ping(&mut world, node, 1200);
        let sizes = (0..=1200).step_by(100);
        client::echo_datagrams(&mut world, node, sizes);
        assert!(Stream::open(&mut world, node, 20 * 1024).finish(&mut world));
        client::page(&mut world, node);
    }
    world.report();
    world.assert_turnaround();
}

#[test]
fn three_boards_serve_without_loss() {
    everybody_serves(0);
}

#[test]
fn three_boards_serve_at_ten_percent_loss() {
    everybody_serves(10);
}

#[test]
fn idle_boards_sleep() {
    let Some(programs) = boards() else {
        return;
    };
    let mut world = World::new(2, 0, &programs);
    client::wait_until_ready(&mut world);
    // What is sent at the start may still be answered.
    world.until(2_000_000, |_| false);
    let instructions = |world: &World| -> Vec<u64> {
        let nodes = world.nodes.iter();
        nodes.map(|node| node.machine.instructions()).collect()
    };
    let before = instructions(&world);
    world.until(60_000_000, |_| false);
    for (node, (after, before)) in instructions(&world).iter().zip(&before).enumerate() {
        let each = (after - before) / 60;
        log::line(&format!(
            "node {node}: {each} instructions in a second of silence"
        ));
        assert!(each < 20_000, "it does not sleep");
    }
}
