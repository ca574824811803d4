//! Scaled windows (RFC 7323 §2). Windows are kept in octets everywhere; the 16-bit field of the
//! header exists only where a segment is read or made.

/// A window scale: how far a window field is shifted (RFC 7323 §2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowScale(u8);

impl WindowScale {
    /// Whether this build knows scaled windows.
    pub(super) const AVAILABLE: bool = true;
    /// No scaling.
    pub const NONE: Self = Self(0);
    /// The largest shift.
    pub const MAX: Self = Self(14);

    /// A shift from the wire. Larger ones than 14 count as 14 (RFC 7323 §2.3).
    #[must_use]
    pub const fn from_option(shift: u8) -> Self {
        if shift > 14 { Self::MAX } else { Self(shift) }
    }

    /// The smallest scale with which a window of `octets` can be said.
    #[must_use]
    pub const fn for_window(octets: u32) -> Self {
        let mut shift = 0_u8;
        while shift < 14 && (octets >> shift) > u16::MAX as u32 {
            shift = shift.wrapping_add(1);
        }
        Self(shift)
    }

    /// The shift.
    #[inline]
    #[must_use]
    pub const fn shift(self) -> u8 {
        self.0
    }

    //= RFC 9293: MUST-1, REC-1
    /// The window that a header's field stands for.
    #[inline]
    #[must_use]
    pub const fn to_octets(self, field: u16) -> u32 {
        (field as u32).wrapping_shl(self.0 as u32)
    }

    /// The field for a window, rounded down.
    #[inline]
    #[must_use]
    pub const fn to_field(self, octets: u32) -> u16 {
        let scaled = octets.wrapping_shr(self.0 as u32);
        if scaled > u16::MAX as u32 {
            u16::MAX
        } else {
            scaled as u16
        }
    }
}
