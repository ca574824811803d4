//! Printing of declared values: the traits that generated code implements, and their forms.

mod chain;
mod flags;

pub use chain::{Line, Start, Tree};
pub use flags::Flags;

use super::{Error, Header, Nested, Quote};
use core::fmt;

/// A field on its way to a printer.
pub struct Shown<'v> {
    /// Name as declared.
    pub name: &'static str,
    /// The value.
    pub value: &'v dyn fmt::Display,
    /// Whether the layout derives the value: lengths, constants, checksums.
    pub derived: bool,
}

/// Takes the fields of a layer one by one.
pub type Visit<'v> = dyn FnMut(Shown<'_>) -> fmt::Result + 'v;

/// Takes what follows a layer.
pub type Then<'v> = dyn FnMut(Next<'_>) -> fmt::Result + 'v;

/// What follows a layer.
pub enum Next<'n> {
    /// Nothing.
    Nothing,
    /// A layer whose declaration is known.
    Layer(&'n dyn Layer),
    /// Octets without a declaration.
    Data(&'n [u8]),
    /// A layer that cannot be read.
    Bad(Error),
}

/// A header or message that can be printed.
pub trait Layer {
    /// Name of the declared item.
    fn name(&self) -> &'static str;

    /// Gives the fields in the order of the wire.
    fn fields(&self, visit: &mut Visit<'_>) -> fmt::Result;

    /// Writes the layer on one line.
    fn line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.fields(&mut |shown| {
            if shown.derived {
                return Ok(());
            }
            write!(f, " {}={}", shown.name, shown.value)
        })
    }

    /// Gives what follows.
    fn next(&self, then: &mut Then<'_>) -> fmt::Result {
        then(Next::Nothing)
    }
}

/// Writes a layer as `Debug` does a struct.
pub fn debug(layer: &dyn Layer, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut fields = f.debug_struct(layer.name());
    layer.fields(&mut |shown| {
        fields.field(shown.name, &format_args!("{}", shown.value));
        Ok(())
    })?;
    fields.finish()
}

/// Octets in hexadecimal, cut after sixteen.
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 16;
        for octet in self.0.iter().take(SHOWN) {
            write!(f, "{octet:02x}")?;
        }
        match self.0.len().checked_sub(SHOWN) {
            Some(more @ 1..) => write!(f, "… and {more} more"),
            _ if self.0.is_empty() => f.write_str("-"),
            _ => Ok(()),
        }
    }
}

/// A value that may be missing.
pub struct Maybe<T>(pub Option<T>);

impl<T: fmt::Display> fmt::Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// A value that has only a form for debugging.
pub struct Shape<T>(pub T);

impl<T: fmt::Debug> fmt::Display for Shape<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Gives the layer of a quoted packet, as far as it is there.
pub fn nested<H, Q>(packet: &Nested<'_, H, Q>, then: &mut Then<'_>) -> fmt::Result
where
    H: Header,
    Q: Quote,
    for<'a> H::Packet<'a>: Layer,
{
    follow::<H>(packet.bytes(), then)
}

/// Gives the layer of `bytes` with header `H`; a payload that was cut off is no fault.
pub fn follow<H>(bytes: &[u8], then: &mut Then<'_>) -> fmt::Result
where
    H: Header,
    for<'a> H::Packet<'a>: Layer,
{
    match H::view_truncated(bytes) {
        Ok(packet) => then(Next::Layer(&packet)),
        Err(error) => then(Next::Bad(error)),
    }
}

#[cfg(test)]
mod tests;
