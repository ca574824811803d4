//! litz: a TCP/IP stack for bare metal and user space. No heap, no clock and no I/O inside; never a
//! panic from the network.
//!
//! An [`Interface`] does the work of one link, over any [`phy::Device`]; a [`SocketSet`] holds the
//! sockets of the host. Time is an argument, memory is the caller's. Three calls are the whole of
//! it:
//!
//! 1. [`Interface::poll`] receives, answers, runs timers and sends;
//! 2. the application uses its sockets: [`SocketSet::tcp`], [`SocketSet::udp`], …;
//! 3. [`Interface::poll_at`] says how long it may wait for the device before the next poll.
//!
//! The packet formats are those of [`wire`], where every header is a declaration.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod addr;
pub mod iface;
pub mod socket;
mod storage;

pub use litz_hal as phy;
pub use litz_hal::time;
pub use litz_wire as wire;

pub use addr::{Endpoint, IpCidr, ListenEndpoint};
pub use iface::{Budget, Interface, InterfaceStorage, Link, PollResult};
#[cfg(feature = "alloc")]
pub use socket::SocketCapacity;
pub use socket::{
    IcmpHandle, ListenerHandle, SocketSet, SocketStorage, StaleHandle, TcpHandle, TcpSlot,
    UdpHandle, UdpMeta, UdpSlot,
};
pub use storage::{PacketBuffer, PacketMeta, Storage};
