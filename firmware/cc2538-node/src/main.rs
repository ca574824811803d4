//! A node of a low-power network on the CC2538: it answers pings, echoes UDP and TCP on port 7 and
//! serves a page with the temperature of the chip on port 80. Its frames are secured by the engine
//! of the chip, and their counter lasts in flash.
#![no_std]
#![no_main]

mod boot;
mod chip;
mod octets;
mod rom;

use cortex_m_rt::entry;
use litz_firmware::node::{self, Failed, Identity};
use litz_firmware::node_memory::NodeBuffers;
use litz_firmware::{log, say};
use litz_hal::cc2538::{Cc2538Ccm, extended_address, random, start_crystal};
use litz_hal::flash::FlashCounter;
use static_cell::ConstStaticCell;

/// Where two pages of flash are free: behind the program, by `memory.x`.
const COUNTER: u32 = 0x0027_E800;
/// Octets of the buffers of a connection, one each way.
const TCP: usize = 1024;

static BUFFERS: ConstStaticCell<NodeBuffers<TCP>> = ConstStaticCell::new(NodeBuffers::new());

#[entry]
fn main() -> ! {
    log::start();
    if let Err(Failed(what)) = start() {
        say!("cannot go on: ", what);
    }
    loop {
        cortex_m::asm::wfi();
    }
}

fn start() -> Result<(), Failed> {
    let crystal = start_crystal(&mut chip::registers());
    crystal.then_some(()).ok_or(Failed("the crystal"))?;
    let mut identity = Identity {
        address: extended_address(&mut chip::registers()),
        secret: [0; 16],
        seed: [0; 8],
    };
    let mut noise = chip::registers();
    let filled = random(&mut noise, &mut identity.secret) && random(&mut noise, &mut identity.seed);
    filled.then_some(()).ok_or(Failed("the random numbers"))?;
    let mut board = chip::Cc::start(identity.address)?;
    let memory = chip::engine_memory().ok_or(Failed("the memory of the engine"))?;
    let ccm = Cc2538Ccm::new(memory).ok_or(Failed("the engine"))?;
    let store = FlashCounter::new(rom::RomFlash::new(COUNTER));
    let buffers = BUFFERS.try_take().ok_or(Failed("the memory is in use"))?;
    node::run(&chip::RADIO, (ccm, store), &identity, &mut board, buffers)
}
