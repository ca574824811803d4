//! The checks of `#[message]` unions and `#[payloads]` tables: tags, shared fields, the rest.

use super::header::item_attributes;
use super::layout::{Part, layout, names};
use super::options::{documentation, variant_checks};
use super::prefix::{Prefix, prefix};
use super::{lifetime_only, named_fields};
use crate::diag::Diag;
use crate::model::{Layout, Role};
use crate::parse::args::{MessageArgs, runtime};
use crate::parse::expr::{Expr, Kind};
use crate::parse::ty::{Tail, TyKind, schema_path};
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Data, DeriveInput, Fields, Lifetime, LitInt, Path, Token, Type, Variant};

/// A checked union.
pub(crate) struct Message {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: syn::Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) lifetime: Lifetime,
    pub(crate) generic: bool,
    pub(crate) header: Path,
    pub(crate) tag: Ident,
    pub(crate) little: bool,
    pub(crate) variants: Vec<MessageVariant>,
}

/// One variant.
pub(crate) struct MessageVariant {
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) tags: Tags,
    pub(crate) body: Body,
}

/// What a variant holds.
pub(crate) enum Body {
    /// Fields of its own.
    Fields { layout: Layout, checks: Vec<Expr> },
    /// Another union of the same header.
    Inner(Box<Type>),
    /// Every other tag: fields of the header by name, and the octets.
    Unknown { layout: Layout, data: Ident },
}

/// The tags of a variant and what other fields of the header must be.
#[derive(Default)]
pub(crate) struct Tags {
    pub(crate) ranges: Vec<(u64, u64)>,
    pub(crate) fields: Vec<(Ident, u64)>,
}

/// A checked `#[message]` item of either kind.
pub(crate) enum Union {
    /// Bodies behind a shared header.
    Shared(Message),
    /// Headers that their first bits tell apart.
    Prefix(Prefix),
}

/// Checks a `#[message]` item.
pub(crate) fn message(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Union> {
    let args = MessageArgs::parse(args, diag);
    if args.prefix {
        return prefix(args, item, diag).map(Union::Prefix);
    }
    shared_header(args, item, diag).map(Union::Shared)
}

fn shared_header(args: MessageArgs, item: DeriveInput, diag: &mut Diag) -> Option<Message> {
    let little = args.order.as_ref().is_some_and(|order| order == "le");
    let (docs, _) = item_attributes(item.attrs, diag);
    let lifetime = lifetime_only(&item.generics, diag);
    let Data::Enum(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[message]` declares an enum: a variant per body",
        );
        return None;
    };
    let mut variants: Vec<MessageVariant> = Vec::new();
    for variant in data.variants {
        let Some(variant) = message_variant(variant, args.tag.as_ref(), little, diag) else {
            continue;
        };
        for other in &variants {
            if overlap(&other.tags, &variant.tags) {
                let message = format!("`{}` takes this tag already", other.name);
                diag.error(&variant.name, message);
            }
            if matches!(
                (&other.body, &variant.body),
                (Body::Unknown { .. }, Body::Unknown { .. })
            ) {
                diag.error(&variant.name, "one variant takes what is unknown");
            }
        }
        variants.push(variant);
    }
    let Some(header) = args.header else {
        diag.error(
            &item.ident,
            "name the header that the bodies share: `header = Name`",
        );
        return None;
    };
    let Some(tag) = args.tag else {
        diag.error(
            &item.ident,
            "name the field of the header that tells: `tag = field`",
        );
        return None;
    };
    Some(Message {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs,
        generic: lifetime.is_some(),
        lifetime: lifetime.unwrap_or_else(|| Lifetime::new("'a", Span::call_site())),
        header,
        tag,
        little,
        variants,
    })
}

/// Whether the first variant takes everything that the second would see somewhere.
fn overlap(first: &Tags, second: &Tags) -> bool {
    let ranges = first
        .ranges
        .iter()
        .any(|(low, high)| second.ranges.iter().any(|(l, h)| low <= h && l <= high));
    let weaker = first.fields.iter().all(|one| second.fields.contains(one));
    ranges && weaker
}

fn message_variant(
    variant: Variant,
    tag: Option<&Ident>,
    little: bool,
    diag: &mut Diag,
) -> Option<MessageVariant> {
    let checks = variant_checks(&variant.attrs, "tag", diag);
    let docs = documentation(&variant.attrs);
    let name = variant.ident;
    if variant.attrs.iter().any(|a| a.path().is_ident("unknown")) {
        let fields = named_fields(&name, variant.fields, diag);
        let layout = layout(&name, fields, Part::Body, little, diag);
        let mut tails = layout
            .members
            .iter()
            .filter(|m| matches!(m.ty.kind, TyKind::Tail(_)));
        let (Some(data), None) = (tails.next(), tails.next()) else {
            diag.error(
                &name,
                "an unknown message is fields of the header and its octets",
            );
            return None;
        };
        let data = data.name.clone();
        if let Some(tag) = tag.filter(|tag| layout.members.iter().all(|m| m.name != **tag)) {
            diag.error(
                &name,
                format!("an unknown message keeps its tag: add `{tag}`"),
            );
        }
        let body = Body::Unknown { layout, data };
        return Some(MessageVariant {
            name,
            docs,
            tags: Tags::default(),
            body,
        });
    }
    let Some(attribute) = variant.attrs.iter().find(|a| a.path().is_ident("tag")) else {
        diag.error(&name, "say which tag this is: `#[tag(N)]`");
        return None;
    };
    let tags = diag.keep(attribute.parse_args_with(tags))?;
    let body = match variant.fields {
        Fields::Unnamed(fields) => match fields.unnamed.into_iter().next() {
            Some(inner) => Body::Inner(Box::new(inner.ty)),
            None => {
                diag.error(&name, "name the union that is inside");
                return None;
            }
        },
        fields => {
            if !matches!(tags.ranges.as_slice(), [(low, high)] if low == high) {
                diag.error(
                    &name,
                    "a body of its own has one tag, so that it can be emitted",
                );
            }
            let fields = named_fields(&name, fields, diag);
            let layout = layout(&name, fields, Part::Body, little, diag);
            for check in &checks {
                names(check, &layout, diag);
            }
            shared(&layout, tag, &tags, diag);
            Body::Fields { layout, checks }
        }
    };
    Some(MessageVariant {
        name,
        docs,
        tags,
        body,
    })
}

/// A field of the header is bound once.
fn shared(layout: &Layout, tag: Option<&Ident>, tags: &Tags, diag: &mut Diag) {
    for member in &layout.members {
        let Role::Hdr(field) = &member.role else {
            continue;
        };
        if Some(field) == tag || tags.fields.iter().any(|(name, _)| name == field) {
            diag.error(
                field,
                format!("the tag says what `{field}` is: nothing is left to bind"),
            );
        }
    }
}

/// `1 | 2 | 5..=9, code = 0`.
fn tags(input: syn::parse::ParseStream) -> syn::Result<Tags> {
    let mut all = Tags::default();
    loop {
        let low: LitInt = input.parse()?;
        let low_value: u64 = low.base10_parse()?;
        let high = if input.parse::<Option<Token![..=]>>()?.is_some() {
            let high: LitInt = input.parse()?;
            let value = high.base10_parse()?;
            if value < low_value {
                return Err(syn::Error::new_spanned(high, "this range is empty"));
            }
            value
        } else {
            low_value
        };
        if all
            .ranges
            .iter()
            .any(|(l, h)| low_value <= *h && *l <= high)
        {
            return Err(syn::Error::new_spanned(low, "this tag is named twice"));
        }
        all.ranges.push((low_value, high));
        if input.parse::<Option<Token![|]>>()?.is_none() {
            break;
        }
    }
    while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
        let field: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let value: LitInt = input.parse()?;
        all.fields.push((field, value.base10_parse()?));
    }
    Ok(all)
}

