//! libFuzzer entry point of [`litz_fuzz::mac_input`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::mac_input(data));
