//! A bare kind is one octet.
use litz_wire::{options};

#[options(kind: u8, len: u8 = item)]
pub enum Item<'a> {
    #[kind(1, bare)]
    Nop { number: u8 },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
