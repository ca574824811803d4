//! Bodies of the fuzz targets: plain functions over octets, so that the ordinary tests can replay
//! them on any input. A body fails by panicking; it has no other result.

mod family;
mod groups;
mod interface;
mod seeds;
mod structured;
mod tcp_pair;
mod tcp_segments;
mod wire_chain;
mod wpan_node;

pub use family::{Item, families, family, items};
pub use groups::groups;
pub use interface::interface;
pub use seeds::{Seed, seeds};
pub use structured::structured;
pub use tcp_pair::tcp_pair;
pub use tcp_segments::tcp_segments;
pub use wire_chain::wire_chain;
pub use wpan_node::{lowpan_input, mac_input};
