//! The processor: registers, and one instruction after the other (ARMv7-M §A2, §A5).

mod alu;
mod control;
mod data;
mod exception;
mod float;
mod multiple;
mod multiply;
mod narrow;
mod register;
mod scs;
mod special;
mod stop;
mod tick;
mod transfer;
mod wide;

#[cfg(test)]
mod tests;

use crate::{Bus, Size};
use exception::Exceptions;
use scs::SystemControl;

pub use stop::{Fault, Stop};

/// Number of the stack pointer.
const SP: u32 = 13;
/// Number of the link register.
const LR: u32 = 14;
/// Number of the program counter.
const PC: u32 = 15;

/// Which processor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Armv7-M: no DSP extension, no floating-point registers.
    CortexM3,
    /// Armv7E-M.
    CortexM4,
}

/// The condition flags and what stands beside them (APSR, §B1.4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Negative.
    pub n: bool,
    /// Zero.
    pub z: bool,
    /// Carry, or no borrow.
    pub c: bool,
    /// Overflow.
    pub v: bool,
    /// Saturation, sticky.
    pub q: bool,
    /// Greater or equal, for each octet (DSP).
    pub ge: u8,
}

/// A processor.
#[derive(Clone, Debug)]
pub struct Cpu {
    model: Model,
    /// R15 holds the address of the instruction that comes next.
    r: [u32; 16],
    /// The address of the instruction that is executed.
    pc: u32,
    flags: Flags,
    /// ITSTATE (§A7.3.3).
    it: u8,
    /// Floating-point registers, which are moved only.
    s: [u32; 32],
    fpscr: u32,
    /// The address that is marked for exclusive access.
    exclusive: Option<u32>,
    exceptions: Exceptions,
    control: SystemControl,
    cycles: u64,
    instructions: u64,
    lowest_sp: u32,
    sleeping: bool,
}

