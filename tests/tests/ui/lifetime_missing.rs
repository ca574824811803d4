//! A header borrows without a lifetime, and a field with another one.
use litz_wire::{header};

#[header(be)]
pub struct Borrowed {
    pub kind: u8,
    #[payload]
    pub data: &'a [u8],
}

#[header(be)]
pub struct Other<'a> {
    pub kind: u8,
    #[payload]
    pub data: &'b [u8],
}

fn main() {}
