//! Conversion between the bits of a field and the type that stands for them.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Total conversion between a raw field of `BITS` bits and a type.
///
/// Law: `from_raw(into_raw(x)) == x`, and `into_raw(from_raw(r)) == r` for every `r` of `BITS`
/// bits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not stand for a field of type `{Raw}`",
    label = "implement `litz_wire::rt::WireInt<{Raw}>`, or use `#[codes]` or `#[bits]`"
)]
pub trait WireInt<Raw>: Copy {
    /// Width of the field.
    const BITS: u32;
    /// The value that the bits stand for.
    fn from_raw(raw: Raw) -> Self;
    /// The bits that stand for the value.
    fn into_raw(self) -> Raw;
}

/// What `#[codes]` and `#[bits]` implement; [`WireInt`] follows from it.
#[doc(hidden)]
pub trait Declared<Raw>: Copy {
    /// Width of the field.
    const BITS: u32;
    /// The value that the bits stand for.
    fn from_raw(raw: Raw) -> Self;
    /// The bits that stand for the value.
    fn into_raw(self) -> Raw;
}

#[diagnostic::do_not_recommend]
impl<Raw, T: Declared<Raw>> WireInt<Raw> for T {
    const BITS: u32 = <T as Declared<Raw>>::BITS;

    #[inline(always)]
    fn from_raw(raw: Raw) -> Self {
        <T as Declared<Raw>>::from_raw(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> Raw {
        <T as Declared<Raw>>::into_raw(self)
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<[u8; 4]> for Ipv4Addr {
    const BITS: u32 = 32;

    #[inline(always)]
    fn from_raw(raw: [u8; 4]) -> Self {
        Self::from_octets(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; 4] {
        self.octets()
    }
}

#[diagnostic::do_not_recommend]
impl WireInt<[u8; 16]> for Ipv6Addr {
    const BITS: u32 = 128;

    #[inline(always)]
    fn from_raw(raw: [u8; 16]) -> Self {
        Self::from_octets(raw)
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; 16] {
        self.octets()
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> WireInt<[u8; N]> for [u8; N] {
    const BITS: u32 = match N {
        0..=0x1fff_ffff => (N as u32).wrapping_mul(8),
        _ => 0,
    };

    #[inline(always)]
    fn from_raw(raw: [u8; N]) -> Self {
        raw
    }

    #[inline(always)]
    fn into_raw(self) -> [u8; N] {
        self
    }
}

/// A number of seconds on the wire: a unit, not a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secs16(pub u16);

/// A number of seconds on the wire, `u32::MAX` often meaning forever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secs32(pub u32);

/// A number of milliseconds on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Millis32(pub u32);

macro_rules! unit {
    ($name:ident, $raw:ty, $suffix:literal) => {
        #[diagnostic::do_not_recommend]
        impl WireInt<$raw> for $name {
            const BITS: u32 = <$raw>::BITS;

            #[inline(always)]
            fn from_raw(raw: $raw) -> Self {
                Self(raw)
            }

            #[inline(always)]
            fn into_raw(self) -> $raw {
                self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!("{}", $suffix), self.0)
            }
        }
    };
}

unit!(Secs16, u16, " s");
unit!(Secs32, u32, " s");
unit!(Millis32, u32, " ms");

#[cfg(test)]
mod tests;
