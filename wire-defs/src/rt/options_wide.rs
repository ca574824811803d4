//! Options whose kind or length is wider than an octet, as in DHCPv6 and EDNS.

use super::{Error, ErrorKind, Result, Site, options::pad_to};

/// A number of `N` octets, 1 or 2, and what follows it.
#[inline]
#[must_use]
pub fn option_number<const N: usize>(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (octets, rest) = bytes.split_first_chunk::<N>()?;
    let number = octets.iter().fold(0_u16, |number, octet| {
        number.wrapping_shl(8) | u16::from(*octet)
    });
    Some((number, rest))
}

/// The octets after the length that starts `rest`, and what follows the item. The length counts
/// units of `unit` octets and leaves `skip` octets of the item out.
#[inline]
#[must_use]
pub fn option_body_wide<const K: usize, const L: usize>(
    rest: &[u8],
    skip: usize,
    unit: usize,
) -> Option<(&[u8], &[u8])> {
    let (number, rest) = option_number::<L>(rest)?;
    let item = usize::from(number).wrapping_mul(unit).wrapping_add(skip);
    rest.split_at_checked(item.checked_sub(K.wrapping_add(L))?)
}

/// Writes kind and length of an item; returns its body and what follows the item.
#[inline]
pub fn option_start_wide<'b, const K: usize, const L: usize>(
    buf: &'b mut [u8],
    kind: u16,
    body: usize,
    skip: usize,
    unit: usize,
    at: &'static Site,
) -> Result<(&'b mut [u8], &'b mut [u8])> {
    let header = K.wrapping_add(L);
    let len = pad_to(body.saturating_add(header), unit);
    let counted = len.wrapping_sub(skip).checked_div(unit).unwrap_or(len);
    let most = if L == 1 { 0xff } else { 0xffff };
    if counted > most || (K == 1 && kind > 0xff) {
        return Err(Error::new(ErrorKind::OutOfRange, at));
    }
    let Some((item, after)) = buf.split_at_mut_checked(len) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    let Some((kinds, rest)) = item.split_first_chunk_mut::<K>() else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    let Some((lens, body)) = rest.split_first_chunk_mut::<L>() else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    store(kinds, kind);
    store(lens, counted as u16);
    Ok((body, after))
}

/// Writes the low octets of a number.
fn store<const N: usize>(octets: &mut [u8; N], number: u16) {
    let mut left = number;
    for octet in octets.iter_mut().rev() {
        *octet = left as u8;
        left = left.wrapping_shr(8);
    }
}

#[cfg(test)]
mod tests;
