//! An array of octets starts in the middle of an octet.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    pub kind: u3,
    pub key: [u8; 4],
    pub rest: u5,
}

fn main() {}
