//! Congestion control (RFC 5681): how much may be in flight. One type with a variant for each
//! algorithm, dispatched by `match`. Finding losses and the phases of recovery are not here, they
//! are in `recovery.rs` and the same for all.

mod reno;

pub(super) use reno::NewReno;

/// Which congestion control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CongestionControl {
    /// NewReno (RFC 5681, RFC 6582).
    #[default]
    NewReno,
}

/// What every algorithm keeps. In octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    /// Congestion window.
    cwnd: u32,
    /// Slow start threshold.
    ssthresh: u32,
}

/// The window never grows beyond this: no receiver offers more.
const MAX_WINDOW: u32 = 1 << 30;

impl Windows {
    /// Open the window.
    #[inline]
    fn grow(&mut self, by: u32) {
        self.cwnd = self.cwnd.saturating_add(by).min(MAX_WINDOW);
    }

    /// Half of what is in flight, at least two segments (RFC 5681 §3.1, equation 4).
    fn halve(&mut self, flight: u32, mss: u32) {
        self.ssthresh = (flight >> 1).max(mss.saturating_mul(2));
    }
}

/// An algorithm with its state.
#[derive(Clone, Copy, Debug)]
pub(super) enum Congestion {
    NewReno(NewReno),
}

impl Congestion {
    /// A connection begins; `segments` of `mss` octets may be sent at once (RFC 6928).
    pub(super) fn new(which: CongestionControl, segments: u8, mss: u32) -> Self {
        let windows = Windows {
            cwnd: initial_window(segments, mss),
            ssthresh: MAX_WINDOW,
        };
        match which {
            CongestionControl::NewReno => Self::NewReno(NewReno::new(windows)),
        }
    }

    #[inline]
    fn windows(&self) -> &Windows {
        match self {
            Self::NewReno(reno) => &reno.windows,
        }
    }

    #[inline]
    fn windows_mut(&mut self) -> &mut Windows {
        match self {
            Self::NewReno(reno) => &mut reno.windows,
        }
    }

    /// How much may be in flight.
    #[inline]
    pub(super) fn window(&self) -> u32 {
        self.windows().cwnd
    }

    /// Up to which window it grows fast.
    pub(super) fn threshold(&self) -> u32 {
        self.windows().ssthresh
    }

    /// New data is acknowledged, no loss is being repaired, and the window was used.
    #[inline]
    pub(super) fn on_ack(&mut self, acked: u32, mss: u32) {
        match self {
            Self::NewReno(reno) => reno.on_ack(acked, mss),
        }
    }

    /// Duplicate acknowledgments tell of a loss (RFC 5681 §3.2, steps 2 and 3).
    pub(super) fn enter_recovery(&mut self, flight: u32, mss: u32) {
        let windows = self.windows_mut();
        windows.halve(flight, mss);
        windows.cwnd = windows
            .ssthresh
            .saturating_add(mss.saturating_mul(3))
            .min(MAX_WINDOW);
    }

    /// Another segment has left the network (RFC 5681 §3.2, step 4).
    pub(super) fn inflate(&mut self, mss: u32) {
        self.windows_mut().grow(mss);
    }

    /// Part of what was in flight is acknowledged (RFC 6582 §3.2, step 3, partial).
    pub(super) fn deflate(&mut self, acked: u32, mss: u32) {
        let windows = self.windows_mut();
        windows.cwnd = windows.cwnd.saturating_sub(acked).max(mss);
        if acked >= mss {
            windows.grow(mss);
        }
    }

    /// All that was in flight is acknowledged (RFC 6582 §3.2, step 3, full, option 1).
    pub(super) fn leave_recovery(&mut self, flight: u32, mss: u32) {
        let windows = self.windows_mut();
        let burst_free = flight.max(mss).saturating_add(mss);
        windows.cwnd = windows.ssthresh.min(burst_free).max(mss);
    }

    /// The retransmission timer expired (RFC 5681 §3.1). `first` is false if the same data had been
    /// sent again before.
    pub(super) fn on_timeout(&mut self, flight: u32, mss: u32, first: bool) {
        let windows = self.windows_mut();
        if first {
            windows.halve(flight, mss);
        }
        windows.cwnd = mss;
        match self {
            Self::NewReno(reno) => reno.restart(),
        }
    }

    /// Nothing was sent for a while: what was known of the path is old (RFC 5681 §4.1).
    pub(super) fn on_idle(&mut self, segments: u8, mss: u32) {
        let windows = self.windows_mut();
        windows.cwnd = windows.cwnd.min(initial_window(segments, mss));
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
