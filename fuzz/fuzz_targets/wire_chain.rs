//! libFuzzer entry point of [`litz_fuzz::wire_chain`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::wire_chain(data));
