//! Items that are aligned, and nothing to pad with.
use litz_wire::{options};

#[options(kind: u8, len: u8 = body)]
pub enum Item<'a> {
    #[kind(5, align = 4n + 2)]
    Jumbo { length: u32 },
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
