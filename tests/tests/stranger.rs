//! A crate outside of the workspace that knows `litz-wire` alone declares a protocol of its own in
//! one short file, and gets what the protocols here get.

use litz_tests::workspace;

/// The crate, and the versions that the workspace has.
const FOLDER: &str = "tests/stranger";

#[test]
fn a_protocol_of_somebody_else_needs_one_short_file() {
    let folder = workspace::root().join(FOLDER);
    let source = std::fs::read_to_string(folder.join("src/lib.rs")).expect("the declaration");
    let said = |line: &&str| !line.trim().is_empty() && !line.starts_with("//!");
    let lines = source.lines().filter(said).count();
    assert!(lines <= 60, "{lines} lines");
    std::fs::copy(
        workspace::root().join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .expect("a copy");
    let output = workspace::cargo()
        .args(["test", "--manifest-path", "tests/stranger/Cargo.toml"])
        .env("CARGO_TARGET_DIR", workspace::target().join("stranger"))
        .output()
        .expect("cargo starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("test result: ok. 4 passed"), "{stdout}");
}
