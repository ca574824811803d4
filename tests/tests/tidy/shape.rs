//! The shape of source files: size, documentation, layout, `#[cfg]` placement, banned words.

use super::none;
use super::source::code_only;
use super::tree::{File, files_ending, rust_files};

/// Above this a file is not one idea any more.
const MAX_LINES: usize = 1000;
/// Columns of a line of Rust.
const MAX_COLUMNS: usize = 100;
/// Lines of `fn main` in an example.
const MAX_MAIN: usize = 80;

/// Every line of every Rust file for which `wrong` gives a reason.
fn lines_where(wrong: impl Fn(&File, &str, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_misuse_case()) {
        let code = code_only(&file.text);
        for (number, (raw, code)) in file.text.lines().zip(code.lines()).enumerate() {
            if let Some(reason) = wrong(file, raw, code) {
                found.push(format!("{}:{}: {reason}", file.path, number + 1));
            }
        }
    }
    found
}

#[test]
fn files_are_short() {
    let long = rust_files().into_iter().filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > MAX_LINES).then(|| format!("{}: {lines} lines", file.path))
    });
    none(long.collect(), "a file has at most 1000 lines");
}

#[test]
fn lines_fit_100_columns() {
    let wide = lines_where(|_, raw, _| {
        let columns = raw.chars().count();
        (columns > MAX_COLUMNS).then(|| format!("{columns} columns"))
    });
    none(wide, "a line has at most 100 columns");
}

#[test]
fn text_files_end_with_one_newline_and_no_blanks() {
    let endings = [".rs", ".md", ".toml", ".sh", ".stderr", ".yml"];
    let mut found = Vec::new();
    for file in files_ending(&endings) {
        if file.text.is_empty() || !file.text.ends_with('\n') || file.text.ends_with("\n\n") {
            found.push(format!(
                "{}: does not end with exactly one newline",
                file.path
            ));
        }
        if file.text.contains('\r') {
            found.push(format!("{}: carriage return", file.path));
        }
        if file.path.ends_with(".stderr") {
            continue;
        }
        for (number, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                found.push(format!("{}:{}: blank at the end", file.path, number + 1));
            }
        }
    }
    none(
        found,
        "text files end with one newline; lines do not end with blanks",
    );
}

#[test]
fn every_file_says_what_it_is() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_misuse_case()) {
        let first = file.text.lines().next().unwrap_or_default();
        let paragraph: String = file
            .text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .collect();
        if !first.starts_with("//! ") {
            found.push(format!(
                "{}: does not begin with a `//!` paragraph",
                file.path
            ));
        } else if paragraph.trim().len() < 20 {
            found.push(format!(
                "{}: its `//!` paragraph says too little",
                file.path
            ));
        }
    }
    none(found, "the first `//!` paragraph of a file says what it is");
}

#[test]
fn nothing_is_left_to_do() {
    let words = ["todo!", "unimplemented!", "dbg!"];
    let marks = ["TODO", "FIXME", "XXX:"];
    let found = lines_where(|_, raw, code| {
        if let Some(word) = words.iter().find(|word| code.contains(*word)) {
            return Some(format!("`{word}`"));
        }
        let comment = raw.split_once("//").map_or("", |(_, comment)| comment);
        marks
            .iter()
            .find(|mark| comment.contains(*mark))
            .map(|mark| format!("`{mark}`"))
    });
    none(found, "nothing is left to do in the sources");
}

#[test]
fn states_change_only_through_their_table() {
    let table = "stack/src/socket/tcp/state.rs";
    let found = lines_where(|file, _, code| {
        let judged = file.path.starts_with("stack/src/socket/tcp/") && !file.is_test();
        let compact: String = code.split_whitespace().collect();
        let assigns = compact
            .match_indices("self.state=")
            .any(|(at, found)| !compact[at + found.len()..].starts_with('='));
        (judged && file.path != table && assigns).then(|| "assigns `self.state`".to_owned())
    });
    none(found, "a TCP state changes only in its transition table");
}

#[test]
fn tests_stand_in_files_of_their_own() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_test()) {
        let code = code_only(&file.text);
        let mut after_cfg_test = false;
        for (number, line) in code.lines().enumerate() {
            let line = line.trim();
            if after_cfg_test && line.contains("mod ") && line.ends_with('{') {
                found.push(format!("{}:{}: inline tests", file.path, number + 1));
            }
            after_cfg_test = line == "#[cfg(test)]" || (after_cfg_test && line.starts_with("#["));
        }
    }
    none(found, "tests stand in a file of their own beside the code");
}

