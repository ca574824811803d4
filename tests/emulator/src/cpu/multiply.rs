//! Multiplication and division (ARMv7-M §A5.3.16, §A5.3.17).

use super::alu::{bit, bits, sign_extend};
use super::{Cpu, Fault, Model, PC};

/// The half of a word that `top` names, with its sign.
const fn half(word: u32, top: bool) -> i64 {
    let word = if top { word >> 16 } else { word };
    sign_extend(word, 16) as i32 as i64
}

const fn signed(word: u32) -> i64 {
    word as i32 as i64
}

impl Cpu {
    /// Products of 32 bits.
    pub(super) fn multiply(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (n, m, a) = (self.get(i & 15), self.get(j & 15), bits(j, 15, 12));
        let accumulate = if a == PC { 0 } else { self.get(a) };
        let kind = (bits(i, 6, 4), bits(j, 7, 4));
        let plain = n.wrapping_mul(m);
        let result = match kind {
            (0, 0) => accumulate.wrapping_add(plain),
            (0, 1) => accumulate.wrapping_sub(plain),
            _ if self.model == Model::CortexM3 => return Err(Fault::Undefined),
            (7, 0) => {
                let differences = n.to_le_bytes().into_iter().zip(m.to_le_bytes());
                let sum = differences.map(|(x, y)| u32::from(x.abs_diff(y)));
                accumulate.wrapping_add(sum.sum())
            }
            (5 | 6, 0 | 1) => {
                let high = i64::from(accumulate) << 32;
                let product = signed(n).wrapping_mul(signed(m));
                let sum = if kind.0 == 5 {
                    high.wrapping_add(product)
                } else {
                    high.wrapping_sub(product)
                };
                let round = i64::from(kind.1 & 1) << 31;
                (sum.wrapping_add(round) >> 32) as u32
            }
            (1..=4, _) => self.multiply_halves(kind, n, m, signed(accumulate))?,
            _ => return Err(Fault::Undefined),
        };
        self.set(bits(j, 11, 8), result);
        Ok(())
    }

    /// Products of halves, whose sum sets Q when it overflows.
    fn multiply_halves(
        &mut self,
        (kind, variant): (u32, u32),
        n: u32,
        m: u32,
        accumulate: i64,
    ) -> Result<u32, Fault> {
        let (x, y) = (bit(variant, 1), bit(variant, 0));
        let product = match kind {
            1 if variant < 4 => half(n, x).wrapping_mul(half(m, y)),
            2 if variant < 2 => dual(n, m, y, i64::wrapping_add),
            3 if variant < 2 => signed(n).wrapping_mul(half(m, y)) >> 16,
            4 if variant < 2 => dual(n, m, y, i64::wrapping_sub),
            _ => return Err(Fault::Undefined),
        };
        let sum = accumulate.wrapping_add(product);
        self.flags.q |= sum != i64::from(sum as i32);
        Ok(sum as u32)
    }

    /// Products of 64 bits, and division.
    pub(super) fn multiply_long(&mut self, i: u32, j: u32) -> Result<(), Fault> {
        let (n, m) = (self.get(i & 15), self.get(j & 15));
        let (low, high) = (bits(j, 15, 12), bits(j, 11, 8));
        let kind = (bits(i, 6, 4), bits(j, 7, 4));
        let accumulate = u64::from(self.get(high)) << 32 | u64::from(self.get(low));
        let unsigned = u64::from(n).wrapping_mul(u64::from(m));
        let product = signed(n).wrapping_mul(signed(m)) as u64;
        let top = (bit(kind.1, 1), bit(kind.1, 0));
        let result = match kind {
            (0, 0) => product,
            (2, 0) => unsigned,
            (4, 0) => accumulate.wrapping_add(product),
            (6, 0) => accumulate.wrapping_add(unsigned),
            (1, 15) => return self.divide(high, n, m, true),
            (3, 15) => return self.divide(high, n, m, false),
            _ if self.model == Model::CortexM3 => return Err(Fault::Undefined),
            (4, 8..=11) => {
                let product = half(n, top.0).wrapping_mul(half(m, top.1));
                accumulate.wrapping_add(product as u64)
            }
            (4, 12 | 13) => accumulate.wrapping_add(dual(n, m, top.1, i64::wrapping_add) as u64),
            (5, 12 | 13) => accumulate.wrapping_add(dual(n, m, top.1, i64::wrapping_sub) as u64),
            (6, 6) => {
                let (low, high) = (u64::from(self.get(low)), u64::from(self.get(high)));
                unsigned.wrapping_add(low).wrapping_add(high)
            }
            _ => return Err(Fault::Undefined),
        };
        self.set(low, result as u32);
        self.set(high, (result >> 32) as u32);
        Ok(())
    }

    fn divide(&mut self, d: u32, n: u32, m: u32, with_sign: bool) -> Result<(), Fault> {
        if m == 0 && self.control.traps_division() {
            return Err(Fault::DivideByZero);
        }
        // §A7.7.127: a division by zero gives zero, and the smallest number by -1 itself.
        let result = if with_sign {
            let (n, m) = (n as i32, m as i32);
            let smallest = if m == 0 { 0 } else { n };
            n.checked_div(m).unwrap_or(smallest) as u32
        } else {
            n.checked_div(m).unwrap_or(0)
        };
        // Two to twelve cycles, after the difference of the lengths.
        let difference = m.leading_zeros().saturating_sub(n.leading_zeros());
        self.spend((difference >> 2).wrapping_add(2));
        self.set(d, result);
        Ok(())
    }
}

/// Both products of halves, combined.
fn dual(n: u32, m: u32, swap: bool, combine: fn(i64, i64) -> i64) -> i64 {
    let low: i64 = half(n, false).wrapping_mul(half(m, swap));
    let high = half(n, true).wrapping_mul(half(m, !swap));
    combine(low, high)
}
