//! Which instruction of 32 bits it is (ARMv7-M §A5.3).

use super::alu::bit;
use super::{Cpu, Fault};
use crate::Bus;

impl Cpu {
    /// Executes an instruction of 32 bits.
    #[inline]
    pub(super) fn wide<B: Bus>(&mut self, bus: &mut B, i: u32, j: u32) -> Result<(), Fault> {
        match i >> 9 & 15 {
            // 1110 100x: multiple, dual, exclusive, table branches.
            4 if i & 0x40 == 0 => self.transfer_multiple(bus, i, j),
            4 => self.transfer_dual(bus, i, j),
            5 => self.data_shifted(i, j),
            6 | 7 | 14 | 15 => self.coprocessor(bus, i, j),
            8..=11 if bit(j, 15) => self.branch_or_control(bus, i, j),
            8 | 10 => self.data_immediate(i, j),
            9 | 11 => self.data_plain(i, j),
            12 => self.transfer_single(bus, i, j),
            _ if i & 0x100 == 0 => self.data_register(i, j),
            _ if i & 0x80 == 0 => self.multiply(i, j),
            _ => self.multiply_long(i, j),
        }
    }
}
