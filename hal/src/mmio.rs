//! Registers of peripherals: the trait by which drivers reach them, and on a processor without an
//! operating system the volatile accesses behind it. Elsewhere a model implements the trait, so
//! that the same driver runs in tests.

mod bus;
#[cfg(target_os = "none")]
mod volatile;

pub use bus::{Bus, DmaBus};
#[cfg(target_os = "none")]
pub use volatile::{DmaMemory, Mmio, MmioDma};
