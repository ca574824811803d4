//! The images whose sizes are compared (`tools/sizes.sh`) run: those of litz and those of smoltcp
//! echo datagrams and a stream of the same host. What is small and does not work is not small.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test"
)]

mod host;
mod mailbox;

use std::fs;

use host::Host;
use litz_emulator::{Board, Memory, Model, Outcome, Region};
use litz_tests::firmware::Image;
use litz_tests::thumb::{self, Compiler};
use mailbox::{CYCLES, Mailbox};

/// Cycles that the board runs before the host is looked at.
const SLICE: u64 = 200 * CYCLES;
/// Simulated time for one image.
const LIMIT: u64 = 20_000_000 * CYCLES;

/// Where the RAM of every image begins.
const RAM: u32 = 0x2000_0000;

/// Octets of flash, and of RAM that is static.
fn size(program: &litz_emulator::Image) -> (usize, u32) {
    let end = program.symbol("__ebss").expect("the end of static memory");
    (program.len(), end - RAM)
}

/// Builds a profile and asks both of its images for everything that they offer. That of litz takes
/// no more of flash and of RAM than the other; `docs/sizes.md` has them all.
#[track_caller]
fn profile(features: &'static str) {
    let image = Image {
        package: "sizes",
        target: "thumbv7em-none-eabihf",
        features,
        opt_level: Some("z"),
    };
    let Some(built) = image.build() else {
        return;
    };
    let mut sizes = Vec::new();
    for name in ["litz", "smoltcp"] {
        let octets = fs::read(built.with_file_name(name)).expect("the image");
        let program = litz_emulator::Image::parse(&octets).expect("an image");
        let memory = Memory::new(vec![Region::flash(0, 1 << 20), Region::ram(RAM, 256 << 10)]);
        let mailbox = Mailbox::default();
        let mut board = Board::new(Model::CortexM4, memory, mailbox.clone());
        board.load(&program).expect("room for the image");
        let board_addr = if features.contains("wpan") {
            "fe80::1"
        } else if features.contains("ip4") {
            "192.0.2.1"
        } else {
            "2001:db8:1::1"
        };
        let addr = board_addr.parse().expect("an address");
        let mut host = Host::new(mailbox, addr, features.contains("wpan"));
        let mut until = 0;
        let tcp = features.contains("tcp");
        while !host.is_done(tcp) {
            until += SLICE;
            let outcome = board.run(until);
            assert_eq!(outcome, Outcome::Time, "{name} of {features}");
            host.poll(until / CYCLES, tcp);
            assert!(until < LIMIT, "{name} of {features}: {}", host.progress());
        }
        let panics: Vec<_> = program.panics().collect();
        assert!(
            name != "litz" || panics.is_empty(),
            "{features}: litz can panic: {panics:?}"
        );
        let (flash, ram) = size(&program);
        let served = host.progress();
        println!("{name} of {features}: {flash} octets, {ram} of RAM; {served}");
        sizes.push((flash, ram));
    }
    let [(flash, ram), (other_flash, other_ram)] = sizes[..] else {
        panic!("two images")
    };
    assert!(flash <= other_flash, "{features}: {flash} > {other_flash}");
    assert!(ram <= other_ram, "{features}: RAM {ram} > {other_ram}");
}

#[test]
fn ipv4_with_udp_and_tcp() {
    profile("eth,ip4,tcp");
}

#[test]
fn lowpan_with_udp_tcp_and_fragments() {
    profile("wpan,tcp,frag,ping");
}

/// What it does the test `node` shows; here is what it takes. Another compiler than the one in use
/// makes other code, and is not held to it.
#[test]
fn the_node_of_the_cc2538_takes_40_kib_of_flash_and_12_of_ram_beside_its_buffers() {
    // Two connections each way, datagrams each way and one to copy through.
    const BUFFERS: u32 = 2 * 2 * 1024 + 3 * 1280;
    let image = Image {
        package: "cc2538-node",
        target: "thumbv7m-none-eabi",
        features: "",
        opt_level: None,
    };
    let Some(built) = image.build() else {
        return;
    };
    let octets = fs::read(built).expect("the image");
    let program = litz_emulator::Image::parse(&octets).expect("an image");
    let (flash, ram) = size(&program);
    println!("cc2538-node: {flash} octets, {ram} of RAM, {BUFFERS} of them buffers");
    if thumb::compiler(image.target) != Some(Compiler::InUse) {
        println!("SKIPPED: the bounds are those of the compiler in use, which has no such target");
        return;
    }
    assert!(flash <= 40 << 10, "{flash} octets");
    assert!(ram - BUFFERS <= 12 << 10, "{ram} octets of RAM");
}
