//! Data processing with immediates and shifted registers (ARMv7-M §A5.3.1, §A5.3.3, §A5.3.11).

use super::alu::{Shift, bit, bits, expand_immediate, sign_extend};
use super::{Cpu, Fault, Model, PC};

impl Cpu {
    /// With twelve bits that stand for a word.
    #[inline]
    pub(super) fn data_immediate(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let twelve = bits(i, 10, 10) << 11 | bits(j, 14, 12) << 8 | j & 0xFF;
        let (y, carry) = expand_immediate(twelve, self.flags.c);
        self.data(i, bits(j, 11, 8), y, carry)
    }

    /// With a register, shifted.
    #[inline]
    pub(super) fn data_shifted(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let by = bits(j, 14, 12) << 2 | bits(j, 7, 6);
        let shift = Shift::immediate(bits(j, 5, 4), by);
        let (y, carry) = shift.apply(self.get(j & 15), self.flags.c);
        if bits(i, 8, 5) == 6 {
            return self.pack(i, j, y);
        }
        self.data(i, bits(j, 11, 8), y, carry)
    }

    /// PKHBT and PKHTB (§A7.7.93).
    fn pack(&mut self, i: u32, j: u32, y: u32) -> Result<(), Fault> {
        if self.model == Model::CortexM3 || bit(j, 4) || bit(i, 4) {
            return Err(Fault::Undefined);
        }
        let x = self.get(i & 15);
        let result = if bit(j, 5) {
            x & 0xFFFF_0000 | y & 0xFFFF
        } else {
            y & 0xFFFF_0000 | x & 0xFFFF
        };
        self.set(bits(j, 11, 8), result);
        Ok(())
    }

    /// The operation itself: `d` is 15 for comparisons, the first operand 15 for moves.
    #[inline]
    fn data(&mut self, i: u32, d: u32, y: u32, carry: bool) -> Result<(), Fault> {
        let (n, flags) = (i & 15, bit(i, 4));
        let discard = d == PC;
        let x = self.get(n);
        let c = self.flags.c;
        let (result, carry) = match bits(i, 8, 5) {
            0 => (x & y, carry),
            1 => (x & !y, carry),
            2 if n == PC => (y, carry),
            2 => (x | y, carry),
            3 if n == PC => (!y, carry),
            3 => (x | !y, carry),
            4 => (x ^ y, carry),
            8 => return self.sum(d, x, y, false, flags),
            10 => return self.sum(d, x, y, c, flags),
            11 => return self.sum(d, x, !y, c, flags),
            13 => return self.sum(d, x, !y, true, flags),
            14 => return self.sum(d, !x, y, true, flags),
            _ => return Err(Fault::Undefined),
        };
        if flags {
            self.set_nzc(result, carry);
        }
        if !discard {
            self.set(d, result);
        }
        Ok(())
    }

    fn sum(&mut self, d: u32, x: u32, y: u32, carry: bool, flags: bool) -> Result<(), Fault> {
        let result = self.add(x, y, carry, flags);
        if d != PC {
            self.set(d, result);
        }
        Ok(())
    }

    /// With a plain immediate: ADDW, SUBW, ADR, MOVW, MOVT, and bit fields (§A5.3.3).
    #[inline]
    pub(super) fn data_plain(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (n, d) = (i & 15, bits(j, 11, 8));
        let twelve = bits(i, 10, 10) << 11 | bits(j, 14, 12) << 8 | j & 0xFF;
        let sixteen = n << 12 | twelve;
        let base = if n == PC {
            self.get(PC) & !3
        } else {
            self.get(n)
        };
        let result = match bits(i, 8, 4) {
            0 => base.wrapping_add(twelve),
            4 => sixteen,
            10 => base.wrapping_sub(twelve),
            12 => self.get(d) & 0xFFFF | sixteen << 16,
            _ => return self.field(i, j),
        };
        self.set(d, result);
        Ok(())
    }

    /// SBFX, UBFX, BFI, BFC and saturation.
    fn field(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (n, d) = (i & 15, bits(j, 11, 8));
        let (low, width) = (bits(j, 14, 12) << 2 | bits(j, 7, 6), j & 31);
        let x = self.get(n);
        let operation = bits(i, 8, 4);
        let result = match operation {
            16 | 18 | 24 | 26 => return self.saturation(i, j),
            20 | 28 if low.wrapping_add(width) < 32 => {
                let high = low.wrapping_add(width);
                let field = bits(x, high, low);
                if operation == 20 {
                    sign_extend(field, width.wrapping_add(1))
                } else {
                    field
                }
            }
            22 if width >= low => {
                let mask = u32::MAX.wrapping_shr(31_u32.wrapping_sub(width.wrapping_sub(low)));
                let mask = mask.wrapping_shl(low);
                let x = if n == PC { 0 } else { x };
                self.get(d) & !mask | x.wrapping_shl(low) & mask
            }
            _ => return Err(Fault::Undefined),
        };
        self.set(d, result);
        Ok(())
    }

    /// SSAT, USAT, SSAT16 and USAT16 (§A7.7.152, §A7.7.213).
    fn saturation(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (d, x) = (bits(j, 11, 8), self.get(i & 15));
        let (right, unsigned) = (bit(i, 5), bit(i, 7));
        let by = bits(j, 14, 12) << 2 | bits(j, 7, 6);
        let width = j & 31;
        let mut clamp = |value: u32| {
            let value = i64::from(value as i32);
            if unsigned {
                self.saturate_unsigned(value, width)
            } else {
                self.saturate(value, width.wrapping_add(1))
            }
        };
        let result = if right && by == 0 {
            let low = clamp(sign_extend(x, 16));
            let high = clamp(sign_extend(x >> 16, 16));
            if self.model == Model::CortexM3 {
                return Err(Fault::Undefined);
            }
            high << 16 | low & 0xFFFF
        } else {
            let kind = if right { 2 } else { Shift::LEFT };
            clamp(Shift::new(kind, by).apply(x, false).0)
        };
        self.set(d, result);
        Ok(())
    }
}
