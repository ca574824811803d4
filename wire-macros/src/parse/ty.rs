//! The types of fields: the width stands in the type, so offsets are known when expanding.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Lifetime, Lit, PathArguments, Type};

/// The type of a field.
#[derive(Clone)]
pub(crate) struct Ty {
    pub(crate) kind: TyKind,
    pub(crate) span: Span,
}

/// What a type is.
#[derive(Clone)]
pub(crate) enum TyKind {
    /// `u1` … `u64`.
    Int(u32),
    /// `bool`: one bit.
    Bool,
    /// `[u8; N]`.
    Bytes(usize),
    /// A type that stands for `[u8; N]`: `Ipv4Addr`, `Ipv6Addr`, `As<[u8; N], T>`.
    AsBytes(usize, Box<Type>),
    /// `As<uN, T>`.
    AsInt(u32, Box<Type>),
    /// A run of octets whose length is found when parsing.
    Tail(Tail),
    /// `Option<T>`: there or not.
    Optional(Box<Ty>),
    /// A declared header inside of another one.
    Header(Embedded),
    /// An encoding that a tag chooses.
    Form(Box<Type>),
}

/// A header as a field: its schema type, its Repr, and whether it borrows.
#[derive(Clone)]
pub(crate) struct Embedded {
    pub(crate) schema: TokenStream,
    pub(crate) repr: TokenStream,
    pub(crate) lifetime: Option<Lifetime>,
}

/// A type of variable length.
#[derive(Clone)]
pub(crate) enum Tail {
    /// `&'a [u8]`.
    Slice(Lifetime),
    /// `Options<'a, T>`.
    Options(Lifetime, Box<Type>),
    /// `Array<'a, T>`.
    Array(Lifetime, Box<Type>),
    /// `Nested<'a, H, truncated>`: the schema type of `H`, without its lifetime.
    Nested(Lifetime, TokenStream, bool),
    /// `Records<'a, H>`: the schema type of `H`, without its lifetime.
    Records(Lifetime, TokenStream),
    /// `Codec<T>`: hand-written code finds its end.
    Codec(Option<Lifetime>, Box<Type>),
}

impl Tail {
    /// The lifetime of the octets, if the type names one.
    pub(crate) fn lifetime(&self) -> Option<&Lifetime> {
        match self {
            Self::Slice(a)
            | Self::Options(a, _)
            | Self::Array(a, _)
            | Self::Nested(a, ..)
            | Self::Records(a, _) => Some(a),
            Self::Codec(a, _) => a.as_ref(),
        }
    }
}

impl Ty {
    /// A type that implements `Form`, as the attribute says.
    pub(crate) fn form(ty: &Type) -> Self {
        Self {
            kind: TyKind::Form(Box::new(ty.clone())),
            span: ty.span(),
        }
    }

    /// Reads a type, or says what could have been written.
    pub(crate) fn from_syn(ty: &Type) -> syn::Result<Self> {
        let kind = match ty {
            Type::Array(_) => TyKind::Bytes(byte_array(ty)?),
            Type::Reference(reference) => {
                let slice = matches!(&*reference.elem, Type::Slice(slice)
                    if is_ident(&slice.elem, "u8"));
                match &reference.lifetime {
                    Some(lifetime) if slice => TyKind::Tail(Tail::Slice(lifetime.clone())),
                    Some(_) => return Err(err(ty, "references in a header are `&'a [u8]`")),
                    None => return Err(err(ty, "write the lifetime: `&'a [u8]`")),
                }
            }
            Type::Path(path) => from_path(ty, path)?,
            _ => return Err(err(ty, UNKNOWN)),
        };
        Ok(Self {
            kind,
            span: ty.span(),
        })
    }

    /// Width in bits of a fixed type.
    pub(crate) fn bits(&self) -> Option<u32> {
        match &self.kind {
            TyKind::Int(bits) | TyKind::AsInt(bits, _) => Some(*bits),
            TyKind::Bool => Some(1),
            TyKind::Bytes(n) | TyKind::AsBytes(n, _) => u32::try_from(*n).ok()?.checked_mul(8),
            TyKind::Tail(_) | TyKind::Optional(_) | TyKind::Header(_) | TyKind::Form(_) => None,
        }
    }

