//! The small runtime that generated code calls. Nothing here knows a protocol.

pub mod arithmetic;
mod array;
mod error;
mod int;
#[doc(hidden)]
pub mod laws;
mod meta;
mod nested;
mod octets;
mod options;
pub mod print;
mod pseudo;
mod sum;
mod tail;

#[doc(hidden)]
pub use crate::__fail as fail;
pub use arithmetic::Number;
pub use array::{Array, ArrayIter, Element};
pub use error::{Error, ErrorKind, Result, Site};
#[doc(hidden)]
pub use int::Declared;
pub use int::{Millis32, Secs16, Secs32, WireInt};
pub use meta::{Codes, Field, FieldRole, Header};
pub use nested::{Nested, Quote, Truncated, Whole};
pub use octets::{NONE, inverse, put, region, set, slot, sub, unscale};
pub use options::{OptionItem, Options, OptionsIter, Taken, padded};
pub use options::{option_body, option_len, option_start, pad_to, zeros};
pub use pseudo::{ChecksumMode, Pseudo, PseudoHeader, PseudoSum, PseudoV4, PseudoV6};
pub use sum::Sum;
pub use tail::Tail;
