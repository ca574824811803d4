//! The fixed part ends in the middle of an octet.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    pub kind: u4,
    pub number: u7,
}

fn main() {}
