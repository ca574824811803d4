//! Padding is a single octet.
use litz_wire::{options};

#[options(kind: u8, len: u8 = item, pad = Fill)]
pub enum Item<'a> {
    #[kind(1)]
    Fill { number: u8 },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
