//! What the processor and the peripherals owe each other: accesses with a time, and interrupt
//! lines.

use crate::Memory;

/// Width of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 8 bits.
    Byte,
    /// 16 bits.
    Half,
    /// 32 bits.
    Word,
}

impl Size {
    /// Octets of the access.
    #[must_use]
    pub const fn octets(self) -> u32 {
        match self {
            Self::Byte => 1,
            Self::Half => 2,
            Self::Word => 4,
        }
    }
}

/// The memory system as the processor sees it. `None` is a bus error.
pub trait Bus {
    /// Reads at cycle `now`.
    fn read(&mut self, now: u64, address: u32, size: Size) -> Option<u32>;
    /// Writes the low bits of `value` at cycle `now`.
    fn write(&mut self, now: u64, address: u32, size: Size, value: u32) -> Option<()>;
    /// The two halfwords from `address`, the first in the low half, for execution.
    fn fetch(&mut self, address: u32) -> Option<u32>;
    /// The interrupt lines, if they may have changed since the last call.
    fn changed_lines(&mut self) -> Option<Lines>;
}

/// The peripherals of a chip.
pub trait Peripherals {
    /// A register is read at cycle `now`; `None` if there is none.
    fn read(&mut self, now: u64, memory: &mut Memory, address: u32, size: Size) -> Option<u32>;
    /// A register is written at cycle `now`; `None` if there is none.
    fn write(
        &mut self,
        now: u64,
        memory: &mut Memory,
        address: u32,
        size: Size,
        value: u32,
    ) -> Option<()>;
    /// Which interrupts are requested.
    fn lines(&self) -> Lines;
    /// The cycle of the next thing that happens without the processor; `u64::MAX` if nothing will.
    fn next_event(&self) -> u64;
    /// Lets everything happen that is due at cycle `now`.
    fn advance(&mut self, now: u64, memory: &mut Memory);
    /// Puts every register to its value after a reset.
    fn reset(&mut self, now: u64);
}

/// A chip without peripherals.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPeripherals;

impl Peripherals for NoPeripherals {
    fn read(&mut self, _: u64, _: &mut Memory, _: u32, _: Size) -> Option<u32> {
        None
    }

    fn write(&mut self, _: u64, _: &mut Memory, _: u32, _: Size, _: u32) -> Option<()> {
        None
    }

    fn lines(&self) -> Lines {
        Lines::default()
    }

    fn next_event(&self) -> u64 {
        u64::MAX
    }

    fn advance(&mut self, _: u64, _: &mut Memory) {}

    fn reset(&mut self, _: u64) {}
}

/// The requests of the interrupts 0 to 239, one bit each. They are levels: a line that stays high
/// after its handler is served again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines([u32; 8]);

impl Lines {
    /// The lines with `number` raised if `high`; numbers beyond 239 do not exist.
    #[must_use]
    pub fn with(mut self, number: u16, high: bool) -> Self {
        if let Some(word) = self.0.get_mut(usize::from(number / 32)) {
            let bit = 1_u32.wrapping_shl(u32::from(number % 32));
            *word = if high { *word | bit } else { *word & !bit };
        }
        self
    }

    /// The words of 32 lines each.
    #[must_use]
    pub const fn words(&self) -> &[u32; 8] {
        &self.0
    }
}
