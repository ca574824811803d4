//! NewReno's growth of the window (RFC 5681 §3.1): slow start and congestion avoidance, counted in
//! octets (RFC 3465). Its recovery (RFC 6582) is shared with other algorithms.

use super::Windows;

/// The state of NewReno.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct NewReno {
    pub(super) windows: Windows,
    /// Octets acknowledged since the window last grew, in congestion avoidance.
    acked: u32,
}

impl NewReno {
    pub(super) fn new(windows: Windows) -> Self {
        Self { windows, acked: 0 }
    }

    #[inline]
    pub(super) fn on_ack(&mut self, acked: u32, mss: u32) {
        if self.windows.cwnd < self.windows.ssthresh {
            // At most eight segments for one acknowledgment (the L of RFC 3465 §2.3, in the value
            // of RFC 9406 §4.2): peers that take in bursts acknowledge bursts.
            self.windows.grow(acked.min(mss.saturating_mul(8)));
            return;
        }
        self.acked = self.acked.saturating_add(acked);
        if self.acked >= self.windows.cwnd {
            self.acked = self.acked.saturating_sub(self.windows.cwnd);
            self.windows.grow(mss);
        }
    }

    pub(super) fn restart(&mut self) {
        self.acked = 0;
    }
}
