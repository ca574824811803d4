//! Two pages of flash for a number that lasts, erased and written by functions of the ROM: whoever
//! writes flash cannot execute it. Interrupts are held back meanwhile (20 ms for a page); frames
//! that come are lost.

use litz_hal::flash::Flash;

/// Octets of a page.
const PAGE: u32 = 2048;
/// The entries of the ROM's table: `PageErase(address, octets)` and
/// `ProgramFlash(from, address, octets)`; both return 0 if they succeed.
const PAGE_ERASE: usize = 0x54;
const PROGRAM_FLASH: usize = 0x58;

/// Pages that the program does not use.
pub(crate) struct RomFlash {
    base: u32,
}

impl RomFlash {
    /// The two pages from `base` on, a multiple of 2048 in flash.
    pub(crate) const fn new(base: u32) -> Self {
        Self { base }
    }

    const fn address(&self, page: u32, word: u32) -> u32 {
        let offset = page.wrapping_mul(PAGE).wrapping_add(word.wrapping_mul(4));
        self.base.wrapping_add(offset)
    }
}

impl Flash for RomFlash {
    fn page_words(&self) -> u32 {
        PAGE / 4
    }

    fn read(&mut self, page: u32, word: u32) -> u32 {
        let address = self.address(page, word) as usize;
        // SAFETY: the address is that of a word of flash, which can always be read; it is volatile
        // because the ROM writes it.
        unsafe { core::ptr::with_exposed_provenance::<u32>(address).read_volatile() }
    }

    fn write(&mut self, page: u32, word: u32, value: u32) -> bool {
        let address = self.address(page, word);
        critical_section::with(|_| {
            // SAFETY: the entry holds the address of this function, by the ROM's table; the word
            // lies in pages that nobody else uses.
            let status = unsafe {
                let entry = core::ptr::with_exposed_provenance::<usize>(PROGRAM_FLASH);
                let function = core::mem::transmute::<
                    usize,
                    extern "C" fn(*const u32, u32, u32) -> i32,
                >(entry.read_volatile());
                function(&raw const value, address, 4)
            };
            status == 0
        })
    }

    fn erase(&mut self, page: u32) -> bool {
        let address = self.address(page, 0);
        critical_section::with(|_| {
            // SAFETY: as for writing.
            let status = unsafe {
                let entry = core::ptr::with_exposed_provenance::<usize>(PAGE_ERASE);
                let function = core::mem::transmute::<usize, extern "C" fn(u32, u32) -> i32>(
                    entry.read_volatile(),
                );
                function(address, PAGE)
            };
            status == 0
        })
    }
}
