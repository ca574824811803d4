//! A header holds itself.
use litz_wire::{header};

#[header(be)]
pub struct Deep {
    pub more: bool,
    _pad: u7,
    #[when(more)]
    pub inner: Option<Deep>,
}

fn main() {}
