//! What the images share: services that need no heap, a clock on SysTick, a log for the debugger.
#![no_std]
#![forbid(unsafe_code)]

pub mod clock;
pub mod log;
pub mod memory;
mod panic;
pub mod services;
