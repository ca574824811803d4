//! An optional field that is not whole octets.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    pub kind: u8,
    #[when(kind == 1)]
    pub extra: Option<u12>,
}

fn main() {}
