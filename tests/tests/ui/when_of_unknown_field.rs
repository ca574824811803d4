//! A condition names a field that does not exist.
use litz_wire::{header};

#[header(be)]
pub struct Odd {
    pub kind: u8,
    #[when(flag)]
    pub extra: Option<u8>,
}

fn main() {}
