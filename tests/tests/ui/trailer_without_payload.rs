//! A trailer follows a payload, and here is none.
use litz_wire::{header};

#[header(be)]
pub struct Odd<'a> {
    pub kind: u8,
    #[trailer(4)]
    pub code: &'a [u8],
}

fn main() {}
