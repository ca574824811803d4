//! Puts the memory map where the linker finds it: that of the nRF52840.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let map = "MEMORY\n{\n  FLASH : ORIGIN = 0, LENGTH = 1M\n  RAM : ORIGIN = 0x20000000, LENGTH = 256K\n}\n";
    fs::write(out.join("memory.x"), map).expect("cargo's folder");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rustc-link-arg-bins=--nmagic");
    println!("cargo:rerun-if-changed=build.rs");
}
