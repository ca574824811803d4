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
    /// Octets of the kind and of the length.
    pub(crate) widths: (usize, usize),
    pub(crate) len: ItemLen,
    pub(crate) pad: u8,
    /// The kind that pads with several octets, for items that are aligned.
    pub(crate) padn: Option<u16>,
    pub(crate) unit: usize,
    /// Octets of the header before the list.
    pub(crate) offset: usize,
    pub(crate) set: Option<Ident>,
    pub(crate) stop: bool,
    pub(crate) kinds: Vec<OptionKind>,
    pub(crate) unknown: Option<UnknownKind>,
}

/// One declared kind.
pub(crate) struct OptionKind {
    pub(crate) number: u16,
    pub(crate) variant: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) bare: bool,
    pub(crate) end: bool,
    pub(crate) pad: bool,
    pub(crate) once: bool,
    /// The last one counts, not the first.
    pub(crate) last: bool,
    /// A set is refused without it.
    pub(crate) required: bool,
    /// A set writes it before the others.
    pub(crate) first: bool,
    /// Where the item may start: at `.0 * n + .1`.
    pub(crate) align: Option<(u64, u64)>,
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
    let (mut kinds, unknown) = variants(data, &args, diag);
    if unknown.is_none() {
        diag.error(
            &item.ident,
            "other kinds arrive too: add `#[unknown] Unknown { kind: u8, data: &'a [u8] }`",
        );
    }
    let pad = pad(args.pad.as_ref(), &mut kinds, diag);
    let unit = unit(&args, diag);
    let offset = args
        .offset
        .as_ref()
        .and_then(|offset| int(offset, diag))
        .unwrap_or(0);
    let padn = padn(&args, &kinds, diag);
    if let (Some(set), true) = (&args.set, kinds.iter().any(|kind| kind.align.is_some())) {
        diag.error(set, "a set does not align its items: write them as a list");
    }
    Some(Options {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs,
        generic: lifetime.is_some(),
        lifetime: lifetime.unwrap_or_else(|| Lifetime::new("'a", Span::call_site())),
        widths: (
            args.kind.unwrap_or(1),
            args.len.map_or(1, |(octets, _)| octets),
        ),
        len: args.len.map_or(ItemLen::Item, |(_, len)| len),
        pad,
        padn,
        unit: usize::try_from(unit).unwrap_or(1),
        offset: usize::try_from(offset).unwrap_or(0),
        set: args.set,
        stop: args.stop,
        kinds,
        unknown,
    })
}

/// The kinds, and the variant for others.
fn variants(
    data: syn::DataEnum,
    args: &OptionsArgs,
    diag: &mut Diag,
) -> (Vec<OptionKind>, Option<UnknownKind>) {
    let mut kinds: Vec<OptionKind> = Vec::new();
    let mut unknown = None;
    for variant in data.variants {
        if variant.attrs.iter().any(|a| a.path().is_ident("unknown")) {
            let bits = args.kind.unwrap_or(1) as u32 * 8;
            unknown = unknown_kind(variant, bits, diag).or(unknown);
            continue;
        }
        let header = args.kind.unwrap_or(1) + args.len.map_or(1, |(octets, _)| octets);
        let Some(kind) = option_kind(variant, header, diag) else {
            continue;
        };
        if args.kind == Some(1) && kind.number > 0xff {
            diag.error(&kind.variant, format!("{} does not fit u8", kind.number));
        }
        if let Some(other) = kinds.iter().find(|other| other.number == kind.number) {
            let message = format!("`{}` is kind {} already", other.variant, kind.number);
            diag.error(&kind.variant, message);
        }
        if kind.end && kinds.iter().any(|other| other.end) {
            diag.error(&kind.variant, "a list has one end mark");
        }
        kinds.push(kind);
    }
    (kinds, unknown)
}

/// The unit that a list is padded to.
fn unit(args: &OptionsArgs, diag: &mut Diag) -> u64 {
    let unit = args
        .unit
        .as_ref()
        .map_or(Some(1), |unit| int(unit, diag))
        .unwrap_or(1);
    if unit == 0 || unit > 255 {
        diag.error(&args.unit, "a unit of 1 to 255 octets");
    }
    unit
}

