//! In the place of the scoreboard where selective acknowledgment is left out: what is lost is one
//! range, as timeouts and duplicate acknowledgments tell no more (RFC 5681 §3.2, RFC 6582), and one
//! segment at a time is measured (RFC 6298 §3).

use core::marker::PhantomData;

use super::delivery::Delivery;
use super::seq::{SeqNumber, SeqRange, later_of};
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
    /// Something was sent again: nothing is measured until all is acknowledged that was sent by
    /// then (Karn's algorithm).
    Waiting,
}

/// What is in flight.
#[derive(Debug, Default)]
pub(super) struct Scoreboard<'a> {
    /// From SND.UNA to what was sent last.
    flight: SeqRange,
    lost: SeqRange,
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

    /// Nothing is in flight; the next octet sent is `start`.
    pub(super) fn clear(&mut self, start: SeqNumber) {
        self.flight = SeqRange::new(start, 0);
        self.lost = SeqRange::default();
        self.watch = Watch::Ready;
    }

    /// Octets that are lost and not sent again yet.
    #[inline]
    pub(super) fn lost(&self) -> u32 {
        self.lost.len()
    }

    /// Octets up to `end` were sent, for the first time or (after SND.NXT went back) again.
    #[inline]
    pub(super) fn sent(&mut self, end: SeqNumber, now_us: u32, again: bool) {
        self.flight.end = later_of(self.flight.end, end);
        if again {
            self.wait();
        } else if self.watch == Watch::Ready {
            self.watch = Watch::Measuring;
            self.watched = end;
            self.sent_us = now_us;
        }
    }

    /// Nothing that is in flight can be measured any more.
    fn wait(&mut self) {
        self.watch = Watch::Waiting;
        self.watched = self.flight.end;
    }

    /// Everything before `ack` has arrived, `acked` octets of it only now.
    #[inline]
    pub(super) fn acknowledge(&mut self, ack: SeqNumber, acked: u32, seen: &mut Delivery) {
        seen.octets = acked;
        self.flight.start = ack;
        self.flight.end = later_of(self.flight.end, ack);
        if self.lost.end.at_or_before(ack) {
            self.lost = SeqRange::default();
        } else if self.lost() > 0 {
            self.lost.start = later_of(self.lost.start, ack);
        }
        if self.watched.at_or_before(ack) {
            if self.watch == Watch::Measuring {
                seen.rtt_us = Some(seen.now_us.wrapping_sub(self.sent_us));
            }
            self.watch = Watch::Ready;
        }
    }

    /// The retransmission timer expired: all is lost.
    pub(super) fn lose_on_timeout(&mut self, _: u32, _: u32) {
        self.lost = self.flight;
    }

    /// The first `octets` in flight are lost.
    pub(super) fn lose_first(&mut self, octets: u32) {
        let end = self
            .flight
            .start
            .wrapping_add(octets.min(self.flight.len()));
        if self.lost() > 0 {
            self.lost.end = later_of(self.lost.end, end);
        } else {
            self.lost.end = end;
        }
        self.lost.start = self.flight.start;
    }

    /// Nothing is lost after all.
    pub(super) fn lose_nothing(&mut self) {
        self.lost = SeqRange::default();
    }

    /// What is to be sent again.
    #[inline]
    pub(super) fn first_lost(&self) -> Option<SeqRange> {
        (self.lost() > 0).then_some(self.lost)
    }

    /// `range` was sent again.
    pub(super) fn resent(&mut self, range: SeqRange, _: u32) {
        self.wait();
        if self.lost() > 0 && range.end.after(self.lost.start) {
            self.lost.start = if range.end.before(self.lost.end) {
                range.end
            } else {
                self.lost.end
            };
        }
    }
}
