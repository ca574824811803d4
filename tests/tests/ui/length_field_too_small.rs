//! The length field cannot even state the fixed part.
use litz_wire::header;

#[header(be)]
pub struct Short<'a> {
    #[len(header = self)]
    size: u2,
    _pad: u6,
    pub fixed: [u8; 4],
    pub data: &'a [u8],
}

#[header(be)]
pub struct Never<'a> {
    #[len(header = self - 300)]
    size: u8,
    pub data: &'a [u8],
}

fn main() {}
