//! Sub-arrays of fixed runs and copies of slices, in shapes that hold no panic at any opt-level.

use super::{Error, ErrorKind, Header, Result, Site};

/// No octets.
pub const NONE: &[u8] = &[];

/// The `K` octets at `O` of a run of `N`; the bounds are proven when compiling.
#[inline(always)]
#[must_use]
pub fn sub<const O: usize, const K: usize, const N: usize>(run: &[u8; N]) -> &[u8; K] {
    const { assert!(O <= N && K <= N - O, "field outside of its run") };
    match run.split_at_checked(O) {
        Some((_, rest)) => match rest.first_chunk() {
            Some(field) => field,
            None => &[0; K],
        },
        None => &[0; K],
    }
}

/// Writes `K` octets at `O` of a run of `N`; the bounds are proven when compiling.
#[inline(always)]
pub fn set<const O: usize, const K: usize, const N: usize>(run: &mut [u8; N], field: [u8; K]) {
    const { assert!(O <= N && K <= N - O, "field outside of its run") };
    if let Some(slot) = slot::<O, K>(run) {
        *slot = field;
    }
}

/// The `K` octets at `O` of a slice, if it has them.
#[inline(always)]
#[must_use]
pub fn slot<const O: usize, const K: usize>(bytes: &mut [u8]) -> Option<&mut [u8; K]> {
    bytes.split_at_mut_checked(O)?.1.first_chunk_mut()
}

/// The octets in reverse, as identifiers stand in little-endian headers.
#[inline(always)]
#[must_use]
pub fn reversed<const N: usize>(octets: [u8; N]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(octets.iter().rev()) {
        *to = *from;
    }
    out
}

/// Cuts `len` octets from the end of a slice that has them.
#[inline(always)]
#[must_use]
pub fn split_end(bytes: &[u8], len: Option<u64>) -> Option<(&[u8], &[u8])> {
    let len = usize::try_from(len?).ok()?;
    bytes.split_at_checked(bytes.len().checked_sub(len)?)
}

/// Copies `src` to the start of `buf` and returns what follows.
#[inline]
pub fn put<'b>(src: &[u8], buf: &'b mut [u8], at: &'static Site) -> Result<&'b mut [u8]> {
    if src.is_empty() {
        return Ok(buf);
    }
    let Some((dst, rest)) = buf.split_at_mut_checked(src.len()) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    // A copy in one piece is what compilers make of this; `copy_from_slice` keeps its panic at
    // opt-level z.
    for (to, from) in dst.iter_mut().zip(src) {
        *to = *from;
    }
    Ok(rest)
}

/// Cuts header `H` of `len` octets off `buf` and has it written: its first `N` octets, and the rest
/// of it. Returns the header and what follows it.
#[inline(always)]
pub fn emit_header<H: Header, const N: usize>(
    buf: &mut [u8],
    len: usize,
    write: impl FnOnce(&mut [u8; N], &mut [u8]) -> Result<()>,
) -> Result<(&mut [u8], &mut [u8])> {
    let at = const {
        &Site {
            header: H::NAME,
            field: "",
        }
    };
    let Some((header, after)) = buf.split_at_mut_checked(len) else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    let Some((head, rest)) = header.split_first_chunk_mut() else {
        return Err(Error::new(ErrorKind::BufferTooSmall, at));
    };
    write(head, rest)?;
    Ok((header, after))
}

/// Octets that a length field of raw value `raw` states: `raw * mul + add`.
#[inline(always)]
#[must_use]
pub const fn region(raw: usize, mul: usize, add: isize) -> Option<usize> {
    match raw.checked_mul(mul) {
        Some(len) => len.checked_add_signed(add),
        None => None,
    }
}

/// The raw value that states `len` octets, if there is one of at most `max`.
#[inline(always)]
#[must_use]
pub const fn inverse(len: usize, mul: u64, add: i64, max: u64) -> Option<u64> {
    let Some(negated) = add.checked_neg() else {
        return None;
    };
    match (len as u64).checked_add_signed(negated) {
        Some(scaled) => unscale(scaled, mul, max),
        None => None,
    }
}

/// `value / scale` if it is exact and at most `max`.
#[inline(always)]
#[must_use]
pub const fn unscale(value: u64, scale: u64, max: u64) -> Option<u64> {
    match (value.checked_rem(scale), value.checked_div(scale)) {
        (Some(0), Some(raw)) if raw <= max => Some(raw),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
