//! libFuzzer entry point of [`litz_fuzz::family`] for the family `wpan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::family("wpan", data));
