//! A length names a field that is not there.
use litz_wire::{header};

#[header(be)]
pub struct Lost<'a> {
    #[len(date)]
    size: u8,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
