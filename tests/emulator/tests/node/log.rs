//! What happens is printed, and kept in a file of the test's name, because a test that succeeds
//! shows nothing.

use std::fs::{OpenOptions, create_dir_all, remove_file};
use std::io::Write;
use std::path::PathBuf;

use litz_tests::workspace::root;

/// Says a line.
macro_rules! tell {
    ($($text:tt)*) => {
        $crate::log::line(&format!($($text)*))
    };
}
pub(crate) use tell;

/// The file of the test that runs: its thread has its name.
fn file() -> PathBuf {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("programs").replace("::", "-");
    root().join("target/boards").join(format!("{name}.log"))
}

/// Begins the file of a test anew.
pub(crate) fn begin() {
    create_dir_all(root().join("target/boards")).expect("a folder for logs");
    let _ = remove_file(file());
}

pub(crate) fn line(text: &str) {
    println!("{text}");
    let file = OpenOptions::new().create(true).append(true).open(file());
    let mut file = file.expect("a file for the log");
    writeln!(file, "{text}").expect("room for the log");
}
