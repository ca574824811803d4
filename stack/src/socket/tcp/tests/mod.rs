//! Tests of the TCP engine: a simulator of two connections over a bad link in virtual time, and
//! rules of the RFCs one by one, each test named after its rule. `#NNN` are bugs that other stacks
//! had.

#![allow(clippy::arithmetic_side_effects)]
// Without these parts the tests that use some of what they share are not there.
#![cfg_attr(
    not(all(feature = "tcp-extras", feature = "sack")),
    allow(dead_code, unused_imports)
)]

mod answered;
mod checksum;
mod closing;
#[cfg(feature = "cubic")]
mod congestion;
#[cfg(feature = "tcp-extras")]
mod ecn;
#[cfg(all(feature = "sack", feature = "cubic", feature = "tcp-extras"))]
mod examples;
mod fuzz;
mod half_open;
mod handshake;
mod lessons;
#[cfg(feature = "tcp-extras")]
mod linger;
mod numbers;
mod pair;
mod parts;
mod path;
mod receiving;
#[cfg(all(feature = "sack", feature = "cubic", feature = "tcp-extras"))]
mod recovery;
#[cfg(all(feature = "sack", feature = "cubic", feature = "tcp-extras"))]
mod reordering;
mod requirements;
mod rig;
#[cfg(feature = "sack")]
mod sack;
#[cfg(feature = "sack")]
mod scoreboard;
mod sending;
mod states;
mod timers;
#[cfg(not(feature = "fast-retransmit"))]
mod timers_alone;
mod transfer;
#[cfg(feature = "tcp-extras")]
mod urgent;
