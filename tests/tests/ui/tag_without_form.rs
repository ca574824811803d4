//! A tag of a form that does not exist.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    #[tag_of(address)]
    mode: u1,
    pub kind: u7,
}

fn main() {}
