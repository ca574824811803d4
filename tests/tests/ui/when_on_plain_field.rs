//! A field that is always there has a condition.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    pub kind: u8,
    #[when(kind == 1)]
    pub extra: u8,
}

fn main() {}
