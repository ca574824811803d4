//! What TCP claims to meet of RFC 9293: each row of the conformance page leads to a mark in the
//! code and to tests, and each mark to a row.

use super::none;
use super::readme::{exists, tests};
use super::tree::{read, rust_files};

/// Where the page is, and what its files are named from.
const PAGE: &str = "stack/src/socket/tcp/conformance.md";
const BASE: &str = "stack/src/";
/// What a mark in the code begins with.
const MARK: &str = "//= RFC 9293:";
/// How many requirements of each kind RFC 9293 has that must all have a row.
const ALL: [(&str, usize); 3] = [("MUST", 69), ("SHLD", 31), ("MAY", 18)];

/// One row: the requirement, its file, its tests. The file is empty where nothing is done.
struct Row {
    id: String,
    file: String,
    tests: Vec<String>,
}

fn quoted(cell: &str) -> Vec<String> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

fn rows() -> Vec<Row> {
    let page = read(PAGE);
    let lines = page.lines().skip(2);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, id, _, file, tests, _] = cells.as_slice() else {
                panic!("a row has four cells: {line}");
            };
            Row {
                id: (*id).to_owned(),
                file: quoted(file).into_iter().next().unwrap_or_default(),
                tests: quoted(tests),
            }
        })
        .collect()
}

/// Every mark: its file, named from [`BASE`] on, and the requirement.
fn marks() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in rust_files() {
        let Some(name) = file.path.strip_prefix(BASE) else {
            continue;
        };
        for line in file.text.lines().map(str::trim) {
            let Some(list) = line.strip_prefix(MARK) else {
                continue;
            };
            let ids = list.split(',').map(str::trim);
            found.extend(ids.map(|id| (name.to_owned(), id.to_owned())));
        }
    }
    found
}

#[test]
fn requirements_lead_to_code_and_tests() {
    let (tests, marks, rows) = (tests(), marks(), rows());
    let mut found = Vec::new();
    for row in &rows {
        if !row.file.is_empty() {
            let place = (row.file.clone(), row.id.clone());
            if !marks.contains(&place) {
                found.push(format!("{}: no mark in {}", row.id, row.file));
            }
            if row.tests.is_empty() {
                found.push(format!("{}: no test", row.id));
            }
        }
        let missing = row.tests.iter().filter(|test| !exists(&tests, test));
        found.extend(missing.map(|test| format!("{}: no such test: {test}", row.id)));
    }
    none(
        found,
        "each requirement leads to a mark in the code and to tests",
    );
}

#[test]
fn marks_lead_to_requirements() {
    let rows = rows();
    let mut found = Vec::new();
    for (file, id) in marks() {
        if !rows.iter().any(|row| row.id == id && row.file == file) {
            found.push(format!("{file}: {id} has no row"));
        }
    }
    none(
        found,
        "each mark in the code has its row on the conformance page",
    );
}

#[test]
fn every_requirement_has_a_row() {
    let rows = rows();
    let mut found = Vec::new();
    for (kind, count) in ALL {
        for number in 1..=count {
            let id = format!("{kind}-{number}");
            let times = rows.iter().filter(|row| row.id == id).count();
            if times != 1 {
                found.push(format!("{id} has {times} rows"));
            }
        }
    }
    none(found, "every requirement has one row");
}
