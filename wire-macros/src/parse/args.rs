//! The arguments of item attributes and of variants.

use super::expr::Expr;
use crate::diag::Diag;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{LitInt, LitStr, Path, Token, parenthesized};

/// `size = N`, `size = N..=M` or `size = N..`.
pub(crate) struct Size {
    pub(crate) min: LitInt,
    pub(crate) max: SizeMax,
}

/// The upper end of `size`.
pub(crate) enum SizeMax {
    Same,
    Open,
    At(LitInt),
}

/// `next(field => payload: Enum [, if condition])`, `next(payload: Prefix [, if condition])` or
/// `next(message: Enum)`.
#[derive(Clone)]
pub(crate) struct Next {
    /// The field that tells, or the payload, or the word `message`.
    pub(crate) field: Ident,
    pub(crate) payload: Option<Ident>,
    pub(crate) target: Path,
    pub(crate) condition: Option<Expr>,
}

/// Arguments of `#[header(…)]`.
#[derive(Default)]
pub(crate) struct HeaderArgs {
    pub(crate) order: Option<Ident>,
    pub(crate) size: Option<Size>,
    pub(crate) max: Option<LitInt>,
    pub(crate) rfc: Option<LitStr>,
    pub(crate) next: Option<Next>,
    pub(crate) packet: Option<Ident>,
    pub(crate) line: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

const HEADER: &str = "unknown argument of `header`: it takes `be`, `size = …`, `max = N`, \
    `rfc = \"…\"`, `next(…)`, `packet = Name`, `line = \"…\"` and `crate = path`";

impl HeaderArgs {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut all = Self::default();
        each(tokens, diag, |word, input, diag| {
            match word.to_string().as_str() {
                "be" | "le" => {
                    if all.order.replace(word.clone()).is_some() {
                        diag.error(word, "the byte order is given twice");
                    }
                }
                "size" => all.size = Some(value(input)?),
                "max" => all.max = Some(value(input)?),
                "rfc" => all.rfc = Some(value(input)?),
                "packet" => all.packet = Some(value(input)?),
                "line" => all.line = Some(value(input)?),
                "crate" => all.krate = Some(path(input)?),
                "next" => {
                    let content;
                    parenthesized!(content in input);
                    all.next = Some(content.parse()?);
                }
                _ => return Err(syn::Error::new_spanned(word, HEADER)),
            }
            Ok(())
        });
        all
    }
}

impl Parse for Size {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let min = input.parse()?;
        let max = if input.parse::<Option<Token![..=]>>()?.is_some() {
            SizeMax::At(input.parse()?)
        } else if input.parse::<Option<Token![..]>>()?.is_some() {
            SizeMax::Open
        } else {
            SizeMax::Same
        };
        Ok(Self { min, max })
    }
}

impl Parse for Next {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let field: Ident = input.parse()?;
        let payload = match input.parse::<Option<Token![=>]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        input.parse::<Token![:]>()?;
        let target = input.parse()?;
        let mut condition = None;
        if input.parse::<Option<Token![,]>>()?.is_some() {
            input.parse::<Token![if]>()?;
            condition = Some(input.parse()?);
        }
        Ok(Self {
            field,
            payload,
            target,
            condition,
        })
    }
}

/// Arguments of `#[codes(uN)]` and `#[bits(uN)]`.
pub(crate) struct WidthArgs {
    pub(crate) bits: u32,
    pub(crate) span: Span,
    pub(crate) krate: Option<Path>,
}

impl WidthArgs {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Option<Self> {
        let mut width = None;
        let mut krate = None;
        let empty = tokens.is_empty();
        each(tokens, diag, |word, input, _| {
            if word == "crate" {
                krate = Some(path(input)?);
                return Ok(());
            }
            let bits = word
                .to_string()
                .strip_prefix('u')
                .and_then(|n| n.parse::<u32>().ok());
            match bits {
                Some(bits @ 1..=64) => width = Some((bits, word.span())),
                Some(_) => return Err(syn::Error::new_spanned(word, "1 to 64 bits")),
                None => {
                    return Err(syn::Error::new_spanned(
                        word,
                        "expected a width such as `u8`",
                    ));
                }
            }
            Ok(())
        });
        if empty {
            diag.error_at(Span::call_site(), "give the width, such as `u8`");
        }
        width.map(|(bits, span)| Self { bits, span, krate })
    }
}

