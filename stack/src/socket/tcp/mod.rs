//! TCP (RFC 9293): the engine of one connection, without addresses, devices, or memory of its own.
//!
//! A [`Tcb`] is fed segments and time and asked what to send; a [`HalfOpen`] is what a listener
//! keeps of a SYN until the handshake is done. Neither knows its 4-tuple: that is their owner's
//! business, as are checksums, ports and the demultiplexing of segments.

pub mod isn;
pub mod reset;

mod app;
mod assembler;
mod buffer;
mod challenge;
mod clock;
mod config;
mod congestion;
mod counters;
mod error;
mod half_open;
mod info;
mod input;
mod on_timer;
mod options;
mod output;
mod recovery;
mod reopen;
mod rtt;
mod segment;
mod seq;
mod state;
mod tcb;
mod timer;
mod window;

pub use assembler::Assembler;
pub use buffer::Ring;
pub use config::TcpConfig;
pub use congestion::CongestionControl;
pub use counters::TcpCounters;
pub use error::{CloseReason, RecvError, SendError};
pub use half_open::{HalfOpen, HalfOpenVerdict};
pub use info::TcpInfo;
pub use segment::{Outgoing, Reply, Segment};
pub use seq::{SeqNumber, SeqRange};
pub use state::{Event, State};
pub use tcb::Tcb;
pub use timer::Timer;
pub use window::{Mss, WindowScale};

use litz_hal::time::{Deadline, Duration, Instant};
use litz_wire::{TcpFlags, TcpOptionSet, TcpOptionTimestamp};

#[cfg(test)]
mod tests;
