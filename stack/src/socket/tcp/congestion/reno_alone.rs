//! In the place of a choice between algorithms where there is none: NewReno, with slow start as
//! RFC 5681 §3.1 has it.

use super::reno::NewReno;
use super::{Ack, Algorithm, CongestionControl, Windows};
use crate::socket::tcp::SeqNumber;

/// The algorithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind(NewReno);

impl Kind {
    pub(super) fn first(_: CongestionControl, _: SeqNumber) -> Self {
        Self(NewReno::default())
    }

    pub(super) const fn which(&self) -> CongestionControl {
        CongestionControl::NewReno
    }

    #[inline]
    pub(super) fn start(&mut self, windows: &mut Windows, _: &Ack, octets: u32) {
        windows.grow(octets);
    }

    pub(super) const fn end_first(&mut self) {}

    pub(super) fn avoid(&mut self, windows: &mut Windows, ack: &Ack) {
        self.0.avoid(windows, ack);
    }

    pub(super) fn reduce(&mut self, windows: &Windows, flight: u32) -> u32 {
        self.0.reduce(windows, flight)
    }

    pub(super) fn restart(&mut self) {
        self.0.restart();
    }

    pub(super) fn idle(&mut self, micros: u32) {
        self.0.idle(micros);
    }

    pub(super) fn undo(&mut self, window: u32) {
        self.0.undo(window);
    }
}
