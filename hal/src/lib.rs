//! The device contract of litz, host devices and middleware.
#![no_std]

#[cfg(any(feature = "std", test))]
extern crate std;

mod device;
#[cfg(any(feature = "std", test))]
pub mod link;
#[cfg(feature = "linux")]
pub mod linux;
pub mod loopback;
pub mod pcap;
pub mod prng;
pub mod time;

pub use device::*;