#[test]
fn examples_have_a_short_main() {
    let mut seen = 0;
    let mut found = Vec::new();
    for file in rust_files() {
        let Some(name) = file.path.strip_prefix("stack/examples/") else {
            continue;
        };
        let mut lines = file
            .text
            .lines()
            .skip_while(|line| !line.starts_with("fn main("));
        let length = lines.by_ref().take_while(|line| *line != "}").count() + 1;
        if name.contains('/') || length == 1 {
            continue;
        }
        seen += 1;
        if length > MAX_MAIN {
            found.push(format!("{}: `main` has {length} lines", file.path));
        }
    }
    none(found, "the `main` of an example has at most 80 lines");
    println!("{seen} examples");
}

#[test]
fn cfg_stands_on_modules_uses_and_items() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_misuse_case()) {
        found.extend(
            misplaced_cfg(&file.text)
                .into_iter()
                .map(|at| format!("{}:{at}", file.path)),
        );
    }
    none(found, "`#[cfg]` stands on modules, `use` and whole items");
}

/// What may follow `#[cfg(…)]`, after `pub` or `pub(…)`.
const ITEMS: &[&str] = &[
    "mod",
    "use",
    "fn",
    "struct",
    "enum",
    "union",
    "impl",
    "trait",
    "const",
    "static",
    "type",
    "extern",
    "unsafe",
    "async",
    "macro_rules!",
];

/// `line: reason` for each `cfg` that stands elsewhere.
fn misplaced_cfg(source: &str) -> Vec<String> {
    let code = code_only(source);
    let lines: Vec<&str> = code.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let mut wrong = |reason: &str| found.push(format!("{}: {reason}", number + 1));
        if line.contains("cfg!(") {
            wrong("`cfg!` in an expression");
        }
        let outer = line.starts_with("#[cfg");
        let places = line.matches("#[cfg").count();
        if places > usize::from(outer) {
            wrong("`#[cfg]` inside a line");
        } else if outer {
            match followed_by(&lines[number..]) {
                Some(word) if ITEMS.contains(&word) => {}
                other => wrong(&format!("`#[cfg]` before `{}`", other.unwrap_or("nothing"))),
            }
        }
    }
    found
}

/// The first word after the attributes at the head of `lines`, skipping visibility.
fn followed_by<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let mut depth = 0_i32;
    for line in lines {
        let in_attribute = depth > 0 || line.starts_with("#[");
        depth += brackets(line);
        if in_attribute || line.is_empty() {
            continue;
        }
        let mut rest = *line;
        if let Some(after) = rest.strip_prefix("pub") {
            rest = after.trim_start();
            if rest.starts_with('(') {
                rest = rest
                    .split_once(')')
                    .map_or("", |(_, after)| after)
                    .trim_start();
            }
        }
        return rest.split([' ', '<', '(']).next();
    }
    None
}

fn brackets(line: &str) -> i32 {
    line.chars()
        .map(|c| i32::from(c == '[') - i32::from(c == ']'))
        .sum()
}

#[test]
fn misplaced_cfg_is_seen() {
    let module = "#[cfg(test)]\nmod tests;\n";
    let with_attributes = "#[cfg(x)]\n/// Doc.\n#[derive(\n  Copy,\n)]\npub(crate) struct S;\n";
    let implementation = "#[cfg(x)]\nimpl<T> A for B {}\n";
    for source in [module, with_attributes, implementation] {
        assert_eq!(misplaced_cfg(source), Vec::<String>::new(), "{source}");
    }
    let field = "struct S {\n    #[cfg(x)]\n    pub a: u8,\n}\n";
    let argument = "fn f(#[cfg(x)] a: u8) {}\n";
    let arm = "match a {\n    #[cfg(x)]\n    B => 1,\n}\n";
    let statement = "fn f() {\n    #[cfg(x)]\n    let a = 1;\n    if cfg!(x) {}\n}\n";
    for (source, count) in [(field, 1), (argument, 1), (arm, 1), (statement, 2)] {
        assert_eq!(misplaced_cfg(source).len(), count, "{source}");
    }
}
