//! A type that has no conversion from bits.
use litz_wire::{header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port(pub u16);

#[header(be)]
pub struct Sent {
    pub port: As<u16, Port>,
}

fn main() {}
