//! Emulated Cortex-M boards, on which the firmware of this repository runs in tests: an
//! interpreter of ARMv7-M and, one folder each, models of the chips.
//!
//! The interpreter executes the integer instructions of Thumb-2 with the DSP extension of the
//! Cortex-M4 and those floating-point instructions that move data, as the manual describes them
//! (ARM DDI 0403E, the "Armv7-M Architecture Reference Manual", cited as `ARMv7-M §`). It has the
//! NVIC, SysTick, exception entry and return, sleeping and a cycle counter. Whatever the program
//! does wrong ends in a [`Stop`], never in a panic of the host.
//!
//! It has no memory protection, no bit-banding, no floating-point arithmetic and no caches or wait
//! states: cycles are those of the Cortex-M4's manual with memory that answers at once.
#![forbid(unsafe_code)]

pub mod air;
mod board;
mod bus;
pub mod cc2538;
mod cpu;
mod divided;
mod host;
mod image;
mod memory;
pub mod nrf52840;
pub mod rtt;
mod semihosting;

pub use board::{Board, Outcome, System};
pub use bus::{Bus, Lines, NoPeripherals, Peripherals, Size};
pub use cpu::{Cpu, Fault, Flags, Model, Stop};
pub use divided::Divided;
pub use host::HostChip;
pub use image::{Image, ImageError};
pub use memory::{Memory, Region};
