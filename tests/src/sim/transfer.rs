//! What the hosts of a simulation say to each other: streams whose octets follow from a number and
//! a position, and how far each has come.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::OnceLock;

use litz_hal::time::Instant;

use crate::noise::Noise;

/// Octets of noise after which streams repeat: a prime, so that no buffer size hides a shift.
const PERIOD: usize = 65_521;

fn noise() -> &'static [u8] {
    static NOISE: OnceLock<Vec<u8>> = OnceLock::new();
    NOISE.get_or_init(|| Noise::new(1).octets(PERIOD))
}

/// The octets of a stream from a position on, at least one, at most `len`.
#[must_use]
pub fn octets(stream: u64, position: u64, len: usize) -> &'static [u8] {
    let at = (stream * 7_919 + position) as usize % PERIOD;
    let rest = &noise()[at..];
    &rest[..len.min(rest.len())]
}

#[derive(Default)]
struct Inner {
    sent: Cell<u64>,
    received: Cell<u64>,
    finished: Cell<Option<Instant>>,
}

/// One direction of a connection, as both applications see it; clones are the same one.
#[derive(Clone)]
pub struct Stream {
    number: u64,
    total: u64,
    inner: Rc<Inner>,
}

impl Stream {
    /// A stream of `total` octets.
    #[must_use]
    pub fn new(number: u64, total: u64) -> Self {
        Self {
            number,
            total,
            inner: Rc::default(),
        }
    }

    /// What is to be sent next, at most `room` octets; empty at the end.
    #[must_use]
    pub fn next(&self, room: usize) -> &'static [u8] {
        let left = (self.total - self.inner.sent.get()) as usize;
        octets(self.number, self.inner.sent.get(), room.min(left))
    }

    /// So many octets were taken.
    pub fn sent(&self, octets: usize) {
        self.inner.sent.set(self.inner.sent.get() + octets as u64);
    }

    /// Whether all was taken.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        self.inner.sent.get() == self.total
    }

    /// These octets have arrived.
    ///
    /// # Panics
    /// If they are not what was sent.
    pub fn received(&self, mut data: &[u8]) {
        while !data.is_empty() {
            let at = self.inner.received.get();
            let expected = octets(self.number, at, data.len());
            let (part, rest) = data.split_at(expected.len());
            assert!(
                part == expected,
                "a wrong octet at {at} of stream {}",
                self.number
            );
            self.inner.received.set(at + part.len() as u64);
            data = rest;
        }
        assert!(
            self.inner.received.get() <= self.inner.sent.get(),
            "more than was sent"
        );
    }

    /// How many octets have arrived.
    #[must_use]
    pub fn progress(&self) -> u64 {
        self.inner.received.get()
    }

    /// The end has arrived.
    ///
    /// # Panics
    /// If something is missing.
    pub fn finish(&self, now: Instant) {
        assert_eq!(
            self.inner.received.get(),
            self.total,
            "the end of stream {} came too early",
            self.number
        );
        if self.inner.finished.get().is_none() {
            self.inner.finished.set(Some(now));
        }
    }

    /// When the end arrived.
    #[must_use]
    pub fn finished(&self) -> Option<Instant> {
        self.inner.finished.get()
    }
}
