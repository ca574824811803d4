//! Two fields state the length of the packet.
use litz_wire::{header};

#[header(be)]
pub struct Twice<'a> {
    #[len(packet)]
    one: u16,
    #[len(packet)]
    two: u16,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
