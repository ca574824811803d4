//! Instruction counts beside smoltcp.
fn main() {}
