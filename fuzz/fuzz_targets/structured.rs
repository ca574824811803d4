//! libFuzzer entry point of [`litz_fuzz::structured`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::structured(data));
