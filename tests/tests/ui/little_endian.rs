//! Little-endian headers are not there yet.
use litz_wire::{header};

#[header(le)]
pub struct Small {
    pub kind: u16,
}

fn main() {}
