//! The README claims what a test shows: each row of its feature table names tests that exist.

use super::none;
use super::tree::{read, rust_files};

/// One test function: the parts of its file's path, and its name.
pub(super) struct Test {
    path: Vec<String>,
    name: String,
}

/// Every `#[test]` function of the repository.
pub(super) fn tests() -> Vec<Test> {
    let mut found = Vec::new();
    for file in rust_files() {
        let path: Vec<String> = file
            .path
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        let mut is_test = false;
        for line in file.text.lines().map(str::trim) {
            if line == "#[test]" {
                is_test = true;
            } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| is_test) {
                let name = rest.split(['(', '<']).next().unwrap_or_default().to_owned();
                found.push(Test {
                    path: path.clone(),
                    name,
                });
                is_test = false;
            } else if !line.starts_with("#[") && !line.starts_with("//") {
                is_test = false;
            }
        }
    }
    found
}

/// Whether `reference`, as `file::function`, is one of `tests`; parts of the path may be left out.
pub(super) fn exists(tests: &[Test], reference: &str) -> bool {
    let mut parts: Vec<&str> = reference.split("::").collect();
    let Some(name) = parts.pop() else {
        return false;
    };
    tests.iter().any(|test| {
        let mut path = test.path.iter();
        test.name == name && parts.iter().all(|part| path.any(|folder| folder == part))
    })
}

/// The rows of the tables in a section of a file: the last cell of each names its tests.
fn rows(file: &str, section: &str, head: &str) -> Vec<String> {
    let text = read(file);
    let (_, section) = text.split_once(section).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with(head);
    section.lines().filter(is_row).map(str::to_owned).collect()
}

#[test]
fn feature_rows_name_tests_that_exist() {
    name_tests(
        rows("README.md", "## Features", "| capability"),
        "each row of the README's feature table names tests that exist",
    );
}

#[test]
fn bugs_that_happened_elsewhere_name_tests_that_exist() {
    name_tests(
        rows("docs/regressions.md", "# Bugs", "| what"),
        "each bug in docs/regressions.md names tests that exist",
    );
}

#[test]
fn defects_of_others_name_tests_that_exist() {
    name_tests(
        rows("docs/low-power.md", "## Defects", "| defect"),
        "each defect in docs/low-power.md names tests that exist",
    );
}

/// Fails unless each of these rows names tests that exist.
fn name_tests(rows: Vec<String>, rule: &str) {
    let tests = tests();
    assert!(!rows.is_empty(), "the table has no rows");
    let mut found = Vec::new();
    for row in rows {
        let cell = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or_default();
        let references: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        if references.is_empty() {
            found.push(format!("names no test: {row}"));
        }
        for reference in references
            .iter()
            .filter(|reference| !exists(&tests, reference))
        {
            found.push(format!("no such test: {reference}"));
        }
    }
    none(found, rule);
}

#[test]
fn regressions_name_tests_that_exist() {
    let tests = tests();
    let text = read("docs/tcp-regressions.md");
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let mut found = Vec::new();
    let mut count = 0;
    for row in rows.filter(|row| !row.starts_with("| report") && !row.starts_with("| RFC |")) {
        count += 1;
        let references: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        if references.is_empty() {
            found.push(format!("names no test: {row}"));
        }
        let absent = references.iter().filter(|name| !exists(&tests, name));
        found.extend(absent.map(|name| format!("no such test: {name}")));
    }
    assert!(
        count > 30,
        "the tables of docs/tcp-regressions.md have {count} rows"
    );
    none(found, "docs/tcp-regressions.md names tests that exist");
}

#[test]
fn every_example_is_named_and_tested() {
    let readme = read("README.md");
    let mut found = Vec::new();
    for file in rust_files() {
        let Some(name) = file.path.strip_prefix("stack/examples/") else {
            continue;
        };
        let Some(name) = name.strip_suffix(".rs").filter(|name| !name.contains('/')) else {
            continue;
        };
        if !readme.contains(&format!("`{name}`")) {
            found.push(format!("README.md does not name the example `{name}`"));
        }
        let runs = format!("example(\"{name}\")");
        let tested = rust_files()
            .iter()
            .any(|file| file.path.starts_with("tests/tests/") && file.text.contains(&runs));
        if !tested {
            found.push(format!("no test runs the example `{name}`"));
        }
    }
    none(found, "an example is named in the README and run by a test");
}
