//! Interface and sockets of litz.
#![no_std]
#![forbid(unsafe_code)]
