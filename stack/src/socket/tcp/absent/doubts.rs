//! In the place of doubts about losses where they are left out: what looks lost is lost.

use super::recovery::Prior;
use super::seq::SeqNumber;

/// What may show that a recovery was needless: nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubts;

impl Doubts {
    pub(super) const fn new(_: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn of_loss(_: SeqNumber, _: Prior) -> Self {
        Self
    }

    pub(super) const fn of_timeout(_: SeqNumber, _: Prior, _: bool) -> Self {
        Self
    }

    pub(super) const fn timeout_again(&mut self) {}

    pub(super) const fn settle(&mut self) {}

    pub(super) const fn forget(&mut self) {}

    pub(super) const fn on_resent(&mut self, _: u32, _: Option<u32>) {}

    pub(super) const fn concerns(&self, _: SeqNumber) -> bool {
        false
    }

    pub(super) const fn on_reported_twice(&mut self, _: SeqNumber, _: u32) -> bool {
        false
    }

    pub(super) const fn on_echo(&mut self, _: u32) -> bool {
        false
    }

    pub(super) const fn holds_back(&self) -> bool {
        false
    }

    pub(super) const fn on_ack(&mut self, _: bool, _: bool, _: bool) -> bool {
        false
    }

    pub(super) const fn take_back(&mut self) -> Option<Prior> {
        None
    }
}