/// How the length of an option counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemLen {
    /// Octets of the whole item.
    Item,
    /// Octets after the length.
    Body,
    /// Units of so many octets, of the whole item.
    ItemUnits(u32),
}

/// Arguments of `#[options(…)]`.
#[derive(Default)]
pub(crate) struct OptionsArgs {
    /// Octets of the kind.
    pub(crate) kind: Option<usize>,
    /// Octets of the length, and what it counts.
    pub(crate) len: Option<(usize, ItemLen)>,
    pub(crate) pad: Option<Ident>,
    pub(crate) padn: Option<Ident>,
    pub(crate) unit: Option<LitInt>,
    pub(crate) offset: Option<LitInt>,
    pub(crate) set: Option<Ident>,
    pub(crate) stop: bool,
    pub(crate) krate: Option<Path>,
}

const OPTIONS: &str = "unknown argument of `options`: it takes `kind: u8`, \
    `len: u8 = item | body | item / N`, `pad = Variant`, `padn = Variant`, `unit = N`, \
    `offset = N`, `set = Name`, `on_error = reject | stop` and `crate = path`";

impl OptionsArgs {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut all = Self::default();
        each(tokens, diag, |word, input, _| {
            match word.to_string().as_str() {
                "kind" => all.kind = Some(octets(input)?),
                "len" => all.len = Some((octets(input)?, item_len(input)?)),
                "pad" => all.pad = Some(value(input)?),
                "padn" => all.padn = Some(value(input)?),
                "unit" => all.unit = Some(value(input)?),
                "offset" => all.offset = Some(value(input)?),
                "set" => all.set = Some(value(input)?),
                "on_error" => {
                    let policy: Ident = value(input)?;
                    all.stop = match policy.to_string().as_str() {
                        "stop" => true,
                        "reject" => false,
                        _ => return Err(syn::Error::new_spanned(policy, "`reject` or `stop`")),
                    };
                }
                "crate" => all.krate = Some(path(input)?),
                _ => return Err(syn::Error::new_spanned(word, OPTIONS)),
            }
            Ok(())
        });
        all
    }
}

/// `: u8` or `: u16`, in octets.
fn octets(input: ParseStream) -> syn::Result<usize> {
    input.parse::<Token![:]>()?;
    let ty: Ident = input.parse()?;
    match ty.to_string().as_str() {
        "u8" => Ok(1),
        "u16" => Ok(2),
        _ => Err(syn::Error::new_spanned(ty, "one octet or two: `u8`, `u16`")),
    }
}

fn item_len(input: ParseStream) -> syn::Result<ItemLen> {
    let word: Ident = value(input)?;
    match word.to_string().as_str() {
        "body" => Ok(ItemLen::Body),
        "item" if input.parse::<Option<Token![/]>>()?.is_some() => {
            let unit: LitInt = input.parse()?;
            match unit.base10_parse()? {
                units @ 2..=255 => Ok(ItemLen::ItemUnits(units)),
                _ => Err(syn::Error::new_spanned(unit, "a unit of 2 to 255 octets")),
            }
        }
        "item" => Ok(ItemLen::Item),
        _ => Err(syn::Error::new_spanned(
            word,
            "`item`, `body` or `item / N`",
        )),
    }
}

/// Arguments of `#[forms(tag: uN [, le] [, reserved(…)])]`.
#[derive(Default)]
pub(crate) struct FormsArgs {
    pub(crate) bits: Option<u32>,
    pub(crate) little: bool,
    pub(crate) reserved: Vec<(u64, u64)>,
    pub(crate) krate: Option<Path>,
}

