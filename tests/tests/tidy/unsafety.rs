//! Where `unsafe` stands: only in the files that ARCHITECTURE.md lists, each block with its proof.

use super::none;
use super::source::{code_only, has_word};
use super::tree::{read, rust_files};

/// How far above an `unsafe` block its proof may begin.
const PROOF_LINES: usize = 12;

/// The paths in the list under "Where `unsafe` may stand".
fn listed() -> Vec<String> {
    let text = read("ARCHITECTURE.md");
    let (_, section) = text
        .split_once("## Where `unsafe` may stand")
        .expect("ARCHITECTURE.md has the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let paths: Vec<String> = section
        .lines()
        .filter_map(|line| line.strip_prefix("- `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(path, _)| path.to_owned())
        .collect();
    assert!(!paths.is_empty(), "the section lists no file");
    paths
}

#[test]
fn unsafe_stands_only_where_it_may() {
    let listed = listed();
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_misuse_case()) {
        if listed
            .iter()
            .any(|path| file.path == *path || file.path.starts_with(path.as_str()))
        {
            continue;
        }
        for (number, line) in code_only(&file.text).lines().enumerate() {
            let allows = ["allow(unsafe_code", "expect(unsafe_code"];
            if has_word(line, "unsafe") || allows.iter().any(|allow| line.contains(allow)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none(
        found,
        "`unsafe` stands only in the files that ARCHITECTURE.md lists",
    );
}

#[test]
fn every_unsafe_block_has_its_proof() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_misuse_case()) {
        let raw: Vec<&str> = file.text.lines().collect();
        for (number, line) in code_only(&file.text).lines().enumerate() {
            let block = has_word(line, "unsafe")
                && (line.contains("unsafe {") || line.contains("unsafe impl"));
            let above = &raw[number.saturating_sub(PROOF_LINES)..=number];
            if block && !above.iter().any(|line| line.contains("SAFETY:")) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none(found, "each `unsafe` block follows its `// SAFETY:` proof");
}
