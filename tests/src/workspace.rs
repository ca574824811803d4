//! Where the repository stands, and its examples, built on demand.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests stand in a folder of the root")
}

/// The target directory that the running test was built into.
pub fn target() -> PathBuf {
    // …/target/<profile>/deps/<test>
    let test = std::env::current_exe().expect("the path of this test");
    test.ancestors()
        .nth(3)
        .expect("a test stands in the target directory")
        .to_path_buf()
}

/// A cargo to run in the root of the repository.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// The executable of the example `name`, built if it is not there or not fresh.
///
/// It is built in the profile of the tests, so its arithmetic is checked for overflow.
pub fn example(name: &str) -> PathBuf {
    static BUILT: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::new(None);
    // A failed build poisons nothing: the next test tries again and says the same.
    let mut built = BUILT
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let built = built.get_or_insert_with(HashMap::new);
    if let Some(path) = built.get(name) {
        return path.clone();
    }
    let output = cargo()
        .args(["build", "--quiet", "-p", "litz", "--example", name])
        .env("CARGO_TARGET_DIR", target())
        .output()
        .expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the example `{name}` does not build:\n{said}"
    );
    let path = target().join("debug/examples").join(name);
    assert!(path.is_file(), "{} is not there", path.display());
    built.insert(name.to_owned(), path.clone());
    path
}
