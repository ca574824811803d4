//! Other protocols follow too.
use litz_wire::{codes, header, payloads};

#[codes(u8)]
pub enum Kind {
    One = 1,
}

#[header(be)]
pub struct One {
    pub number: u8,
}

#[payloads(Kind)]
pub enum Payload<'a> {
    #[tag(Kind::One)]
    One(One),
}

fn main() {}
