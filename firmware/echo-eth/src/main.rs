//! A host on Ethernet that answers pings, echoes UDP and TCP on port 7 and serves a page on port
//! 80. It runs on two boards that QEMU emulates: MPS2 with AN386 (Cortex-M4, LAN9118) and LM3S6965
//! (Cortex-M3, the Ethernet controller of Stellaris).
//!
//! The processor sleeps whenever there is nothing to do. The boards have no source of entropy: the
//! secret below is good for a demonstration and for nothing else.
#![no_std]
#![no_main]

#[cfg(not(feature = "lm3s"))]
#[path = "mps2.rs"]
mod board;
#[cfg(feature = "lm3s")]
#[path = "lm3s.rs"]
mod board;
#[cfg(not(feature = "lm3s"))]
mod lan9118;
mod start;
#[cfg(feature = "lm3s")]
mod stellaris;

use board::Ethernet;
use litz::time::Deadline;
use litz::{Interface, IpCidr, Link, SocketSet, TcpSlot};
use litz_firmware::clock::Clock;
use litz_firmware::memory::{Buffers, Memory};
use litz_firmware::say;
use litz_firmware::services::{Reading, Services};
use static_cell::ConstStaticCell;

/// Connections at a time.
const CONNECTIONS: usize = 4;
/// Octets of the buffers of a connection, one each way.
const TCP: usize = 2048;

static BUFFERS: ConstStaticCell<Buffers<CONNECTIONS, TCP, 3072, 1500>> =
    ConstStaticCell::new(Buffers::new());

/// The slots of its connections.
fn slots(buffers: &mut [[[u8; TCP]; 2]; CONNECTIONS]) -> [TcpSlot<'_>; CONNECTIONS] {
    buffers
        .each_mut()
        .map(|[rx, tx]| TcpSlot::new(&mut rx[..], &mut tx[..]))
}

/// The host, from its start on.
fn run(device: Ethernet, clock: &Clock) -> Option<()> {
    let buffers = BUFFERS.try_take()?;
    buffers.lend(slots, |memory| serve(device, clock, memory))
}

fn serve(mut device: Ethernet, clock: &Clock, memory: Memory<'_>) -> Option<()> {
    let address = device.address();
    let secret = *b"no entropy here!";
    let mut interface = Interface::new(Link::Ethernet(address), secret, memory.interface).ok()?;
    let v4 = IpCidr::new([192, 0, 2, 1], 24).ok()?;
    let v6 = IpCidr::new([0x2001, 0xDB8, 1, 0, 0, 0, 0, 1], 64).ok()?;
    interface.add_addr(v4).ok()?;
    interface.add_addr(v6).ok()?;
    interface.add_addr(IpCidr::link_local(address)).ok()?;
    let mut sockets = SocketSet::new(secret, memory.sockets);
    let mut services = Services::<CONNECTIONS>::start(&mut sockets)?;
    say!(board::NAME, ": ", address, " is ready");
    loop {
        let now = clock.now();
        let more = interface.poll(now, &mut device, &mut sockets).more;
        let reading = Reading {
            board: board::NAME,
            uptime: (now.total_micros() / 1_000_000) as u32,
            quarter_degrees: None,
        };
        services.serve(&mut sockets, &reading, memory.scratch);
        let deadline = interface.poll_at(clock.now(), &sockets);
        if !more && !is_due(deadline, clock) {
            start::sleep(|| device.has_frame() || is_due(deadline, clock));
        }
    }
}

fn is_due(deadline: Deadline, clock: &Clock) -> bool {
    deadline.is_due(clock.now())
}
