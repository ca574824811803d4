//! The secret that keyed hashes of the stack start from, from the kernel's random source. It is no
//! generator of random numbers.

use super::sys;
use std::io;

/// Sixteen random octets that nobody can guess.
///
/// # Errors
/// What the kernel answers to `getrandom`.
pub fn secret() -> io::Result<[u8; 16]> {
    let mut secret = [0; 16];
    sys::random(&mut secret)?;
    Ok(secret)
}
