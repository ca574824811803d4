//! The example `server` on a network that means no good: floods, scans, thousands of connections,
//! and routers that take less than they should. Each test has namespaces of its own.
#![allow(clippy::disallowed_methods, reason = "the peer is Linux, in real time")]

mod anywhere;
mod attacks;
mod client;
mod crowds;
mod path;
mod scans;
mod scapy;
mod soak;
