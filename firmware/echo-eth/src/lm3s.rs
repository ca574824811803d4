//! Stellaris LM3S6965: a Cortex-M3 that runs at 12.5 MHz after a reset under QEMU, with an Ethernet
//! controller on the chip.

pub(crate) use crate::stellaris::Ethernet;

/// What it is called.
pub(crate) const NAME: &str = "lm3s6965evb";
/// Cycles in a second.
pub(crate) const HERTZ: u32 = 12_500_000;
/// The controller's interrupt.
pub(crate) const INTERRUPT: u16 = 42;
