//! Contexts of compression (RFC 6282 §3.1.2, RFC 6775 §4.2): prefixes that both ends know by
//! number.

use core::net::Ipv6Addr;

use litz_hal::time::{Deadline, Duration, Instant};

use crate::parts::CONTEXTS;

/// A prefix that is known by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The prefix; bits behind `prefix_len` do not count.
    pub prefix: Ipv6Addr,
    /// Its bits, up to 128.
    pub prefix_len: u8,
    /// Whether packets may be compressed with it. Otherwise they are only decompressed.
    pub compress: bool,
    /// Until when it may be used to compress.
    pub until: Deadline,
}

impl Context {
    /// A context that lasts.
    #[must_use]
    pub const fn new(prefix: Ipv6Addr, prefix_len: u8) -> Self {
        Self {
            prefix,
            prefix_len,
            compress: true,
            until: Deadline::NEVER,
        }
    }

    /// Put the bits of the prefix in the place of those of an address (§3.1.1).
    pub(super) const fn cover(&self, addr: &mut [u8; 16]) {
        let (high, low) = (self.prefix_len, self.prefix_len.saturating_sub(64));
        let mask = (mask(high) as u128) << 64 | mask(low) as u128;
        let bits = u128::from_be_bytes(*addr) & !mask | self.prefix.to_bits() & mask;
        *addr = bits.to_be_bytes();
    }
}

/// The first bits of 64.
const fn mask(len: u8) -> u64 {
    match len {
        0 => 0,
        len @ 1..=63 => !(u64::MAX >> len),
        _ => u64::MAX,
    }
}

/// Contexts of a network; none in a build without them.
const COUNT: usize = if CONTEXTS { 16 } else { 0 };

/// The sixteen contexts of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contexts {
    all: [Option<Context>; COUNT],
    /// When time changes one of them.
    due: Deadline,
    /// The border router that said something last, and the version of it.
    pub(super) border_router: Option<(Ipv6Addr, u32)>,
}

/// How long a context is still understood after its time (RFC 6775 §5.4.3).
const GRACE: Duration = Duration::from_millis(2 * 9_000 * 1_000);

impl Contexts {
    /// No context.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            all: [None; COUNT],
            due: Deadline::NEVER,
            border_router: None,
        }
    }

    /// Set a context, or remove it. Returns whether there is such a number, 0 to 15, and the build
    /// has contexts.
    pub fn set(&mut self, number: u8, context: Option<Context>) -> bool {
        match self.all.get_mut(usize::from(number)) {
            Some(slot) => {
                *slot = context;
                self.due = self
                    .due
                    .min(context.map_or(Deadline::NEVER, |known| known.until));
                true
            }
            None => false,
        }
    }

    /// The context with a number.
    #[must_use]
    pub fn get(&self, number: u8) -> Option<&Context> {
        self.all.get(usize::from(number))?.as_ref()
    }

    /// Contexts that may be used to compress, with their numbers.
    pub(super) fn usable(&self) -> impl Iterator<Item = (u8, &Context)> + Clone {
        let all = (0..16).zip(&self.all);
        all.filter_map(|(number, slot)| Some((number, slot.as_ref()?)))
            .filter(|(_, context)| context.compress)
    }

    /// Stop compressing with what has expired, and forget what has been so for long.
    #[inline]
    pub fn expire(&mut self, now: Instant) {
        if self.due.is_due(now) {
            self.run_out(now);
        }
    }

    fn run_out(&mut self, now: Instant) {
        self.due = Deadline::NEVER;
        for slot in &mut self.all {
            let Some(context) = slot else {
                continue;
            };
            if !context.until.is_due(now) {
                self.due = self.due.min(context.until);
                continue;
            }
            context.compress = false;
            let end = context.until.instant().map(|end| end.saturating_add(GRACE));
            let end = Deadline::from(end);
            if end.is_due(now) {
                *slot = None;
            } else {
                self.due = self.due.min(end);
            }
        }
    }
}
