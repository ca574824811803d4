//! A layout is the same in every build.
use litz_wire::{header};

#[header(be)]
pub struct Built {
    pub kind: u8,
    #[cfg(unix)]
    pub extra: u8,
}

fn main() {}
