//! A type whose conversion has another width.
use litz_wire::{codes, header};

#[codes(u3)]
pub enum Mode {
    One = 1,
}

#[header(be)]
pub struct Sent {
    pub mode: As<u4, Mode>,
    pub rest: u4,
}

fn main() {}