impl FormsArgs {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut all = Self::default();
        each(tokens, diag, |word, input, _| {
            match word.to_string().as_str() {
                "tag" => {
                    input.parse::<Token![:]>()?;
                    let ty: Ident = input.parse()?;
                    let bits = ty
                        .to_string()
                        .strip_prefix('u')
                        .and_then(|n| n.parse().ok());
                    match bits {
                        Some(bits @ 1..=8) => all.bits = Some(bits),
                        _ => return Err(syn::Error::new_spanned(ty, "a tag is `u1` to `u8`")),
                    }
                }
                "be" => {}
                "le" => all.little = true,
                "reserved" => {
                    let content;
                    parenthesized!(content in input);
                    let list = content.parse_terminated(Range::parse, Token![,])?;
                    all.reserved = list.into_iter().map(|range| range.0).collect();
                }
                "crate" => all.krate = Some(path(input)?),
                _ => {
                    let message = "unknown argument of `forms`: it takes `tag: uN`, `le`, \
                        `reserved(…)` and `crate = path`";
                    return Err(syn::Error::new_spanned(word, message));
                }
            }
            Ok(())
        });
        all
    }
}

/// `N` or `N..=M`.
pub(crate) struct Range(pub(crate) (u64, u64));

impl Parse for Range {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let low: LitInt = input.parse()?;
        let from: u64 = low.base10_parse()?;
        if input.parse::<Option<Token![..=]>>()?.is_none() {
            return Ok(Self((from, from)));
        }
        let high: LitInt = input.parse()?;
        let to: u64 = high.base10_parse()?;
        if to < from {
            return Err(syn::Error::new_spanned(high, "this range is empty"));
        }
        Ok(Self((from, to)))
    }
}

/// Arguments of `#[message(…)]`.
#[derive(Default)]
pub(crate) struct MessageArgs {
    pub(crate) order: Option<Ident>,
    pub(crate) header: Option<Path>,
    pub(crate) tag: Option<Ident>,
    /// The first bits of the octets tell.
    pub(crate) prefix: bool,
    pub(crate) krate: Option<Path>,
}

impl MessageArgs {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut all = Self::default();
        each(tokens, diag, |word, input, _| {
            match word.to_string().as_str() {
                "be" | "le" => all.order = Some(word.clone()),
                "header" => all.header = Some(path(input)?),
                "tag" => all.tag = Some(value(input)?),
                "prefix" => all.prefix = true,
                "crate" => all.krate = Some(path(input)?),
                _ => {
                    let message = "unknown argument of `message`: it takes `be` or `le`, \
                        `header = Name`, `tag = field`, `prefix` and `crate = path`";
                    return Err(syn::Error::new_spanned(word, message));
                }
            }
            Ok(())
        });
        all
    }
}

/// The path of the runtime crate: `::litz_wire` unless `crate = …` names another.
pub(crate) fn runtime(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::rt),
        None => quote!(::litz_wire::rt),
    }
}

fn value<T: Parse>(input: ParseStream) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn path(input: ParseStream) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    input.call(Path::parse_mod_style)
}

/// Reads `word …, word …`; an argument that fails is reported and skipped up to the next comma.
pub(crate) fn each(
    tokens: TokenStream,
    diag: &mut Diag,
    mut one: impl FnMut(&Ident, ParseStream, &mut Diag) -> syn::Result<()>,
) {
    let parser = |input: ParseStream| -> syn::Result<()> {
        while !input.is_empty() {
            let result = input
                .call(<Ident as syn::ext::IdentExt>::parse_any)
                .and_then(|word| one(&word, input, diag));
            if let Err(error) = result {
                diag.push(error);
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<proc_macro2::TokenTree>()?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let result = parser.parse2(tokens);
    if let Err(error) = result {
        diag.push(error);
    }
}
