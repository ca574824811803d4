//! The device contract of litz, host devices and middleware.
#![no_std]
