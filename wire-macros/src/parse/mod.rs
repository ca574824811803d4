//! Tokens to syntax trees: nothing here knows offsets or what goes with what.

pub(crate) mod args;
pub(crate) mod expr;
pub(crate) mod field;
pub(crate) mod ty;
