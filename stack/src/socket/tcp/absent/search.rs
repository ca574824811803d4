//! In the place of the search for larger segments where it is left out: what a path took last is
//! what it takes.

use super::output::Plan;
use super::{SeqNumber, Tcb};

/// The state of the search: none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search;

impl Search {
    pub(super) const fn new(_: u16) -> Self {
        Self
    }
}

impl Tcb<'_> {
    pub(super) const fn search_later(&mut self) {}

    pub(super) const fn search_below(&mut self, _: u16) {}

    pub(super) const fn trial(&self) -> Option<u32> {
        let Search = self.snd.path.search;
        None
    }

    pub(super) const fn plan_trial(&mut self, _: u32, _: u32) -> Option<Plan> {
        None
    }

    pub(super) const fn trial_arrived(&mut self) {}

    pub(super) const fn trial_resent(&mut self, _: SeqNumber) {}

    pub(super) const fn trial_too_big(&mut self, _: u16) -> bool {
        false
    }
}
