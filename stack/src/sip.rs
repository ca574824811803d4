//! SipHash (Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012): keyed hashes that nobody
//! without the key can foresee or steer. The messages of the stack are short and whole, so there
//! is no state to keep between their parts, and that makes it a third of the code of a hasher
//! that is fed by pieces.

/// Octets of the longest message that is put together of parts.
const ROOM: usize = 64;

/// SipHash-1-3: for tables, whose keys nobody sees.
pub(crate) fn hash13(key: &[u8; 16], message: &[u8]) -> u64 {
    hash(key, message, 1, 3)
}

/// SipHash-2-4: for numbers that everybody sees.
pub(crate) fn hash24(key: &[u8; 16], message: &[u8]) -> u64 {
    hash(key, message, 2, 4)
}

/// SipHash-2-4 of words, as of their octets, the least first.
pub(crate) fn words24(key: &[u8; 16], words: &[u64]) -> u64 {
    let mut state = State::new(key);
    for word in words {
        state.take(*word, 2);
    }
    state.take((words.len() as u64) << 59, 2);
    state.end(4)
}

/// A message of several parts; what does not fit its room is left out.
pub(crate) struct Message {
    octets: [u8; ROOM],
    len: usize,
}

impl Message {
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut octets = [0; ROOM];
        let mut len = 0_usize;
        for part in parts {
            crate::storage::put(octets.get_mut(len..).unwrap_or_default(), part);
            len = len.saturating_add(part.len()).min(ROOM);
        }
        Self { octets, len }
    }

    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// The hash with `c` rounds after each word of eight octets, and `d` at the end.
fn hash(key: &[u8; 16], message: &[u8], c: u8, d: u8) -> u64 {
    let mut state = State::new(key);
    let (words, rest) = message.as_chunks::<8>();
    for word in words {
        state.take(u64::from_le_bytes(*word), c);
    }
    let mut last = [0, 0, 0, 0, 0, 0, 0, message.len() as u8];
    for (place, octet) in last.iter_mut().zip(rest) {
        *place = *octet;
    }
    state.take(u64::from_le_bytes(last), c);
    state.end(d)
}

struct State([u64; 4]);

impl State {
    #[inline]
    fn new(key: &[u8; 16]) -> Self {
        let whole = u128::from_le_bytes(*key);
        let (low, high) = (whole as u64, (whole >> 64) as u64);
        Self([
            low ^ 0x736f_6d65_7073_6575,
            high ^ 0x646f_7261_6e64_6f6d,
            low ^ 0x6c79_6765_6e65_7261,
            high ^ 0x7465_6462_7974_6573,
        ])
    }

    #[inline]
    const fn end(mut self, rounds: u8) -> u64 {
        let Self([_, _, v2, _]) = &mut self;
        *v2 ^= 0xff;
        self.rounds(rounds);
        let Self([v0, v1, v2, v3]) = self;
        v0 ^ v1 ^ v2 ^ v3
    }

    #[inline(always)]
    const fn take(&mut self, word: u64, rounds: u8) {
        let Self([_, _, _, v3]) = self;
        *v3 ^= word;
        self.rounds(rounds);
        let Self([v0, _, _, _]) = self;
        *v0 ^= word;
    }

    #[inline]
    const fn rounds(&mut self, rounds: u8) {
        let mut left = rounds;
        while left > 0 {
            self.round();
            left = left.wrapping_sub(1);
        }
    }

    #[inline]
    const fn round(&mut self) {
        let Self([v0, v1, v2, v3]) = self;
        *v0 = v0.wrapping_add(*v1);
        *v2 = v2.wrapping_add(*v3);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.rotate_left(32).wrapping_add(*v3);
        *v2 = v2.wrapping_add(*v1);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }
}

#[cfg(test)]
mod tests;
