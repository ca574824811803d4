//! The checksum of a segment (RFC 9293 §3.1, MUST-3), verified in the pass that copies its text to
//! where it belongs in the receive buffer. Nothing else changes before it is known to be right:
//! what was written beyond RCV.NXT of a broken segment counts as free, and will be overwritten.
//! Text that would overwrite what has arrived out of order is summed first and copied later.

use litz_wire::rt::Sum;

use super::super::seq::{SeqRange, octets_since};
use super::super::{Segment, Tcb};
use crate::parts::INLINE;

/// The checksum of a segment is right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified {
    placed: bool,
}

impl Verified {
    /// Somebody else has found so: the device, or a pass over the whole segment.
    pub(crate) const BEFORE: Self = Self { placed: false };

    /// Whether the payload has been copied to where it belongs.
    pub(super) const fn is_placed(self) -> bool {
        INLINE && self.placed
    }
}

impl Segment<'_> {
    /// Whether the checksum is right; `rest` is the sum of all that it covers but the payload.
    #[must_use]
    pub fn is_sound(&self, rest: Sum) -> bool {
        rest.add(Sum::of(self.payload)).finish() == 0
    }
}

impl Tcb<'_> {
    //= RFC 9293: MUST-3
    /// Verify the checksum of a segment of this connection; `rest` is the sum of all that it covers
    /// but the payload. `None` if it is wrong, and then nothing has changed. Else the segment has
    /// to go to [`Tcb::input_verified`] next.
    #[inline]
    pub(crate) fn verify(&mut self, segment: &Segment<'_>, rest: Sum) -> Option<Verified> {
        if INLINE && let Some(sum) = self.place(segment) {
            return (rest.add(sum).finish() == 0).then_some(Verified { placed: true });
        }
        segment.is_sound(rest).then_some(Verified::BEFORE)
    }

    /// Copy the text to where it belongs if that is free, and sum it up.
    #[inline]
    fn place(&mut self, segment: &Segment<'_>) -> Option<Sum> {
        let (payload, seq) = (segment.payload, segment.seq);
        let kept = self.state().receives() && !segment.flags.syn && !segment.flags.rst;
        if payload.is_empty() || !kept || seq.before(self.rcv.nxt) {
            return None;
        }
        let held = &self.rcv.assembler;
        if !held.is_empty() && held.overlaps(SeqRange::new(seq, payload.len() as u32)) {
            return None;
        }
        let offset = octets_since(seq, self.rcv.nxt) as usize;
        self.rx.place(offset, payload)
    }
}
