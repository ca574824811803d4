//! The instructions of 16 bits (ARMv7-M §A5.2).

use super::alu::{Shift, bit, bits, sign_extend};
use super::{Cpu, Fault, LR, PC, SP};
use crate::{Bus, Size};

impl Cpu {
    /// Executes an instruction of 16 bits; those that set flags do so only outside of an IT block.
    #[inline]
    pub(super) fn narrow<B: Bus>(
        &mut self,
        bus: &mut B,
        op: u32,
        flags: bool,
    ) -> Result<(), Fault> {
        match op >> 11 {
            0..=2 => {
                let shift = Shift::immediate(op >> 11, bits(op, 10, 6));
                let (result, carry) = shift.apply(self.get(op >> 3 & 7), self.flags.c);
                self.set(op & 7, result);
                if flags {
                    self.set_nzc(result, carry);
                }
                Ok(())
            }
            3..=7 => {
                self.narrow_add(op, flags);
                Ok(())
            }
            8 if !bit(op, 10) => {
                self.narrow_logic(op, flags);
                Ok(())
            }
            8 => self.narrow_high(bus, op),
            9 => {
                let address = (self.get(PC) & !3).wrapping_add((op & 0xFF) << 2);
                self.narrow_load(bus, op >> 8 & 7, address, Size::Word)
            }
            10 | 11 => self.narrow_transfer(bus, op),
            12..=19 => self.narrow_offset(bus, op),
            20 | 21 => {
                let base = if bit(op, 11) {
                    self.get(SP)
                } else {
                    self.get(PC) & !3
                };
                self.set(op >> 8 & 7, base.wrapping_add((op & 0xFF) << 2));
                Ok(())
            }
            22 | 23 => self.narrow_miscellaneous(bus, op),
            24 | 25 => self.narrow_multiple(bus, op),
            26 | 27 => self.narrow_conditional(op),
            28 => {
                let offset = sign_extend(op << 1, 12);
                self.branch(self.get(PC).wrapping_add(offset));
                Ok(())
            }
            _ => Err(Fault::Undefined),
        }
    }

    /// ADD, SUB, MOV and CMP with registers and immediates.
    #[inline]
    fn narrow_add(&mut self, op: u32, flags: bool) {
        let (register, octet) = (op >> 8 & 7, op & 0xFF);
        let x = self.get(register);
        match op >> 11 {
            3 => {
                let x = self.get(op >> 3 & 7);
                let y = op >> 6 & 7;
                let y = if bit(op, 10) { y } else { self.get(y) };
                let result = if bit(op, 9) {
                    self.add(x, !y, true, flags)
                } else {
                    self.add(x, y, false, flags)
                };
                self.set(op & 7, result);
            }
            4 => {
                self.set(register, octet);
                if flags {
                    self.set_nz(octet);
                }
            }
            5 => {
                self.add(x, !octet, true, true);
            }
            6 => {
                let result = self.add(x, octet, false, flags);
                self.set(register, result);
            }
            _ => {
                let result = self.add(x, !octet, true, flags);
                self.set(register, result);
            }
        }
    }

    /// The data processing instructions on two low registers (§A5.2.2).
    #[inline]
    fn narrow_logic(&mut self, op: u32, flags: bool) {
        let (d, m) = (op & 7, op >> 3 & 7);
        let (x, y, carry) = (self.get(d), self.get(m), self.flags.c);
        let shift = |kind: u32| Shift::new(kind, y & 0xFF).apply(x, carry);
        let (result, carry) = match op >> 6 & 15 {
            0 => (x & y, carry),
            1 => (x ^ y, carry),
            2 => shift(0),
            3 => shift(1),
            4 => shift(2),
            5 => return self.narrow_sum(d, x, y, carry, flags),
            6 => return self.narrow_sum(d, x, !y, carry, flags),
            7 => shift(3),
            8 => return self.set_nz(x & y),
            9 => return self.narrow_sum(d, !y, 0, true, flags),
            10 => {
                self.add(x, !y, true, true);
                return;
            }
            11 => {
                self.add(x, y, false, true);
                return;
            }
            12 => (x | y, carry),
            13 => (x.wrapping_mul(y), carry),
            14 => (x & !y, carry),
            _ => (!y, carry),
        };
        self.set(d, result);
        if flags {
            self.set_nzc(result, carry);
        }
    }

    fn narrow_sum(&mut self, d: u32, x: u32, y: u32, carry: bool, flags: bool) {
        let result = self.add(x, y, carry, flags);
        self.set(d, result);
    }

    /// ADD, CMP, MOV with high registers, BX and BLX (§A5.2.3).
    #[inline]
    fn narrow_high<B: Bus>(&mut self, bus: &mut B, op: u32) -> Result<(), Fault> {
        let d = op & 7 | op >> 4 & 8;
        let m = op >> 3 & 15;
        let y = self.get(m);
        match op >> 8 & 3 {
            0 => self.set(d, self.get(d).wrapping_add(y)),
            1 => {
                self.add(self.get(d), !y, true, true);
            }
            2 => self.set(d, y),
            _ if bit(op, 7) => {
                let back = self.pc.wrapping_add(2) | 1;
                self.branch_link(y, back)?;
            }
            _ => return self.branch_exchange(bus, y),
        }
        Ok(())
    }