/// A checked `#[payloads]` table.
pub(crate) struct Payloads {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: syn::Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) lifetime: Lifetime,
    pub(crate) tag: Path,
    pub(crate) rows: Vec<Row>,
    pub(crate) unknown: Option<(Ident, Vec<Attribute>)>,
}

/// One protocol that can follow.
pub(crate) struct Row {
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) tag: Path,
    pub(crate) header: TokenStream,
}

/// Checks a `#[payloads]` item.
pub(crate) fn payloads(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Payloads> {
    let parser = |input: syn::parse::ParseStream| {
        let tag = input.call(Path::parse_mod_style)?;
        let krate = match input.parse::<Option<Token![,]>>()? {
            Some(_) => {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                Some(input.call(Path::parse_mod_style)?)
            }
            None => None,
        };
        Ok((tag, krate))
    };
    let (tag, krate) = diag.keep(syn::parse::Parser::parse2(parser, args))?;
    let Some(lifetime) = lifetime_only(&item.generics, diag) else {
        diag.error(&item.ident, "payloads borrow: declare `<'a>` on the enum");
        return None;
    };
    let Data::Enum(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[payloads]` declares an enum: a variant per protocol",
        );
        return None;
    };
    let (mut rows, mut unknown) = (Vec::new(), None);
    for variant in data.variants {
        let docs = documentation(&variant.attrs);
        if variant.attrs.iter().any(|a| a.path().is_ident("unknown")) {
            unknown = Some((variant.ident, docs));
            continue;
        }
        let row = row(variant, docs, diag);
        if let Some(row) = row {
            rows.push(row);
        }
    }
    if unknown.is_none() {
        diag.error(
            &item.ident,
            "other protocols follow too: add `#[unknown] Unknown(&'a [u8])`",
        );
    }
    Some(Payloads {
        rt: runtime(krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs: item.attrs,
        lifetime,
        tag,
        rows,
        unknown,
    })
}

fn row(variant: Variant, docs: Vec<Attribute>, diag: &mut Diag) -> Option<Row> {
    let Some(attribute) = variant.attrs.iter().find(|a| a.path().is_ident("tag")) else {
        diag.error(
            &variant.ident,
            "say which tag this is: `#[tag(EtherType::Ipv4)]`",
        );
        return None;
    };
    let tag: Expr = diag.keep(attribute.parse_args())?;
    let Kind::Const(tag) = tag.kind else {
        diag.error_at(tag.span, "a tag is a named code");
        return None;
    };
    let header = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
        _ => None,
    };
    let Some(header) = header else {
        diag.error(&variant.ident, "name the header: `Ipv4(Ipv4<'a>)`");
        return None;
    };
    let header = diag.keep(schema_path(&header.ty))?;
    Some(Row {
        name: variant.ident,
        docs,
        tag,
        header,
    })
}

/// Whether a layout ends in a quoted packet, and its member.
pub(crate) fn quoted(layout: &Layout) -> Option<&crate::model::Member> {
    layout
        .vars()
        .find(|m| matches!(m.ty.kind, TyKind::Tail(Tail::Nested(..))))
}
