//! Data processing with registers: shifts by a register, extensions, parallel arithmetic and what
//! is left (ARMv7-M §A5.3.12 to §A5.3.15).

use super::alu::{Shift, bit, bits, sign_extend};
use super::{Cpu, Fault, Model, PC};

impl Cpu {
    pub(super) fn data_register(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        if j & 0xF000 != 0xF000 {
            return Err(Fault::Undefined);
        }
        let (first, second) = (bits(i, 7, 4), bits(j, 7, 4));
        match (first, second) {
            (0..=7, 0) => {
                let by = self.get(j & 15) & 0xFF;
                let shift = Shift::new(first >> 1, by);
                let (result, carry) = shift.apply(self.get(i & 15), self.flags.c);
                self.set(bits(j, 11, 8), result);
                if bit(i, 4) {
                    self.set_nzc(result, carry);
                }
                Ok(())
            }
            (0..=5, 8..) => self.extend(i, j),
            (8.., 0..=7) => self.parallel(i, j),
            (8..=11, 8..=11) => self.register_miscellaneous(i, j),
            _ => Err(Fault::Undefined),
        }
    }

    fn need_dsp(&self) -> Result<(), Fault> {
        match self.model {
            Model::CortexM4 => Ok(()),
            Model::CortexM3 => Err(Fault::Undefined),
        }
    }

    /// SXTH, UXTB16, SXTAB and so on.
    fn extend(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let n = i & 15;
        let kind = bits(i, 6, 4);
        if n != PC || kind == 2 || kind == 3 {
            self.need_dsp()?;
        }
        let x = if n == PC { 0 } else { self.get(n) };
        let y = self.get(j & 15).rotate_right(bits(j, 5, 4) << 3);
        let pair = |low: u32, high: u32| {
            let low = x.wrapping_add(low) & 0xFFFF;
            let high = (x >> 16).wrapping_add(high) << 16;
            high | low
        };
        let result = match kind {
            0 => x.wrapping_add(sign_extend(y, 16)),
            1 => x.wrapping_add(y & 0xFFFF),
            2 => pair(sign_extend(y, 8), sign_extend(y >> 16, 8)),
            3 => pair(y & 0xFF, y >> 16 & 0xFF),
            4 => x.wrapping_add(sign_extend(y, 8)),
            _ => x.wrapping_add(y & 0xFF),
        };
        self.set(bits(j, 11, 8), result);
        Ok(())
    }

    /// Arithmetic on two halves or four octets at once.
    fn parallel(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        self.need_dsp()?;
        let (x, y) = (self.get(i & 15), self.get(j & 15));
        let unsigned = bit(j, 6);
        let halving = match j >> 4 & 3 {
            0 => Style::Plain,
            1 => Style::Saturating,
            2 => Style::Halving,
            _ => return Err(Fault::Undefined),
        };
        let lanes = Lanes {
            unsigned,
            style: halving,
        };
        // Which lane of the second operand each lane takes, and whether it is added.
        let (width, swap, low_adds, high_adds) = match bits(i, 6, 4) {
            0 => (8, false, true, true),
            1 => (16, false, true, true),
            2 => (16, true, false, true),
            4 => (8, false, false, false),
            5 => (16, false, false, false),
            6 => (16, true, true, false),
            _ => return Err(Fault::Undefined),
        };
        let y = if swap { y.rotate_left(16) } else { y };
        let (mut result, mut ge) = (0, 0_u8);
        let mut at = 0_u32;
        while at < 32 {
            let adds = if at < 16 { low_adds } else { high_adds };
            let (lane, flag) = lanes.one(x.wrapping_shr(at), y.wrapping_shr(at), width, adds);
            result |= lane.wrapping_shl(at);
            if flag {
                let both = if width == 16 { 3_u8 } else { 1 };
                ge |= both.wrapping_shl(at >> 3);
            }
            at = at.wrapping_add(width);
        }
        if lanes.style == Style::Plain {
            self.flags.ge = ge;
        }
        self.set(bits(j, 11, 8), result);
        Ok(())
    }

    /// QADD and its kind, byte reversal, SEL and CLZ.
    fn register_miscellaneous(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (n, m) = (self.get(i & 15), self.get(j & 15));
        let result = match (bits(i, 5, 4), bits(j, 5, 4)) {
            (0, kind) => {
                self.need_dsp()?;
                let (m, n) = (i64::from(m as i32), i64::from(n as i32));
                let n = if bit(kind, 0) {
                    i64::from(self.saturate(n.wrapping_add(n), 32) as i32)
                } else {
                    n
                };
                let value = if bit(kind, 1) {
                    m.wrapping_sub(n)
                } else {
                    m.wrapping_add(n)
                };
                self.saturate(value, 32)
            }
            (1, 0) => m.swap_bytes(),
            (1, 1) => m.rotate_left(16).swap_bytes(),
            (1, 2) => m.reverse_bits(),
            (1, _) => sign_extend(m.swap_bytes() >> 16, 16),
            (2, 0) => {
                self.need_dsp()?;
                let chosen = (0..4_u32).filter(|lane| bit(u32::from(self.flags.ge), *lane));
                let mask = chosen.fold(0, |mask, lane| mask | 0xFF_u32.wrapping_shl(lane << 3));
                n & mask | m & !mask
            }
            (3, 0) => m.leading_zeros(),
            _ => return Err(Fault::Undefined),
        };
        self.set(bits(j, 11, 8), result);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Saturating,
    Halving,
}

#[derive(Clone, Copy)]
struct Lanes {
    unsigned: bool,
    style: Style,
}

impl Lanes {
    /// The low `width` bits of a sum or difference, and its GE flag.
    fn one(self, x: u32, y: u32, width: u32, adds: bool) -> (u32, bool) {
        let mask = u32::MAX.wrapping_shr(32_u32.wrapping_sub(width));
        let number = |word: u32| {
            let word = if self.unsigned {
                word & mask
            } else {
                sign_extend(word, width)
            };
            i64::from(word as i32)
        };
        let (x, y) = (number(x), number(y));
        let value = if adds {
            x.wrapping_add(y)
        } else {
            x.wrapping_sub(y)
        };
        let mask = i64::from(mask);
        let flag = if self.unsigned && adds {
            value > mask
        } else {
            value >= 0
        };
        let (low, high) = if self.unsigned {
            (0, mask)
        } else {
            (!(mask >> 1), mask >> 1)
        };
        let value = match self.style {
            Style::Plain => value,
            Style::Saturating => value.clamp(low, high),
            Style::Halving => value >> 1,
        };
        ((value & mask) as u32, flag)
    }
}
