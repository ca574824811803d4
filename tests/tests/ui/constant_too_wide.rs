//! A constant does not fit its bits.
use litz_wire::{header};

#[header(be)]
pub struct Fixed {
    #[eq(300)]
    version: u8,
    #[skip(2)]
    flag: u1,
    pub rest: u7,
}

fn main() {}
