//! Volatile accesses to the registers of the chip that the program runs on.
#![expect(unsafe_code, reason = "registers are at fixed addresses")]

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering, compiler_fence};

use super::{Bus, DmaBus};

/// All registers of the chip.
#[derive(Debug)]
pub struct Mmio(());

impl Mmio {
    /// The registers, for whoever has no other use of them.
    ///
    /// # Safety
    /// What is done with them must be right for the chip that the program runs on: the drivers of
    /// this crate reach the registers of their peripheral only, so each may have a bus of its own,
    /// as long as no two drivers have the same peripheral.
    #[must_use]
    pub const unsafe fn steal() -> Self {
        Self(())
    }
}

impl Bus for Mmio {
    #[inline]
    fn read(&mut self, address: u32) -> u32 {
        // SAFETY: who made the bus promised that registers reached through it may be read; their
        // addresses are multiples of four, as the constants of each driver are.
        unsafe { core::ptr::with_exposed_provenance::<u32>(address as usize).read_volatile() }
    }

    #[inline]
    fn write(&mut self, address: u32, value: u32) {
        // SAFETY: as for reading; a driver gives peripherals no
        // other memory than the block of its `DmaMemory`.
        unsafe {
            core::ptr::with_exposed_provenance_mut::<u32>(address as usize).write_volatile(value);
        }
    }
}

/// Memory for the peripherals of a chip, in a static. It begins at a whole word, as some of them
/// need it.
#[derive(Debug)]
#[repr(align(4))]
pub struct DmaMemory<const N: usize> {
    octets: UnsafeCell<[u8; N]>,
    taken: AtomicBool,
}

// SAFETY: the octets are reached only through the one `MmioDma` that `DmaMemory::take` gives.
unsafe impl<const N: usize> Sync for DmaMemory<N> {}

impl<const N: usize> DmaMemory<N> {
    /// Zeros.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is made for statics")]
    pub const fn new() -> Self {
        Self {
            octets: UnsafeCell::new([0; N]),
            taken: AtomicBool::new(false),
        }
    }

    /// Registers together with this memory; `None` the second time.
    pub fn take(&'static self, registers: Mmio) -> Option<MmioDma<N>> {
        let first = !self.taken.swap(true, Ordering::Relaxed);
        first.then_some(MmioDma {
            registers,
            memory: self,
        })
    }
}

/// All registers of the chip, and the memory that its peripherals may reach.
#[derive(Debug)]
pub struct MmioDma<const N: usize> {
    registers: Mmio,
    memory: &'static DmaMemory<N>,
}

impl<const N: usize> Bus for MmioDma<N> {
    #[inline]
    fn read(&mut self, address: u32) -> u32 {
        self.registers.read(address)
    }

    #[inline]
    fn write(&mut self, address: u32, value: u32) {
        self.registers.write(address, value);
    }
}

impl<const N: usize> DmaBus for MmioDma<N> {
    fn dma_len(&self) -> usize {
        N
    }

    fn dma_address(&self, offset: usize) -> u32 {
        let base = self.memory.octets.get().cast::<u8>();
        base.expose_provenance().wrapping_add(offset) as u32
    }

    fn dma_load(&mut self, offset: usize, octets: &mut [u8]) {
        // These chips have neither caches nor a second processor: the compiler alone could order
        // accesses differently.
        compiler_fence(Ordering::SeqCst);
        let base = self.memory.octets.get().cast::<u8>();
        for (octet, at) in octets.iter_mut().zip(offset..) {
            // SAFETY: `at` lies within the block, which nobody else has a reference to; volatile,
            // because a peripheral may have written it.
            *octet = if at < N {
                unsafe { base.add(at).read_volatile() }
            } else {
                0
            };
        }
    }

    fn dma_store(&mut self, offset: usize, octets: &[u8]) {
        let base = self.memory.octets.get().cast::<u8>();
        for (octet, at) in octets.iter().zip(offset..N) {
            // SAFETY: as for loading; `at` lies within the block.
            unsafe { base.add(at).write_volatile(*octet) };
        }
        compiler_fence(Ordering::SeqCst);
    }
}
