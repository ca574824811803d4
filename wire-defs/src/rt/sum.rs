//! The internet checksum (RFC 1071) as an accumulator over octets of any length and alignment.
//!
//! Words are added in the machine's own byte order, as many octets at a time as its registers have,
//! and swapped once at the end: the one's-complement sum does not care (RFC 1071 §2). It knows
//! nothing of headers.

/// One's-complement sum of 16-bit words, not yet folded.
///
/// ```
/// use litz_wire::rt::Sum;
/// // The example of RFC 1071 §3.
/// let sum = Sum::of(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
/// assert_eq!(sum.finish(), !0xddf2);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum(Word);

/// What a register holds.
#[cfg(target_pointer_width = "64")]
type Word = u64;
#[cfg(not(target_pointer_width = "64"))]
type Word = u32;

impl Sum {
    /// The sum of nothing.
    pub const ZERO: Self = Self(0);

    /// The sum of `data`; an odd last octet counts as the high octet of a word.
    #[must_use]
    pub fn of(data: &[u8]) -> Self {
        if NARROW {
            return narrow(data);
        }
        let (blocks, rest) = data.as_chunks::<64>();
        let mut wide = Wide::default();
        for block in blocks {
            wide.block(block);
        }
        wide.tail(rest);
        wide.sum()
    }

    /// The sum of a run whose length is known when compiling.
    #[inline]
    #[must_use]
    pub fn of_array<const N: usize>(data: &[u8; N]) -> Self {
        if NARROW {
            return narrow(data);
        }
        let (blocks, rest) = data.as_chunks::<64>();
        let mut wide = Wide::default();
        for block in blocks {
            wide.block(block);
        }
        wide.tail(rest);
        wide.sum()
    }

    /// Copies as many octets as both slices have and returns their sum, in one pass.
    pub fn copy(dst: &mut [u8], src: &[u8]) -> Self {
        let len = if dst.len() < src.len() {
            dst.len()
        } else {
            src.len()
        };
        let (Some((dst, _)), Some((src, _))) =
            (dst.split_at_mut_checked(len), src.split_at_checked(len))
        else {
            return Self::ZERO;
        };
        if NARROW {
            for (to, from) in dst.iter_mut().zip(src) {
                *to = *from;
            }
            return narrow(src);
        }
        let (to, to_rest) = dst.as_chunks_mut::<128>();
        let (from, from_rest) = src.as_chunks::<128>();
        let mut wide = Wide::default();
        for (to, from) in to.iter_mut().zip(from) {
            // In halves, because a longer array would be copied by a function.
            if let [low, high] = to.as_chunks_mut::<64>().0 {
                *low = *super::sub::<0, 64, 128>(from);
                *high = *super::sub::<64, 64, 128>(from);
            }
            wide.double(from);
        }
        wide.copy_tail(to_rest, from_rest);
        wide.sum()
    }

