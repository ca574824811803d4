//! Two fields count the same items.
use litz_wire::{header};

#[header(be)]
pub struct Odd<'a> {
    #[count(ports)]
    first: u8,
    #[count(ports)]
    second: u8,
    pub ports: Array<'a, u16>,
}

fn main() {}
