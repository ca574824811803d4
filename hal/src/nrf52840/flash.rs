//! Two pages of flash for a number that lasts (nRF52840 product specification, NVMC chapter). The
//! processor stands still while a word is written (41 µs) or a page erased (85 ms); frames that
//! come meanwhile are lost.

use super::PATIENCE;
use super::registers::nvmc;
use crate::flash::Flash;
use crate::mmio::Bus;

/// Octets of a page.
const PAGE: u32 = 4096;
/// Reads after which an erasure is given up, if the processor does not stand still.
const ERASE_PATIENCE: u32 = PATIENCE.saturating_mul(2_000);

/// Pages that the program does not use.
#[derive(Debug)]
pub struct NvmcFlash<B> {
    bus: B,
    base: u32,
}

impl<B: Bus> NvmcFlash<B> {
    /// The two pages from `base` on, a multiple of 4096.
    pub const fn new(bus: B, base: u32) -> Self {
        Self { bus, base }
    }

    fn address(&self, page: u32, word: u32) -> u32 {
        let offset = page.wrapping_mul(PAGE).wrapping_add(word.wrapping_mul(4));
        self.base.wrapping_add(offset)
    }

    fn ready(&mut self) -> bool {
        (0..ERASE_PATIENCE).any(|_| self.bus.read(nvmc::READY) & 1 == 1)
    }
}

impl<B: Bus> Flash for NvmcFlash<B> {
    fn page_words(&self) -> u32 {
        PAGE / 4
    }

    fn read(&mut self, page: u32, word: u32) -> u32 {
        let address = self.address(page, word);
        self.bus.read(address)
    }

    fn write(&mut self, page: u32, word: u32, value: u32) -> bool {
        let address = self.address(page, word);
        self.bus.write(nvmc::CONFIG, nvmc::WRITE);
        self.bus.write(address, value);
        let done = self.ready();
        self.bus.write(nvmc::CONFIG, nvmc::READ);
        done
    }

    fn erase(&mut self, page: u32) -> bool {
        let address = self.address(page, 0);
        self.bus.write(nvmc::CONFIG, nvmc::ERASE);
        self.bus.write(nvmc::ERASEPAGE, address);
        let done = self.ready();
        self.bus.write(nvmc::CONFIG, nvmc::READ);
        done
    }
}
