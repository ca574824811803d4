//! In the place of pacing where it is left out: what the window allows goes at once.

use super::{Instant, Tcb};

/// When the next segment of a connection may go: now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacer;

impl Pacer {
    pub(super) const fn new() -> Self {
        Self
    }

    pub(super) const fn restart(&mut self, _: u32) {}
}

impl Tcb<'_> {
    pub(super) const fn pace(&mut self, _: Instant, _: u32) {}
}
