//! The checks of a `#[message(be, prefix)]` union: headers that their first bits tell apart.

use super::options::documentation;
use crate::diag::Diag;
use crate::parse::args::{MessageArgs, runtime};
use crate::parse::ty::schema_path;
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Data, DeriveInput, Fields, LitInt, Variant, Visibility};

/// A checked union.
pub(crate) struct Prefix {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    /// The longest prefixes first.
    pub(crate) rows: Vec<PrefixRow>,
    pub(crate) unknown: Option<Ident>,
}

/// One header.
pub(crate) struct PrefixRow {
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    /// The first bits of the first octet, and how many they are.
    pub(crate) value: u8,
    pub(crate) bits: u32,
    pub(crate) header: TokenStream,
}

/// Checks the union.
pub(crate) fn prefix(args: MessageArgs, item: DeriveInput, diag: &mut Diag) -> Option<Prefix> {
    if let Some(tag) = args.tag.as_ref() {
        diag.error(tag, "the first bits tell: there is no tag field");
    }
    let Data::Enum(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[message]` declares an enum: a variant per header",
        );
        return None;
    };
    let (mut rows, mut unknown): (Vec<PrefixRow>, _) = (Vec::new(), None);
    for variant in data.variants {
        if variant.attrs.iter().any(|a| a.path().is_ident("unknown")) {
            unknown = Some(variant.ident);
            continue;
        }
        let Some(row) = row(variant, diag) else {
            continue;
        };
        let same = |other: &&PrefixRow| other.bits == row.bits && other.value == row.value;
        if let Some(other) = rows.iter().find(same) {
            diag.error(
                &row.name,
                format!("`{}` takes this prefix already", other.name),
            );
        }
        rows.push(row);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.bits));
    Some(Prefix {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs: item.attrs,
        rows,
        unknown,
    })
}

fn row(variant: Variant, diag: &mut Diag) -> Option<PrefixRow> {
    let Some(attribute) = variant.attrs.iter().find(|a| a.path().is_ident("tag")) else {
        diag.error(&variant.ident, "say which bits come first: `#[tag(0b011)]`");
        return None;
    };
    let literal: LitInt = diag.keep(attribute.parse_args())?;
    let text = literal.to_string().replace('_', "");
    let digits = text.strip_prefix("0b").unwrap_or_default();
    let (true, Ok(value)) = ((1..=8).contains(&digits.len()), literal.base10_parse()) else {
        diag.error(
            &literal,
            "a prefix is written in binary, 1 to 8 digits: `0b011`",
        );
        return None;
    };
    let header = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
        _ => None,
    };
    let Some(header) = header else {
        diag.error(&variant.ident, "name the header: `Iphc(Iphc<'a>)`");
        return None;
    };
    Some(PrefixRow {
        docs: documentation(&variant.attrs),
        value,
        bits: u32::try_from(digits.len()).unwrap_or(8),
        header: diag.keep(schema_path(&header.ty))?,
        name: variant.ident,
    })
}
