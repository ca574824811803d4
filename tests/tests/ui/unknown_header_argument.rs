//! An argument that `header` does not have.
use litz_wire::{header};

#[header(be, sise = 2)]
pub struct Typo {
    pub kind: u16,
}

fn main() {}
