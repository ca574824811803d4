//! A check names fields that are not values.
use litz_wire::{header};

#[header(be)]
#[check(port != 0 && version == 4)]
pub struct Checked {
    #[eq(4)]
    version: u8,
    pub number: u8,
}

fn main() {}
