//! Errors: which header, which field, what kind of fault. Small and `Copy`, without a string to
//! format.

#[cfg_attr(not(feature = "sites"), path = "error/nowhere.rs")]
mod place;

use core::fmt;

pub use place::Place;

/// What is wrong with octets that were to be read, or with a value that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The octets end before the header or the length that it states; more octets may help.
    Truncated,
    /// A constant, a length or a stated rule is violated; more octets cannot help.
    Malformed,
    /// The checksum does not match.
    Checksum,
    /// The format is known but this case of it has no declaration.
    Unsupported,
    /// The buffer to be written is too short.
    BufferTooSmall,
    /// A value does not fit the bits of its field.
    OutOfRange,
}

/// A place in a declaration: the header and its field. An empty field means the header as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// Name of the declared item.
    pub header: &'static str,
    /// Name of the field, or `""`.
    pub field: &'static str,
}

/// Why octets could not be read or a value could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where it is wrong: a [`Site`], empty in a build without the feature `sites`.
    pub at: Place,
}

/// Result of the operations of this crate.
pub type Result<T> = core::result::Result<T, Error>;

impl Error {
    /// An error of `kind` at `at`.
    #[inline(always)]
    #[must_use]
    pub const fn new(kind: ErrorKind, at: &'static Site) -> Self {
        Self {
            kind,
            at: place::note(at),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Checksum => "bad checksum",
            Self::Unsupported => "unsupported",
            Self::BufferTooSmall => "buffer too small",
            Self::OutOfRange => "value out of range",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.field {
            "" if self.at.header.is_empty() => self.kind.fmt(f),
            "" => write!(f, "{}: {}", self.at.header, self.kind),
            field => write!(f, "{}.{}: {}", self.at.header, field, self.kind),
        }
    }
}

impl core::error::Error for Error {}

/// `Err` of a kind at a header and a field; generated code calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! __fail {
    ($kind:ident, $header:literal, $field:literal) => {
        ::core::result::Result::Err($crate::rt::Error::new(
            $crate::rt::ErrorKind::$kind,
            &$crate::rt::Site {
                header: $header,
                field: $field,
            },
        ))
    };
}

#[cfg(test)]
mod tests;
