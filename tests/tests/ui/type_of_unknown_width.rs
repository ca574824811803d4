//! The width of a type is not known.
use litz_wire::{header};

pub struct Port(pub u16);

#[header(be)]
pub struct Wide {
    pub port: Port,
}

fn main() {}
