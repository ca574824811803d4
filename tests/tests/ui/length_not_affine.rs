//! A length that cannot be computed back.
use litz_wire::{header};

#[header(be)]
pub struct Square<'a> {
    #[len(header = self * self)]
    size: u8,
    pub data: &'a [u8],
}

fn main() {}
