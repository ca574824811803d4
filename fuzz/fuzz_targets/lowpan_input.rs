//! libFuzzer entry point of [`litz_fuzz::lowpan_input`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::lowpan_input(data));
