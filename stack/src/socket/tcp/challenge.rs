//! The limit on acknowledgments that answer segments which should not have come (RFC 5961 §7): ten
//! in five seconds for each connection, the figures of the RFC. The count is a connection's own, so
//! it tells nobody about another connection.

use super::Instant;

const PERIOD_MS: u32 = 5_000;
const IN_PERIOD: u8 = 10;

/// How many were sent in this period.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChallengeLimit {
    began_ms: u32,
    sent: u8,
}

impl ChallengeLimit {
    /// Whether one more may be sent; if so it is counted.
    pub(super) fn allow(&mut self, now: Instant) -> bool {
        let now_ms = now.total_millis() as u32;
        if self.sent == 0 || now_ms.wrapping_sub(self.began_ms) >= PERIOD_MS {
            *self = Self {
                began_ms: now_ms,
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
