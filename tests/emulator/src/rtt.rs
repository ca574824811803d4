//! What a program says by RTT (SEGGER, "J-Link / J-Trace User Guide", Real Time Transfer): rings in
//! its memory, found by a symbol or by the words at their beginning. The emulator reads them as a
//! debugger does.

use crate::{Memory, Size};

/// How the block begins that describes the rings.
const MARK: &[u8] = b"SEGGER RTT";
/// Offset of the first ring from the program to the debugger.
const RINGS: u32 = 24;
/// Octets at most that a ring can have.
const LARGEST: u32 = 1 << 20;

/// Takes what is new in the first ring of the block at `address`.
pub fn take(memory: &mut Memory, address: u32) -> Option<Vec<u8>> {
    if memory.octets(address, MARK.len())? != MARK {
        return None;
    }
    let word = |memory: &Memory, offset: u32| {
        let at = address.wrapping_add(RINGS).wrapping_add(offset);
        memory.read(at, Size::Word)
    };
    let ring = word(memory, 4)?;
    let size = word(memory, 8)?;
    let (write, mut read) = (word(memory, 12)?, word(memory, 16)?);
    if size == 0 || size > LARGEST || write >= size || read >= size {
        return None;
    }
    let mut text = Vec::new();
    while read != write {
        text.push(memory.read(ring.wrapping_add(read), Size::Byte)? as u8);
        read = read.wrapping_add(1);
        if read >= size {
            read = 0;
        }
    }
    let at = address.wrapping_add(RINGS).wrapping_add(16);
    memory.write(at, Size::Word, read)?;
    Some(text)
}
