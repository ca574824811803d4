//! A length that is always the same, or becomes shorter.
use litz_wire::{header};

#[header(be)]
pub struct Same<'a> {
    #[len(header = self * 0)]
    one: u8,
    #[len(packet = 20 - self)]
    two: u8,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
