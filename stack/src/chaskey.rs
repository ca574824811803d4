//! Chaskey-12 (Mouha and others: Chaskey, an efficient MAC algorithm for 32-bit microcontrollers,
//! 2014; ISO/IEC 29192-6): a keyed hash of words of 32 bits, in a third of the code that SipHash's
//! words of 64 bits take on such a machine.

/// Rounds of the permutation.
const ROUNDS: u32 = 12;

/// The first half of the tag of a message of whole blocks, one at least. Words are as their octets,
/// the least first.
pub(crate) fn tag(key: &[u8; 16], message: &[[u64; 2]]) -> u64 {
    let key = u128::from_le_bytes(*key);
    // Times x, in the field of the mode.
    let carry = if key >> 127 == 1 { 0x87 } else { 0 };
    let mask = State::new(key << 1 ^ carry);
    let mut state = State::new(key);
    let mut left = message;
    while let [block, rest @ ..] = left {
        let [low, high] = *block;
        state.mix(&State::new(u128::from(low) | u128::from(high) << 64));
        if rest.is_empty() {
            state.mix(&mask);
        }
        state.permute();
        left = rest;
    }
    state.mix(&mask);
    state.half()
}

struct State([u32; 4]);

impl State {
    #[inline]
    const fn new(key: u128) -> Self {
        Self([
            key as u32,
            (key >> 32) as u32,
            (key >> 64) as u32,
            (key >> 96) as u32,
        ])
    }

    #[inline]
    fn mix(&mut self, other: &Self) {
        for (own, word) in self.0.iter_mut().zip(other.0) {
            *own ^= word;
        }
    }

    #[inline]
    const fn permute(&mut self) {
        let Self([v0, v1, v2, v3]) = self;
        let mut left = ROUNDS;
        while left > 0 {
            *v0 = v0.wrapping_add(*v1);
            *v1 = v1.rotate_left(5) ^ *v0;
            *v0 = v0.rotate_left(16);
            *v2 = v2.wrapping_add(*v3);
            *v3 = v3.rotate_left(8) ^ *v2;
            *v0 = v0.wrapping_add(*v3);
            *v3 = v3.rotate_left(13) ^ *v0;
            *v2 = v2.wrapping_add(*v1);
            *v1 = v1.rotate_left(7) ^ *v2;
            *v2 = v2.rotate_left(16);
            left = left.wrapping_sub(1);
        }
    }

    #[inline]
    const fn half(&self) -> u64 {
        let Self([v0, v1, ..]) = *self;
        v0 as u64 | (v1 as u64) << 32
    }
}

#[cfg(test)]
mod tests;
