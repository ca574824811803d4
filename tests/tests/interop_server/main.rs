//! The example `server` against the Linux kernel and its programs, over a TAP device.
//!
//! Each test makes a network namespace of its own. A client that is Rust code runs inside it as the
//! same test once more; see `litz_tests::namespace::inside`.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

mod clients;
mod life;
mod tcp;
mod udp;
