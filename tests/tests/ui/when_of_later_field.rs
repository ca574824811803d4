//! A condition names a field that comes later.
use litz_wire::{header};

#[header(be)]
pub struct Late {
    pub kind: u8,
    #[when(flags == 1)]
    pub extra: Option<u8>,
    pub flags: u8,
}

fn main() {}
