//! There is one payload.
use litz_wire::{header};

#[header(be)]
pub struct Double<'a> {
    pub kind: u8,
    #[payload]
    pub first: &'a [u8],
    #[payload]
    pub second: &'a [u8],
}

fn main() {}
