//! The expressions of attributes: identifiers of fields, constants, arithmetic, comparison, logic.
//!
//! The grammar is our own, so that syn's `full` feature is not needed and every operator has a
//! checked meaning. Types are not known here.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::{Lit, Path, Token, parenthesized};

/// An expression over the fields of a declaration.
#[derive(Clone)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What an expression is.
#[derive(Clone)]
pub(crate) enum Kind {
    Int(u64),
    Bool(bool),
    /// A constant: a path of several segments, or one that starts with a capital letter.
    Const(Path),
    /// A field of the declaration.
    Field(Ident),
    /// The value of the field that the attribute stands on.
    SelfValue,
    Not(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `value.method()`.
    Method(Box<Expr>, Ident),
    /// `value.0`.
    Index(Box<Expr>, syn::Index),
    /// `ceil(a / b)`.
    Ceil(Box<Expr>),
    /// A call of a `const fn`.
    Call(Path, Vec<Expr>),
}

/// A binary operator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Shl,
    Shr,
    Add,
    Sub,
    Mul,
    Div,
}

impl Op {
    /// Binding strength; larger binds tighter.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => 3,
            Self::Shl | Self::Shr => 4,
            Self::Add | Self::Sub => 5,
            Self::Mul | Self::Div => 6,
        }
    }

    /// Whether the result is a number.
    pub(crate) fn is_arithmetic(self) -> bool {
        self.strength() >= 4
    }

    fn peek(input: ParseStream) -> Option<Self> {
        Some(match () {
            () if input.peek(Token![||]) => Self::Or,
            () if input.peek(Token![&&]) => Self::And,
            () if input.peek(Token![==]) => Self::Eq,
            () if input.peek(Token![!=]) => Self::Ne,
            () if input.peek(Token![<<]) => Self::Shl,
            () if input.peek(Token![>>]) => Self::Shr,
            () if input.peek(Token![<=]) => Self::Le,
            () if input.peek(Token![>=]) => Self::Ge,
            () if input.peek(Token![<]) => Self::Lt,
            () if input.peek(Token![>]) => Self::Gt,
            () if input.peek(Token![+]) => Self::Add,
            () if input.peek(Token![-]) => Self::Sub,
            () if input.peek(Token![*]) => Self::Mul,
            () if input.peek(Token![/]) => Self::Div,
            () => return None,
        })
    }

    fn skip(self, input: ParseStream) -> syn::Result<()> {
        match self {
            Self::Or => input.parse::<Token![||]>().map(drop),
            Self::And => input.parse::<Token![&&]>().map(drop),
            Self::Eq => input.parse::<Token![==]>().map(drop),
            Self::Ne => input.parse::<Token![!=]>().map(drop),
            Self::Lt => input.parse::<Token![<]>().map(drop),
            Self::Le => input.parse::<Token![<=]>().map(drop),
            Self::Gt => input.parse::<Token![>]>().map(drop),
            Self::Ge => input.parse::<Token![>=]>().map(drop),
            Self::Shl => input.parse::<Token![<<]>().map(drop),
            Self::Shr => input.parse::<Token![>>]>().map(drop),
            Self::Add => input.parse::<Token![+]>().map(drop),
            Self::Sub => input.parse::<Token![-]>().map(drop),
            Self::Mul => input.parse::<Token![*]>().map(drop),
            Self::Div => input.parse::<Token![/]>().map(drop),
        }
    }
}

impl Expr {
    /// Calls `visit` for every field that the expression names.
    pub(crate) fn each_field(&self, visit: &mut dyn FnMut(&Ident)) {
        match &self.kind {
            Kind::Field(name) => visit(name),
            Kind::Not(inner)
            | Kind::Method(inner, _)
            | Kind::Index(inner, _)
            | Kind::Ceil(inner) => inner.each_field(visit),
            Kind::Binary(_, left, right) => {
                left.each_field(visit);
                right.each_field(visit);
            }
            Kind::Call(_, arguments) => {
                for argument in arguments {
                    argument.each_field(visit);
                }
            }
            Kind::Int(_) | Kind::Bool(_) | Kind::Const(_) | Kind::SelfValue => {}
        }
    }

    /// Whether the expression names the field.
    pub(crate) fn mentions(&self, field: &Ident) -> bool {
        let mut found = false;
        self.each_field(&mut |name| found |= name == field);
        found
    }
}

impl Parse for Expr {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        binary(input, 0)
    }
}

fn binary(input: ParseStream, weakest: u8) -> syn::Result<Expr> {
    let mut left = postfix(input)?;
    while let Some(op) = Op::peek(input).filter(|op| op.strength() > weakest) {
        op.skip(input)?;
        let right = binary(input, op.strength())?;
        let span = left.span;
        left = Expr {
            kind: Kind::Binary(op, Box::new(left), Box::new(right)),
            span,
        };
    }
    Ok(left)
}

fn postfix(input: ParseStream) -> syn::Result<Expr> {
    let mut value = primary(input)?;
    while input.peek(Token![.]) && !input.peek(Token![..]) {
        input.parse::<Token![.]>()?;
        let span = value.span;
        let kind = if input.peek(syn::LitInt) {
            Kind::Index(Box::new(value), input.parse()?)
        } else {
            let method = input.parse()?;
            let content;
            parenthesized!(content in input);
            if !content.is_empty() {
                return Err(content.error("methods take no arguments here"));
            }
            Kind::Method(Box::new(value), method)
        };
        value = Expr { kind, span };
    }
    Ok(value)
}

fn primary(input: ParseStream) -> syn::Result<Expr> {
    let span = input.span();
    if input.peek(Token![!]) {
        input.parse::<Token![!]>()?;
        return Ok(Expr {
            kind: Kind::Not(Box::new(postfix(input)?)),
            span,
        });
    }
    if input.peek(syn::token::Paren) {
        let content;
        parenthesized!(content in input);
        let inner = content.parse()?;
        return if content.is_empty() {
            Ok(inner)
        } else {
            Err(content.error("expected `)`"))
        };
    }
    if input.peek(Lit) {
        let kind = match input.parse()? {
            Lit::Int(int) => Kind::Int(int.base10_parse()?),
            Lit::Bool(bool) => Kind::Bool(bool.value),
            other => {
                return Err(syn::Error::new_spanned(
                    other,
                    "expected an integer or a bool",
                ));
            }
        };
        return Ok(Expr { kind, span });
    }
    if input.peek(Token![self]) {
        input.parse::<Token![self]>()?;
        return Ok(Expr {
            kind: Kind::SelfValue,
            span,
        });
    }
    let path: Path = input.call(Path::parse_mod_style)?;
    if input.peek(syn::token::Paren) {
        let content;
        parenthesized!(content in input);
        let arguments = content.parse_terminated(Expr::parse, Token![,])?;
        let mut arguments: Vec<Expr> = arguments.into_iter().collect();
        let kind = match arguments.pop() {
            Some(only) if path.is_ident("ceil") && arguments.is_empty() => {
                Kind::Ceil(Box::new(only))
            }
            last => {
                arguments.extend(last);
                Kind::Call(path, arguments)
            }
        };
        return Ok(Expr { kind, span });
    }
    let kind = match path.get_ident() {
        Some(ident) if !ident.to_string().starts_with(char::is_uppercase) => {
            Kind::Field(ident.clone())
        }
        _ => Kind::Const(path),
    };
    Ok(Expr { kind, span })
}
