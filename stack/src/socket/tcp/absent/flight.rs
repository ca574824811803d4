//! In the place of the scoreboard where fast retransmit is left out: what was sent is lost when the
//! retransmission timer says so, and SND.NXT goes back to SND.UNA then. So nothing has to be known
//! of it but the round-trip time, of one segment at a time (RFC 6298 §3).

use core::marker::PhantomData;

use super::delivery::Delivery;
use super::seq::{SeqNumber, SeqRange};
use crate::storage::Storage;

pub use super::unreported::SentRange;

/// What is known of the round-trip time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Watch {
    /// The next segment is measured.
    #[default]
    Ready,
    /// One is, that was sent once.
    Measuring,
    /// Something was sent again: nothing is measured until all of that is acknowledged (Karn's
    /// algorithm).
    Waiting,
}

/// What is in flight.
#[derive(Debug, Default)]
pub(super) struct Scoreboard<'a> {
    /// The number after what is measured, or waited for.
    watched: SeqNumber,
    /// When that was sent, in microseconds of a clock that wraps.
    sent_us: u32,
    watch: Watch,
    memory: PhantomData<&'a ()>,
}

impl<'a> Scoreboard<'a> {
    /// The memory is not needed.
    pub(super) fn new(_: Storage<'a, SentRange>) -> Self {
        Self::default()
    }

    /// Nothing is in flight.
    pub(super) const fn clear(&mut self, start: SeqNumber) {
        self.watched = start;
        self.watch = Watch::Ready;
    }

    pub(super) const fn lost(&self) -> u32 {
        0
    }

    /// Octets up to `end` were sent, for the first time or (after SND.NXT went back) again.
    #[inline]
    pub(super) fn sent(&mut self, end: SeqNumber, now_us: u32, again: bool) {
        if again {
            self.watch = Watch::Waiting;
        } else if self.watch == Watch::Ready {
            self.watch = Watch::Measuring;
        } else {
            return;
        }
        self.watched = end;
        self.sent_us = now_us;
    }

    /// Everything before `ack` has arrived, `acked` octets of it only now.
    #[inline]
    pub(super) fn acknowledge(&mut self, ack: SeqNumber, acked: u32, seen: &mut Delivery) {
        seen.octets = acked;
        if self.watched.at_or_before(ack) {
            if self.watch == Watch::Measuring {
                seen.rtt_us = Some(seen.now_us.wrapping_sub(self.sent_us));
            }
            self.watch = Watch::Ready;
        }
    }

    /// What is in flight is sent again from SND.NXT on, and measures nothing.
    pub(super) const fn lose_on_timeout(&mut self, _: u32, _: u32) {
        self.watch = Watch::Ready;
    }

    pub(super) const fn lose_first(&mut self, _: u32) {}

    pub(super) const fn lose_nothing(&mut self) {}

    pub(super) const fn first_lost(&self) -> Option<SeqRange> {
        None
    }

    pub(super) const fn resent(&mut self, _: SeqRange, _: u32) {}
}