    /// The lifetime that the type names.
    pub(crate) fn lifetime(&self) -> Option<&Lifetime> {
        match &self.kind {
            TyKind::Tail(tail) => tail.lifetime(),
            TyKind::Optional(inner) => inner.lifetime(),
            TyKind::Header(embedded) => embedded.lifetime.as_ref(),
            _ => None,
        }
    }

    /// Whether the type is a whole number of octets that are not an integer.
    pub(crate) fn is_bytes(&self) -> bool {
        matches!(self.kind, TyKind::Bytes(_) | TyKind::AsBytes(..))
    }

    /// Whether values of the type borrow octets.
    pub(crate) fn borrows(&self) -> bool {
        self.lifetime().is_some()
    }
}

const UNKNOWN: &str = "the width of this type is not known: use `u1`…`u64`, `bool`, `[u8; N]`, \
    `Ipv4Addr`, `Ipv6Addr`, `&'a [u8]`, `Options<'a, T>`, `Array<'a, T>`, `Records<'a, H>`, \
    `Nested<'a, H, truncated>`, `Codec<T>`, or `As<uN, T>` for a type of your own";

fn err(tokens: impl ToTokens, message: &str) -> syn::Error {
    syn::Error::new_spanned(tokens, message)
}

fn is_ident(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.qself.is_none() && path.path.is_ident(name))
}

fn byte_array(ty: &Type) -> syn::Result<usize> {
    let Type::Array(array) = ty else {
        return Err(err(ty, "expected `[u8; N]`"));
    };
    if !is_ident(&array.elem, "u8") {
        return Err(err(&array.elem, "arrays in a header are `[u8; N]`"));
    }
    let Expr::Lit(literal) = &array.len else {
        return Err(err(
            &array.len,
            "the length of an array in a header is a literal",
        ));
    };
    let Lit::Int(int) = &literal.lit else {
        return Err(err(
            &array.len,
            "the length of an array in a header is a literal",
        ));
    };
    match int.base10_parse::<usize>()? {
        0 => Err(err(
            &array.len,
            "an array of no octets has no place in a header",
        )),
        n if n > 65_535 => Err(err(
            &array.len,
            "an array in a header has at most 65535 octets",
        )),
        n => Ok(n),
    }
}

/// The bits of `uN`.
fn int_bits(ty: &Type) -> Option<syn::Result<u32>> {
    let Type::Path(path) = ty else { return None };
    let name = path.path.get_ident()?.to_string();
    let bits: u32 = name.strip_prefix('u')?.parse().ok()?;
    Some(match bits {
        1..=64 => Ok(bits),
        _ => Err(err(ty, "an integer field has 1 to 64 bits")),
    })
}

fn from_path(ty: &Type, path: &syn::TypePath) -> syn::Result<TyKind> {
    if let Some(bits) = int_bits(ty) {
        return bits.map(TyKind::Int);
    }
    let Some(last) = path.path.segments.last() else {
        return Err(err(ty, UNKNOWN));
    };
    let arguments: Vec<&GenericArgument> = match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().collect(),
        _ => Vec::new(),
    };
    match (last.ident.to_string().as_str(), arguments.as_slice()) {
        ("bool", []) => Ok(TyKind::Bool),
        ("Ipv4Addr", []) => Ok(TyKind::AsBytes(4, Box::new(ty.clone()))),
        ("Ipv6Addr", []) => Ok(TyKind::AsBytes(16, Box::new(ty.clone()))),
        ("As", [GenericArgument::Type(raw), GenericArgument::Type(target)]) => {
            let target = Box::new(target.clone());
            match int_bits(raw) {
                Some(bits) => Ok(TyKind::AsInt(bits?, target)),
                None if matches!(raw, Type::Array(_)) => {
                    Ok(TyKind::AsBytes(byte_array(raw)?, target))
                }
                None => Err(err(
                    raw,
                    "`As` takes `uN` or `[u8; N]` first, then the type",
                )),
            }
        }
        ("As", _) => Err(err(ty, "write `As<uN, T>` or `As<[u8; N], T>`")),
        ("Options", [GenericArgument::Lifetime(a), GenericArgument::Type(item)]) => Ok(
            TyKind::Tail(Tail::Options(a.clone(), Box::new(item.clone()))),
        ),
        ("Options", _) => Err(err(ty, "write `Options<'a, T<'a>>`")),
        ("Array", [GenericArgument::Lifetime(a), GenericArgument::Type(item)]) => {
            Ok(TyKind::Tail(Tail::Array(a.clone(), Box::new(item.clone()))))
        }
        ("Array", _) => Err(err(ty, "write `Array<'a, T>`")),
        (
            "Nested",
            [
                GenericArgument::Lifetime(a),
                GenericArgument::Type(h),
                rest @ ..,
            ],
        ) => nested(a, h, rest),
        ("Nested", _) => Err(err(ty, "write `Nested<'a, Header<'a>>`")),
        ("Records", [GenericArgument::Lifetime(a), GenericArgument::Type(item)]) => Ok(
            TyKind::Tail(Tail::Records(a.clone(), without_arguments(item)?)),
        ),
        ("Records", _) => Err(err(ty, "write `Records<'a, Header<'a>>`")),
        ("Codec", [GenericArgument::Type(target)]) => Ok(TyKind::Tail(Tail::Codec(
            lifetime_of(target),
            Box::new(target.clone()),
        ))),
        ("Codec", _) => Err(err(ty, "write `Codec<T>`")),
        ("Option", [GenericArgument::Type(inner)]) => Ok(TyKind::Optional(Box::new(Ty {
            kind: optional(inner)?,
            span: inner.span(),
        }))),
        ("Option", _) => Err(err(ty, "write `Option<T>`")),
        _ => Err(err(ty, UNKNOWN)),
    }
}

