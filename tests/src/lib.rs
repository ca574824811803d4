//! The harness of the tests that need more than one crate: namespaces, processes, examples, skips.
//!
//! What a test starts, it ends: a [`namespace::Namespace`] is deleted and a [`process::Running`] is
//! killed when they are dropped, also when the test panics.
#![allow(clippy::disallowed_methods, reason = "processes run in real time")]

pub mod air;
pub mod dissector;
pub mod firmware;
pub mod frames;
pub mod host;
pub mod marks;
pub mod mutate;
pub mod namespace;
pub mod noise;
pub mod prerequisite;
pub mod process;
pub mod qemu;
pub mod relay;
pub mod scratch;
pub mod server;
pub mod sim;
pub mod thumb;
pub mod workspace;
