//! An integer of more than 64 bits.
use litz_wire::{header};

#[header(be)]
pub struct Wide {
    pub number: u65,
    pub none: u0,
}

fn main() {}
