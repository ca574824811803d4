//! In the place of explicit congestion notification where it is left out: nobody is asked for it,
//! and who asks is not answered.

use super::SeqNumber;

/// Explicit congestion notification of a connection: none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ecn;

impl Ecn {
    /// Whether this build has it.
    pub(super) const AVAILABLE: bool = false;

    pub(super) const fn new(_: bool, _: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn is_on(&self) -> bool {
        false
    }

    pub(super) const fn refuse(&mut self) {}

    pub(super) const fn echoes(&self) -> bool {
        false
    }

    pub(super) const fn take_answer(&mut self) -> bool {
        false
    }

    pub(super) const fn on_data(&mut self, _: bool, _: bool) {}

    pub(super) const fn on_echo(&mut self, _: SeqNumber, _: SeqNumber) -> bool {
        false
    }
}
