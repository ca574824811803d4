//! A public accessor gives a private type.
#![deny(private_interfaces)]
use litz_wire::{codes, header};

#[codes(u8)]
enum Secret {
    One = 1,
}

#[header(be)]
pub struct Open {
    pub kind: As<u8, Secret>,
}

fn main() {}
