//! Expansions as files, to be read and to be seen when they change, and how long they are.
//! `UPDATE_EXPECT=1` writes them anew.

use super::{Diag, check, declared, emit, thirteen};
use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// The output for an item, as rustfmt would have it.
fn expanded<T>(
    item: TokenStream,
    check: impl FnOnce(DeriveInput, &mut Diag) -> Option<T>,
    emit: impl FnOnce(&T) -> TokenStream,
) -> String {
    let mut diag = Diag::default();
    let item = syn::parse2(item).expect("an item");
    let model = check(item, &mut diag).expect("a model");
    assert!(diag.is_clean());
    pretty(emit(&model))
}

fn pretty(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).expect("items");
    prettyplease::unparse(&file)
}

fn same(text: &str, file: ExpectFile) {
    file.assert_eq(&format!(
        "// Generated: the test `snapshots` keeps this file.\n{text}"
    ));
}

#[test]
fn a_header() {
    let item = quote! {
        /// UDP header.
        pub struct Udp<'a> {
            pub src_port: u16,
            pub dst_port: u16,
            #[len(packet)]
            length: u16,
            #[checksum(rfc1071, packet, pseudo = 17, zero_is_none)]
            checksum: u16,
            #[payload]
            pub payload: &'a [u8],
        }
    };
    let args = quote!(be, size = 8, rfc = "768");
    let text = expanded(
        item,
        |item, diag| check::header::header(args, item, diag),
        emit::header::header,
    );
    same(&text, expect_file!["../../snapshots/header.txt"]);
}

#[test]
fn a_header_with_forms() {
    let item = quote! {
        /// Says which key protects a frame.
        pub struct Security {
            pub level: u3,
            #[tag_of(key_id)]
            key_id_mode: u2,
            #[from(counter.is_none())]
            suppressed: bool,
            _reserved: u2,
            #[when(!suppressed)]
            pub counter: Option<u32>,
            #[form(key_id_mode)]
            pub key_id: KeyId,
        }
    };
    let text = expanded(
        item,
        |item, diag| check::header::header(quote!(le), item, diag),
        emit::header::header,
    );
    same(&text, expect_file!["../../snapshots/header_with_forms.txt"]);
}

#[test]
fn a_family_of_options() {
    let item = quote! {
        /// Options.
        pub enum Choice<'a> {
            #[kind(0, bare, end)]
            End,
            #[kind(2, once)]
            Mss { mss: u16 },
            #[unknown]
            Unknown { kind: u8, data: &'a [u8] },
        }
    };
    let args = quote!(kind: u8, len: u8 = item, pad = End, unit = 4, set = ChoiceSet);
    let text = expanded(
        item,
        |item, diag| check::options::options(args, item, diag),
        emit::options::options,
    );
    same(&text, expect_file!["../../snapshots/options.txt"]);
}

#[test]
fn forms() {
    let item = quote! {
        /// Encodings.
        pub enum KeyId {
            #[tag(0)]
            Implicit,
            #[tag(1)]
            Index { index: u8 },
        }
    };
    let text = expanded(
        item,
        |item, diag| check::forms::forms(quote!(tag: u2, le, reserved(2..=3)), item, diag),
        emit::forms::forms,
    );
    same(&text, expect_file!["../../snapshots/forms.txt"]);
}

#[test]
fn codes() {
    let item = quote! {
        /// Values.
        pub enum Kind {
            One = 1,
            Two = 2,
        }
    };
    let text = expanded(
        item,
        |item, diag| check::codes::codes(quote!(u16), item, diag),
        emit::codes::codes,
    );
    same(&text, expect_file!["../../snapshots/codes.txt"]);
}

/// Constructs that no protocol uses; what they do stands in the test that declares them.
#[test]
fn constructs_that_no_protocol_uses() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../wire-defs/tests/constructs.rs"
    );
    let mut text = String::new();
    for (name, args, item) in declared::in_file(file.as_ref()) {
        let output = declared::compiled(name, args, item);
        text.push_str(&pretty(output.expect("a declaration that is taken")));
        text.push('\n');
    }
    same(&text, expect_file!["../../snapshots/constructs.txt"]);
}

/// The longest expansion there is of a header this size: views, setters, Repr, printers, and on one
/// line each what features add.
#[test]
fn a_header_of_thirteen_fields_does_not_grow() {
    let text = pretty(thirteen(quote!(be)));
    let docs = text
        .lines()
        .filter(|line| line.trim_start().starts_with("///"))
        .count();
    let lines = text.lines().count() - docs;
    println!("{lines} lines, and {docs} of documentation");
    assert!(lines <= 890, "{lines} lines");
}
