//! Bodies of the fuzz targets: plain functions over octets, so that the ordinary tests can replay
//! them on any input. A body fails by panicking; it has no other result.

mod family;
mod interface;
mod seeds;
mod wire_chain;

pub use family::{Item, families, family, items};
pub use interface::interface;
pub use seeds::{Seed, seeds};
pub use wire_chain::wire_chain;
