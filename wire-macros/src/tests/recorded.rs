//! What becomes of every protocol, and of what tests declare, recorded as a number of tokens and a
//! hash for each declaration, because the expansions themselves are too long to be read. A change
//! of the compiler shows here which declarations it touches, and which it was not meant to.
//! `UPDATE_EXPECT=1` records anew.

use super::declared;
use expect_test::expect_file;
use proc_macro2::{TokenStream, TokenTree};
use std::fmt::Write;
use syn::DeriveInput;

/// Tokens counted and hashed (FNV-1a), groups with their delimiters; spaces do not count.
struct Digest {
    tokens: usize,
    hash: u64,
}

impl Digest {
    fn of(tokens: TokenStream) -> Self {
        let mut digest = Self {
            tokens: 0,
            hash: 0xcbf2_9ce4_8422_2325,
        };
        digest.all(tokens);
        digest
    }

    fn text(&mut self, text: &str) {
        self.tokens += 1;
        for octet in text.bytes().chain([0]) {
            self.hash = (self.hash ^ u64::from(octet)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn all(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    self.text(&format!("{:?}", group.delimiter()));
                    self.all(group.stream());
                    self.text("end");
                }
                other => self.text(&other.to_string()),
            }
        }
    }
}

#[test]
fn every_protocol_becomes_what_it_became() {
    let mut text = String::from("Generated: the test `recorded` keeps this file.\n");
    let (protocols, tests) = (declared::files("wire-defs/src"), "wire-defs/tests");
    for path in protocols.into_iter().chain(declared::files(tests)) {
        for (name, args, item) in declared::in_file(&path) {
            let declared: DeriveInput = syn::parse2(item.clone()).expect("an item");
            let output = declared::compiled(name, args, item).expect("a declaration that is taken");
            let digest = Digest::of(output);
            let ident = declared.ident;
            let Digest { tokens, hash } = digest;
            writeln!(text, "{name} {ident}: {tokens} tokens, {hash:016x}").expect("memory");
        }
    }
    expect_file!["../../snapshots/protocols.txt"].assert_eq(&text);
}
