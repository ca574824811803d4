//! In the place of recovery where fast retransmit is left out: losses are found by timeouts alone,
//! and repairing them is slow start from the first octet that is missing (RFC 5681 §3.1).

use super::seq::SeqNumber;

/// What is being repaired: never anything that has to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "of builds that have recovery")]
pub(super) enum Phase {
    Open,
    Fast,
    Timeout,
}

/// The state of recovery: none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery;

/// Windows to go back to, which nobody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prior {
    pub(super) window: u32,
    pub(super) threshold: u32,
}

impl Recovery {
    pub(super) const fn new(_: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn phase(&self) -> Phase {
        Phase::Open
    }

    pub(super) const fn is_open(&self) -> bool {
        true
    }

    pub(super) const fn recover(&self) -> SeqNumber {
        SeqNumber(0)
    }

    /// A timeout stays doubled until something is measured (RFC 6298 §5.7).
    pub(super) const fn is_past(&self, _: SeqNumber) -> bool {
        false
    }

    pub(super) const fn dup_acks(&self) -> u32 {
        0
    }

    pub(super) const fn on_duplicate(&mut self, _: SeqNumber) -> bool {
        false
    }

    pub(super) const fn on_progress(&mut self, _: SeqNumber, _: u32) {}

    pub(super) const fn first_partial(&mut self) -> bool {
        false
    }

    pub(super) const fn begin_fast(&mut self, _: SeqNumber, _: SeqNumber, _: u32, _: Prior) {}

    pub(super) const fn begin_timeout(&mut self, _: SeqNumber, _: SeqNumber, _: Prior, _: bool) {}

    pub(super) const fn end(&mut self, _: SeqNumber) {}

    pub(super) const fn on_resent(&mut self, _: u32, _: Option<u32>) {}

    pub(super) const fn on_sent(&mut self, _: u32) {}

    pub(super) const fn reduced_window(
        &mut self,
        _: u32,
        _: u32,
        threshold: u32,
        _: u32,
        _: bool,
    ) -> u32 {
        threshold
    }

    pub(super) const fn on_reported_twice(&mut self, _: SeqNumber, _: u32) -> Option<Prior> {
        None
    }

    pub(super) const fn repeated_early(&self, _: SeqNumber) -> bool {
        false
    }

    pub(super) fn on_echo(&mut self, _: u32, _: impl FnOnce() -> bool) -> Option<Prior> {
        None
    }

    pub(super) const fn holds_back(&self) -> bool {
        false
    }

    pub(super) const fn on_doubt(&mut self, _: bool, _: bool, _: bool) -> Option<Prior> {
        None
    }
}
