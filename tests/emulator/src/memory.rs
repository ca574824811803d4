//! Flash and RAM of a board, as ranges of octets. Peripherals with DMA read and write them too.

use crate::Size;

/// One range of memory.
#[derive(Clone, Debug)]
pub struct Region {
    base: u32,
    octets: Vec<u8>,
    writable: bool,
}

impl Region {
    /// Memory that the processor writes.
    #[must_use]
    pub fn ram(base: u32, size: usize) -> Self {
        Self {
            base,
            octets: vec![0; size],
            writable: true,
        }
    }

    /// Memory that only a loader writes, erased to ones.
    #[must_use]
    pub fn flash(base: u32, size: usize) -> Self {
        Self {
            base,
            octets: vec![0xFF; size],
            writable: false,
        }
    }

    /// Memory that nobody writes.
    #[must_use]
    pub const fn rom(base: u32, octets: Vec<u8>) -> Self {
        Self {
            base,
            octets,
            writable: false,
        }
    }

    #[inline]
    fn span(&self, address: u32, length: usize) -> Option<&[u8]> {
        let from = address.wrapping_sub(self.base) as usize;
        self.octets.get(from..from.checked_add(length)?)
    }

    #[inline]
    fn span_mut(&mut self, address: u32, length: usize) -> Option<&mut [u8]> {
        let from = address.wrapping_sub(self.base) as usize;
        self.octets.get_mut(from..from.checked_add(length)?)
    }
}

/// All memory of a board.
#[derive(Clone, Debug)]
pub struct Memory {
    regions: Vec<Region>,
}

impl Memory {
    /// Memory of these ranges; where they overlap, the first counts.
    #[must_use]
    pub fn new(regions: Vec<Region>) -> Self {
        Self { regions }
    }

    /// Adds a range behind the others.
    pub fn add(&mut self, region: Region) {
        self.regions.push(region);
    }

    /// The lowest address of the first range that can be written, and the one behind its last
    /// octet.
    #[must_use]
    pub fn ram_bounds(&self) -> Option<(u32, u32)> {
        let region = self.regions.iter().find(|region| region.writable)?;
        let size = u32::try_from(region.octets.len()).ok()?;
        Some((region.base, region.base.wrapping_add(size)))
    }

    /// Reads one, two or four octets, little end first; `None` where there is no memory.
    #[inline]
    #[must_use]
    pub fn read(&self, address: u32, size: Size) -> Option<u32> {
        let length = size.octets() as usize;
        let span = self.regions.iter().find_map(|r| r.span(address, length))?;
        Some(match *span {
            [a] => u32::from(a),
            [a, b] => u32::from(u16::from_le_bytes([a, b])),
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => return None,
        })
    }

    /// Writes the low octets of `value`; `None` where there is no RAM.
    #[inline]
    pub fn write(&mut self, address: u32, size: Size, value: u32) -> Option<()> {
        let length = size.octets() as usize;
        let mut ram = self.regions.iter_mut().filter(|region| region.writable);
        let span = ram.find_map(|region| region.span_mut(address, length))?;
        for (octet, new) in span.iter_mut().zip(value.to_le_bytes()) {
            *octet = new;
        }
        Some(())
    }

    /// `length` octets from `address`, as DMA reads them.
    #[must_use]
    pub fn octets(&self, address: u32, length: usize) -> Option<&[u8]> {
        self.regions.iter().find_map(|r| r.span(address, length))
    }

    /// Writes to RAM, as DMA does.
    pub fn store(&mut self, address: u32, octets: &[u8]) -> Option<()> {
        let mut ram = self.regions.iter_mut().filter(|region| region.writable);
        ram.find_map(|r| r.span_mut(address, octets.len()))?
            .copy_from_slice(octets);
        Some(())
    }

    /// Writes to any memory, as a loader does.
    pub fn load(&mut self, address: u32, octets: &[u8]) -> Option<()> {
        let mut all = self.regions.iter_mut();
        all.find_map(|r| r.span_mut(address, octets.len()))?
            .copy_from_slice(octets);
        Some(())
    }
}
