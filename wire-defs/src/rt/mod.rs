//! The small runtime that generated code calls. Nothing here knows a protocol.

mod error;
mod int;
mod pseudo;
mod sum;

pub use error::{Error, ErrorKind, Result, Site};
pub use int::{Millis32, Secs16, Secs32, WireInt};
pub use pseudo::{ChecksumMode, Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use sum::Sum;
