//! No neighbors to remember: on links of 802.15.4 the station of an address is the one that its
//! identifier is made of (RFC 4944 §8, RFC 6775 §5.6), and a host with others cannot be reached.

use core::marker::PhantomData;

use litz_hal::time::{Deadline, Duration, Instant};

use super::{Evidence, Learned, RETRANS_TIMER, Resolution, Solicit};
use crate::addr::Ip;
use crate::iface::hardware::HardwareAddr;
use crate::storage::Storage;

/// Room for one neighbor: this build remembers none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeighborSlot(());

impl NeighborSlot {
    /// A free slot.
    pub const EMPTY: Self = Self(());
}

/// The neighbors of one interface.
#[derive(Debug, Default)]
pub(crate) struct NeighborCache<'a>(PhantomData<&'a ()>);

impl<'a> NeighborCache<'a> {
    pub(crate) fn new(_: Storage<'a, NeighborSlot>) -> Self {
        Self(PhantomData)
    }

    pub(crate) const fn set_reachable_time(&mut self, _: Duration) {}

    pub(crate) const fn retrans_timer(&self) -> Duration {
        RETRANS_TIMER
    }

    pub(crate) const fn set_retrans_timer(&mut self, _: Duration) {}

    /// Nobody is asked for.
    pub(crate) const fn resolve(&mut self, _: Ip, _: Instant) -> Resolution {
        Resolution::Wait
    }

    pub(crate) const fn known(&self, _: Ip) -> Option<HardwareAddr> {
        None
    }

    pub(crate) const fn contains(&self, _: Ip) -> bool {
        false
    }

    pub(crate) fn learn(
        &mut self,
        _: Ip,
        _: Option<HardwareAddr>,
        _: Evidence,
        _: Instant,
    ) -> Learned {
        Learned::default()
    }

    pub(crate) const fn confirm(&mut self, _: Ip, _: Instant) {}

    pub(crate) const fn doubt(&mut self, _: Ip, _: Instant) {}

    pub(crate) const fn next_solicit(&mut self, _: Instant) -> Option<Solicit> {
        None
    }

    pub(crate) const fn poll_at(&self) -> Deadline {
        Deadline::NEVER
    }

    pub(crate) const fn take_displaced(&mut self) -> bool {
        false
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Ip, HardwareAddr)> {
        core::iter::empty()
    }
}
