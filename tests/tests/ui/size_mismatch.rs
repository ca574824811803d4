//! The stated size is not the sum of the fields.
use litz_wire::{header};

#[header(be, size = 5)]
pub struct Four {
    pub number: u32,
}

fn main() {}