/// `Nested<'a, H [, truncated]>`.
fn nested(a: &Lifetime, header: &Type, rest: &[&GenericArgument]) -> syn::Result<TyKind> {
    let truncated = match rest {
        [] => false,
        [GenericArgument::Type(word)] if is_ident(word, "truncated") => true,
        [other, ..] => return Err(err(other, "the only word here is `truncated`")),
    };
    let header = without_arguments(header)?;
    Ok(TyKind::Tail(Tail::Nested(a.clone(), header, truncated)))
}

/// What stands in `Option<…>`: whole octets, a `Codec<T>`, or a declared header.
fn optional(ty: &Type) -> syn::Result<TyKind> {
    let known = Ty::from_syn(ty).map(|ty| ty.kind);
    match known {
        Ok(TyKind::Tail(Tail::Codec(..))) => known,
        Ok(TyKind::Tail(_) | TyKind::Optional(_)) => Err(err(
            ty,
            "an optional field has a fixed width, or is a header or a `Codec<T>`",
        )),
        Ok(TyKind::Bool) => Err(err(ty, "an optional field is whole octets")),
        Ok(TyKind::Int(bits) | TyKind::AsInt(bits, _)) if !bits.is_multiple_of(8) => {
            Err(err(ty, "an optional field is whole octets"))
        }
        Ok(kind) => Ok(kind),
        Err(_) => match ty {
            Type::Path(path) if named_like_a_type(path) => Ok(TyKind::Header(embedded(path)?)),
            _ => known,
        },
    }
}

/// Whether the path could name a header: no generic arguments but a lifetime, and no word of ours.
fn named_like_a_type(path: &syn::TypePath) -> bool {
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let lifetimes = match &last.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .all(|argument| matches!(argument, GenericArgument::Lifetime(_))),
        PathArguments::Parenthesized(_) => false,
    };
    let name = last.ident.to_string();
    lifetimes && name.starts_with(char::is_uppercase)
}

fn embedded(path: &syn::TypePath) -> syn::Result<Embedded> {
    let mut repr = path.path.clone();
    if let Some(last) = repr.segments.last_mut() {
        last.ident = quote::format_ident!("{}Repr", last.ident);
    }
    let ty = Type::Path(path.clone());
    Ok(Embedded {
        schema: without_arguments(&ty)?,
        repr: quote!(#repr),
        lifetime: lifetime_of(&ty),
    })
}

/// The lifetime among the generic arguments of a path.
fn lifetime_of(ty: &Type) -> Option<Lifetime> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(list) = &path.path.segments.last()?.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime.clone()),
        _ => None,
    })
}

/// `Ipv6<'a>` as the path of the schema type `Ipv6`.
fn without_arguments(ty: &Type) -> syn::Result<TokenStream> {
    let Type::Path(path) = ty else {
        return Err(err(ty, "expected the name of a header"));
    };
    let mut path = path.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    Ok(quote!(#path))
}

/// The path of a header type without its generic arguments, as messages name payloads.
pub(crate) fn schema_path(ty: &Type) -> syn::Result<TokenStream> {
    without_arguments(ty)
}
