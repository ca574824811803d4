//! Which algorithm a connection uses, and whether it is still in its first slow start.

use super::cubic::Cubic;
use super::hystart::HyStart;
use super::reno::NewReno;
use super::{Ack, Algorithm, CongestionControl, Windows};
use crate::socket::tcp::SeqNumber;

/// An algorithm with its state.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// None yet: the first slow start, while nothing is known of the path (RFC 9406 §4.3).
    First(HyStart, CongestionControl),
    NewReno(NewReno),
    Cubic(Cubic),
}

/// Call a function of whichever algorithm it is, without a table of functions.
macro_rules! dispatch {
    ($kind:expr, $algorithm:ident => $call:expr, $none:expr) => {
        match $kind {
            Kind::First(..) => $none,
            Kind::NewReno($algorithm) => $call,
            Kind::Cubic($algorithm) => $call,
        }
    };
}

impl Kind {
    /// The first slow start; the next number to be sent is `nxt`.
    pub(super) const fn first(which: CongestionControl, nxt: SeqNumber) -> Self {
        Self::First(HyStart::new(nxt), which)
    }

    /// Which algorithm it is or will be.
    pub(super) const fn which(&self) -> CongestionControl {
        match self {
            Self::First(_, which) => *which,
            Self::NewReno(_) => CongestionControl::NewReno,
            Self::Cubic(_) => CongestionControl::Cubic,
        }
    }

    /// Slow start: the window grows by `octets` at most.
    #[inline]
    pub(super) fn start(&mut self, windows: &mut Windows, ack: &Ack, octets: u32) {
        match self {
            Self::First(hystart, _) => hystart.on_ack(windows, ack, octets),
            _ => windows.grow(octets),
        }
    }

    /// The first slow start is over: the algorithm begins.
    pub(super) fn end_first(&mut self) {
        if let Self::First(_, which) = self {
            *self = match which {
                CongestionControl::NewReno => Self::NewReno(NewReno::default()),
                CongestionControl::Cubic => Self::Cubic(Cubic::default()),
            };
        }
    }

    pub(super) fn avoid(&mut self, windows: &mut Windows, ack: &Ack) {
        dispatch!(self, algorithm => algorithm.avoid(windows, ack), ());
    }

    pub(super) fn reduce(&mut self, windows: &Windows, flight: u32) -> u32 {
        dispatch!(self, algorithm => algorithm.reduce(windows, flight), flight >> 1)
    }

    pub(super) fn restart(&mut self) {
        dispatch!(self, algorithm => algorithm.restart(), ());
    }

    pub(super) fn idle(&mut self, micros: u32) {
        dispatch!(self, algorithm => algorithm.idle(micros), ());
    }

    pub(super) fn undo(&mut self, window: u32) {
        dispatch!(self, algorithm => algorithm.undo(window), ());
    }
}
