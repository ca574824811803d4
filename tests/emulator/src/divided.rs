//! A processor whose clock is slower than the peripherals' time: between both stands this.

use crate::{Lines, Memory, Peripherals, Size};

/// Peripherals of which so many ticks pass in a cycle of the processor.
#[derive(Clone, Debug)]
pub struct Divided<P> {
    /// The peripherals.
    pub inner: P,
    ticks: u64,
}

impl<P> Divided<P> {
    /// Peripherals behind a clock of a processor that takes `ticks` of theirs, at least one.
    pub const fn new(inner: P, ticks: u64) -> Self {
        Self { inner, ticks }
    }

    const fn ticks(&self, cycle: u64) -> u64 {
        cycle.saturating_mul(self.ticks)
    }
}

impl<P: Peripherals> Peripherals for Divided<P> {
    fn read(&mut self, now: u64, memory: &mut Memory, address: u32, size: Size) -> Option<u32> {
        let now = self.ticks(now);
        self.inner.read(now, memory, address, size)
    }

    fn write(
        &mut self,
        now: u64,
        memory: &mut Memory,
        address: u32,
        size: Size,
        value: u32,
    ) -> Option<()> {
        let now = self.ticks(now);
        self.inner.write(now, memory, address, size, value)
    }

    fn lines(&self) -> Lines {
        self.inner.lines()
    }

    fn next_event(&self) -> u64 {
        match self.inner.next_event() {
            u64::MAX => u64::MAX,
            next => next.div_ceil(self.ticks.max(1)),
        }
    }

    fn advance(&mut self, now: u64, memory: &mut Memory) {
        let now = self.ticks(now);
        self.inner.advance(now, memory);
    }

    fn reset(&mut self, now: u64) {
        let now = self.ticks(now);
        self.inner.reset(now);
    }
}
