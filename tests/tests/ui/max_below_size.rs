//! A limit below the fixed part, and a size that runs backwards.
use litz_wire::{header};

#[header(be, size = 4..=2, max = 3)]
pub struct Tiny<'a> {
    #[len(header = self)]
    len: u8,
    pub fixed: [u8; 3],
    pub data: &'a [u8],
}

fn main() {}
