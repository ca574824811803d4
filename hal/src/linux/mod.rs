//! The Linux host: TAP and TUN devices, waiting for them, the clock, termination signals.
//!
//! Nothing here configures addresses or routes of the kernel's side; `ip` does that. Checksum and
//! segmentation offloads of the devices are switched off.
//!
//! A program that serves until it is told to end, and uses no processor time while idle:
//!
//! ```no_run
//! use litz_hal::linux::{Tap, monotonic_now, signal::Termination, wait};
//! use litz_hal::{Device, RxToken};
//! use std::os::fd::AsFd;
//!
//! # fn main() -> std::io::Result<()> {
//! let mut stop = Termination::new()?;
//! let mut tap = Tap::attach("tap0")?;
//! while stop.received()?.is_none() {
//!     while let Some((frame, _answer)) = tap.receive(monotonic_now()) {
//!         frame.consume(|octets| println!("{} octets", octets.len()));
//!     }
//!     if let Some(error) = tap.take_error() {
//!         return Err(error.into());
//!     }
//!     wait(&[tap.as_fd(), stop.as_fd()], None)?;
//! }
//! # Ok(())
//! # }
//! ```

mod clock;
mod entropy;
mod open;
mod port;
pub mod signal;
mod sys;
mod tuntap;
mod wait;

pub use clock::monotonic_now;
pub use entropy::secret;
pub use port::{PortCounters, PortRxToken, PortTxToken};
pub use tuntap::{EthernetLayer, IpLayer, Layer, Tap, Tun, TunTap};
pub use wait::{MAX_FDS, Ready, wait, wait_until};

use crate::DeviceError;
use std::io;

impl From<DeviceError> for io::Error {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Os(errno) => Self::from_raw_os_error(errno),
            DeviceError::Gone => Self::new(io::ErrorKind::NotConnected, error),
            DeviceError::Hardware(_) => Self::other(error),
        }
    }
}

#[cfg(test)]
mod tests;
