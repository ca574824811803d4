//! The laws themselves: each is broken by one fault of an item that is made by hand, and nothing
//! is broken without.

#![allow(clippy::arithmetic_side_effects)]

use super::Broken;

mod form;
mod header;
mod lists;
mod message;
mod notes;
mod probe;
mod records;
mod touch;

/// A law that does not hold.
fn broken(law: &'static str, at: usize) -> Result<bool, Broken> {
    Err(Broken { law, at })
}

/// More octets than anything here needs.
fn scratch() -> [u8; 64] {
    [0x5a; 64]
}
