//! How many challenge acknowledgments a host sends in a second (RFC 5961 §7), all connections
//! together. Each connection has a limit of its own, which tells only its own peer; this one is
//! there for the host's sake. As everybody shares it, whoever uses it up could count what is left
//! and so learn whether another connection was challenged (CVE-2016-5696). So how many there are in
//! a second is drawn anew for each, by a keyed hash.

use litz_hal::time::Instant;

use crate::sip::hash13;

/// The least in a second, and how many more there may be: a power of two.
const LEAST: u16 = 500;
const MORE: u16 = 512;

/// What counts as a second: 2^20 microseconds, which takes no division.
const SECOND_SHIFT: u32 = 20;

/// What is left of this second's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Challenges {
    second: i64,
    left: u16,
}

impl Challenges {
    /// Whether one more may be sent; if so it is counted.
    pub(super) fn allow(&mut self, now: Instant, secret: &[u8; 16]) -> bool {
        // 0 is no second, so that the first one is drawn too.
        let second = (now.total_micros() >> SECOND_SHIFT).saturating_add(1);
        if second != self.second {
            let drawn = hash13(secret, &second.to_be_bytes()) as u16;
            self.second = second;
            self.left = LEAST.wrapping_add(drawn & MORE.wrapping_sub(1));
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests;
