//! In the place of congestion control where one segment is on its way at a time: that is less than
//! any window of RFC 5681, and what was lost is sent again after a timeout that doubles (RFC 6298
//! §5.5).

pub(super) use super::control::{Ack, CongestionControl};
use super::recovery::Prior;
use super::seq::SeqNumber;

/// Congestion control of a connection: nothing has to be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Congestion;

impl Congestion {
    pub(super) const fn new(_: CongestionControl, _: u8, _: u32, _: SeqNumber) -> Self {
        Self
    }

    pub(super) const fn which(&self) -> CongestionControl {
        CongestionControl::NewReno
    }

    pub(super) const fn window(&self) -> u32 {
        u32::MAX
    }

    /// How much more may be sent with so much in flight: nothing before that is acknowledged.
    #[inline]
    pub(super) const fn room(&self, pipe: u32) -> u32 {
        if pipe > 0 { 0 } else { u32::MAX }
    }

    pub(super) const fn threshold(&self) -> u32 {
        u32::MAX
    }

    pub(super) const fn is_slow_start(&self) -> bool {
        false
    }

    pub(super) const fn prior(&self) -> Prior {
        Prior {
            window: u32::MAX,
            threshold: u32::MAX,
        }
    }

    pub(super) const fn on_ack(&mut self, _: &Ack) {}

    pub(super) const fn on_loss(&mut self, _: u32, _: u32) {}

    pub(super) const fn set_window(&mut self, _: u32, _: u32) {}

    pub(super) const fn settle(&mut self, _: u32) {}

    pub(super) const fn on_timeout(&mut self, _: u32, _: u32, _: bool) {}

    pub(super) const fn on_idle(&mut self, _: u8, _: u32, _: u32) {}

    pub(super) const fn undo(&mut self, _: Prior, _: SeqNumber) {}
}
