//! Fields have names.
use litz_wire::{header};

#[header(be)]
pub struct Pair(u8, u8);

fn main() {}
