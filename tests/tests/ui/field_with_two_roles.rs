//! Attributes that exclude each other.
use litz_wire::{header};

#[header(be)]
pub struct Torn {
    #[eq(1)]
    #[skip(1)]
    version: u8,
    #[eq(1)]
    _reserved: u8,
}

fn main() {}
