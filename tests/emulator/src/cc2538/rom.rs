//! The ROM of the CC2538, as a program sees it: a table of functions (from 0x48 on), of which two
//! are there, that which erases a page of flash and that which writes words to it. Their code
//! hands the three arguments to this model and returns what it says.

use super::{Cc2538, FLASH, FLASH_OCTETS};
use crate::{Memory, Region, Size};

/// Where the code reaches the model, a block of four words for each function; no program does.
pub(super) const HOOK: u32 = 0x0001_0000;
pub(super) const HOOK_END: u32 = HOOK + 31;

/// Octets of a page.
const PAGE: u32 = 2048;
/// What the functions return when all is well, when it went wrong, for impossible arguments.
const DONE: u32 = 0;
const FAILED: u32 = u32::MAX;
const IMPOSSIBLE: u32 = u32::MAX - 1;
/// Places of the table: `PageErase` and `ProgramFlash`, fourth and fifth of the functions.
const TABLE: usize = 0x48 + 3 * 4;
/// Where the code of both begins.
const CODE: usize = 0x100;
/// Octets of each.
const STRIDE: usize = 16;

/// The ROM, to be put beside flash and RAM.
#[must_use]
pub fn rom() -> Region {
    let mut octets = vec![0; 0x200];
    let mut put = |at: usize, half: u16| {
        for (place, octet) in octets.iter_mut().skip(at).zip(half.to_le_bytes()) {
            *place = octet;
        }
    };
    for function in 0..2_usize {
        let code = CODE.saturating_add(function.saturating_mul(STRIDE));
        // Addresses of functions are odd.
        put(
            TABLE.saturating_add(function.saturating_mul(4)),
            code as u16 | 1,
        );
        let halves = [
            0x4B02, // LDR R3, [PC, #8]
            0xC307, // STMIA R3!, {R0, R1, R2}
            0x6818, // LDR R0, [R3]
            0x4770, // BX LR
            0xBF00, // NOP
            0xBF00, // NOP
            (function as u16) << 4,
            (HOOK >> 16) as u16,
        ];
        for (at, half) in halves.into_iter().enumerate() {
            put(code.saturating_add(at.saturating_mul(2)), half);
        }
    }
    Region::rom(0, octets)
}

impl Cc2538 {
    /// An argument is stored.
    pub(super) fn rom_argument(&mut self, address: u32, value: u32) -> Option<()> {
        let place = (address >> 2 & 3) as usize;
        *self.rom.get_mut(place)? = value;
        Some(())
    }

    /// The result is asked for: the function does its work.
    pub(super) fn rom_result(&mut self, memory: &mut Memory, address: u32) -> u32 {
        let [first, second, third] = self.rom;
        if address & 0x10 == 0 {
            erase(memory, first, second)
        } else {
            program(memory, first, second, third)
        }
    }
}

fn is_flash(address: u32, length: u32) -> bool {
    let offset = address.wrapping_sub(FLASH);
    offset < FLASH_OCTETS && length <= FLASH_OCTETS.saturating_sub(offset)
}

fn erase(memory: &mut Memory, address: u32, length: u32) -> u32 {
    let whole = address.is_multiple_of(PAGE) && length.is_multiple_of(PAGE);
    if !whole || !is_flash(address, length) {
        return IMPOSSIBLE;
    }
    let erased = vec![0xFF; length as usize];
    memory.load(address, &erased).map_or(FAILED, |()| DONE)
}

fn program(memory: &mut Memory, from: u32, to: u32, length: u32) -> u32 {
    if !to.is_multiple_of(4) || !length.is_multiple_of(4) || !is_flash(to, length) {
        return IMPOSSIBLE;
    }
    for offset in (0..length).step_by(4) {
        let (from, to) = (from.wrapping_add(offset), to.wrapping_add(offset));
        let word = memory.read(from, Size::Word);
        let old = memory.read(to, Size::Word);
        let (Some(word), Some(old)) = (word, old) else {
            return FAILED;
        };
        if memory.load(to, &(old & word).to_le_bytes()).is_none() {
            return FAILED;
        }
    }
    DONE
}
