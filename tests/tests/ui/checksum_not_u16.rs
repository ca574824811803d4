//! A checksum of the wrong width, over a region that is not there.
use litz_wire::{header};

#[header(be)]
pub struct Summed<'a> {
    #[checksum(rfc1071, body)]
    sum: u32,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
