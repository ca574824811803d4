//! In the place of the urgent pointer where it is left out: urgent data is data.

use super::counters::TcpCounters;
use super::{Segment, Tcb};

/// The end of the urgent data: nobody knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Urgent;

impl Urgent {
    pub(super) const NONE: Self = Self;
}

impl Tcb<'_> {
    pub(super) const fn check_urgent(&mut self, _: &Segment<'_>, _: &mut TcpCounters) {
        let Urgent = self.rcv.urgent;
    }

    /// How many octets the peer calls urgent: nobody knows, in this build.
    #[must_use]
    pub const fn urgent(&self) -> Option<u32> {
        None
    }
}
