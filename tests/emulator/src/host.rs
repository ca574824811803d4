//! A chip without a processor: a driver that runs on the host reaches its registers and memory, and
//! each access takes a little of the chip's time.

use std::cell::RefCell;
use std::rc::Rc;

use litz_hal::mmio::{Bus, DmaBus};
use litz_hal::time::Instant;

use crate::{Lines, Memory, Peripherals, Region, Size};

/// Where the memory is that DMA reaches.
const RAM: u32 = 0x2000_0000;

#[derive(Debug)]
struct State<P> {
    peripherals: P,
    memory: Memory,
    now: u64,
    /// Ticks of an access, and of a microsecond.
    access: u64,
    microsecond: u64,
    dma: usize,
    /// Addresses where there is no register.
    misses: Vec<u32>,
}

/// A chip; clones share it.
#[derive(Debug)]
pub struct HostChip<P>(Rc<RefCell<State<P>>>);

impl<P> Clone for HostChip<P> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<P: Peripherals> HostChip<P> {
    /// A chip whose clock ticks `microsecond` times in one, with `dma` octets of memory. An access
    /// takes the eighth of a microsecond.
    #[must_use]
    pub fn new(peripherals: P, microsecond: u64, dma: usize) -> Self {
        Self(Rc::new(RefCell::new(State {
            peripherals,
            memory: Memory::new(vec![Region::ram(RAM, dma)]),
            now: 0,
            access: microsecond.div_ceil(8),
            microsecond,
            dma,
            misses: Vec::new(),
        })))
    }

    /// The same chip with one more range of memory.
    #[must_use]
    pub fn with_memory(self, region: Region) -> Self {
        self.0.borrow_mut().memory.add(region);
        self
    }

    /// The time on the chip's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        let state = self.0.borrow();
        let micros = state.now.checked_div(state.microsecond).unwrap_or(0);
        Instant::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }

    /// The time in ticks.
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.0.borrow().now
    }

    /// Lets time pass until `until`, in ticks, or until a line is high; false then.
    #[must_use]
    pub fn pass(&self, until: u64) -> bool {
        let state = &mut *self.0.borrow_mut();
        loop {
            let lines = state.peripherals.lines();
            if lines != Lines::default() {
                return false;
            }
            if state.now >= until {
                return true;
            }
            let next = state.peripherals.next_event();
            state.now = next.clamp(state.now, until);
            state.peripherals.advance(state.now, &mut state.memory);
        }
    }

    /// Lets time pass until `until`, in ticks, whatever is requested: a processor that is late.
    pub fn dawdle(&self, until: u64) {
        let state = &mut *self.0.borrow_mut();
        state.now = state.now.max(until);
        state.peripherals.advance(state.now, &mut state.memory);
    }

    /// Looks at the peripherals.
    pub fn with<R>(&self, look: impl FnOnce(&mut P) -> R) -> R {
        look(&mut self.0.borrow_mut().peripherals)
    }

    /// Addresses that a driver tried and where there is no register.
    #[must_use]
    pub fn misses(&self) -> Vec<u32> {
        self.0.borrow().misses.clone()
    }
}

impl<P: Peripherals> Bus for HostChip<P> {
    fn read(&mut self, address: u32) -> u32 {
        let state = &mut *self.0.borrow_mut();
        state.now = state.now.saturating_add(state.access);
        let read = state.memory.read(address, Size::Word).or_else(|| {
            let memory = &mut state.memory;
            state
                .peripherals
                .read(state.now, memory, address, Size::Word)
        });
        if read.is_none() {
            state.misses.push(address);
        }
        read.unwrap_or(0)
    }

    fn write(&mut self, address: u32, value: u32) {
        let state = &mut *self.0.borrow_mut();
        state.now = state.now.saturating_add(state.access);
        let written =
            state
                .peripherals
                .write(state.now, &mut state.memory, address, Size::Word, value);
        if written.is_none() {
            state.misses.push(address);
        }
    }
}

impl<P: Peripherals> DmaBus for HostChip<P> {
    fn dma_len(&self) -> usize {
        self.0.borrow().dma
    }

    fn dma_address(&self, offset: usize) -> u32 {
        RAM.wrapping_add(offset as u32)
    }

    fn dma_load(&mut self, offset: usize, octets: &mut [u8]) {
        let state = self.0.borrow();
        for (octet, address) in octets.iter_mut().zip(self.dma_address(offset)..) {
            *octet = state.memory.read(address, Size::Byte).unwrap_or(0) as u8;
        }
    }

    fn dma_store(&mut self, offset: usize, octets: &[u8]) {
        let from = self.dma_address(offset);
        let memory = &mut self.0.borrow_mut().memory;
        for (octet, address) in octets.iter().zip(from..) {
            // What lies beyond the end is left out.
            let _ = memory.write(address, Size::Byte, u32::from(*octet));
        }
    }
}
