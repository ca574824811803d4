//! A form stands before its tag.
use litz_wire::{forms, header};

#[header(be)]
pub struct Odd {
    pub kind: u8,
    #[form(mode)]
    pub address: Address,
    #[tag_of(address)]
    mode: u1,
    pub more: u7,
}

#[forms(tag: u1)]
pub enum Address {
    #[tag(0)]
    Short(u16),
    #[tag(1)]
    Long(u32),
}

fn main() {}
