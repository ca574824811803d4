//! A field has the name of a method that every packet has.
use litz_wire::{header};

#[header(be)]
pub struct Named {
    pub bytes: u8,
    pub header_len: u8,
}

fn main() {}
