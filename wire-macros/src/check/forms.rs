//! The checks of `#[forms]` enums: every tag has one form, or is reserved.

use super::layout::{Part, layout};
use super::options::{documentation, variant_checks};
use super::{lifetime_only, named_fields};
use crate::diag::Diag;
use crate::model::{Layout, Role, max_of};
use crate::parse::args::{FormsArgs, runtime};
use crate::parse::field::Field;
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Data, DeriveInput, Fields, LitInt, Variant, Visibility};

/// A checked enum of encodings.
pub(crate) struct Forms {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) bits: u32,
    pub(crate) forms: Vec<Form>,
}

/// One encoding.
pub(crate) struct Form {
    pub(crate) name: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) tag: u64,
    /// The variant holds its only value without a name.
    pub(crate) tuple: bool,
    pub(crate) layout: Layout,
}

/// Checks a `#[forms]` item.
pub(crate) fn forms(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Forms> {
    let args = FormsArgs::parse(args, diag);
    if let Some(lifetime) = lifetime_only(&item.generics, diag) {
        diag.error(lifetime, "forms have fixed widths: nothing is borrowed");
    }
    let Data::Enum(data) = item.data else {
        diag.error(
            &item.ident,
            "`#[forms]` declares an enum: a variant per encoding",
        );
        return None;
    };
    let Some(bits) = args.bits else {
        diag.error(&item.ident, "say how wide the tag is: `#[forms(tag: u2)]`");
        return None;
    };
    let mut forms: Vec<Form> = Vec::new();
    for variant in data.variants {
        let Some(form) = form(variant, bits, args.little, diag) else {
            continue;
        };
        if let Some(other) = forms.iter().find(|other| other.tag == form.tag) {
            let message = format!("`{}` has the tag {} already", other.name, form.tag);
            diag.error(&form.name, message);
        }
        forms.push(form);
    }
    complete(&item.ident, bits, &forms, &args.reserved, diag);
    Some(Forms {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        docs: item.attrs,
        bits,
        forms,
    })
}

fn form(variant: Variant, bits: u32, little: bool, diag: &mut Diag) -> Option<Form> {
    for check in variant_checks(&variant.attrs, "tag", diag) {
        diag.error_at(check.span, "a form takes every value of its fields");
    }
    let docs = documentation(&variant.attrs);
    let name = variant.ident;
    let Some(attribute) = variant.attrs.iter().find(|a| a.path().is_ident("tag")) else {
        diag.error(&name, "say which tag this is: `#[tag(N)]`");
        return None;
    };
    let tag: LitInt = diag.keep(attribute.parse_args())?;
    let number: u64 = diag.keep(tag.base10_parse())?;
    if number > max_of(bits) {
        diag.error(&tag, format!("{number} does not fit u{bits}"));
    }
    let tuple = matches!(variant.fields, Fields::Unnamed(_));
    let fields = match variant.fields {
        Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => unnamed
            .unnamed
            .into_iter()
            .filter_map(|mut field| {
                field.ident = Some(Ident::new("value", name.span()));
                Field::from_syn(field, diag)
            })
            .collect(),
        Fields::Unnamed(_) => {
            diag.error(&name, "several fields of a form need names");
            Vec::new()
        }
        named => named_fields(&name, named, diag),
    };
    let layout = layout(&name, fields, Part::Body, little, diag);
    for member in &layout.members {
        if !member.is_fixed() {
            diag.error_at(member.ty.span, "a field of a form has a fixed width");
        } else if !matches!(member.role, Role::Value | Role::Reserved) {
            diag.error(
                &member.name,
                "a field of a form is a value or reserved (`_name`)",
            );
        }
    }
    Some(Form {
        name,
        docs,
        tag: number,
        tuple,
        layout,
    })
}

/// Every tag is taken or reserved.
fn complete(name: &Ident, bits: u32, forms: &[Form], reserved: &[(u64, u64)], diag: &mut Diag) {
    let is_reserved = |tag: u64| {
        reserved
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&tag))
    };
    for form in forms {
        if is_reserved(form.tag) {
            diag.error(&form.name, format!("the tag {} is reserved", form.tag));
        }
    }
    let missing: Vec<String> = (0..=max_of(bits))
        .filter(|tag| !is_reserved(*tag) && forms.iter().all(|form| form.tag != *tag))
        .map(|tag| tag.to_string())
        .collect();
    if !missing.is_empty() && diag.is_clean() {
        let message = format!(
            "no form has the tag {}: add one, or `reserved({})` where such octets are malformed",
            missing.join(", "),
            missing.join(", ")
        );
        diag.error(name, message);
    }
}