impl Cpu {
    /// A processor that is to be reset.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self {
            model,
            r: [0; 16],
            pc: 0,
            flags: Flags::default(),
            it: 0,
            s: [0; 32],
            fpscr: 0,
            exclusive: None,
            exceptions: Exceptions::default(),
            control: SystemControl::default(),
            cycles: 0,
            instructions: 0,
            lowest_sp: u32::MAX,
            sleeping: false,
        }
    }

    /// Takes stack pointer and first instruction from the vectors (§B1.5.5). The clock goes on.
    ///
    /// # Errors
    /// [`Stop::Fault`] if there are no vectors.
    pub fn reset(&mut self, vectors: u32, bus: &mut impl Bus) -> Result<(), Stop> {
        let (model, cycles, instructions) = (self.model, self.cycles, self.instructions);
        *self = Self {
            cycles,
            instructions,
            ..Self::new(model)
        };
        self.control.vectors = vectors;
        let mut word = |address: u32| {
            let fault = Fault::Bus { address };
            let at = Stop::Fault { pc: 0, fault };
            bus.read(cycles, address, Size::Word).ok_or(at)
        };
        let sp = word(vectors)? & !3;
        let start = word(vectors.wrapping_add(4))?;
        self.r = [0; 16];
        self.set_register(SP, sp);
        self.lowest_sp = sp;
        self.set_register(LR, u32::MAX);
        if start & 1 == 0 {
            let fault = Fault::InvalidState;
            return Err(Stop::Fault { pc: start, fault });
        }
        self.set_register(PC, start & !1);
        Ok(())
    }

    /// R0 to R14; R15 is the address of the next instruction.
    #[must_use]
    pub fn register(&self, number: u32) -> u32 {
        self.r.get(number as usize).copied().unwrap_or(0)
    }

    /// Sets a register, as a debugger does.
    pub fn set_register(&mut self, number: u32, value: u32) {
        if let Some(register) = self.r.get_mut(number as usize) {
            *register = value;
        }
    }

    /// The flags.
    #[must_use]
    pub const fn flags(&self) -> Flags {
        self.flags
    }

    /// Sets the flags, as a debugger does.
    pub const fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    /// Cycles since the clock began.
    #[must_use]
    pub const fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Instructions that were executed, or passed over by their condition.
    #[must_use]
    pub const fn instructions(&self) -> u64 {
        self.instructions
    }

    /// The lowest address that the stack pointer has had since the reset.
    #[must_use]
    pub const fn lowest_sp(&self) -> u32 {
        self.lowest_sp
    }

    /// Whether it waits for an interrupt.
    #[must_use]
    pub const fn sleeps(&self) -> bool {
        self.sleeping
    }

    /// Lets time pass until `cycle`.
    pub fn pass(&mut self, cycle: u64) {
        self.cycles = self.cycles.max(cycle);
    }

    /// Goes to the instruction behind a breakpoint.
    pub fn skip(&mut self) {
        self.set_register(PC, self.pc.wrapping_add(2));
    }

    /// The value of a register as an operand: R15 reads as four octets ahead (§A5.1.2).
    #[inline]
    fn get(&self, number: u32) -> u32 {
        match number & 15 {
            PC => self.pc.wrapping_add(4),
            other => self.r.get(other as usize).copied().unwrap_or(0),
        }
    }

    /// Writes the result of an instruction; R15 is a branch.
    #[inline]
    fn set(&mut self, number: u32, value: u32) {
        match number & 15 {
            SP => self.set_sp(value),
            PC => self.branch(value),
            other => self.set_register(other, value),
        }
    }

    #[inline]
    fn set_sp(&mut self, value: u32) {
        let value = value & !3;
        self.set_register(SP, value);
        self.lowest_sp = self.lowest_sp.min(value);
    }

    /// A branch that stays in Thumb state.
    #[inline]
    fn branch(&mut self, address: u32) {
        self.set_register(PC, address & !1);
        self.spend(2);
    }

    #[inline]
    fn spend(&mut self, cycles: u32) {
        self.cycles = self.cycles.wrapping_add(u64::from(cycles));
    }

    /// Executes one instruction, after an exception if one is to be taken first.
    ///
    /// # Errors
    /// What the processor cannot go on after. R15 is the address of the instruction then.
    #[inline]
    pub fn step<B: Bus>(&mut self, bus: &mut B) -> Result<(), Stop> {
        self.take_pending(bus)?;
        self.pc = self.register(PC);
        let done = self.execute(bus);
        done.or_else(|fault| self.fault(fault, bus))
    }

    fn execute<B: Bus>(&mut self, bus: &mut B) -> Result<(), Fault> {
        let address = self.pc;
        let both = bus.fetch(address).ok_or(Fault::Fetch { address })?;
        let (first, second) = (both & 0xFFFF, both >> 16);
        let wide = first >= 0xE800;
        let length = if wide { 4 } else { 2 };
        self.set_register(PC, address.wrapping_add(length));
        self.spend(1);
        self.instructions = self.instructions.wrapping_add(1);
        let conditional = self.it != 0;
        if conditional {
            let condition = u32::from(self.it >> 4);
            let rest = self.it & 7;
            let next = (self.it & 0xE0) | (self.it << 1 & 0x1F);
            self.it = if rest == 0 { 0 } else { next };
            if !self.holds(condition) {
                return Ok(());
            }
        }
        if wide {
            self.wide(bus, first, second)
        } else {
            self.narrow(bus, first, !conditional)
        }
    }

    /// Whether a condition holds (§A7.3).
    #[inline]
    const fn holds(&self, condition: u32) -> bool {
        let Flags { n, z, c, v, .. } = self.flags;
        let base = match condition >> 1 {
            0 => z,
            1 => c,
            2 => n,
            3 => v,
            4 => c && !z,
            5 => n == v,
            6 => n == v && !z,
            _ => return true,
        };
        base != (condition & 1 == 1)
    }

    /// Reads memory or a register of the system; halfwords and words need not be aligned.
    #[inline]
    fn load<B: Bus>(&mut self, bus: &mut B, address: u32, size: Size) -> Result<u32, Fault> {
        self.spend(1);
        if address >> 20 == 0xE00 {
            self.system_read(address, size)
        } else {
            bus.read(self.cycles, address, size)
        }
        .ok_or(Fault::Bus { address })
    }

    #[inline]
    fn store<B: Bus>(
        &mut self,
        bus: &mut B,
        address: u32,
        size: Size,
        value: u32,
    ) -> Result<(), Fault> {
        self.spend(1);
        if address >> 20 == 0xE00 {
            self.system_write(address, size, value)
        } else {
            bus.write(self.cycles, address, size, value)
        }
        .ok_or(Fault::Bus { address })
    }

    /// Fails unless `address` is a multiple of four, as several instructions need it.
    const fn aligned(address: u32) -> Result<(), Fault> {
        match address & 3 {
            0 => Ok(()),
            _ => Err(Fault::Unaligned { address }),
        }
    }
}
