//! Nothing follows the payload.
use litz_wire::{header};

#[header(be)]
pub struct Behind<'a> {
    pub kind: u8,
    #[payload]
    pub data: &'a [u8],
    pub check: u16,
}

fn main() {}
