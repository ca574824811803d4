//! libFuzzer entry point of [`litz_fuzz::family`] for the family `lowpan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| litz_fuzz::family("lowpan", data));
