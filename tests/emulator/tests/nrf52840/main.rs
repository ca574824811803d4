//! The driver of the nRF52840 against the model of its chip: every sequence of registers that
//! matters.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod acknowledgments;
mod board;
mod channel;
#[path = "../support/common.rs"]
mod common;
mod engines;
mod filter;
mod power;
mod reception;
mod rest;
#[path = "../support/world.rs"]
mod world;
