//! Every mistake of an item is reported, not only the first.
use litz_wire::{header};

#[header(be, size = 9, colour = 1)]
pub struct Sad<'a> {
    #[eq(16)]
    version: u4,
    pub kind: Strange,
    #[len(nothing)]
    size: u8,
    #[scale(8)]
    pub flag: bool,
    #[banana]
    pub number: u16,
    pub number: u16,
}

fn main() {}
