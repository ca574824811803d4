//! Octets have a length, not a count.
use litz_wire::{header};

#[header(be)]
pub struct Odd<'a> {
    #[count(name)]
    size: u8,
    pub name: &'a [u8],
}

fn main() {}
