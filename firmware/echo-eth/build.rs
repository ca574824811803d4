//! Puts the memory map of the board where the linker finds it.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let board = if env::var_os("CARGO_FEATURE_LM3S").is_some() {
        "lm3s"
    } else {
        "mps2"
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let map = format!("memory-{board}.x");
    fs::copy(&map, out.join("memory.x")).expect("the map of the board");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rustc-link-arg-bins=--nmagic");
    // What is compiled twice to the same code is kept once.
    println!("cargo:rustc-link-arg-bins=--icf=all");
    println!("cargo:rerun-if-changed={map}");
    println!("cargo:rerun-if-changed=build.rs");
}
