//! In the place of timestamps where they are left out: they are neither offered nor accepted.

use super::{Instant, SeqNumber, TcpOptionTimestamp};

/// Timestamps of a connection: none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamps;

impl Timestamps {
    /// Whether this build has any.
    pub(super) const AVAILABLE: bool = false;

    pub(super) const fn new(_: bool, _: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn restored(_: bool, _: u32, _: u32, _: Instant) -> Self {
        Self
    }

    pub(super) const fn is_on(&self) -> bool {
        false
    }

    pub(super) const fn set_on(&mut self, _: bool) {}

    pub(super) const fn octets(&self) -> u16 {
        0
    }

    pub(super) const fn recent(&self) -> u32 {
        0
    }

    pub(super) const fn offset(&self) -> u32 {
        0
    }

    pub(super) const fn option(&self, _: Instant) -> Option<TcpOptionTimestamp> {
        None
    }

    pub(super) const fn is_old(&self, _: u32, _: Instant) -> bool {
        false
    }

    pub(super) const fn remember(&mut self, _: u32, _: Instant) {}

    pub(super) const fn round_trip(&self, _: u32, _: Instant) -> Option<u32> {
        None
    }
}
