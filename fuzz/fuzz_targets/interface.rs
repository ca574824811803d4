//! libFuzzer entry point of [`litz_fuzz::interface`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::interface(data));
