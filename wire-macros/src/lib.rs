//! Compiler of the litz header language.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "runs in the compiler on the few numbers of one declaration"
)]

mod check;
mod diag;
mod emit;
mod model;
mod parse;

use diag::Diag;
use proc_macro::TokenStream;
use syn::DeriveInput;

fn run<T>(
    item: TokenStream,
    check: impl FnOnce(DeriveInput, &mut Diag) -> Option<T>,
    emit: impl FnOnce(&T) -> proc_macro2::TokenStream,
) -> TokenStream {
    let mut diag = Diag::default();
    let item = diag.keep(syn::parse(item));
    let model = item.and_then(|item| check(item, &mut diag));
    match model {
        Some(model) if diag.is_clean() => emit(&model).into(),
        _ => diag.into_tokens().into(),
    }
}

/// Declares a header.
#[proc_macro_attribute]
pub fn header(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::header::header(args.into(), item, diag),
        emit::header::header,
    )
}

/// Declares an open enum.
#[proc_macro_attribute]
pub fn codes(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::codes::codes(args.into(), item, diag),
        emit::codes::codes,
    )
}

/// Declares a group of bits.
#[proc_macro_attribute]
pub fn bits(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::codes::bits(args.into(), item, diag),
        emit::codes::bits,
    )
}

/// Declares a family of options.
#[proc_macro_attribute]
pub fn options(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::options::options(args.into(), item, diag),
        emit::options::options,
    )
}

/// Declares a tagged union of bodies behind a shared header.
#[proc_macro_attribute]
pub fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::message::message(args.into(), item, diag),
        emit::message::message,
    )
}

/// Declares what can follow a header.
#[proc_macro_attribute]
pub fn payloads(args: TokenStream, item: TokenStream) -> TokenStream {
    run(
        item,
        |item, diag| check::message::payloads(args.into(), item, diag),
        emit::message::payloads,
    )
}
