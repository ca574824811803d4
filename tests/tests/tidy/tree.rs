//! Walking the repository: which files the checks look at.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not ours to judge, or that a tool makes.
const SKIPPED: &[&str] = &["target", "corpus", "artifacts", "node_modules"];

/// One text file of the repository.
pub(crate) struct File {
    /// Path from the root of the repository, with `/` between its parts.
    pub(crate) path: String,
    /// Whole content.
    pub(crate) text: String,
}

impl File {
    /// Whether the file is a case of the compile-fail tests, which is wrong on purpose.
    pub(crate) fn is_misuse_case(&self) -> bool {
        self.path.starts_with("tests/tests/ui/")
    }

    /// Whether the file holds tests or test data rather than what users run.
    pub(crate) fn is_test(&self) -> bool {
        let path = self.path.as_str();
        path.starts_with("tests/")
            || path.starts_with("fuzz/")
            || path.contains("/tests/")
            || path.ends_with("/tests.rs")
            || path.ends_with("_tests.rs")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests crate stands in a folder of the root")
        .to_path_buf()
}

/// Every Rust source file, in a stable order.
pub(crate) fn rust_files() -> Vec<File> {
    let found = files_ending(&[".rs"]);
    assert!(
        found.len() > 10,
        "the walk found only {} sources",
        found.len()
    );
    found
}

/// Every file whose name ends with one of `endings`.
pub(crate) fn files_ending(endings: &[&str]) -> Vec<File> {
    let mut paths = Vec::new();
    walk(&root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| {
            endings
                .iter()
                .any(|end| path.to_string_lossy().ends_with(end))
        })
        .map(|path| File {
            text: fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            path: relative(&path),
        })
        .collect()
}

/// The text of one file, named from the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("walked from the root");
    inside.to_string_lossy().replace('\\', "/")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("a readable folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().expect("a file type");
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) && !name.starts_with('.') {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
