//! Repository checks as ordinary tests: what the house rules say and no compiler checks.
//!
//! Each test collects every violation before it fails, so one run shows all that is to be mended.
//! The files are found by walking the tree, not by asking git, so a tarball is checked too.

mod conformance;
mod drops;
mod layers;
mod readme;
mod shape;
mod source;
mod tree;
mod unsafety;

/// Fails with one violation per line, if there are any.
#[track_caller]
fn none(violations: Vec<String>, rule: &str) {
    assert!(
        violations.is_empty(),
        "{rule}\n{}\n({} in all)",
        violations.join("\n"),
        violations.len()
    );
}
