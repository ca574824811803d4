//! Arm MPS2 with the FPGA image AN386 (Arm application note 386): a Cortex-M4 at 25 MHz, and an
//! Ethernet controller on the board.

pub(crate) use crate::lan9118::Ethernet;

/// What it is called.
pub(crate) const NAME: &str = "mps2-an386";
/// Cycles in a second.
pub(crate) const HERTZ: u32 = 25_000_000;
/// The controller's interrupt.
pub(crate) const INTERRUPT: u16 = 13;
