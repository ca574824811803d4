//! Times that group management writes as small floating point numbers (RFC 3376 §4.1.1, §4.1.7;
//! RFC 3810 §5.1.3, §5.1.9). The code is kept, so that what was read is written again.

use crate::rt::WireInt;
use core::fmt;

/// Largest response delay of IGMP, in tenths of a second (RFC 3376 §4.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct IgmpMaxResp(pub u8);

/// Interval between queries, in seconds (RFC 3376 §4.1.7, RFC 3810 §5.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct QueryInterval(pub u8);

/// Largest response delay of MLD, in milliseconds (RFC 3810 §5.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MldMaxResp(pub u16);

/// The number that a code of `mant` bits of mantissa stands for; its bits are 1, exponent of
/// three, mantissa.
const fn decode(code: u32, mant: u32) -> u32 {
    let one = 1 << mant;
    if code < one << 3 {
        return code;
    }
    let exponent = ((code >> mant) & 7).wrapping_add(3);
    ((code & one.wrapping_sub(1)) | one) << exponent
}

/// The largest code that stands for no more than `value`.
const fn encode(value: u32, mant: u32) -> u32 {
    let one = 1 << mant;
    if value < one << 3 {
        return value;
    }
    let top = 31_u32.wrapping_sub(value.leading_zeros());
    let shift = top.wrapping_sub(mant);
    if shift > 10 {
        return (one << 4).wrapping_sub(1);
    }
    let exponent = shift.wrapping_sub(3);
    (one << 3) | (exponent << mant) | ((value >> shift) & one.wrapping_sub(1))
}

impl IgmpMaxResp {
    /// The largest time that can be written and is not longer than so many tenths of a second.
    #[must_use]
    pub const fn from_tenths(tenths: u32) -> Self {
        Self(encode(tenths, 4) as u8)
    }

    /// Tenths of a second; from IGMPv1 it is zero, which stands for 100.
    #[must_use]
    pub const fn tenths(self) -> u32 {
        decode(self.0 as u32, 4)
    }
}

impl QueryInterval {
    /// The longest interval that can be written and is not longer than so many seconds.
    #[must_use]
    pub const fn from_secs(secs: u32) -> Self {
        Self(encode(secs, 4) as u8)
    }

    /// Seconds.
    #[must_use]
    pub const fn secs(self) -> u32 {
        decode(self.0 as u32, 4)
    }
}

impl MldMaxResp {
    /// The longest delay that can be written and is not longer than so many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u32) -> Self {
        Self(encode(millis, 12) as u16)
    }

    /// Milliseconds in MLDv2; in MLDv1 the code itself is the number (RFC 3810 §9.1).
    #[must_use]
    pub const fn millis(self) -> u32 {
        decode(self.0 as u32, 12)
    }
}

macro_rules! wire {
    ($name:ident, $raw:ty, $value:ident, $unit:literal) => {
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{}", $unit), self.$value())
            }
        }
    };
}

wire!(IgmpMaxResp, u8, tenths, "/10 s");
wire!(QueryInterval, u8, secs, " s");
wire!(MldMaxResp, u16, millis, " ms");

#[cfg(test)]
mod tests;
