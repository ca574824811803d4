//! HyStart++ (RFC 9406): slow start ends when round trips take longer, before packets are lost. It
//! first grows more carefully for a few rounds and goes back to slow start if the delay was none.

use super::{Ack, Windows};
use crate::socket::tcp::SeqNumber;

/// Slow start that looks at round-trip times. In microseconds.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct HyStart {
    /// A round ends when this is acknowledged.
    round_end: SeqNumber,
    /// The shortest round trips of the last round and of this one.
    last_us: u32,
    current_us: u32,
    /// What this round's round trips are compared with while growing carefully.
    baseline_us: u32,
    /// Round trips measured in this round.
    samples: u8,
    /// Rounds of careful growth that are left; 0 if it is plain slow start.
    careful: u8,
}

/// RFC 9406 §4.3.
const MIN_THRESHOLD_US: u32 = 4_000;
const MAX_THRESHOLD_US: u32 = 16_000;
const SAMPLES: u8 = 8;
const CAREFUL_ROUNDS: u8 = 5;
const UNKNOWN: u32 = u32::MAX;

impl HyStart {
    pub(super) const fn new(nxt: SeqNumber) -> Self {
        Self {
            round_end: nxt,
            last_us: UNKNOWN,
            current_us: UNKNOWN,
            baseline_us: UNKNOWN,
            samples: 0,
            careful: 0,
        }
    }

    /// `octets` more may be sent in slow start.
    #[inline]
    pub(super) fn on_ack(&mut self, windows: &mut Windows, ack: &Ack, octets: u32) {
        if self.careful > 0 {
            windows.grow(octets >> 2);
        } else {
            windows.grow(octets);
        }
        if let Some(rtt_us) = ack.rtt_us {
            self.current_us = self.current_us.min(rtt_us);
            self.samples = self.samples.saturating_add(1);
        }
        if self.samples >= SAMPLES && self.current_us != UNKNOWN {
            self.compare();
        }
        if ack.una.at_or_after(self.round_end) {
            self.next_round(windows, ack.nxt);
        }
    }

    fn compare(&mut self) {
        if self.careful > 0 {
            if self.current_us < self.baseline_us {
                // The delay is gone; it was no queue.
                self.baseline_us = UNKNOWN;
                self.careful = 0;
            }
        } else if self.last_us != UNKNOWN {
            let threshold = (self.last_us >> 3).clamp(MIN_THRESHOLD_US, MAX_THRESHOLD_US);
            if self.current_us >= self.last_us.saturating_add(threshold) {
                self.baseline_us = self.current_us;
                self.careful = CAREFUL_ROUNDS;
            }
        }
    }

    fn next_round(&mut self, windows: &mut Windows, nxt: SeqNumber) {
        self.round_end = nxt;
        self.last_us = self.current_us;
        self.current_us = UNKNOWN;
        self.samples = 0;
        if self.careful > 0 {
            self.careful = self.careful.saturating_sub(1);
            if self.careful == 0 {
                windows.ssthresh = windows.cwnd;
            }
        }
    }
}
