//! The compiler for boards: the one in use if it has the target, or the one that
//! `tools/thumb-setup.sh` has made.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prerequisite;
use crate::workspace::root;

/// A compiler that has `core` for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The one in use.
    InUse,
    /// Another one, to be named to cargo as `RUSTC`.
    Other(PathBuf),
}

impl Compiler {
    /// Lets `cargo` use this compiler.
    pub fn choose(&self, cargo: &mut Command) {
        if let Self::Other(rustc) = self {
            cargo.env("RUSTC", rustc);
        }
    }
}

/// A compiler for `target`; without one the test is to skip, which has been said, or has failed
/// where a skip is a failure.
#[track_caller]
pub fn compiler(target: &str) -> Option<Compiler> {
    let found = find(target);
    let missing = format!("`core` for {target}, which `tools/thumb-setup.sh` makes");
    let missing = if found.is_some() {
        vec![]
    } else {
        vec![missing]
    };
    prerequisite::met(&missing);
    found
}

fn find(target: &str) -> Option<Compiler> {
    if std::env::var_os("LITZ_THUMB_DEBIAN").is_none() && has_core(&sysroot()?, target) {
        return Some(Compiler::InUse);
    }
    let folder = std::env::var_os("LITZ_THUMB_RUST").map(PathBuf::from);
    let folder = folder
        .unwrap_or_else(|| root().join("target/thumb-rust"))
        .join("usr");
    has_core(&folder, target).then(|| Compiler::Other(folder.join("bin/rustc")))
}

fn sysroot() -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(path.trim()))
}

fn has_core(sysroot: &Path, target: &str) -> bool {
    let folder = sysroot.join("lib/rustlib").join(target).join("lib");
    let mut files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.any(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
}
