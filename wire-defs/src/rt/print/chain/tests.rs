//! Chains of layers on one line and as a tree.

use super::*;
use crate::rt::print::{Layer, Shown, Then, Visit};
use crate::rt::{Error, ErrorKind, Site};
use std::format;

/// A layer of the first octet; the second says what follows.
#[derive(Clone, Copy)]
struct Octet<'a>(&'a [u8]);

impl Layer for Octet<'_> {
    fn name(&self) -> &'static str {
        "Octet"
    }

    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result {
        visit(Shown {
            name: "value",
            value: &self.0.first().copied().unwrap_or(0),
            derived: false,
        })
    }

    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        start(self.0.get(1..).unwrap_or_default(), then)
    }
}

const AT: &Site = &Site {
    header: "Octet",
    field: "",
};

/// 0xff is no layer, 0xfe octets without one.
fn start(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result {
    match bytes {
        [] => then(Next::Nothing),
        [0xff, ..] => then(Next::Bad(Error::new(ErrorKind::Malformed, AT))),
        [0xfe, data @ ..] => then(Next::Data(data)),
        _ => then(Next::Layer(&Octet(bytes))),
    }
}

#[test]
fn layers_are_joined_on_a_line() {
    let line = |bytes: &[u8]| format!("{}", Line::new(start, bytes));
    assert_eq!(line(&[]), "");
    assert_eq!(line(&[1]), "Octet value=1");
    assert_eq!(line(&[1, 2]), "Octet value=1 | Octet value=2");
    assert_eq!(line(&[1, 0xfe]), "Octet value=1");
    assert_eq!(line(&[1, 0xff]), "Octet value=1 | Octet: malformed");
    assert_eq!(line(&[1, 0xfe, 7, 7]), "Octet value=1 | 2 octets");
    assert_eq!(line(&[0xff]), "Octet: malformed");
    assert_eq!(line(&[0xfe, 7]), "1 octets");
}

#[test]
fn layers_of_a_tree_stand_below_each_other() {
    let tree = |bytes: &[u8]| format!("{}", Tree::new(start, bytes));
    assert_eq!(tree(&[]), "");
    assert_eq!(tree(&[0xfe]), "");
    assert_eq!(tree(&[1]), "Octet\n  value: 1\n");
    let two = "Octet\n  value: 1\n  Octet\n    value: 2\n";
    assert_eq!(tree(&[1, 2]), two);
    assert_eq!(tree(&[1, 2, 0xff]), format!("{two}    Octet: malformed\n"));
    assert_eq!(tree(&[1, 2, 0xfe, 7]), format!("{two}    1 octets: 07\n"));
}

#[test]
fn a_chain_without_end_is_followed_to_a_limit() {
    let line = format!("{}", Line::new(start, &[7; 40]));
    assert_eq!(line.matches("Octet value=7 | ").count(), DEPTH);
    assert!(line.ends_with("| …"), "{line}");
    let tree = format!("{}", Tree::new(start, &[7; 40]));
    assert_eq!(tree.matches("value: 7").count(), DEPTH);
    let end = format!("\n{}…\n", "  ".repeat(DEPTH));
    assert!(tree.ends_with(&end), "{tree}");
}
