//! The checks of an `#[options]` enum: kinds, sizes, marks, and the variant for everything else.

use super::header::item_attributes;
use super::layout::{Part, layout, names};
use super::{int, lifetime_only, named_fields};
use crate::diag::Diag;
use crate::model::Layout;
use crate::parse::args::{ItemLen, OptionsArgs, each, runtime};
use crate::parse::expr::Expr;
use crate::parse::ty::{Tail, TyKind};
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Data, DeriveInput, Lifetime, LitInt, Token, Variant, Visibility};

/// A checked family of options.
pub(crate) struct Options {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) lifetime: Lifetime,
    /// The enum has the lifetime.
    pub(crate) generic: bool,
    pub(crate) len: ItemLen,
    pub(crate) pad: u8,
    pub(crate) unit: usize,
    pub(crate) set: Option<Ident>,
    pub(crate) stop: bool,
    pub(crate) kinds: Vec<OptionKind>,
    pub(crate) unknown: Option<UnknownKind>,
}

/// One declared kind.
pub(crate) struct OptionKind {
    pub(crate) number: u8,
    pub(crate) variant: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) bare: bool,
    pub(crate) end: bool,
    pub(crate) pad: bool,
    pub(crate) once: bool,
    pub(crate) layout: Layout,
    pub(crate) checks: Vec<Expr>,
}

/// The variant that keeps kinds without a declaration.
pub(crate) struct UnknownKind {
    pub(crate) variant: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) layout: Layout,
    pub(crate) kind: Ident,
    pub(crate) data: Ident,
}

/// Checks an `#[options]` item.
pub(crate) fn options(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Options> {
    let args = OptionsArgs::parse(args, diag);
    if args.kind.is_none() {
        diag.error(&item.ident, "say how wide the kind is: `kind: u8`");
    }
    if args.len.is_none() {
        diag.error(
            &item.ident,
            "say what the length counts: `len: u8 = item` or `body`",
        );
    }
    let (docs, _) = item_attributes(item.attrs, diag);
    let lifetime = lifetime_only(&item.generics, diag);
    let Data::Enum(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[options]` declares an enum: a variant per kind",
        );
        return None;
    };
    let mut kinds: Vec<OptionKind> = Vec::new();
    let mut unknown = None;
    for variant in data.variants {
        if variant.attrs.iter().any(|a| a.path().is_ident("unknown")) {
            unknown = unknown_kind(variant, diag).or(unknown);
            continue;
        }
        let Some(kind) = option_kind(variant, diag) else {
            continue;
        };
        if let Some(other) = kinds.iter().find(|other| other.number == kind.number) {
            let message = format!("`{}` is kind {} already", other.variant, kind.number);
            diag.error(&kind.variant, message);
        }
        if kind.end && kinds.iter().any(|other| other.end) {
            diag.error(&kind.variant, "a list has one end mark");
        }
        kinds.push(kind);
    }
    if unknown.is_none() {
        diag.error(
            &item.ident,
            "other kinds arrive too: add `#[unknown] Unknown { kind: u8, data: &'a [u8] }`",
        );
    }
    let pad = pad(args.pad.as_ref(), &mut kinds, diag);
    let unit = args
        .unit
        .as_ref()
        .map_or(Some(1), |unit| int(unit, diag))
        .unwrap_or(1);
    if unit == 0 || unit > 255 {
        diag.error(&args.unit, "a unit of 1 to 255 octets");
    }
    Some(Options {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs,
        generic: lifetime.is_some(),
        lifetime: lifetime.unwrap_or_else(|| Lifetime::new("'a", Span::call_site())),
        len: args.len.unwrap_or(ItemLen::Item),
        pad,
        unit: usize::try_from(unit).unwrap_or(1),
        set: args.set,
        stop: args.stop,
        kinds,
        unknown,
    })
}

/// The number of the padding kind; marks it.
fn pad(pad: Option<&Ident>, kinds: &mut [OptionKind], diag: &mut Diag) -> u8 {
    let Some(pad) = pad else { return 0 };
    match kinds.iter_mut().find(|kind| kind.variant == *pad) {
        Some(kind) if kind.bare => {
            kind.pad = true;
            kind.number
        }
        Some(_) => {
            diag.error(pad, "padding is a single octet: this kind has to be `bare`");
            0
        }
        None => {
            diag.error(pad, format!("there is no kind `{pad}`"));
            0
        }
    }
}

