//! The limit on acknowledgments that answer segments which should not have come (RFC 5961 §7): ten
//! in five seconds for each connection, the figures of the RFC. The count is a connection's own, so
//! it tells nobody about another connection.

use super::Instant;

/// In units of 65,536 µs: a little more than 5 s.
const PERIOD: u16 = 77;
const IN_PERIOD: u8 = 10;

/// How many were sent in this period.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChallengeLimit {
    /// In units of 65,536 µs.
    began: u16,
    sent: u8,
}

impl ChallengeLimit {
    /// Whether one more may be sent; if so it is counted.
    pub(super) fn allow(&mut self, now: Instant) -> bool {
        let tick = (now.total_micros() >> 16) as u16;
        if self.sent == 0 || tick.wrapping_sub(self.began) >= PERIOD {
            *self = Self {
                began: tick,
                sent: 0,
            };
        }
        if self.sent >= IN_PERIOD {
            return false;
        }
        self.sent = self.sent.wrapping_add(1);
        true
    }
}
