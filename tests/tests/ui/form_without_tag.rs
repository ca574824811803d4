//! A form whose tag is not marked as such.
use litz_wire::{forms, header};

#[header(be)]
pub struct Odd {
    pub mode: u1,
    pub kind: u7,
    #[form(mode)]
    pub address: Address,
}

#[forms(tag: u1)]
pub enum Address {
    #[tag(0)]
    Short(u16),
    #[tag(1)]
    Long(u32),
}

fn main() {}
