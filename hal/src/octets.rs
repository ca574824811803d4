//! Copying octets without a check that can fail: `copy_from_slice` keeps its panic in small images
//! even where the lengths are known to be the same.

/// Copies as many octets as both slices have.
///
/// ```
/// let mut to = [0; 3];
/// litz_hal::octets::put(&mut to, &[1, 2, 3, 4]);
/// assert_eq!(to, [1, 2, 3]);
/// ```
#[inline]
pub fn put(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
