//! libFuzzer entry point of [`litz_fuzz::groups`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::groups(data));
