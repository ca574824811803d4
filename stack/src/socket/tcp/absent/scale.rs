//! In the place of scaled windows where they are left out: a window is what its field says.

/// A window scale: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowScale(());

impl WindowScale {
    /// Whether this build knows scaled windows.
    pub(super) const AVAILABLE: bool = false;
    /// No scaling.
    pub const NONE: Self = Self(());
    /// The largest shift.
    pub const MAX: Self = Self(());

    /// A shift from the wire, which nobody asked for.
    #[must_use]
    pub const fn from_option(_: u8) -> Self {
        Self::NONE
    }

    /// The scale with which a window is said.
    #[must_use]
    pub const fn for_window(_: u32) -> Self {
        Self::NONE
    }

    /// The shift.
    #[inline]
    #[must_use]
    pub const fn shift(self) -> u8 {
        0
    }

    /// The window that a header's field stands for.
    #[inline]
    #[must_use]
    pub const fn to_octets(self, field: u16) -> u32 {
        field as u32
    }

    /// The field for a window, or for as much of it as can be said.
    #[inline]
    #[must_use]
    pub const fn to_field(self, octets: u32) -> u16 {
        if octets > u16::MAX as u32 {
            u16::MAX
        } else {
            octets as u16
        }
    }
}
