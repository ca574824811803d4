//! In the place of keep-alive where it is left out: a silent peer is believed to be there.

use super::counters::TcpCounters;
use super::{Duration, Instant, Tcb};

impl Tcb<'_> {
    pub(super) const fn keep_waiting(&mut self, _: Instant) {}

    /// Nothing, in this build: a silent peer is believed to be there.
    pub const fn set_keep_alive(&mut self, _: Option<Duration>) {}

    pub(super) const fn on_keep_alive(&mut self, _: &mut TcpCounters) {}

    pub(super) const fn count_keep_alive(&mut self, _: &mut TcpCounters) {}
}
