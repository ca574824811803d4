//! Two encodings have one tag.
use litz_wire::{forms};

#[forms(tag: u1)]
pub enum Address {
    #[tag(0)]
    Short(u16),
    #[tag(0)]
    Long(u32),
    #[tag(1)]
    None,
}

fn main() {}
