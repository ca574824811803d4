//! A list has one end mark; a kind has one name.
use litz_wire::{options};

#[options(kind: u8, len: u8 = item)]
pub enum Item<'a> {
    #[kind(0, bare, end)]
    End,
    #[kind(255, bare, end)]
    Stop,
    #[kind(0, bare)]
    Again,
    #[unknown]
    Unknown { kind: u8, data: &'a [u8] },
}

fn main() {}
