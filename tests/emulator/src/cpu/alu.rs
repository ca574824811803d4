//! Arithmetic as the manual's pseudocode has it (ARMv7-M §A2.2.1, §A5.3.2, §A7.4.2).

use super::{Cpu, Flags};

/// Bits `high` to `low` of a word.
#[inline]
pub(super) const fn bits(word: u32, high: u32, low: u32) -> u32 {
    let width = high.wrapping_sub(low);
    word.wrapping_shr(low) & u32::MAX.wrapping_shr(31_u32.wrapping_sub(width))
}

/// Bit `number` of a word.
#[inline]
pub(super) const fn bit(word: u32, number: u32) -> bool {
    word.wrapping_shr(number) & 1 == 1
}

/// The low `width` bits, with the sign that the highest of them is.
#[inline]
pub(super) const fn sign_extend(word: u32, width: u32) -> u32 {
    let unused = 32_u32.wrapping_sub(width);
    (word.wrapping_shl(unused) as i32).wrapping_shr(unused) as u32
}

/// Sum, carry and overflow.
#[inline]
pub(super) const fn add_with_carry(x: u32, y: u32, carry: bool) -> (u32, bool, bool) {
    let (partial, first) = x.overflowing_add(y);
    let (sum, second) = partial.overflowing_add(carry as u32);
    let overflow = bit((x ^ sum) & (y ^ sum), 31);
    (sum, first || second, overflow)
}

/// A kind of shift and its distance.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    kind: u32,
    by: u32,
}

impl Shift {
    const RRX: u32 = 4;
    pub(super) const LEFT: u32 = 0;

    pub(super) const fn new(kind: u32, by: u32) -> Self {
        Self { kind, by }
    }

    /// `DecodeImmShift`.
    pub(super) const fn immediate(kind: u32, by: u32) -> Self {
        match (kind, by) {
            (1 | 2, 0) => Self::new(kind, 32),
            (3, 0) => Self::new(Self::RRX, 1),
            _ => Self::new(kind, by),
        }
    }

    /// The shifted word and the bit that was shifted out last.
    #[inline]
    pub(super) const fn apply(self, x: u32, carry: bool) -> (u32, bool) {
        let by = self.by;
        if by == 0 {
            return (x, carry);
        }
        let last = by.wrapping_sub(1);
        match self.kind {
            0 if by <= 32 => (x.wrapping_shl(last) << 1, bit(x.wrapping_shl(last), 31)),
            1 if by <= 32 => (x.wrapping_shr(last) >> 1, bit(x, last)),
            0 | 1 => (0, false),
            2 => {
                let last = if last > 31 { 31 } else { last };
                let x = (x as i32).wrapping_shr(last);
                ((x >> 1) as u32, x & 1 == 1)
            }
            3 => {
                let x = x.rotate_right(by & 31);
                (x, bit(x, 31))
            }
            _ => ((carry as u32) << 31 | x >> 1, x & 1 == 1),
        }
    }
}

/// `ThumbExpandImm_C`: twelve bits that stand for a word, and the carry.
pub(super) const fn expand_immediate(twelve: u32, carry: bool) -> (u32, bool) {
    let octet = twelve & 0xFF;
    match twelve >> 8 {
        0 => (octet, carry),
        1 => (octet << 16 | octet, carry),
        2 => (octet << 24 | octet << 8, carry),
        3 => (octet << 24 | octet << 16 | octet << 8 | octet, carry),
        _ => {
            let word = (0x80 | twelve & 0x7F).rotate_right(twelve >> 7);
            (word, bit(word, 31))
        }
    }
}

impl Cpu {
    #[inline]
    pub(super) fn set_nz(&mut self, result: u32) {
        self.flags.n = bit(result, 31);
        self.flags.z = result == 0;
    }

    /// Flags of a logical operation.
    #[inline]
    pub(super) fn set_nzc(&mut self, result: u32, carry: bool) {
        self.set_nz(result);
        self.flags.c = carry;
    }

    /// Adds, and sets the flags if `flags`.
    #[inline]
    pub(super) fn add(&mut self, x: u32, y: u32, carry: bool, flags: bool) -> u32 {
        let (result, c, v) = add_with_carry(x, y, carry);
        if flags {
            self.set_nz(result);
            self.flags = Flags { c, v, ..self.flags };
        }
        result
    }

    /// A signed number kept within `width` bits; what does not fit sets Q.
    pub(super) fn saturate(&mut self, value: i64, width: u32) -> u32 {
        let high = 1_i64.wrapping_shl(width.wrapping_sub(1)).wrapping_sub(1);
        self.clamp(value, !high, high)
    }

    /// A number kept within `width` bits without a sign.
    pub(super) fn saturate_unsigned(&mut self, value: i64, width: u32) -> u32 {
        self.clamp(value, 0, 1_i64.wrapping_shl(width).wrapping_sub(1))
    }

    fn clamp(&mut self, value: i64, low: i64, high: i64) -> u32 {
        self.flags.q |= value < low || value > high;
        value.clamp(low, high) as u32
    }
}
