//! The linker proves that generated code holds no panic: an image whose panic handler needs a
//! symbol that does not exist links at every opt-level, and one with a known panic does not.

use std::path::Path;
use std::process::{Command, Output};

/// Builds the image; cargo keeps the object files apart by opt-level.
fn build(opt_level: &str, control: bool) -> Output {
    let image = Path::new(env!("CARGO_MANIFEST_DIR")).join("nopanic");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nopanic");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&image)
        .args(["build", "--release", "--locked"]);
    cargo.arg("--target-dir").arg(target);
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level);
    cargo
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    if control {
        cargo.args(["--features", "control"]);
    }
    cargo.output().expect("cargo starts")
}

#[test]
fn generated_code_links_without_a_panic_and_a_known_panic_does_not() {
    for opt_level in ["3", "s", "z"] {
        let output = build(opt_level, false);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "opt-level {opt_level}:\n{text}");

        let output = build(opt_level, true);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success(),
            "opt-level {opt_level}: the control must not link"
        );
        let missing = "litz_a_panic_is_reachable";
        assert!(
            text.contains(missing),
            "opt-level {opt_level}: another failure:\n{text}"
        );
    }
}
