//! What follows is told by a field that is not there.
use litz_wire::{header};

#[header(be, next(proto => body: Payload))]
pub struct Chain<'a> {
    pub kind: u8,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
