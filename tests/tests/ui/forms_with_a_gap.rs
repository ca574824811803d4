//! A tag has no encoding and is not reserved.
use litz_wire::{forms};

#[forms(tag: u2)]
pub enum Address {
    #[tag(0)]
    Short(u16),
    #[tag(2)]
    Long(u32),
}

fn main() {}