fn unknown_kind(variant: Variant, diag: &mut Diag) -> Option<UnknownKind> {
    let docs = documentation(&variant.attrs);
    let fields = named_fields(&variant.ident, variant.fields, diag);
    let layout = layout(&variant.ident, fields, Part::Body, diag);
    let (mut kind, mut data) = (None, None);
    for member in &layout.members {
        match &member.ty.kind {
            TyKind::Int(8) => kind = Some(member.name.clone()),
            TyKind::Tail(Tail::Slice(_)) => data = Some(member.name.clone()),
            _ => diag.error_at(
                member.ty.span,
                "an unknown option is its kind and its octets",
            ),
        }
    }
    match (kind, data, layout.members.len()) {
        (Some(kind), Some(data), 2) => Some(UnknownKind {
            variant: variant.ident,
            docs,
            layout,
            kind,
            data,
        }),
        _ => {
            diag.error(
                &variant.ident,
                "write `Unknown { kind: u8, data: &'a [u8] }`",
            );
            None
        }
    }
}

/// The documentation among attributes.
pub(crate) fn documentation(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .cloned()
        .collect()
}

/// `#[check(…)]` among the attributes of a variant; others that are not known are reported.
pub(crate) fn variant_checks(attributes: &[Attribute], known: &str, diag: &mut Diag) -> Vec<Expr> {
    let mut checks = Vec::new();
    for attribute in attributes {
        let path = attribute.path();
        if path.is_ident("check") {
            checks.extend(diag.keep(attribute.parse_args()));
        } else if !["doc", "unknown", known]
            .iter()
            .any(|name| path.is_ident(name))
        {
            diag.error(
                path,
                format!("unknown attribute: a variant has `{known}` and `check`"),
            );
        }
    }
    checks
}

#[derive(Default)]
struct KindArgs {
    number: Option<u8>,
    bare: Option<Ident>,
    end: bool,
    once: bool,
    size: Option<LitInt>,
}

fn kind_args(attribute: &Attribute, diag: &mut Diag) -> KindArgs {
    let mut all = KindArgs::default();
    let parser = |input: syn::parse::ParseStream| {
        let number: LitInt = input.parse()?;
        all.number = Some(number.base10_parse()?);
        input.parse::<Option<Token![,]>>()?;
        input.parse::<TokenStream>()
    };
    let Some(rest) = diag.keep(attribute.parse_args_with(parser)) else {
        return all;
    };
    each(rest, diag, |word, input, _| {
        match word.to_string().as_str() {
            "bare" => all.bare = Some(word.clone()),
            "end" => all.end = true,
            "once" => all.once = true,
            "size" => {
                input.parse::<Token![=]>()?;
                all.size = Some(input.parse()?);
            }
            _ => {
                let message = "a kind takes its number, then `bare`, `end`, `once`, `size = N`";
                return Err(syn::Error::new_spanned(word, message));
            }
        }
        Ok(())
    });
    all
}

fn option_kind(variant: Variant, diag: &mut Diag) -> Option<OptionKind> {
    let checks = variant_checks(&variant.attrs, "kind", diag);
    let Some(attribute) = variant.attrs.iter().find(|a| a.path().is_ident("kind")) else {
        diag.error(&variant.ident, "say which kind this is: `#[kind(N)]`");
        return None;
    };
    let args = kind_args(attribute, diag);
    let docs = documentation(&variant.attrs);
    let name = variant.ident;
    let fields = named_fields(&name, variant.fields, diag);
    if let (Some(bare), false) = (&args.bare, fields.is_empty()) {
        diag.error(bare, "a bare kind is one octet: it has no fields");
    }
    if args.end && args.bare.is_none() {
        diag.error(&name, "an end mark is a single octet: `bare, end`");
    }
    let layout = layout(&name, fields, Part::Body, diag);
    for check in &checks {
        names(check, &layout, diag);
    }
    if let Some(size) = &args.size {
        let value = int(size, diag).and_then(|n| usize::try_from(n).ok())?;
        let fixed = layout.fixed_len.saturating_add(2);
        let open = layout.vars().next().is_some();
        if value < fixed || (value > fixed && !open) {
            let message = format!("kind, length and fields of `{name}` make {fixed} octets");
            diag.error(size, message);
        }
    }
    Some(OptionKind {
        number: args.number?,
        variant: name,
        docs,
        bare: args.bare.is_some(),
        end: args.end,
        pad: false,
        once: args.once,
        layout,
        checks,
    })
}
