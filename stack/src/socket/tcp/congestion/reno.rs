//! NewReno's congestion avoidance (RFC 5681 §3.1), counted in octets (RFC 3465). Its recovery
//! (RFC 6582) is shared with other algorithms.

use super::{Ack, Algorithm, Windows};

/// The state of NewReno.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct NewReno {
    /// Octets acknowledged since the window last grew.
    acked: u32,
}

impl Algorithm for NewReno {
    /// One segment for each window's worth.
    #[inline]
    fn avoid(&mut self, windows: &mut Windows, ack: &Ack) {
        self.acked = self.acked.saturating_add(ack.octets);
        if self.acked >= windows.cwnd {
            self.acked = self.acked.saturating_sub(windows.cwnd);
            windows.grow(ack.mss);
        }
    }

    /// Half of what is in flight (RFC 5681 §3.1, equation 4).
    fn reduce(&mut self, _: &Windows, flight: u32) -> u32 {
        self.acked = 0;
        flight >> 1
    }

    fn restart(&mut self) {
        self.acked = 0;
    }

    fn idle(&mut self, _: u32) {}

    fn undo(&mut self, _: u32) {}
}
