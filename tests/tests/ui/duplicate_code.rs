//! Two names for one number.
use litz_wire::{codes};

#[codes(u8)]
pub enum Kind {
    One = 1,
    Uno = 1,
}

fn main() {}
