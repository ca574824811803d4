//! Every reason for which a packet is dropped is one that a test has seen counted.

use super::none;
use super::tree::{read, rust_files};

/// Where the reasons are listed, and where the tests stand that see them.
const REASONS: &str = "stack/src/iface/counters.rs";
const TESTS: [&str; 2] = ["stack/tests/", "tests/tests/"];

#[test]
fn every_reason_of_a_drop_has_a_test() {
    let text = read(REASONS);
    let (_, list) = text.split_once("\nreasons! {\n").expect("the list");
    let (list, _) = list.split_once("\n}\n").expect("its end");
    let names = list.lines().filter_map(|line| line.split_once(" = \""));
    let names: Vec<&str> = names.map(|(name, _)| name.trim()).collect();
    assert!(names.len() > 30, "{} reasons", names.len());
    let files = rust_files();
    let files = files
        .iter()
        .filter(|file| TESTS.iter().any(|folder| file.path.starts_with(folder)));
    let seen: String = files.map(|file| file.text.as_str()).collect();
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
    let tested = |name: &str| {
        let wanted = format!("DropReason::{name}");
        seen.split(&wanted).skip(1).any(ends)
    };
    let missing = names.into_iter().filter(|name| !tested(name));
    none(
        missing.map(str::to_owned).collect(),
        "a reason of a drop without a test",
    );
}
