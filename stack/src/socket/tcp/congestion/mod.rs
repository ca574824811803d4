//! Congestion control (RFC 5681): how much may be in flight. What differs between algorithms is a
//! trait with a type for each, dispatched in `kind.rs`; slow start and its end are the same for
//! all. Finding losses and the phases of recovery are not here, they are in `rack.rs` and
//! `recovery.rs`.

#[cfg(feature = "cubic")]
mod cubic;
#[cfg(feature = "cubic")]
mod hystart;
#[cfg_attr(not(feature = "cubic"), path = "reno_alone.rs")]
mod kind;
mod reno;

#[cfg(all(test, feature = "cubic"))]
pub(super) use cubic::{Cubic, cube_root};
use kind::Kind;

pub(super) use super::control::{Ack, CongestionControl};
use super::recovery::Prior;
use super::seq::SeqNumber;

/// What every algorithm keeps. In octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    /// Congestion window.
    pub(super) cwnd: u32,
    /// Slow start threshold.
    pub(super) ssthresh: u32,
}

/// The window never grows beyond this: no receiver offers more.
pub(super) const MAX_WINDOW: u32 = 1 << 30;

impl Windows {
    /// Open the window.
    #[inline]
    pub(super) fn grow(&mut self, by: u32) {
        self.cwnd = self.cwnd.saturating_add(by).min(MAX_WINDOW);
    }
}

/// What an algorithm decides.
pub(super) trait Algorithm {
    /// Growth in congestion avoidance.
    fn avoid(&mut self, windows: &mut Windows, ack: &Ack);

    /// A loss, with `flight` octets in flight: the new threshold.
    fn reduce(&mut self, windows: &Windows, flight: u32) -> u32;

    /// A timeout: growth begins anew, after `reduce`.
    fn restart(&mut self);

    /// Nothing was sent for so many microseconds.
    fn idle(&mut self, micros: u32);

    /// There was no loss; the window is what it was before.
    fn undo(&mut self, window: u32);
}

/// Congestion control of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Congestion {
    windows: Windows,
    kind: Kind,
}

impl Congestion {
    /// A connection begins; `segments` of `mss` octets may be sent at once (RFC 6928).
    pub(super) fn new(which: CongestionControl, segments: u8, mss: u32, nxt: SeqNumber) -> Self {
        Self {
            windows: Windows {
                cwnd: initial_window(segments, mss),
                ssthresh: MAX_WINDOW,
            },
            kind: Kind::first(which, nxt),
        }
    }

    /// Which algorithm it is.
    pub(super) const fn which(&self) -> CongestionControl {
        self.kind.which()
    }

    /// How much may be in flight.
    #[inline]
    pub(super) const fn window(&self) -> u32 {
        self.windows.cwnd
    }

    /// How much more may be sent with so much in flight.
    #[inline]
    pub(super) const fn room(&self, pipe: u32) -> u32 {
        self.windows.cwnd.saturating_sub(pipe)
    }

    /// Up to which window it grows fast.
    #[inline]
    pub(super) const fn threshold(&self) -> u32 {
        self.windows.ssthresh
    }

    /// Whether the window grows fast.
    #[inline]
    pub(super) const fn is_slow_start(&self) -> bool {
        self.windows.cwnd < self.windows.ssthresh
    }

    /// What to go back to if a loss turns out to be none.
    pub(super) const fn prior(&self) -> Prior {
        Prior {
            window: self.windows.cwnd,
            threshold: self.windows.ssthresh,
        }
    }

    /// Data has arrived, no loss is being repaired (or it is after a timeout), and the window was
    /// used.
    #[inline]
    pub(super) fn on_ack(&mut self, ack: &Ack) {
        if self.is_slow_start() {
            let most = ack.mss.saturating_mul(ack.burst);
            let octets = ack.octets.min(most);
            return self.kind.start(&mut self.windows, ack, octets);
        }
        self.kind.end_first();
        self.kind.avoid(&mut self.windows, ack);
    }

    /// A loss was found, or the network said that it is congested.
    pub(super) fn on_loss(&mut self, flight: u32, mss: u32) {
        self.kind.end_first();
        let threshold = self.kind.reduce(&self.windows, flight);
        // RFC 5681 §3.1, equation 4: at least two segments.
        self.windows.ssthresh = threshold.max(mss.saturating_mul(2));
    }

    /// The window that fast recovery allows now.
    pub(super) fn set_window(&mut self, octets: u32, mss: u32) {
        self.windows.cwnd = octets.clamp(mss.min(MAX_WINDOW), MAX_WINDOW);
    }

    /// A loss that was repaired already, or none: on with the reduced window.
    pub(super) fn settle(&mut self, mss: u32) {
        self.set_window(self.windows.ssthresh, mss);
    }

    /// The retransmission timer expired (RFC 5681 §3.1). `first` is false if the same data had been
    /// sent again before.
    pub(super) fn on_timeout(&mut self, flight: u32, mss: u32, first: bool) {
        if first {
            self.on_loss(flight, mss);
        }
        self.windows.cwnd = mss;
        self.kind.restart();
    }

    /// Nothing was sent for a while: what was known of the path is old (RFC 5681 §4.1).
    pub(super) fn on_idle(&mut self, segments: u8, mss: u32, micros: u32) {
        self.windows.cwnd = self.windows.cwnd.min(initial_window(segments, mss));
        self.kind.idle(micros);
    }

    /// There was no loss; the next number to be sent is `nxt`.
    pub(super) fn undo(&mut self, prior: Prior, nxt: SeqNumber) {
        self.windows.cwnd = self.windows.cwnd.max(prior.window);
        self.windows.ssthresh = self.windows.ssthresh.max(prior.threshold);
        if self.windows.ssthresh >= MAX_WINDOW {
            self.kind = Kind::first(self.which(), nxt);
        }
        self.kind.undo(prior.window);
    }
}

/// RFC 6928 §2: ten segments, and not above 14,600 octets unless two segments are more.
fn initial_window(segments: u8, mss: u32) -> u32 {
    let wanted = mss.saturating_mul(u32::from(segments));
    let cap = u32::from(segments)
        .saturating_mul(1460)
        .max(mss.saturating_mul(2));
    wanted.min(cap)
}
