//! Octets that look random and can be made again from their seed.

use litz_hal::prng::Prng;

/// A generator; the same seed gives the same octets on every machine.
#[derive(Debug, Clone)]
pub struct Noise(Prng);

impl Noise {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Prng::new(seed))
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `limit`; 0 if `limit` is 0. The bias is of no matter to a test.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        self.next_u64().checked_rem(limit).unwrap_or(0) as usize
    }

    /// Whether an event that happens once in `n` happens now.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Fills `octets`.
    pub fn fill(&mut self, octets: &mut [u8]) {
        for chunk in octets.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }

    /// `length` octets.
    pub fn octets(&mut self, length: usize) -> Vec<u8> {
        let mut octets = vec![0; length];
        self.fill(&mut octets);
        octets
    }
}
