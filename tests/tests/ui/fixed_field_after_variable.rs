//! A field of fixed width follows one that takes the rest of the header.
use litz_wire::{header, options};

#[header(be)]
pub struct Late<'a> {
    #[len(header = self * 4)]
    size: u8,
    pub options: Options<'a, Item<'a>>,
    pub kind: u16,
    #[payload]
    pub payload: &'a [u8],
}

#[options(kind: u8, len: u8 = item)]
pub enum Item<'a> {
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
