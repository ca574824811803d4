//! Syntax trees to the checked model: every diagnostic of the language is made here.

pub(crate) mod codes;
pub(crate) mod forms;
pub(crate) mod header;
pub(crate) mod layout;
pub(crate) mod len;
pub(crate) mod links;
pub(crate) mod member;
pub(crate) mod message;
pub(crate) mod options;
pub(crate) mod prefix;

use crate::diag::Diag;
use crate::parse::field::Field;
use proc_macro2::Ident;
use syn::{Fields, Generics, LitInt};

/// The named fields of a struct or a variant.
pub(crate) fn named_fields(of: &Ident, fields: Fields, diag: &mut Diag) -> Vec<Field> {
    match fields {
        Fields::Named(named) => named
            .named
            .into_iter()
            .filter_map(|field| Field::from_syn(field, diag))
            .collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => {
            diag.error(of, "fields need names: a tuple says nothing about the wire");
            Vec::new()
        }
    }
}

/// Only one lifetime may stand in the angle brackets of an item.
pub(crate) fn lifetime_only(generics: &Generics, diag: &mut Diag) -> Option<syn::Lifetime> {
    let mut lifetime = None;
    for parameter in &generics.params {
        match parameter {
            syn::GenericParam::Lifetime(one) if lifetime.is_none() => {
                lifetime = Some(one.lifetime.clone());
            }
            other => diag.error(
                other,
                "a declaration has no parameters but one lifetime: its layout is one layout",
            ),
        }
    }
    lifetime
}

/// The value of an integer literal.
pub(crate) fn int(literal: &LitInt, diag: &mut Diag) -> Option<u64> {
    diag.keep(literal.base10_parse())
}
