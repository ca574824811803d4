//! The tag of a form is wider than the forms say.
use litz_wire::{forms, header};

#[header(be)]
pub struct Odd {
    #[tag_of(address)]
    mode: u2,
    pub kind: u6,
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
