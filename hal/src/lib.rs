//! The device contract of litz, host devices and middleware.
#![no_std]

#[cfg(any(feature = "std", test))]
extern crate std;

pub mod cc2538;
mod device;
pub mod fault;
pub mod flash;
#[cfg(any(feature = "std", test))]
pub mod link;
#[cfg(feature = "linux")]
pub mod linux;
pub mod loopback;
pub mod mac;
pub mod mmio;
pub mod nrf52840;
pub mod octets;
mod parts;
pub mod pcap;
pub mod prng;
pub mod radio;
pub mod time;
pub mod tracer;
pub mod vlan;
#[cfg(any(feature = "std", test))]
pub mod zep;

pub use device::*;
