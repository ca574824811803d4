//! Whole packets: every layer from the link up, on one line or as a tree, to a limited depth.

use super::{Layer, Next};
use core::fmt;

/// Layers that are followed at most; a packet in a packet in an error counts too.
const DEPTH: usize = 12;

/// Gives the first layer of octets; the crate of the protocols provides the usual starts.
pub type Start = fn(&[u8], &mut super::Then<'_>) -> fmt::Result;

/// A packet on one line, its layers joined by ` | `.
pub struct Line<'a> {
    start: Start,
    bytes: &'a [u8],
}

impl<'a> Line<'a> {
    /// The packet in `bytes`, whose first layer `start` knows.
    #[must_use]
    pub const fn new(start: Start, bytes: &'a [u8]) -> Self {
        Self { start, bytes }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.start)(self.bytes, &mut |next| line(&next, f, 0))
    }
}

fn line(next: &Next<'_>, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    let layer = match next {
        Next::Nothing => return Ok(()),
        Next::Data([]) => return Ok(()),
        _ if depth > 0 => {
            f.write_str(" | ")?;
            next
        }
        _ => next,
    };
    match layer {
        Next::Layer(layer) if depth < DEPTH => {
            layer.line(f)?;
            layer.next(&mut |next| line(&next, f, depth.saturating_add(1)))
        }
        Next::Layer(_) => f.write_str("…"),
        Next::Data(data) => write!(f, "{} octets", data.len()),
        Next::Bad(error) => write!(f, "{error}"),
        Next::Nothing => Ok(()),
    }
}

/// A packet as a tree: a layer a block, a field a line.
pub struct Tree<'a> {
    start: Start,
    bytes: &'a [u8],
}

impl<'a> Tree<'a> {
    /// The packet in `bytes`, whose first layer `start` knows.
    #[must_use]
    pub const fn new(start: Start, bytes: &'a [u8]) -> Self {
        Self { start, bytes }
    }
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.start)(self.bytes, &mut |next| tree(&next, f, 0))
    }
}

fn indent(f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    (0..depth).try_for_each(|_| f.write_str("  "))
}

fn tree(next: &Next<'_>, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    match next {
        Next::Nothing | Next::Data([]) => Ok(()),
        Next::Layer(layer) if depth < DEPTH => {
            indent(f, depth)?;
            writeln!(f, "{}", layer.name())?;
            block(*layer, f, depth.saturating_add(1))?;
            layer.next(&mut |next| tree(&next, f, depth.saturating_add(1)))
        }
        other => {
            indent(f, depth)?;
            match other {
                Next::Data(data) => writeln!(f, "{} octets: {}", data.len(), super::Hex(data)),
                Next::Bad(error) => writeln!(f, "{error}"),
                _ => writeln!(f, "…"),
            }
        }
    }
}

fn block(layer: &dyn Layer, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    layer.fields(&mut |shown| {
        indent(f, depth)?;
        writeln!(f, "{}: {}", shown.name, shown.value)
    })
}

#[cfg(test)]
mod tests;
