//! Memory that the stack works in: slices that the caller lends, or vectors where there is a heap.
//!
//! Nothing here grows. A structure whose storage is full says so and its user decides what goes.

mod links;
mod packet_meta;
#[cfg_attr(not(feature = "inline"), path = "packet_row.rs")]
mod packet_ring;
mod room;

pub(crate) use links::{Arena, Demux, LISTED, Links, List, NIL, TimerHeap, in_turn};
pub use packet_meta::Meta;
pub(crate) use packet_meta::kept_whole;
pub use packet_ring::{PacketBuffer, PacketMeta};
pub(crate) use room::{NodeOf, Room};

#[cfg(feature = "alloc")]
mod slice_alloc;
#[cfg(feature = "alloc")]
pub use slice_alloc::Storage;

#[cfg(not(feature = "alloc"))]
mod slice_borrowed;
#[cfg(not(feature = "alloc"))]
pub use slice_borrowed::Storage;

/// Copy as many octets as both slices have.
#[inline]
pub(crate) fn put(dst: &mut [u8], src: &[u8]) {
    // Compilers make one copy of this, and keep no check of lengths at any level.
    for (to, from) in dst.iter_mut().zip(src) {
        *to = *from;
    }
}

/// Move what stands behind the first `count` entries to the front; what is last there stays as it
/// is. Small tables need no more, and no slice is rotated by as little code.
pub(crate) fn move_down<T: Copy>(entries: &mut [T], count: usize) {
    for at in count..entries.len() {
        if let Some(&entry) = entries.get(at)
            && let Some(place) = entries.get_mut(at.wrapping_sub(count))
        {
            *place = entry;
        }
    }
}

/// Move every entry one place up, so that the first is free and the last is lost.
#[cfg(feature = "sack")]
pub(crate) fn move_up<T: Copy>(entries: &mut [T]) {
    for at in (1..entries.len()).rev() {
        if let Some(&entry) = entries.get(at.wrapping_sub(1))
            && let Some(place) = entries.get_mut(at)
        {
            *place = entry;
        }
    }
}

#[cfg(test)]
mod tests;
