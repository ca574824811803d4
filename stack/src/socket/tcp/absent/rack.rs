//! In the place of RACK where selective acknowledgment is left out: losses are found by duplicate
//! acknowledgments and timeouts alone.

use super::delivery::Delivery;
use super::seq::SeqNumber;

/// The state of RACK: none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rack;

impl Rack {
    pub(super) const fn new(_: SeqNumber) -> Self {
        Self
    }

    /// Nobody has measured.
    pub(super) const fn min_rtt_us(&self) -> u32 {
        u32::MAX
    }

    pub(super) const fn rtt_us(&self) -> u32 {
        0
    }

    pub(super) const fn highest(&self) -> SeqNumber {
        SeqNumber(0)
    }

    pub(super) const fn reordering(&self) -> bool {
        false
    }

    pub(super) const fn measured(&mut self, _: u32, _: u32) {}

    pub(super) const fn on_delivery(&mut self, _: &Delivery, _: u32) {}

    pub(super) const fn overtaken(&mut self) {}

    pub(super) const fn on_duplicate(&mut self, _: SeqNumber, _: SeqNumber) {}

    pub(super) const fn on_recovered(&mut self) {}

    pub(super) const fn window_us(&self, _: u32, _: bool) -> u32 {
        0
    }
}
