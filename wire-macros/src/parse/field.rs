//! One field with its attributes, of a struct or of an enum variant.

use super::expr::Expr;
use super::ty::Ty;
use crate::diag::Diag;
use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitInt, Meta, Token, Visibility};

/// A field as written.
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ty: Ty,
    pub(crate) attrs: FieldAttrs,
}

/// The attributes of a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) eq: Option<Expr>,
    pub(crate) skip: Option<Expr>,
    pub(crate) len: Option<(Span, Vec<LenTarget>)>,
    pub(crate) count: Option<LenTarget>,
    pub(crate) when: Option<Expr>,
    pub(crate) from: Option<Expr>,
    pub(crate) form: Option<Ident>,
    pub(crate) tag_of: Option<Ident>,
    pub(crate) trailer: Option<Expr>,
    pub(crate) scale: Option<LitInt>,
    pub(crate) at: Option<LitInt>,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) payload: Option<Span>,
    pub(crate) check: Option<Expr>,
    pub(crate) hdr: Option<Ident>,
}

/// What a length field measures, and how.
pub(crate) struct LenTarget {
    pub(crate) name: Ident,
    pub(crate) expr: Option<Expr>,
}

impl Parse for LenTarget {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        let expr = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { name, expr })
    }
}

/// `#[checksum(rfc1071, region [, pseudo = N] [, zero_is_none])]`.
pub(crate) struct Checksum {
    pub(crate) algorithm: Ident,
    pub(crate) region: Ident,
    pub(crate) pseudo: Option<LitInt>,
    pub(crate) zero_is_none: bool,
}

impl Parse for Checksum {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let algorithm = input.parse()?;
        input.parse::<Token![,]>()?;
        let region = input.parse()?;
        let (mut pseudo, mut zero_is_none) = (None, false);
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "pseudo" => {
                    input.parse::<Token![=]>().map_err(|_| {
                        syn::Error::new_spanned(
                            &word,
                            "name the protocol number that the pseudo header holds: `pseudo = 17`",
                        )
                    })?;
                    pseudo = Some(input.parse()?);
                }
                "zero_is_none" => zero_is_none = true,
                _ => {
                    let message = "expected `pseudo = N` or `zero_is_none`";
                    return Err(syn::Error::new_spanned(word, message));
                }
            }
        }
        Ok(Self {
            algorithm,
            region,
            pseudo,
            zero_is_none,
        })
    }
}

const VALID: &str = "unknown field attribute: the language has `eq`, `skip`, `len`, `count`, \
    `when`, `from`, `form`, `tag_of`, `scale`, `at`, `checksum`, `payload`, `trailer`, `check` \
    and `hdr`";

impl Field {
    /// Reads a field; `None` if its type cannot be understood.
    pub(crate) fn from_syn(field: syn::Field, diag: &mut Diag) -> Option<Self> {
        let (docs, attrs) = FieldAttrs::from_syn(field.attrs, diag);
        let name = field.ident?;
        let ty = match attrs.form {
            Some(_) => Ty::form(&field.ty),
            None => diag.keep(Ty::from_syn(&field.ty))?,
        };
        Some(Self {
            name,
            vis: field.vis,
            docs,
            ty,
            attrs,
        })
    }

    /// Whether the field is reserved: its name starts with an underscore.
    pub(crate) fn is_reserved(&self) -> bool {
        self.name.to_string().starts_with('_')
    }
}

impl FieldAttrs {
    fn from_syn(attributes: Vec<Attribute>, diag: &mut Diag) -> (Vec<Attribute>, Self) {
        let mut docs = Vec::new();
        let mut all = Self::default();
        for attribute in attributes {
            let Some(name) = attribute.path().get_ident().map(ToString::to_string) else {
                diag.error(attribute.path(), VALID);
                continue;
            };
            match name.as_str() {
                "doc" => docs.push(attribute),
                "cfg" | "cfg_attr" => diag.error(
                    &attribute,
                    "a field cannot be left out by `cfg`: the layout is the same in every build",
                ),
                _ => all.one(&name, &attribute, diag),
            }
        }
        (docs, all)
    }

    fn one(&mut self, name: &str, attribute: &Attribute, diag: &mut Diag) {
        let twice = match name {
            "eq" => set(&mut self.eq, attribute.parse_args(), diag),
            "skip" => set(&mut self.skip, attribute.parse_args(), diag),
            "scale" => set(&mut self.scale, attribute.parse_args(), diag),
            "at" => set(&mut self.at, attribute.parse_args(), diag),
            "checksum" => set(&mut self.checksum, attribute.parse_args(), diag),
            "check" => set(&mut self.check, attribute.parse_args(), diag),
            "hdr" => set(&mut self.hdr, attribute.parse_args(), diag),
            "count" => set(&mut self.count, attribute.parse_args(), diag),
            "when" => set(&mut self.when, attribute.parse_args(), diag),
            "from" => set(&mut self.from, attribute.parse_args(), diag),
            "form" => set(&mut self.form, attribute.parse_args(), diag),
            "tag_of" => set(&mut self.tag_of, attribute.parse_args(), diag),
            "trailer" => set(&mut self.trailer, attribute.parse_args(), diag),
            "payload" => {
                if !matches!(attribute.meta, Meta::Path(_)) {
                    diag.error(attribute, "`#[payload]` takes no arguments");
                }
                self.payload.replace(name_span(attribute)).is_some()
            }
            "len" => {
                let targets = attribute.parse_args_with(|input: ParseStream| {
                    input.parse_terminated(LenTarget::parse, Token![,])
                });
                let targets = targets.map(|list| (name_span(attribute), Vec::from_iter(list)));
                set(&mut self.len, targets, diag)
            }
            _ => {
                diag.error(attribute.path(), VALID);
                false
            }
        };
        if twice {
            diag.error(attribute.path(), format!("`{name}` is given twice"));
        }
    }
}

fn name_span(attribute: &Attribute) -> Span {
    syn::spanned::Spanned::span(attribute.path())
}

fn set<T>(slot: &mut Option<T>, value: syn::Result<T>, diag: &mut Diag) -> bool {
    match diag.keep(value) {
        Some(value) => slot.replace(value).is_some(),
        None => false,
    }
}
