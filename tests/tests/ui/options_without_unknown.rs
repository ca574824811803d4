//! Options that are not known have no place.
use litz_wire::{options};

#[options(kind: u8, len: u8 = item)]
pub enum Item {
    #[kind(1, bare)]
    Nop,
}

fn main() {}
