//! The fields of a group make another width.
use litz_wire::{bits};

#[bits(u8)]
pub struct Flags {
    pub one: bool,
    pub two: u3,
}

fn main() {}
