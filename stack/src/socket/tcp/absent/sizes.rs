//! In the place of segments of unusual sizes where they are left out: Nagle's rule as RFC 896 has
//! it, and one segment at a time.

use super::{SeqNumber, Tcb};

/// The number after the last segment that was not full: nobody knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes;

impl Sizes {
    pub(super) const fn new(_: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn sent(&mut self, _: SeqNumber) {}
}

impl Tcb<'_> {
    pub(super) const fn holds_behind_small(&self) -> bool {
        true
    }

    pub(super) fn whole_segments(&self, limit: u32, mss: u32) -> u32 {
        limit.min(mss)
    }
}
