//! Loads and stores of one register (ARMv7-M §A5.3.7 to §A5.3.10).

use super::alu::{bit, bits, sign_extend};
use super::{Cpu, Fault, PC};
use crate::{Bus, Size};

impl Cpu {
    #[inline]
    pub(super) fn transfer_single<B: Bus>(
        &mut self,
        bus: &mut B,
        i: u32,
        j: u32,
    ) -> Result<(), Fault> {
        let (n, t, loads) = (i & 15, j >> 12, bit(i, 4));
        let size = match bits(i, 6, 5) {
            0 => Size::Byte,
            1 => Size::Half,
            2 => Size::Word,
            _ => return Err(Fault::Undefined),
        };
        let signed = bit(i, 8);
        if signed && (!loads || size == Size::Word) || (!loads && n == PC) {
            return Err(Fault::Undefined);
        }
        let (address, new_base) = self.single_address(i, j)?;
        if !loads {
            let value = self.get(t);
            self.store(bus, address, size, value)?;
        } else if t == PC && size != Size::Word {
            // A preload hint.
            return Ok(());
        } else {
            let mut value = self.load(bus, address, size)?;
            if signed {
                value = sign_extend(value, size.octets() << 3);
            }
            if let Some(base) = new_base.filter(|_| n != t) {
                self.set(n, base);
            }
            if t == PC {
                return self.branch_exchange(bus, value);
            }
            self.set(t, value);
            return Ok(());
        }
        if let Some(base) = new_base {
            self.set(n, base);
        }
        Ok(())
    }

    /// The address, and what becomes of the base register.
    #[inline]
    fn single_address(&self, i: u32, j: u32) -> Result<(u32, Option<u32>), Fault> {
        let n = i & 15;
        let base = self.get(n);
        let apart = |up: bool, offset: u32| {
            if up {
                base.wrapping_add(offset)
            } else {
                base.wrapping_sub(offset)
            }
        };
        if n == PC {
            let base = base & !3;
            let twelve = j & 0xFFF;
            let address = if bit(i, 7) {
                base.wrapping_add(twelve)
            } else {
                base.wrapping_sub(twelve)
            };
            return Ok((address, None));
        }
        if bit(i, 7) {
            return Ok((base.wrapping_add(j & 0xFFF), None));
        }
        if bit(j, 11) {
            let (before, up, write_back) = (bit(j, 10), bit(j, 9), bit(j, 8));
            let moved = apart(up, j & 0xFF);
            return match (before, write_back) {
                (true, false) => Ok((moved, None)),
                (true, true) => Ok((moved, Some(moved))),
                (false, true) => Ok((base, Some(moved))),
                (false, false) => Err(Fault::Undefined),
            };
        }
        if bits(j, 10, 6) != 0 {
            return Err(Fault::Undefined);
        }
        let offset = self.get(j & 15).wrapping_shl(bits(j, 5, 4));
        Ok((base.wrapping_add(offset), None))
    }
}
