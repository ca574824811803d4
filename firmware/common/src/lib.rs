//! What the images share: services that need no heap, and either a clock on SysTick with a log for
//! the debugger by semihosting (`semihosting`), or a node of a low-power network with a log that
//! needs no debugger (`node`).
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "semihosting")]
pub mod clock;
#[cfg(feature = "node")]
#[path = "log/rtt.rs"]
pub mod log;
#[cfg(not(feature = "node"))]
#[path = "log/semihosting.rs"]
pub mod log;
pub mod memory;
#[cfg(feature = "node")]
pub mod network;
#[cfg(feature = "node")]
pub mod node;
#[cfg(feature = "node")]
pub mod node_memory;
#[cfg(feature = "node")]
#[path = "panic/rtt.rs"]
mod panic;
#[cfg(not(feature = "node"))]
#[path = "panic/semihosting.rs"]
mod panic;
pub mod services;
#[cfg(feature = "node")]
pub mod shared;
pub mod text;

/// Writes one line of [pieces](text::Piece) to the log: `say!("channel ", number)`.
#[macro_export]
macro_rules! say {
    ($($piece:expr),+ $(,)?) => {
        $crate::log::line(&[$(&$piece as &dyn $crate::text::Piece),+])
    };
}
