//! A field does not start where it is pinned, once in the middle of an octet.
use litz_wire::{header};

#[header(be)]
pub struct Pinned {
    #[at(1)]
    pub first: u4,
    #[at(1)]
    pub second: u4,
    #[at(2)]
    pub third: u16,
}

fn main() {}
