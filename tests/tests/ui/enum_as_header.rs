//! A header is a struct.
use litz_wire::{header};

#[header(be)]
pub enum Union {
    One,
    Two,
}

fn main() {}
