//! Bodies of the fuzz targets: plain functions over octets, so that the ordinary tests can replay
//! them on any input. A body fails by panicking; it has no other result.

mod interface;
mod tcp_pair;
mod tcp_segments;
mod wire_chain;

pub use interface::interface;
pub use tcp_pair::tcp_pair;
pub use tcp_segments::tcp_segments;
pub use wire_chain::wire_chain;
