//! A prefix whose width cannot be seen.
use litz_wire::{header, message};

#[header(be)]
pub struct One<'a> {
    pub kind: u8,
    #[payload]
    pub body: &'a [u8],
}

#[message(be, prefix)]
pub enum First<'a> {
    #[tag(3)]
    One(One<'a>),
    #[unknown]
    Unknown(&'a [u8]),
}

fn main() {}
