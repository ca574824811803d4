//! How drivers reach the registers of their peripheral, and wait for them.

/// Registers of 32 bits at physical addresses.
///
/// A driver asks for no more than the registers that its chip's manual describes; a bus may answer
/// to others as it likes.
pub trait Bus {
    /// Read the register at `address`.
    fn read(&mut self, address: u32) -> u32;

    /// Write the register at `address`. Writes arrive in their order.
    fn write(&mut self, address: u32, value: u32);
}

/// Registers of a chip whose peripherals reach memory by themselves, and the one block of memory
/// that they may reach. The block belongs to the bus and outlives every transfer, so a driver that
/// is dropped in the middle of one leaves nothing dangling.
pub trait DmaBus: Bus {
    /// Octets of the block.
    fn dma_len(&self) -> usize;

    /// The address by which a peripheral finds the octet at `offset` of the block.
    fn dma_address(&self, offset: usize) -> u32;

    /// Copy octets from `offset` of the block on; what lies beyond its end reads as zeros. All
    /// that a peripheral has written before is seen.
    fn dma_load(&mut self, offset: usize, octets: &mut [u8]);

    /// Copy octets to `offset` of the block on; what lies beyond its end is left out. A peripheral
    /// that is started afterwards sees them.
    fn dma_store(&mut self, offset: usize, octets: &[u8]);
}
