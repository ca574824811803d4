//! In the place of tail loss probes where they are left out: the retransmission timer finds what is
//! missing at the end.

use super::output::Plan;
use super::seq::SeqNumber;
use super::{Instant, Tcb};

/// The probe of a connection: none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TailProbe;

impl TailProbe {
    pub(super) const fn is_idle(&self) -> bool {
        true
    }

    pub(super) const fn is_pending(&self) -> bool {
        false
    }

    pub(super) const fn hold(&mut self) {}

    pub(super) const fn on_sent(&mut self, _: SeqNumber, _: bool) {}

    pub(super) const fn stop(&mut self) {}

    pub(super) const fn on_ack(&mut self, _: SeqNumber, _: bool, _: bool) -> bool {
        false
    }
}

impl Tcb<'_> {
    pub(super) const fn on_tail(&mut self) {}

    pub(super) const fn plan_tail(&self, _: u32) -> Option<Plan> {
        None
    }

    pub(super) const fn schedule_tail_probe(&mut self, _: Instant) {}
}
