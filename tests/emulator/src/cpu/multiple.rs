//! Loads and stores of several registers, exclusive ones, and table branches (ARMv7-M §A5.3.5,
//! §A5.3.6). An access that fails leaves the base register as it was.

use super::alu::{bit, bits};
use super::{Cpu, Fault, PC, SP};
use crate::{Bus, Size};

impl Cpu {
    /// Stores the registers of `list` from `address` on.
    pub(super) fn store_list<B: Bus>(
        &mut self,
        bus: &mut B,
        mut address: u32,
        list: u32,
    ) -> Result<(), Fault> {
        Self::aligned(address)?;
        for register in (0..16).filter(|register| bit(list, *register)) {
            let value = self.get(register);
            self.store(bus, address, Size::Word, value)?;
            address = address.wrapping_add(4);
        }
        Ok(())
    }

    /// Loads the registers of `list`, R15 last, which is a branch.
    pub(super) fn load_list<B: Bus>(
        &mut self,
        bus: &mut B,
        mut address: u32,
        list: u32,
    ) -> Result<(), Fault> {
        Self::aligned(address)?;
        for register in (0..15).filter(|register| bit(list, *register)) {
            let value = self.load(bus, address, Size::Word)?;
            self.set(register, value);
            address = address.wrapping_add(4);
        }
        if bit(list, PC) {
            let target = self.load(bus, address, Size::Word)?;
            self.branch_exchange(bus, target)?;
        }
        Ok(())
    }

    pub(super) fn push<B: Bus>(&mut self, bus: &mut B, list: u32) -> Result<(), Fault> {
        let bottom = self.get(SP).wrapping_sub(list.count_ones() << 2);
        self.store_list(bus, bottom, list)?;
        self.set(SP, bottom);
        Ok(())
    }

    pub(super) fn pop<B: Bus>(&mut self, bus: &mut B, list: u32) -> Result<(), Fault> {
        let bottom = self.get(SP);
        // The stack pointer moves first: a return from an exception goes on with it.
        self.set(SP, bottom.wrapping_add(list.count_ones() << 2));
        let done = self.load_list(bus, bottom, list);
        if done.is_err() && self.exceptions.is_empty() {
            self.set(SP, bottom);
        }
        done
    }

    /// LDM, STM, PUSH, POP, upwards and downwards.
    pub(super) fn transfer_multiple<B: Bus>(
        &mut self,
        bus: &mut B,
        i: u32,
        j: u32,
    ) -> Result<(), Fault> {
        let (n, list) = (i & 15, j);
        let (loads, write_back) = (bit(i, 4), bit(i, 5));
        let base = self.get(n);
        let size = list.count_ones() << 2;
        let (from, end) = match bits(i, 8, 7) {
            1 => (base, base.wrapping_add(size)),
            2 => (base.wrapping_sub(size), base.wrapping_sub(size)),
            _ => return Err(Fault::Undefined),
        };
        if !loads {
            self.store_list(bus, from, list)?;
            if write_back {
                self.set(n, end);
            }
            return Ok(());
        }
        if n == SP && write_back && from == base {
            return self.pop(bus, list);
        }
        if write_back && !bit(list, n) {
            self.set(n, end);
        }
        let done = self.load_list(bus, from, list);
        if done.is_err() && write_back {
            self.set(n, base);
        }
        done
    }

    /// LDRD, STRD, exclusive accesses and TBB, TBH.
    pub(super) fn transfer_dual<B: Bus>(
        &mut self,
        bus: &mut B,
        i: u32,
        j: u32,
    ) -> Result<(), Fault> {
        let (n, t, other) = (i & 15, j >> 12, bits(j, 11, 8));
        let (before, up, write_back) = (bit(i, 8), bit(i, 7), bit(i, 5));
        if !before && !write_back {
            return self.exclusive(bus, i, j);
        }
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
        let address = if before { moved } else { base };
        Self::aligned(address)?;
        let second = address.wrapping_add(4);
        if bit(i, 4) {
            let low = self.load(bus, address, Size::Word)?;
            let high = self.load(bus, second, Size::Word)?;
            self.set(t, low);
            self.set(other, high);
        } else {
            let (low, high) = (self.get(t), self.get(other));
            self.store(bus, address, Size::Word, low)?;
            self.store(bus, second, Size::Word, high)?;
        }
        if write_back {
            self.set(n, moved);
        }
        Ok(())
    }

    /// LDREX and STREX of every width, TBB and TBH.
    fn exclusive<B: Bus>(&mut self, bus: &mut B, i: u32, j: u32) -> Result<(), Fault> {
        let (n, t) = (i & 15, j >> 12);
        let loads = bit(i, 4);
        let (address, size, result) = if bit(i, 7) {
            let address = self.get(n);
            match bits(j, 7, 4) {
                0 | 1 if loads => return self.table_branch(bus, address, j),
                4 => (address, Size::Byte, j & 15),
                5 => (address, Size::Half, j & 15),
                _ => return Err(Fault::Undefined),
            }
        } else {
            let address = self.get(n).wrapping_add((j & 0xFF) << 2);
            (address, Size::Word, bits(j, 11, 8))
        };
        if address & size.octets().wrapping_sub(1) != 0 {
            return Err(Fault::Unaligned { address });
        }
        if loads {
            let value = self.load(bus, address, size)?;
            self.exclusive = Some(address);
            self.set(t, value);
            return Ok(());
        }
        // The monitor of these processors marks one access, not an address (§A3.4).
        let marked = self.exclusive.take().is_some();
        if marked {
            let value = self.get(t);
            self.store(bus, address, size, value)?;
        }
        self.set(result, u32::from(!marked));
        Ok(())
    }

    fn table_branch<B: Bus>(&mut self, bus: &mut B, table: u32, j: u32) -> Result<(), Fault> {
        let index = self.get(j & 15);
        let (address, size) = if bit(j, 4) {
            (table.wrapping_add(index << 1), Size::Half)
        } else {
            (table.wrapping_add(index), Size::Byte)
        };
        let offset = self.load(bus, address, size)?;
        self.branch(self.get(PC).wrapping_add(offset << 1));
        Ok(())
    }
}
