//! A field of fixed width follows one of variable length.
use litz_wire::{header};

#[header(be)]
pub struct Late<'a> {
    #[len(name)]
    size: u8,
    pub name: &'a [u8],
    pub kind: u16,
}

fn main() {}
