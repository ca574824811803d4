//! How much may be sent in fast recovery: proportional rate reduction (RFC 6937), with the slow
//! start reduction bound.

/// Octets delivered and sent since recovery began, and in flight at its beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    delivered: u32,
    out: u32,
    flight: u32,
}

impl Rate {
    /// Recovery begins with `flight` octets in flight.
    pub(super) const fn new(flight: u32) -> Self {
        Self {
            delivered: 0,
            out: 0,
            flight,
        }
    }

    /// Octets were sent, for the first time or again.
    #[inline]
    pub(super) const fn on_sent(&mut self, octets: u32) {
        self.out = self.out.saturating_add(octets);
    }

    /// Another loss is known, without SACK: what is delivered pays for it.
    pub(super) const fn owe(&mut self) {}

    /// The window (RFC 6937 §3, RFC 9937; `safe` if the acknowledgment moves SND.UNA and tells of
    /// no new loss). `delivered` octets have arrived, `pipe` are in flight.
    pub(super) fn window(
        &mut self,
        delivered: u32,
        pipe: u32,
        threshold: u32,
        mss: u32,
        safe: bool,
    ) -> u32 {
        self.delivered = self.delivered.saturating_add(delivered);
        let may = if pipe > threshold {
            let share = u64::from(self.delivered).wrapping_mul(u64::from(threshold));
            let share = share.div_ceil(u64::from(self.flight.max(1)));
            u32::try_from(share)
                .unwrap_or(u32::MAX)
                .saturating_sub(self.out)
        } else {
            let owed = self.delivered.saturating_sub(self.out).max(delivered);
            let limit = owed.saturating_add(if safe { mss } else { 0 });
            threshold.wrapping_sub(pipe).min(limit)
        };
        // What could not be sent for want of data or of the peer's window adds up. All of it at
        // once would be a burst that overflows the queue which has just been relieved.
        let may = may.min((threshold >> 1).max(mss));
        // What was found lost first goes out at once (RFC 9937); and if
        // nothing else is in flight the next as well, or nothing would tell of the loss of the
        // first (RFC 8985 §3.4).
        let least = match (self.out, pipe) {
            (0, 0) => mss.saturating_mul(2),
            (0, _) => mss,
            _ => 0,
        };
        pipe.saturating_add(may.max(least))
    }
}
