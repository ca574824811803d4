//! Every protocol of litz, declared in its header language.
#![no_std]
#![forbid(unsafe_code)]
