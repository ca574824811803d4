//! The whole compiler over real declarations, without a compilation of what it writes: every
//! protocol of the workspace is taken, and every misuse of `tests/tests/ui` gets its words on its
//! token. What the output does is for the laws to say.

use super::{Diag, check, emit};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::{Attribute, Item, Meta};

/// A message with its line and column, both as rustc counts them.
pub(super) type Said = (String, usize, usize);

/// What the compiler makes of an item under one attribute.
pub(super) fn compiled(
    name: &str,
    args: TokenStream,
    item: TokenStream,
) -> Result<TokenStream, Vec<Said>> {
    let mut diag = Diag::default();
    let output = syn::parse2(item).map(|item| match name {
        "header" => {
            let model = check::header::header(args, item, &mut diag);
            written(model, &diag, emit::header::header)
        }
        "bits" => {
            let model = check::codes::bits(args, item, &mut diag);
            written(model, &diag, emit::codes::bits)
        }
        "codes" => {
            let model = check::codes::codes(args, item, &mut diag);
            written(model, &diag, emit::codes::codes)
        }
        "forms" => {
            let model = check::forms::forms(args, item, &mut diag);
            written(model, &diag, emit::forms::forms)
        }
        "options" => {
            let model = check::options::options(args, item, &mut diag);
            written(model, &diag, emit::options::options)
        }
        "message" => {
            let model = check::message::message(args, item, &mut diag);
            written(model, &diag, |model| match model {
                check::message::Union::Shared(message) => emit::message::message(message),
                check::message::Union::Prefix(prefix) => emit::prefix::prefix(prefix),
            })
        }
        _ => {
            let model = check::message::payloads(args, item, &mut diag);
            written(model, &diag, emit::message::payloads)
        }
    });
    match output {
        Ok(Some(output)) => Ok(output),
        Ok(None) => Err(said(diag.0)),
        Err(error) => Err(said(Some(error))),
    }
}

/// What is written of a model, if nothing was said of it: as the attribute does.
fn written<T>(
    model: Option<T>,
    diag: &Diag,
    emit: impl FnOnce(&T) -> TokenStream,
) -> Option<TokenStream> {
    model.filter(|_| diag.is_clean()).map(|model| emit(&model))
}

fn said(error: Option<syn::Error>) -> Vec<Said> {
    let errors = error.into_iter().flatten();
    errors
        .map(|error| {
            let start = error.span().start();
            (error.to_string(), start.line, start.column + 1)
        })
        .collect()
}

const ATTRIBUTES: [&str; 7] = [
    "header", "bits", "codes", "forms", "options", "message", "payloads",
];

/// The attribute of the language that an item has.
fn declares(attribute: &Attribute) -> Option<&'static str> {
    let path = attribute.path();
    ATTRIBUTES.into_iter().find(|name| path.is_ident(name))
}

/// The items of a file that declare something, those in modules of the file too: attribute,
/// arguments, item.
fn declarations(items: Vec<Item>, all: &mut Vec<(&'static str, TokenStream, TokenStream)>) {
    for mut item in items {
        let attributes = match &mut item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            Item::Mod(module) => {
                let (_, items) = module.content.take().unwrap_or_default();
                declarations(items, all);
                continue;
            }
            _ => continue,
        };
        let Some(at) = attributes.iter().position(|one| declares(one).is_some()) else {
            continue;
        };
        let attribute = attributes.remove(at);
        let args = match &attribute.meta {
            Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let name = declares(&attribute).expect("an attribute that was just found");
        all.push((name, args, item.into_token_stream()));
    }
}

/// The declarations of a file.
pub(super) fn in_file(path: &Path) -> Vec<(&'static str, TokenStream, TokenStream)> {
    let text = std::fs::read_to_string(path).expect("a file of the workspace");
    let file = syn::parse_file(&text).expect("Rust");
    let mut all = Vec::new();
    declarations(file.items, &mut all);
    all
}

/// The Rust files below a folder of the workspace.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder),
    ];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_protocol_is_taken() {
    let mut count = 0;
    for path in files("wire-defs/src")
        .into_iter()
        .chain(files("wire-defs/tests"))
    {
        for (name, args, item) in in_file(&path) {
            let line = item.span().start().line;
            match compiled(name, args, item) {
                Ok(output) => drop(syn::parse2::<syn::File>(output).expect("items")),
                Err(said) => panic!("{}:{line}: {said:?}", path.display()),
            }
            count += 1;
        }
    }
    println!("{count} declarations");
    assert!(count > 150, "{count}");
}

/// What rustc said of a misuse, without its own words: those have a number, but for one lint's.
fn expected(path: &Path) -> Vec<Said> {
    let text = std::fs::read_to_string(path.with_extension("stderr")).expect("a .stderr file");
    let mut all = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else {
            continue;
        };
        let mut message = message.to_owned();
        while let Some(more) = lines.next_if(|line| !line.trim_start().starts_with("-->")) {
            message = format!("{message}\n{}", more.trim_start());
        }
        let place = lines.next().unwrap_or_default();
        let mut numbers = place.rsplit(':').map(|number| number.parse().unwrap_or(0));
        let (column, line) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if !message.contains("is more private than the item") {
            all.push((message, line, column));
        }
    }
    all
}

#[test]
fn every_misuse_gets_its_words_on_its_token() {
    let (mut count, mut wrong) = (0, Vec::new());
    for path in files("tests/tests/ui") {
        let mut expected = expected(&path);
        let mut said = Vec::new();
        for (name, args, item) in in_file(&path) {
            said.extend(compiled(name, args, item).err().into_iter().flatten());
        }
        expected.sort();
        said.sort();
        count += said.len();
        if said != expected {
            wrong.push(format!("{}: {said:?}, not {expected:?}", path.display()));
        }
    }
    println!("{count} messages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 80, "{count}");
}
