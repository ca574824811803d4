//! Branches of 32 bits, hints, barriers and special registers (ARMv7-M §A5.3.4, §B5.2).

use super::alu::{bit, bits, sign_extend};
use super::{Cpu, Fault, LR, PC};
use crate::Bus;

impl Cpu {
    #[inline]
    pub(super) fn branch_or_control<B: Bus>(
        &mut self,
        bus: &mut B,
        i: u32,
        j: u32,
    ) -> Result<(), Fault> {
        let sign = bits(i, 10, 10);
        // The two highest bits of the offset are stored as their difference from the sign.
        let (j1, j2) = (bits(j, 13, 13), bits(j, 11, 11));
        match (bit(j, 14), bit(j, 12)) {
            (false, false) if bits(i, 9, 7) == 7 => self.system(bus, i, j),
            (false, false) => {
                if self.holds(bits(i, 9, 6)) {
                    let offset =
                        sign << 20 | j2 << 19 | j1 << 18 | (i & 63) << 12 | (j & 0x7FF) << 1;
                    let offset = sign_extend(offset, 21);
                    self.branch(self.get(PC).wrapping_add(offset));
                }
                Ok(())
            }
            (links, true) => {
                let (i1, i2) = (!(j1 ^ sign) & 1, !(j2 ^ sign) & 1);
                let offset =
                    sign << 24 | i1 << 23 | i2 << 22 | (i & 0x3FF) << 12 | (j & 0x7FF) << 1;
                let target = self.get(PC).wrapping_add(sign_extend(offset, 25));
                if links {
                    self.set(LR, self.get(PC) | 1);
                }
                self.branch(target);
                Ok(())
            }
            (true, false) => Err(Fault::Undefined),
        }
    }

    fn system<B: Bus>(&mut self, _: &mut B, i: u32, j: u32) -> Result<(), Fault> {
        if bits(j, 14, 12) != 0 {
            return Err(Fault::Undefined);
        }
        match bits(i, 10, 4) {
            0x38 | 0x39 => self.write_special(j & 0xFF, bits(j, 11, 10), self.get(i & 15)),
            0x3A if bits(j, 10, 8) == 0 => self.hint(j & 0xFF),
            0x3B => match bits(j, 7, 4) {
                2 => self.exclusive = None,
                4..=6 => {}
                _ => return Err(Fault::Undefined),
            },
            0x3E | 0x3F => {
                let value = self.read_special(j & 0xFF);
                self.set(bits(j, 11, 8), value);
            }
            _ => return Err(Fault::Undefined),
        }
        Ok(())
    }

    /// NOP, YIELD, WFE, WFI, SEV. WFE waits as WFI does, unless an event is noted.
    pub(super) fn hint(&mut self, number: u32) {
        match number {
            2 => self.sleeping = !self.exceptions.take_event(),
            3 => {
                self.sleeping = true;
                // What is pending already ends the sleep at once.
                self.exceptions.check = true;
            }
            4 => self.exceptions.note_event(),
            _ => {}
        }
    }
}
