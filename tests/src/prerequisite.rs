//! What a test needs of the machine: it skips with a printed reason, or fails where a skip is one.
//!
//! With `LITZ_CI=1` in the environment a missing prerequisite is a failure, so that continuous
//! integration cannot pass by testing nothing.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether a skip counts as a failure here.
pub fn skips_fail() -> bool {
    std::env::var("LITZ_CI").is_ok_and(|value| value == "1")
}

/// `true` if `missing` is empty; otherwise says so and returns `false`, or fails under `LITZ_CI=1`.
#[track_caller]
pub fn met(missing: &[String]) -> bool {
    if missing.is_empty() {
        return true;
    }
    let missing = missing.join(", ");
    assert!(
        !skips_fail(),
        "a skip is a failure here, and this machine lacks: {missing}"
    );
    println!("skipped: this machine lacks {missing}");
    false
}

/// Whether network namespaces with TAP devices can be made and `programs` are installed.
#[track_caller]
pub fn network(programs: &[&str]) -> bool {
    let mut missing = Vec::new();
    if !Path::new("/dev/net/tun").exists() {
        missing.push("/dev/net/tun".to_owned());
    }
    if !is_root() {
        missing.push("root privileges".to_owned());
    }
    missing.extend(missing_programs(&[&["ip"], programs].concat()));
    met(&missing)
}

/// Whether Python has a module.
#[track_caller]
pub fn python_module(name: &str) -> bool {
    let import = format!("import {name}");
    let mut command = Command::new("python3");
    command.args(["-c", &import]).stdout(Stdio::null());
    let found = command.stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    met(&if found {
        Vec::new()
    } else {
        vec![format!("the Python module `{name}`")]
    })
}

/// Whether `programs` are installed.
#[track_caller]
pub fn programs(programs: &[&str]) -> bool {
    met(&missing_programs(programs))
}

fn missing_programs(programs: &[&str]) -> Vec<String> {
    let absent = programs.iter().filter(|program| !is_installed(program));
    absent
        .map(|program| format!("the program `{program}`"))
        .collect()
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
