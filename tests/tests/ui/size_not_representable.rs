//! The length field cannot state the largest size.
use litz_wire::{header};

#[header(be, size = 20..=64)]
pub struct Long<'a> {
    #[len(header = self * 4)]
    size: u4,
    _pad: u4,
    pub fixed: [u8; 19],
    pub data: &'a [u8],
}

fn main() {}
