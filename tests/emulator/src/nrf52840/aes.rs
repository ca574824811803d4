//! ECB (nRF52840 product specification, ECB chapter): encrypts the block behind the key and puts
//! the result behind both.

use litz_hal::mac::SoftAes;
use litz_hal::radio::{AesEcb, AesKey};

use crate::Memory;

/// Encrypts the structure at `address`.
pub(super) fn encrypt_at(memory: &mut Memory, address: u32) -> Option<()> {
    let key: [u8; 16] = memory.octets(address, 16)?.try_into().ok()?;
    let clear = memory.octets(address.wrapping_add(16), 16)?;
    let mut block: [u8; 16] = clear.try_into().ok()?;
    SoftAes::default().encrypt(&AesKey(key), &mut block).ok()?;
    memory.store(address.wrapping_add(32), &block)
}
