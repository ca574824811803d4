//! libFuzzer entry point of [`litz_fuzz::tcp_pair`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::tcp_pair(data));
