//! The special registers: status, masks, stack pointers, control (ARMv7-M §B1.4, §B5.2).

use super::alu::bit;
use super::{Cpu, Flags, Model, SP};

impl Cpu {
    /// XPSR (§B1.4.2).
    pub(super) fn status(&self) -> u32 {
        let Flags { n, z, c, v, q, ge } = self.flags;
        let flags = [(n, 31), (z, 30), (c, 29), (v, 28), (q, 27), (true, 24)];
        let flags = flags.iter();
        let flags = flags.fold(0, |word, (set, at)| {
            word | u32::from(*set).wrapping_shl(*at)
        });
        let it = u32::from(self.it);
        let ge = u32::from(ge & 15) << 16;
        flags | ge | (it & 3) << 25 | (it >> 2) << 10 | u32::from(self.exceptions.current())
    }

    pub(super) fn set_status(&mut self, status: u32) {
        self.set_application(status, 3);
        self.it = (status >> 25 & 3 | (status >> 10 & 0x3F) << 2) as u8;
    }

    /// Writes the flags (bit 1 of `mask`) and GE (bit 0).
    fn set_application(&mut self, status: u32, mask: u32) {
        let ge = (status >> 16 & 15) as u8;
        let kept = self.flags;
        if bit(mask, 1) {
            self.flags = Flags {
                n: bit(status, 31),
                z: bit(status, 30),
                c: bit(status, 29),
                v: bit(status, 28),
                q: bit(status, 27),
                ge: kept.ge,
            };
        }
        if bit(mask, 0) && self.model == Model::CortexM4 {
            self.flags.ge = ge;
        }
    }

    /// MRS (§B5.2.2).
    pub(super) fn read_special(&self, number: u32) -> u32 {
        let exceptions = &self.exceptions;
        let uses_process = exceptions.process_stack && exceptions.is_empty();
        match number {
            0..=7 => {
                let mut mask = 0;
                mask |= if bit(number, 0) { 0x1FF } else { 0 };
                mask |= if bit(number, 2) { 0 } else { 0xF80F_0000 };
                self.status() & mask
            }
            8 if uses_process => exceptions.other_sp,
            9 if !uses_process => exceptions.other_sp,
            8 | 9 => self.register(SP),
            16 => u32::from(exceptions.primask),
            17 | 18 => u32::from(exceptions.basepri),
            19 => u32::from(exceptions.faultmask),
            20 => {
                u32::from(exceptions.process_stack) << 1 | u32::from(exceptions.float_active) << 2
            }
            _ => 0,
        }
    }

    /// MSR (§B5.2.3). Code is always privileged here.
    pub(super) fn write_special(&mut self, number: u32, mask: u32, value: u32) {
        self.exceptions.check = true;
        let thread = self.exceptions.is_empty();
        let uses_process = self.exceptions.process_stack && thread;
        match number {
            0..=3 => self.set_application(value, mask),
            8 | 9 if (number == 9) == uses_process => self.set_sp(value),
            8 | 9 => self.exceptions.other_sp = value & !3,
            16 => self.exceptions.primask = bit(value, 0),
            17 => self.exceptions.basepri = value as u8,
            18 => {
                let (old, new) = (self.exceptions.basepri, value as u8);
                if new != 0 && (old == 0 || new < old) {
                    self.exceptions.basepri = new;
                }
            }
            19 => self.exceptions.faultmask = bit(value, 0),
            20 => {
                self.exceptions.float_active = bit(value, 2);
                if thread && bit(value, 1) != self.exceptions.process_stack {
                    self.exceptions.process_stack = bit(value, 1);
                    self.swap_stacks();
                }
            }
            _ => {}
        }
    }

    /// CPS: bit 1 of `which` is PRIMASK, bit 0 FAULTMASK.
    pub(super) fn change_state(&mut self, disable: bool, which: u32) {
        if bit(which, 1) {
            self.exceptions.primask = disable;
        }
        if bit(which, 0) {
            self.exceptions.faultmask = disable;
        }
        self.exceptions.check = true;
    }
}
