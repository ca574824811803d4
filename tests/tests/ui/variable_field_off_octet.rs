//! A variable field would start in the middle of an octet.
use litz_wire::{header};

#[header(be)]
pub struct Odd<'a> {
    #[len(data)]
    size: u8,
    pub flag: bool,
    pub data: &'a [u8],
}

fn main() {}
