//! An internet checksum in a header whose lowest octet comes first.
use litz_wire::{header};

#[header(le)]
pub struct Small {
    pub kind: u16,
    #[checksum(rfc1071, header)]
    checksum: u16,
}

fn main() {}
