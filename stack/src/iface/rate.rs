//! Token bucket: bounds how many errors an interface sends (RFC 4443 §2.4 (f), RFC 1812 §4.3.2.8).

use litz_hal::time::{Duration, Instant};

/// Allows `burst` events at once and one more every `interval`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenBucket {
    tokens: u32,
    burst: u32,
    interval: Duration,
    /// When the last token was added.
    filled: Instant,
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self::new(10, Duration::from_millis(100))
    }
}

impl TokenBucket {
    pub(crate) const fn new(burst: u32, interval: Duration) -> Self {
        Self {
            tokens: burst,
            burst,
            interval,
            filled: Instant::ZERO,
        }
    }

    /// Take a token, if there is one.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let elapsed = now.duration_since(self.filled).total_micros();
        let earned = elapsed
            .checked_div(self.interval.total_micros())
            .unwrap_or(0);
        if earned > 0 {
            let earned = u32::try_from(earned).unwrap_or(u32::MAX);
            self.tokens = self.tokens.saturating_add(earned).min(self.burst);
            self.filled = now;
        }
        match self.tokens.checked_sub(1) {
            Some(left) => {
                self.tokens = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests;
