//! What both scoreboards have in common that know no selective acknowledgment: what that would tell
//! them they are not told, and memory for it is not needed.

use super::delivery::Delivery;
use super::rack::Rack;
use super::scoreboard::Scoreboard;
use super::seq::SeqRange;
use crate::storage::Storage;

/// A run of octets in flight, of which this build keeps no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentRange(());

impl<'a> Scoreboard<'a> {
    pub(super) fn take_storage(&mut self) -> Storage<'a, SentRange> {
        Storage::default()
    }

    pub(super) const fn sacked(&self) -> u32 {
        0
    }

    pub(super) const fn sack(&mut self, _: SeqRange, _: &mut Delivery) {}

    pub(super) const fn is_reneged(&self) -> bool {
        false
    }

    pub(super) const fn forget_sacks(&mut self) {}

    pub(super) const fn find_losses(
        &mut self,
        _: &Rack,
        _: u32,
        _: u32,
        _: Option<u32>,
    ) -> Option<u32> {
        None
    }

    /// Nobody knows.
    pub(super) const fn has_resent(&self) -> bool {
        false
    }
}
