//! Two variants take one tag.
use litz_wire::{header, message};

#[header(be)]
pub struct Common<'a> {
    pub kind: u8,
    #[payload]
    pub body: &'a [u8],
}

#[message(be, header = Common, tag = kind)]
pub enum Both<'a> {
    #[tag(1)]
    One { number: u8 },
    #[tag(1)]
    Two { number: u16 },
    #[unknown]
    Unknown { kind: u8, body: &'a [u8] },
}

fn main() {}
