//! A number does not fit the width.
use litz_wire::{codes};

#[codes(u3)]
pub enum Kind {
    Seven = 7,
    Eight = 8,
}

fn main() {}
