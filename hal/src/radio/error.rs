//! Why a radio does not do as it is told.

use core::fmt;

/// Why a radio refused an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RadioError {
    /// An order is under way.
    Busy,
    /// It sleeps.
    Asleep,
    /// The frame is longer than [`super::MAX_FRAME`], or shorter than a frame can be.
    TooLong,
    /// It does not have this mode or value.
    Unsupported,
    /// The time to begin has passed.
    TooLate,
    /// It has no room for another entry.
    Full,
    /// It does not do what it should, even after having been set up again; a code of its own says
    /// where.
    Hardware(u32),
}

impl fmt::Display for RadioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the radio is busy"),
            Self::Asleep => f.write_str("the radio sleeps"),
            Self::TooLong => f.write_str("the frame has an impossible length"),
            Self::Unsupported => f.write_str("the radio does not support this"),
            Self::TooLate => f.write_str("the time to begin has passed"),
            Self::Full => f.write_str("the radio has no room for another entry"),
            Self::Hardware(code) => write!(f, "the radio failed, code {code:#x}"),
        }
    }
}

impl core::error::Error for RadioError {}