/// The kind that pads with several octets; aligned items need one.
fn padn(args: &OptionsArgs, kinds: &[OptionKind], diag: &mut Diag) -> Option<u16> {
    let padn = args.padn.as_ref().and_then(|padn| {
        let found = kinds.iter().find(|kind| kind.variant == *padn);
        if found.is_none_or(|kind| kind.bare) {
            diag.error(padn, format!("there is no kind `{padn}` with a length"));
        }
        found.map(|kind| kind.number)
    });
    if padn.is_none()
        && let Some(kind) = kinds.iter().find(|kind| kind.align.is_some())
    {
        let message = "an aligned item needs padding: name it with `pad = …, padn = …`";
        diag.error(&kind.variant, message);
    }
    padn
}

/// The number of the padding kind; marks it.
fn pad(pad: Option<&Ident>, kinds: &mut [OptionKind], diag: &mut Diag) -> u8 {
    let Some(pad) = pad else { return 0 };
    match kinds.iter_mut().find(|kind| kind.variant == *pad) {
        Some(kind) if kind.bare => {
            kind.pad = true;
            u8::try_from(kind.number).unwrap_or(0)
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

fn unknown_kind(variant: Variant, bits: u32, diag: &mut Diag) -> Option<UnknownKind> {
    let docs = documentation(&variant.attrs);
    let fields = named_fields(&variant.ident, variant.fields, diag);
    let layout = layout(&variant.ident, fields, Part::Body, false, diag);
    let (mut kind, mut data) = (None, None);
    for member in &layout.members {
        match &member.ty.kind {
            TyKind::Int(width) if *width == bits => kind = Some(member.name.clone()),
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
                format!("write `Unknown {{ kind: u{bits}, data: &'a [u8] }}`"),
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
    number: Option<u16>,
    bare: Option<Ident>,
    end: bool,
    once: bool,
    last: bool,
    required: bool,
    first: bool,
    align: Option<(u64, u64)>,
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
            "last" => (all.once, all.last) = (true, true),
            "required" => all.required = true,
            "first" => (all.once, all.first) = (true, true),
            "align" => all.align = Some(alignment(input)?),
            "size" => {
                input.parse::<Token![=]>()?;
                all.size = Some(input.parse()?);
            }
            _ => {
                let message = "a kind takes its number, then `bare`, `end`, `once`, `last`, \
                    `required`, `first`, `align = Xn + Y`, `size = N`";
                return Err(syn::Error::new_spanned(word, message));
            }
        }
        Ok(())
    });
    all
}

/// `4n + 2`: the multiple and the rest.
fn alignment(input: syn::parse::ParseStream) -> syn::Result<(u64, u64)> {
    input.parse::<Token![=]>()?;
    let multiple: LitInt = input.parse()?;
    let units: u64 = multiple.base10_parse()?;
    if multiple.suffix() != "n" || units == 0 {
        let message = "write the alignment as RFC 8200 does: `8n + 2`";
        return Err(syn::Error::new_spanned(multiple, message));
    }
    if input.parse::<Option<Token![+]>>()?.is_none() {
        return Ok((units, 0));
    }
    let rest: LitInt = input.parse()?;
    match rest.base10_parse()? {
        value if value < units => Ok((units, value)),
        _ => Err(syn::Error::new_spanned(
            rest,
            "the rest is less than the multiple",
        )),
    }
}

fn option_kind(variant: Variant, header: usize, diag: &mut Diag) -> Option<OptionKind> {
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
    let layout = layout(&name, fields, Part::Body, false, diag);
    for check in &checks {
        names(check, &layout, diag);
    }
    if let Some(size) = &args.size {
        let value = int(size, diag).and_then(|n| usize::try_from(n).ok())?;
        let fixed = layout.min_len().saturating_add(header);
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
        once: (args.once || args.required) && !args.end,
        last: args.last,
        required: args.required,
        first: args.first,
        align: args.align,
        layout,
        checks,
    })
}
