//! litz beside the published smoltcp crate over the same simulated links. The program of this
//! package also counts instructions.

pub mod callgrind;
pub mod goodput;
pub mod smoltcp_host;
pub mod wire;
