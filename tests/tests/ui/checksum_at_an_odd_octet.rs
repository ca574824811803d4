//! A checksum that is not one of the words that it adds, and one whose place is not known.
use litz_wire::header;

#[header(be)]
pub struct Odd<'a> {
    pub kind: u8,
    #[checksum(rfc1071, packet)]
    sum: u16,
    #[payload]
    pub data: &'a [u8],
}

#[header(be)]
pub struct Late<'a> {
    #[len(name)]
    length: u16,
    pub name: &'a [u8],
    #[checksum(rfc1071, packet)]
    sum: u16,
    #[payload]
    pub data: &'a [u8],
}

fn main() {}
