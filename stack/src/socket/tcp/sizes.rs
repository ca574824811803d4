//! Segments that are smaller or larger than a full one. Nagle's rule in Minshall's variant: what is
//! held back waits only for another segment that was not full, so that the end of a large write
//! does not wait for the acknowledgment of its beginning. And several segments at once, for devices
//! that cut them.

use super::{SeqNumber, Tcb};

/// The number after the last segment that was not full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes(SeqNumber);

impl Sizes {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self(iss)
    }

    /// A small one was sent.
    #[inline]
    pub(super) const fn sent(&mut self, end: SeqNumber) {
        self.0 = end;
    }
}

impl Tcb<'_> {
    /// Whether a small segment has to wait for what is in flight.
    #[inline]
    pub(super) const fn holds_behind_small(&self) -> bool {
        !self.extras.minshall || self.sizes.0.after(self.snd.una)
    }

    /// How much of `limit` octets goes at once: a segment, or several whole ones.
    #[inline]
    pub(super) fn whole_segments(&self, limit: u32, mss: u32) -> u32 {
        let whole = limit.min(u32::from(self.extras.super_segment));
        if whole < mss.saturating_mul(2) {
            return limit.min(mss);
        }
        whole.saturating_sub(whole.checked_rem(mss).unwrap_or(0))
    }
}
