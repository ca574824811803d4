//! An open enum has no variant for what is unknown, and every code a number.
use litz_wire::{codes};

#[codes(u8)]
pub enum Kind {
    One = 1,
    Unknown = 255,
    Two,
}

fn main() {}
