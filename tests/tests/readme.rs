//! The README's declaration is the one in the sources, and its diagram the generated one.
//!
//! With `LITZ_BLESS=1` in the environment both are written into the README instead.

use std::fs;

use litz_tests::workspace;
use litz_wire::{Header, Ipv4};

/// The declaration that the README shows, without its documentation.
const SOURCE: &str = "wire-defs/src/net/ipv4.rs";
const STRUCT: &str = "pub struct Ipv4<'a> {";

/// Checks that the first block of `language` in the section holds `content`, or writes it there.
#[track_caller]
fn check(language: &str, content: &str) {
    let path = workspace::root().join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md");
    let section = readme
        .find("## A header is a declaration")
        .expect("the section");
    let fence = format!("```{language}\n");
    let start = readme[section..].find(&fence).expect("a block") + section + fence.len();
    let end = readme[start..].find("```").expect("the end of the block") + start;
    if readme[start..end] == *content {
        return;
    }
    let mended = [&readme[..start], content, &readme[end..]].concat();
    if std::env::var("LITZ_BLESS").is_ok_and(|value| value == "1") {
        fs::write(&path, mended).expect("README.md can be written");
    } else {
        panic!("README.md is stale (LITZ_BLESS=1 mends it); it should say:\n{content}");
    }
}

#[test]
fn the_declaration_is_that_of_the_sources() {
    let source = fs::read_to_string(workspace::root().join(SOURCE)).expect("the source");
    let at = source.find(STRUCT).expect("the struct");
    let attribute = source[..at].rfind("#[header").expect("its attribute");
    let end = source[at..].find("\n}\n").expect("its end") + at + 3;
    let documentation = |line: &&str| !line.trim_start().starts_with("///");
    let lines: Vec<&str> = source[attribute..end]
        .lines()
        .filter(documentation)
        .collect();
    check("rust", &format!("{}\n", lines.join("\n")));
}

#[test]
fn the_diagram_is_the_generated_one() {
    check("text", &format!("{}\n", Ipv4::DIAGRAM.trim_end()));
}
