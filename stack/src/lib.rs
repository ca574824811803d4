//! litz: a TCP/IP stack for bare metal and user space. No heap, no clock and no I/O inside; never a
//! panic from the network.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod addr;
pub mod socket;
mod storage;

pub use litz_hal as phy;
pub use litz_hal::time;
pub use litz_wire as wire;

pub use addr::{Endpoint, IpCidr, ListenEndpoint};
pub use storage::{PacketBuffer, PacketMeta, Storage};