    /// The sum of both; `other` starts at an even offset.
    #[inline]
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        let (sum, carry) = self.0.overflowing_add(other.0);
        // A carry leaves at most `MAX - 1` behind, so this addition does not overflow.
        Self(sum.wrapping_add(carry as Word))
    }

    /// Adds one 16-bit word in network order.
    #[inline]
    #[must_use]
    pub const fn add_u16(self, word: u16) -> Self {
        self.add(Self(word.to_be() as Word))
    }

    /// Adds two 16-bit words in network order.
    #[inline]
    #[must_use]
    pub const fn add_u32(self, words: u32) -> Self {
        self.add(Self(words.to_be() as Word))
    }

    /// The sum of a run of `self_len` octets followed by what `next` sums up, at odd lengths too.
    #[inline]
    #[must_use]
    pub const fn concat(self, self_len: usize, next: Self) -> Self {
        if self_len & 1 == 0 {
            self.add(next)
        } else {
            self.add(Self(next.0.rotate_left(8)))
        }
    }

    /// The sum folded to 16 bits, not complemented: what a device finds in a partial checksum.
    #[inline]
    #[must_use]
    pub const fn folded(self) -> u16 {
        let sum = short(self.0);
        let sum = (sum >> 16).wrapping_add(sum & 0xffff);
        let sum = (sum >> 16).wrapping_add(sum & 0xffff);
        (sum as u16).to_be()
    }

    /// The checksum: folded to 16 bits and complemented. Zero over octets whose checksum is right.
    #[inline]
    #[must_use]
    pub const fn finish(self) -> u16 {
        !self.folded()
    }

    /// The checksum after covered octets that summed up to `old` were changed to sum up to `new`
    /// (RFC 1624 §3, equation 3).
    #[inline]
    #[must_use]
    pub const fn patch(checksum: u16, old: Self, new: Self) -> u16 {
        Self::ZERO
            .add_u16(!checksum)
            .add_u16(!old.folded())
            .add(new)
            .finish()
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Sum {}

/// Whether the machine's words have 32 bits. There a chain of 64-bit additions is no shorter than a
/// loop over words, but ten times its code.
const NARROW: bool = usize::BITS < 64;

/// A sum in 32 bits.
#[cfg(target_pointer_width = "64")]
#[inline]
const fn short(wide: Word) -> u32 {
    let sum = (wide >> 32).wrapping_add(wide & 0xffff_ffff);
    (sum >> 32).wrapping_add(sum & 0xffff_ffff) as u32
}

/// The same, where a register has no more.
#[cfg(not(target_pointer_width = "64"))]
#[inline]
const fn short(word: Word) -> u32 {
    word
}

/// The sum of octets by words of 32 bits.
#[inline(never)]
fn narrow(data: &[u8]) -> Sum {
    let (words, rest) = data.as_chunks::<4>();
    let mut sum = Sum::ZERO;
    for word in words {
        sum = sum.add(Sum(Word::from(u32::from_ne_bytes(*word))));
    }
    let mut last = [0; 4];
    for (place, octet) in last.iter_mut().zip(rest) {
        *place = *octet;
    }
    sum.add(Sum(Word::from(u32::from_ne_bytes(last))))
}

/// A sum of 64-bit words and the carries that left it.
#[derive(Default)]
struct Wide {
    low: u64,
    carries: u64,
}

impl Wide {
    #[inline(always)]
    fn word(&mut self, word: u64) {
        let (sum, carry) = self.low.overflowing_add(word);
        self.low = sum;
        self.carries = self.carries.wrapping_add(u64::from(carry));
    }

    /// One chain of additions with carry, written out so that it is one at every opt-level.
    #[inline(always)]
    fn block(&mut self, block: &[u8; 64]) {
        let (low, carry) = chain(self.low, block, false);
        self.low = low;
        self.carries = self.carries.wrapping_add(u64::from(carry));
    }

    /// Two blocks in one chain.
    #[inline(always)]
    fn double(&mut self, blocks: &[u8; 128]) {
        let (low, carry) = chain(self.low, super::sub::<0, 64, 128>(blocks), false);
        let (low, carry) = chain(low, super::sub::<64, 64, 128>(blocks), carry);
        self.low = low;
        self.carries = self.carries.wrapping_add(u64::from(carry));
    }

    #[inline(always)]
    fn half(&mut self, block: &[u8; 32]) {
        let (low, carry) = self.low.carrying_add(word::<0, 32>(block), false);
        let (low, carry) = low.carrying_add(word::<8, 32>(block), carry);
        let (low, carry) = low.carrying_add(word::<16, 32>(block), carry);
        let (low, carry) = low.carrying_add(word::<24, 32>(block), carry);
        self.low = low;
        self.carries = self.carries.wrapping_add(u64::from(carry));
    }

    #[inline(always)]
    fn quarter(&mut self, block: &[u8; 16]) {
        self.word(word::<0, 16>(block));
        self.word(word::<8, 16>(block));
    }

    /// Fewer than 64 octets, by halves.
    #[inline(always)]
    fn tail(&mut self, rest: &[u8]) {
        let mut rest = rest;
        if let Some((part, after)) = rest.split_first_chunk::<32>() {
            self.half(part);
            rest = after;
        }
        if let Some((part, after)) = rest.split_first_chunk::<16>() {
            self.quarter(part);
            rest = after;
        }
        if let Some((part, after)) = rest.split_first_chunk::<8>() {
            self.word(u64::from_ne_bytes(*part));
            rest = after;
        }
        if let Some((part, after)) = rest.split_first_chunk::<4>() {
            self.word(u64::from(u32::from_ne_bytes(*part)));
            rest = after;
        }
        if let Some((part, after)) = rest.split_first_chunk::<2>() {
            self.word(u64::from(u16::from_ne_bytes(*part)));
            rest = after;
        }
        if let Some(last) = rest.first() {
            self.word(u64::from(u16::from_ne_bytes([*last, 0])));
        }
    }

    /// Fewer than 128 octets, and copies them; both slices are as long.
    #[inline(always)]
    fn copy_tail(&mut self, to: &mut [u8], from: &[u8]) {
        let (mut to, mut from) = (to, from);
        if let Some(part) = step::<64>(&mut to, &mut from) {
            self.block(part);
        }
        if let Some(part) = step::<32>(&mut to, &mut from) {
            self.half(part);
        }
        if let Some(part) = step::<16>(&mut to, &mut from) {
            self.quarter(part);
        }
        if let Some(part) = step::<8>(&mut to, &mut from) {
            self.word(u64::from_ne_bytes(*part));
        }
        if let Some(part) = step::<4>(&mut to, &mut from) {
            self.word(u64::from(u32::from_ne_bytes(*part)));
        }
        if let Some(part) = step::<2>(&mut to, &mut from) {
            self.word(u64::from(u16::from_ne_bytes(*part)));
        }
        if let Some([last]) = step::<1>(&mut to, &mut from) {
            self.word(u64::from(u16::from_ne_bytes([*last, 0])));
        }
    }

    #[inline(always)]
    fn sum(self) -> Sum {
        wide(self.low).add(wide(self.carries))
    }
}

/// A sum that was made of words of 64 bits.
#[inline(always)]
const fn wide(sum: u64) -> Sum {
    let low = Sum(sum as Word);
    if NARROW {
        low.add(Sum((sum >> 32) as Word))
    } else {
        low
    }
}

/// The word at octet `O` of a block.
#[inline(always)]
fn word<const O: usize, const N: usize>(block: &[u8; N]) -> u64 {
    u64::from_ne_bytes(*super::sub::<O, 8, N>(block))
}

/// Adds the words of a block.
#[inline(always)]
fn chain(low: u64, block: &[u8; 64], carry: bool) -> (u64, bool) {
    let (low, carry) = low.carrying_add(word::<0, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<8, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<16, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<24, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<32, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<40, 64>(block), carry);
    let (low, carry) = low.carrying_add(word::<48, 64>(block), carry);
    low.carrying_add(word::<56, 64>(block), carry)
}

/// Copies `N` octets if they are there, and gives them.
#[inline(always)]
fn step<'f, const N: usize>(to: &mut &mut [u8], from: &mut &'f [u8]) -> Option<&'f [u8; N]> {
    let (part, after) = from.split_first_chunk::<N>()?;
    let (place, rest) = core::mem::take(to).split_first_chunk_mut::<N>()?;
    *place = *part;
    *to = rest;
    *from = after;
    Some(part)
}

#[cfg(test)]
mod tests;
