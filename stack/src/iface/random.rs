//! Numbers that nobody on the link can foresee, drawn from the interface's secret: delays, nonces,
//! identifiers. Two interfaces with one secret draw the same numbers.

use litz_hal::time::Duration;
use siphasher::sip::SipHasher13;

/// Where numbers are drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Random {
    key: [u8; 16],
    drawn: u64,
}

impl Random {
    /// Numbers that follow from a secret.
    pub(crate) const fn new(key: [u8; 16]) -> Self {
        Self { key, drawn: 0 }
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        self.keyed(b"next", &self.drawn.to_be_bytes())
    }

    /// What the secret makes of some octets, always the same; `purpose` keeps uses apart.
    pub(crate) fn keyed(&self, purpose: &[u8; 4], octets: &[u8]) -> u64 {
        use core::hash::Hasher;
        let mut hasher = SipHasher13::new_with_key(&self.key);
        hasher.write(purpose);
        hasher.write(octets);
        hasher.finish()
    }

    /// A span below `limit`, or none if that is none.
    pub(crate) fn below(&mut self, limit: Duration) -> Duration {
        let micros = self.next().checked_rem(limit.total_micros());
        Duration::from_micros(micros.unwrap_or(0))
    }

    /// A span from `low` to `high`.
    pub(crate) fn between(&mut self, low: Duration, high: Duration) -> Duration {
        low.saturating_add(self.below(high.saturating_sub(low)))
    }
}

#[cfg(test)]
mod tests;
