//! The checks of `#[codes]` enums and `#[bits]` structs.

use super::layout::{Part, layout};
use super::{lifetime_only, named_fields};
use crate::diag::Diag;
use crate::model::{Layout, max_of};
use crate::parse::args::{WidthArgs, runtime};
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Lit, Visibility};

/// A checked open enum.
pub(crate) struct Codes {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) bits: u32,
    pub(crate) codes: Vec<Code>,
}

/// One named value.
pub(crate) struct Code {
    pub(crate) name: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) value: u64,
}

/// A checked group of bits.
pub(crate) struct Bits {
    pub(crate) rt: TokenStream,
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) bits: u32,
    pub(crate) layout: Layout,
}

/// Checks a `#[codes]` item.
pub(crate) fn codes(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Codes> {
    let args = WidthArgs::parse(args, diag)?;
    lifetime_only(&item.generics, diag);
    let Data::Enum(data) = item.data else {
        diag.error(&item.ident, "`#[codes]` declares an enum: names of values");
        return None;
    };
    let mut codes: Vec<Code> = Vec::new();
    for variant in data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            diag.error(&variant.ident, "a code is a number: no fields");
        }
        if variant.ident == "Unknown" {
            diag.error(
                &variant.ident,
                "a codes enum is open already: every other value is kept as its number",
            );
        }
        let value = match &variant.discriminant {
            Some((_, expr)) => value(expr, diag),
            None => {
                diag.error(&variant.ident, "write the number: `= 1`");
                None
            }
        };
        let Some(value) = value else { continue };
        if value > max_of(args.bits) {
            diag.error(
                &variant.ident,
                format!("{value} does not fit u{}", args.bits),
            );
        }
        if let Some(other) = codes.iter().find(|other| other.value == value) {
            diag.error(
                &variant.ident,
                format!("`{}` has the number {value} already", other.name),
            );
        }
        codes.push(Code {
            name: variant.ident,
            attrs: variant.attrs,
            value,
        });
    }
    Some(Codes {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        attrs: item.attrs,
        bits: args.bits,
        codes,
    })
}

fn value(expr: &Expr, diag: &mut Diag) -> Option<u64> {
    if let Expr::Lit(literal) = expr
        && let Lit::Int(int) = &literal.lit
    {
        return diag.keep(int.base10_parse());
    }
    diag.error(expr, "a code is written as a literal");
    None
}

/// Checks a `#[bits]` item.
pub(crate) fn bits(args: TokenStream, item: DeriveInput, diag: &mut Diag) -> Option<Bits> {
    let args = WidthArgs::parse(args, diag)?;
    lifetime_only(&item.generics, diag);
    let Data::Struct(data) = item.data else {
        diag.error(&item.ident, "`#[bits]` declares a struct of sub-fields");
        return None;
    };
    let fields = named_fields(&item.ident, data.fields, diag);
    let layout = layout(&item.ident, fields, Part::Bits, false, diag);
    let mut total = 0_u32;
    for member in &layout.members {
        total = total.saturating_add(member.ty.bits().unwrap_or(0));
        if !member.in_repr() && !matches!(member.role, crate::model::Role::Reserved) {
            diag.error(
                &member.name,
                "a field of a bit group is a value or reserved (`_name`)",
            );
        }
        if member.ty.is_bytes() {
            diag.error_at(
                member.ty.span,
                "a bit group has `bool`, `uN` and `As<uN, T>` fields",
            );
        }
    }
    if total != args.bits && diag.is_clean() {
        let message = format!("the fields make {total} bits, not {}", args.bits);
        diag.error_at(args.span, message);
    }
    Some(Bits {
        rt: runtime(args.krate.as_ref()),
        name: item.ident,
        vis: item.vis,
        attrs: item.attrs,
        bits: args.bits,
        layout,
    })
}