    /// BLX: a call through a register.
    fn branch_link(&mut self, address: u32, back: u32) -> Result<(), Fault> {
        if address & 1 == 0 {
            return Err(Fault::InvalidState);
        }
        self.set(LR, back);
        self.branch(address);
        Ok(())
    }

    fn narrow_load<B: Bus>(
        &mut self,
        bus: &mut B,
        t: u32,
        at: u32,
        size: Size,
    ) -> Result<(), Fault> {
        let value = self.load(bus, at, size)?;
        self.set(t, value);
        Ok(())
    }

    /// Loads and stores with a register as offset (§A5.2.4).
    fn narrow_transfer<B: Bus>(&mut self, bus: &mut B, op: u32) -> Result<(), Fault> {
        let t = op & 7;
        let at = self.get(op >> 3 & 7).wrapping_add(self.get(op >> 6 & 7));
        let value = self.get(t);
        match op >> 9 & 7 {
            0 => self.store(bus, at, Size::Word, value),
            1 => self.store(bus, at, Size::Half, value),
            2 => self.store(bus, at, Size::Byte, value),
            3 => {
                let value = self.load(bus, at, Size::Byte)?;
                self.set(t, sign_extend(value, 8));
                Ok(())
            }
            4 => self.narrow_load(bus, t, at, Size::Word),
            5 => self.narrow_load(bus, t, at, Size::Half),
            6 => self.narrow_load(bus, t, at, Size::Byte),
            _ => {
                let value = self.load(bus, at, Size::Half)?;
                self.set(t, sign_extend(value, 16));
                Ok(())
            }
        }
    }

    /// Loads and stores with an immediate offset.
    #[inline]
    fn narrow_offset<B: Bus>(&mut self, bus: &mut B, op: u32) -> Result<(), Fault> {
        let five = bits(op, 10, 6);
        let (t, base, offset, size) = match op >> 12 {
            6 => (op & 7, op >> 3 & 7, five << 2, Size::Word),
            7 => (op & 7, op >> 3 & 7, five, Size::Byte),
            8 => (op & 7, op >> 3 & 7, five << 1, Size::Half),
            _ => (op >> 8 & 7, SP, (op & 0xFF) << 2, Size::Word),
        };
        let at = self.get(base).wrapping_add(offset);
        if bit(op, 11) {
            self.narrow_load(bus, t, at, size)
        } else {
            let value = self.get(t);
            self.store(bus, at, size, value)
        }
    }

    /// §A5.2.5.
    fn narrow_miscellaneous<B: Bus>(&mut self, bus: &mut B, op: u32) -> Result<(), Fault> {
        let (d, m) = (op & 7, self.get(op >> 3 & 7));
        match op >> 8 & 15 {
            0 => {
                let offset = (op & 0x7F) << 2;
                let offset = if bit(op, 7) {
                    offset.wrapping_neg()
                } else {
                    offset
                };
                self.set(SP, self.get(SP).wrapping_add(offset));
            }
            1 | 3 | 9 | 11 => {
                if (self.get(d) == 0) != bit(op, 11) {
                    let offset = bits(op, 7, 3) << 1 | bits(op, 9, 9) << 6;
                    self.branch(self.get(PC).wrapping_add(offset));
                }
            }
            2 => self.set(
                d,
                match op >> 6 & 3 {
                    0 => sign_extend(m, 16),
                    1 => sign_extend(m, 8),
                    2 => m & 0xFFFF,
                    _ => m & 0xFF,
                },
            ),
            4 | 5 => return self.push(bus, op & 0xFF | bits(op, 8, 8) << LR),
            6 if op & 0xFFE8 == 0xB660 => self.change_state(bit(op, 4), op & 3),
            10 => self.set(
                d,
                match op >> 6 & 3 {
                    0 => m.swap_bytes(),
                    1 => m.rotate_left(16).swap_bytes(),
                    3 => sign_extend(m.swap_bytes() >> 16, 16),
                    _ => return Err(Fault::Undefined),
                },
            ),
            12 | 13 => return self.pop(bus, op & 0xFF | bits(op, 8, 8) << PC),
            14 => return Err(Fault::Breakpoint((op & 0xFF) as u8)),
            15 if op & 15 != 0 => self.it = (op & 0xFF) as u8,
            15 => self.hint(op >> 4 & 15),
            _ => return Err(Fault::Undefined),
        }
        Ok(())
    }

    /// LDM and STM (§A7.7.41, §A7.7.159).
    fn narrow_multiple<B: Bus>(&mut self, bus: &mut B, op: u32) -> Result<(), Fault> {
        let (n, list) = (op >> 8 & 7, op & 0xFF);
        let base = self.get(n);
        let end = base.wrapping_add(list.count_ones() << 2);
        if bit(op, 11) {
            self.load_list(bus, base, list)?;
            if !bit(list, n) {
                self.set(n, end);
            }
            Ok(())
        } else {
            self.store_list(bus, base, list)?;
            self.set(n, end);
            Ok(())
        }
    }

    /// Conditional branches, UDF and SVC (§A5.2.6).
    #[inline]
    fn narrow_conditional(&mut self, op: u32) -> Result<(), Fault> {
        match op >> 8 & 15 {
            14 => Err(Fault::Undefined),
            15 => Err(Fault::Supervisor),
            condition => {
                if self.holds(condition) {
                    let offset = sign_extend(op << 1, 9);
                    self.branch(self.get(PC).wrapping_add(offset));
                }
                Ok(())
            }
        }
    }
}
