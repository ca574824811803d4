//! A slice has no end.
use litz_wire::{header};

#[header(be)]
pub struct Endless<'a> {
    pub kind: u8,
    pub data: &'a [u8],
}

fn main() {}
