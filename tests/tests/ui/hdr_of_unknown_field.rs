//! A variant binds a field that the header does not have.
use litz_wire::{header, message};

#[header(be)]
pub struct Common<'a> {
    pub kind: u8,
    #[payload]
    pub body: &'a [u8],
}

#[message(be, header = Common, tag = kind)]
pub enum Bodies<'a> {
    #[tag(1)]
    One {
        #[hdr(code)]
        code: u8,
    },
    #[unknown]
    Unknown { kind: u8, body: &'a [u8] },
}

fn main() {}
