//! An encoding without a width.
use litz_wire::{forms};

#[forms(tag: u1)]
pub enum Name<'a> {
    #[tag(0)]
    None,
    #[tag(1)]
    Text(&'a [u8]),
}

fn main() {}
