//! Only integers can be scaled.
use litz_wire::{header};

#[header(be)]
pub struct Scaled {
    #[scale(8)]
    pub key: [u8; 4],
}

fn main() {}
