//! Groups of bits as names.

use core::fmt::{self, Write};

/// Writes the set flags of a bit group joined by `|`, or `-` if none is set.
pub struct Flags<'f, 'b> {
    f: &'f mut fmt::Formatter<'b>,
    any: bool,
}

impl<'f, 'b> Flags<'f, 'b> {
    /// A writer to `f`.
    pub fn new(f: &'f mut fmt::Formatter<'b>) -> Self {
        Self { f, any: false }
    }

    fn separate(&mut self) -> fmt::Result {
        if core::mem::replace(&mut self.any, true) {
            self.f.write_char('|')
        } else {
            Ok(())
        }
    }

    /// A flag of one bit.
    pub fn flag(&mut self, name: &str, on: bool) -> fmt::Result {
        if !on {
            return Ok(());
        }
        self.separate()?;
        self.f.write_str(name)
    }

    /// A field of several bits.
    pub fn value(&mut self, name: &str, value: &dyn fmt::Display) -> fmt::Result {
        self.separate()?;
        write!(self.f, "{name}={value}")
    }

    /// Ends the list.
    pub fn finish(self) -> fmt::Result {
        if self.any {
            Ok(())
        } else {
            self.f.write_char('-')
        }
    }
}
