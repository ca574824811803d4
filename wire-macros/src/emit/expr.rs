//! Expressions to tokens: comparisons and logic as they stand, arithmetic checked.

use crate::parse::expr::{Expr, Kind, Op};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

/// A constant, where no field may stand.
pub(crate) fn constant(expr: &Expr) -> TokenStream {
    value(&TokenStream::new(), expr, &|_| TokenStream::new())
}

/// A condition; `field` gives the value of a field.
pub(crate) fn condition(
    rt: &TokenStream,
    expr: &Expr,
    field: &dyn Fn(&Ident) -> TokenStream,
) -> TokenStream {
    value(rt, expr, field)
}

fn value(rt: &TokenStream, expr: &Expr, field: &dyn Fn(&Ident) -> TokenStream) -> TokenStream {
    let span = expr.span;
    match &expr.kind {
        Kind::Int(int) => {
            let mut literal = Literal::u64_unsuffixed(*int);
            literal.set_span(span);
            quote!(#literal)
        }
        Kind::Bool(bool) => quote_spanned!(span=> #bool),
        Kind::Const(path) => quote!(#path),
        Kind::Field(name) => field(name),
        Kind::SelfValue => quote_spanned!(span=> self),
        Kind::Not(inner) => {
            let inner = value(rt, inner, field);
            quote!(!(#inner))
        }
        Kind::Method(inner, name) => {
            let inner = value(rt, inner, field);
            quote!(#inner.#name())
        }
        Kind::Index(inner, index) => {
            let inner = value(rt, inner, field);
            quote!(#inner.#index)
        }
        Kind::Call(path, arguments) => {
            let arguments = arguments.iter().map(|a| value(rt, a, field));
            quote!(#path(#(#arguments),*))
        }
        Kind::Ceil(inner) => value(rt, inner, field),
        Kind::Binary(op, left, right) => binary(rt, *op, left, right, field),
    }
}

fn binary(
    rt: &TokenStream,
    op: Op,
    left: &Expr,
    right: &Expr,
    field: &dyn Fn(&Ident) -> TokenStream,
) -> TokenStream {
    if op.is_arithmetic() {
        return number(rt, op, left, right, field);
    }
    let arithmetic = |e: &Expr| matches!(e.kind, Kind::Binary(op, ..) if op.is_arithmetic());
    let operator = match op {
        Op::Or => quote!(||),
        Op::And => quote!(&&),
        Op::Eq => quote!(==),
        Op::Ne => quote!(!=),
        Op::Lt => quote!(<),
        Op::Le => quote!(<=),
        Op::Gt => quote!(>),
        _ => quote!(>=),
    };
    let logic = matches!(op, Op::Or | Op::And);
    if !logic && (arithmetic(left) || arithmetic(right)) {
        // An overflow or a division by zero makes the comparison false.
        let (left, right) = (operand(rt, left, field), operand(rt, right, field));
        return quote!(::core::matches!((#left, #right),
            (::core::option::Option::Some(left), ::core::option::Option::Some(right))
                if left #operator right));
    }
    let (left, right) = (value(rt, left, field), value(rt, right, field));
    if logic {
        quote!((#left #operator #right))
    } else {
        quote!(#left #operator #right)
    }
}

/// An operand of arithmetic: `Option<u64>`.
fn operand(rt: &TokenStream, expr: &Expr, field: &dyn Fn(&Ident) -> TokenStream) -> TokenStream {
    match &expr.kind {
        Kind::Binary(op, left, right) if op.is_arithmetic() => number(rt, *op, left, right, field),
        Kind::Int(int) => quote!(::core::option::Option::Some(#int)),
        _ => {
            let value = value(rt, expr, field);
            quote!(#rt::Number::number(#value))
        }
    }
}

fn number(
    rt: &TokenStream,
    op: Op,
    left: &Expr,
    right: &Expr,
    field: &dyn Fn(&Ident) -> TokenStream,
) -> TokenStream {
    let (left, right) = (operand(rt, left, field), operand(rt, right, field));
    let function = match op {
        Op::Shl => quote!(shl),
        Op::Shr => quote!(shr),
        Op::Add => quote!(add),
        Op::Sub => quote!(sub),
        Op::Mul => quote!(mul),
        _ => quote!(div),
    };
    quote!(#rt::arithmetic::#function(#left, #right))
}
