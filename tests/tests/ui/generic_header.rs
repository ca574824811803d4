//! A layout is one layout.
use litz_wire::{header};

#[header(be)]
pub struct Sized<'a, T, const N: usize> {
    pub kind: u8,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
