//! The stack needs neither `std` nor an allocator: an image with a panic handler of its own builds.
//!
//! On a host target `cargo check` proves little, because `std` is in the sysroot and a dependency
//! that pulls it in compiles. A second panic handler does not, so here the linker's rules do the
//! proof; the controls, which must fail, show that the check can.

use litz_tests::workspace;

/// Gives the image the versions that the workspace has; cargo drops what the image does not need.
fn lock() {
    let root = workspace::root();
    std::fs::copy(
        root.join("Cargo.lock"),
        root.join("tests/no-std/Cargo.lock"),
    )
    .expect("a copy");
}

/// Builds the image with `features` and returns what cargo said, if it failed.
fn build(features: &str) -> Result<(), String> {
    let output = workspace::cargo()
        .args([
            "build",
            "--manifest-path",
            "tests/no-std/Cargo.toml",
            "--features",
            features,
        ])
        .env("CARGO_TARGET_DIR", workspace::target().join("no-std"))
        .output()
        .expect("cargo starts");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn an_image_without_std_and_heap_builds() {
    lock();
    build("").unwrap_or_else(|said| panic!("{said}"));
    let said = build("with-std").expect_err("an image with `std` built: the check proves nothing");
    assert!(
        said.contains("panic_impl"),
        "the control failed for another reason:\n{said}"
    );
    let said =
        build("with-alloc").expect_err("an image with a heap built: the check proves nothing");
    assert!(
        said.contains("allocator"),
        "the control failed for another reason:\n{said}"
    );
}
