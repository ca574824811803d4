//! Floating-point registers, which compilers use to move integers too (ARMv7-M §A6). Arithmetic is
//! undefined here: no firmware of ours computes with fractions.

use super::alu::{bit, bits};
use super::{Cpu, Fault, Model, PC};
use crate::{Bus, Size};

impl Cpu {
    fn single(&self, number: u32) -> u32 {
        self.s.get(number as usize).copied().unwrap_or(0)
    }

    fn set_single(&mut self, number: u32, value: u32) {
        if let Some(register) = self.s.get_mut(number as usize) {
            *register = value;
        }
    }

    pub(super) fn coprocessor<B: Bus>(&mut self, bus: &mut B, i: u32, j: u32) -> Result<(), Fault> {
        let double = bit(j, 8);
        let usable = self.model == Model::CortexM4 && self.control.coprocessor_enabled();
        if !usable || bits(j, 11, 9) != 5 || i & 0xF000 != 0xE000 {
            return Err(Fault::NoCoprocessor);
        }
        self.exceptions.set_float_active();
        match bits(i, 11, 8) {
            14 if bit(j, 4) => self.move_single(i, j, double),
            14 => self.copy(i, j, double),
            _ if i & 0x0FE0 == 0x0C40 => self.move_pair(i, j, double),
            _ => self.float_transfer(bus, i, j, double),
        }
    }

    /// Between one register and a half, and the status register.
    fn move_single(&mut self, i: u32, j: u32, double: bool) -> Result<(), Fault> {
        let (t, to_core) = (j >> 12, bit(i, 4));
        match bits(i, 7, 5) {
            7 if double => Err(Fault::Undefined),
            7 if to_core && t == PC => {
                let status = self.fpscr;
                self.flags.n = bit(status, 31);
                self.flags.z = bit(status, 30);
                self.flags.c = bit(status, 29);
                self.flags.v = bit(status, 28);
                Ok(())
            }
            7 if to_core => {
                self.set(t, self.fpscr);
                Ok(())
            }
            7 => {
                self.fpscr = self.get(t);
                Ok(())
            }
            top @ (0 | 1) => {
                // Dn[x] in doubles, Sn in singles.
                let n = if double {
                    bits(j, 7, 7) << 5 | (i & 15) << 1 | top
                } else {
                    (i & 15) << 1 | bits(j, 7, 7)
                };
                if to_core {
                    self.set(t, self.single(n));
                } else {
                    self.set_single(n, self.get(t));
                }
                Ok(())
            }
            _ => Err(Fault::Undefined),
        }
    }

    /// VMOV between floating-point registers; this unit has it for singles only (§A7.7.239).
    fn copy(&mut self, i: u32, j: u32, double: bool) -> Result<(), Fault> {
        let is_move = i & 0xFFBF == 0xEEB0 && bits(j, 7, 6) == 1;
        if !is_move || double {
            return Err(Fault::Undefined);
        }
        let value = self.single(register(j & 15, bit(j, 5), false));
        self.set_single(register(j >> 12, bit(i, 6), false), value);
        Ok(())
    }

    /// VMOV of two core registers.
    fn move_pair(&mut self, i: u32, j: u32, double: bool) -> Result<(), Fault> {
        let (first, second) = (j >> 12, i & 15);
        let m = register(j & 15, bit(j, 5), double);
        let next = m.wrapping_add(1);
        if bit(i, 4) {
            self.set(first, self.single(m));
            self.set(second, self.single(next));
        } else {
            self.set_single(m, self.get(first));
            self.set_single(next, self.get(second));
        }
        Ok(())
    }

    /// VLDR, VSTR, VLDM, VSTM, VPUSH and VPOP.
    fn float_transfer<B: Bus>(
        &mut self,
        bus: &mut B,
        i: u32,
        j: u32,
        double: bool,
    ) -> Result<(), Fault> {
        let (n, loads, write_back) = (i & 15, bit(i, 4), bit(i, 5));
        let (before, up) = (bit(i, 8), bit(i, 7));
        let base = if n == PC {
            self.get(n) & !3
        } else {
            self.get(n)
        };
        let offset = (j & 0xFF) << 2;
        let moved = if up {
            base.wrapping_add(offset)
        } else {
            base.wrapping_sub(offset)
        };
        let d = register(j >> 12, bit(i, 6), double);
        let one = before && !write_back;
        let count = match (one, double) {
            (true, true) => 2,
            (true, false) => 1,
            (false, _) => j & 0xFF,
        };
        let mut address = if before { moved } else { base };
        Self::aligned(address)?;
        for offset in 0..count.min(32) {
            let number = d.wrapping_add(offset);
            if loads {
                let value = self.load(bus, address, Size::Word)?;
                self.set_single(number, value);
            } else {
                let value = self.single(number);
                self.store(bus, address, Size::Word, value)?;
            }
            address = address.wrapping_add(4);
        }
        if write_back {
            self.set(n, moved);
        }
        Ok(())
    }

    /// S0 to S15 and FPSCR, as exceptions save them.
    pub(super) fn float_context(&self) -> [u32; 17] {
        std::array::from_fn(|at| match at {
            16 => self.fpscr,
            _ => self.single(at as u32),
        })
    }

    pub(super) fn set_float_context(&mut self, context: &[u32; 17]) {
        for (at, value) in (0_u32..).zip(context) {
            match at {
                16 => self.fpscr = *value,
                _ => self.set_single(at, *value),
            }
        }
    }
}

/// The number of the single register that a field of four bits and its extension name.
const fn register(four: u32, extension: bool, double: bool) -> u32 {
    if double {
        (extension as u32) << 5 | four << 1
    } else {
        four << 1 | extension as u32
    }
}
