//! A small seeded generator for simulated misfortune, and chances to try with it. The same seed
//! gives the same course of events. It is predictable: nothing that an attacker must not guess may
//! come from here.

use core::fmt;

/// A generator of 64-bit numbers (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", 2014).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prng(u64);

/// A probability in parts per million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chance(u32);

/// Parts in the whole.
const MILLION: u32 = 1_000_000;

impl Prng {
    /// A generator that starts from a seed; any seed is as good as another.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, of all 64-bit numbers.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number of 32 bits, by another generator with the same state: a linear congruential
    /// one with the constant of Knuth's MMIX, whose upper half it is. It takes a fraction of the
    /// code, and is good enough for back-offs.
    pub const fn next_u32(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (self.0 >> 32) as u32
    }

    /// A number from 0 to `bound` − 1; 0 if `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        let wide = (self.next_u64() as u128).wrapping_mul(bound as u128);
        (wide >> 64) as u64
    }

    /// An index into something of `len` elements; 0 if it has none.
    pub const fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// Whether something of this probability happens. Draws a number in every case, so that a
    /// changed probability of one thing leaves the others as they were.
    pub const fn happens(&mut self, chance: Chance) -> bool {
        self.below(MILLION as u64) < chance.0 as u64
    }
}

impl Chance {
    /// It does not happen.
    pub const NEVER: Self = Self(0);
    /// It always happens.
    pub const ALWAYS: Self = Self(MILLION);

    /// So many times in a million; always, if that is more.
    #[must_use]
    pub const fn per_million(parts: u32) -> Self {
        Self(if parts < MILLION { parts } else { MILLION })
    }

    /// So many times in a hundred; always, if that is more.
    #[must_use]
    pub const fn percent(parts: u32) -> Self {
        Self::per_million(parts.saturating_mul(10_000))
    }

    /// How many times in a million.
    #[must_use]
    pub const fn parts_per_million(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10_000, self.0 % 10_000) {
            (whole, 0) => write!(f, "{whole} %"),
            (whole, part) => write!(f, "{whole}.{part:04} %"),
        }
    }
}

#[cfg(test)]
mod tests;
