//! Addresses of octets as text: two digits an octet, joined by `:` or `-`.

use core::fmt;

/// A string that is not an address of octets in hexadecimal joined by `:` or `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressParseError;

impl fmt::Display for AddressParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a hardware address such as 02:00:00:00:00:01")
    }
}

impl core::error::Error for AddressParseError {}

/// Reads exactly `N` octets; every octet has two digits.
pub(super) fn parse<const N: usize>(text: &str) -> Result<[u8; N], AddressParseError> {
    let mut octets = [0; N];
    let mut parts = text.split([':', '-']);
    for octet in &mut octets {
        let part = parts.next().ok_or(AddressParseError)?;
        if part.len() != 2 || !part.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(AddressParseError);
        }
        *octet = u8::from_str_radix(part, 16).map_err(|_| AddressParseError)?;
    }
    match parts.next() {
        None => Ok(octets),
        Some(_) => Err(AddressParseError),
    }
}

/// Writes octets joined by `:`.
pub(super) fn write(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut octets = octets.iter();
    if let Some(first) = octets.next() {
        write!(f, "{first:02x}")?;
    }
    octets.try_for_each(|octet| write!(f, ":{octet:02x}"))
}
