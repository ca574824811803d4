//! An optional field says not when it is there.
use litz_wire::{header};

#[header(be)]
pub struct Maybe {
    pub kind: u8,
    pub extra: Option<u8>,
}

fn main() {}
