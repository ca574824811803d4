//! Numbers that nobody on the link can foresee, drawn from the interface's secret: delays, nonces,
//! identifiers. Two interfaces with one secret draw the same numbers.

use litz_hal::time::Duration;

use crate::sip::{Message, hash13};

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
        hash13(&self.key, Message::of(&[purpose, octets]).octets())
    }

    /// A span below `limit`, or none if that is none.
    pub(crate) fn below(&mut self, limit: Duration) -> Duration {
        let draw = self.next() >> 32;
        let limit = limit.total_micros();
        // The high word of their product, which needs no division.
        let [high, low] = [limit >> 32, limit & 0xffff_ffff].map(|word| word.wrapping_mul(draw));
        Duration::from_micros(high.wrapping_add(low >> 32))
    }

    /// A span from `low` to `high`.
    pub(crate) fn between(&mut self, low: Duration, high: Duration) -> Duration {
        low.saturating_add(self.below(high.saturating_sub(low)))
    }
}

/// Identifications of packets that may be fragmented on their way (RFC 6864): unpredictable for who
/// does not know the secret. One hash serves four packets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Idents {
    key: [u8; 16],
    given: u64,
    /// Those that are left of the last hash.
    bits: u64,
}

impl Idents {
    pub(crate) const fn new(key: [u8; 16]) -> Self {
        Self {
            key,
            given: 0,
            bits: 0,
        }
    }

    pub(crate) fn next(&mut self) -> u16 {
        if self.given & 3 == 0 {
            self.bits = hash13(&self.key, &self.given.to_be_bytes());
        }
        self.given = self.given.wrapping_add(1);
        self.bits = self.bits.rotate_left(16);
        self.bits as u16
    }
}

#[cfg(test)]
mod tests;
