//! The size of a kind is not that of its fields.
use litz_wire::{options};

#[options(kind: u8, len: u8 = item)]
pub enum Item<'a> {
    #[kind(2, size = 3)]
    Mss { mss: u16 },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
