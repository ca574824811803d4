//! QEMU's emulator of ARM boards: the one installed, or the one that `tools/qemu-setup.sh` has
//! unpacked.

use std::path::PathBuf;
use std::process::Command;

use crate::prerequisite;
use crate::workspace::root;

/// A command that starts `qemu-system-arm` without a window; without it the test is to skip, which
/// has been said, or has failed where a skip is a failure.
#[track_caller]
pub fn arm() -> Option<Command> {
    let program = find();
    let missing = if program.is_some() {
        vec![]
    } else {
        vec!["`qemu-system-arm`, which `tools/qemu-setup.sh` unpacks".to_owned()]
    };
    prerequisite::met(&missing);
    let mut command = Command::new(program?);
    command.args(["-nographic", "-monitor", "none", "-serial", "none"]);
    Some(command)
}

fn find() -> Option<PathBuf> {
    let name = "qemu-system-arm";
    let folder = std::env::var_os("LITZ_QEMU").map(PathBuf::from);
    let unpacked = folder.unwrap_or_else(|| root().join("target/qemu"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([unpacked]);
    folders
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}
