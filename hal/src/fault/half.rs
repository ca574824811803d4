//! One direction of a fault injector: what happens to the next frame, and the frame that waits to
//! pass a second time.

use super::config::{FaultCounters, Faults};
use crate::prng::Prng;
use crate::time::{Deadline, Instant};

/// What happens to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Pass,
    Drop,
    /// It is beyond the rate.
    Limit,
    Corrupt,
    Duplicate,
}

/// A direction whose frames go with metadata `M`.
#[derive(Debug)]
pub(super) struct Half<M, const BUFFER: usize> {
    pub(super) faults: Faults,
    pub(super) counters: FaultCounters,
    /// The frame to pass a second time, if `held` says so; else room for one to be damaged.
    pub(super) frame: [u8; BUFFER],
    pub(super) held: Option<(usize, M)>,
    prng: Prng,
    /// What chance has decided for the next frame. It is drawn once for each frame, so that the
    /// course of events does not depend on how often someone asks whether there is one.
    next: Fate,
    interval_ends: Deadline,
    in_interval: u32,
}

impl<M, const BUFFER: usize> Half<M, BUFFER> {
    pub(super) const fn new(faults: Faults, seed: u64) -> Self {
        let mut half = Self {
            faults,
            counters: FaultCounters {
                passed: 0,
                dropped: 0,
                limited: 0,
                corrupted: 0,
                duplicated: 0,
                spared: 0,
            },
            frame: [0; BUFFER],
            held: None,
            prng: Prng::new(seed),
            next: Fate::Pass,
            interval_ends: Deadline::NEVER,
            in_interval: 0,
        };
        half.draw();
        half
    }

    /// Change what is done to frames from the next one on.
    pub(super) const fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.draw();
    }

    const fn draw(&mut self) {
        // All are drawn, so that a changed probability of one leaves the others as they were.
        let drop = self.prng.happens(self.faults.drop);
        let corrupt = self.prng.happens(self.faults.corrupt);
        let duplicate = self.prng.happens(self.faults.duplicate);
        self.next = if drop {
            Fate::Drop
        } else if corrupt {
            Fate::Corrupt
        } else if duplicate {
            Fate::Duplicate
        } else {
            Fate::Pass
        };
    }

    /// What will happen to the next frame, if it comes now. `checked`: damage to it is noticed.
    pub(super) fn fate(&mut self, now: Instant, checked: bool) -> Fate {
        if self.is_beyond_rate(now) {
            return Fate::Limit;
        }
        match self.next {
            Fate::Corrupt if !checked => Fate::Drop,
            fate => fate,
        }
    }

    fn is_beyond_rate(&mut self, now: Instant) -> bool {
        let Some(rate) = self.faults.rate else {
            return false;
        };
        if self.interval_ends.is_due(now) {
            self.interval_ends = Deadline::NEVER;
            self.in_interval = 0;
        }
        self.in_interval >= rate.frames
    }

    /// A frame has met its fate. One beyond the rate takes no chances.
    pub(super) fn settle(&mut self, now: Instant, fate: Fate) {
        let counters = &mut self.counters;
        let count = match fate {
            Fate::Limit => {
                counters.limited = counters.limited.saturating_add(1);
                return self.count_into_interval(now);
            }
            Fate::Drop => &mut counters.dropped,
            Fate::Pass | Fate::Corrupt | Fate::Duplicate => &mut counters.passed,
        };
        *count = count.saturating_add(1);
        self.count_into_interval(now);
        self.draw();
    }

    fn count_into_interval(&mut self, now: Instant) {
        if let Some(rate) = self.faults.rate {
            if self.interval_ends == Deadline::NEVER {
                self.interval_ends = Deadline::at(now.saturating_add(rate.interval));
            }
            self.in_interval = self.in_interval.saturating_add(1);
        }
    }

    /// Change one bit of a frame.
    pub(super) fn damage(&mut self, frame: &mut [u8]) {
        if flip_one_bit(&mut self.prng, frame) {
            self.counters.corrupted = self.counters.corrupted.saturating_add(1);
        }
    }

    /// A damaged copy of a frame; `None`, and it is spared, if it is too long for the buffer.
    pub(super) fn damaged_copy(&mut self, octets: &[u8]) -> Option<&[u8]> {
        self.held = None;
        if octets.len() > BUFFER {
            self.spare();
            return None;
        }
        let copy = self.frame.get_mut(..octets.len())?;
        copy_octets(copy, octets);
        if flip_one_bit(&mut self.prng, copy) {
            self.counters.corrupted = self.counters.corrupted.saturating_add(1);
        }
        Some(copy)
    }

    /// Keep a frame, to pass it a second time. It is spared if it is too long for the buffer.
    pub(super) fn hold(&mut self, octets: &[u8], meta: M) {
        self.held = None;
        match self.frame.get_mut(..octets.len()) {
            Some(copy) => {
                copy_octets(copy, octets);
                self.held = Some((octets.len(), meta));
            }
            None => self.spare(),
        }
    }

    /// The held frame has passed.
    pub(super) const fn count_second(&mut self) {
        self.counters.duplicated = self.counters.duplicated.saturating_add(1);
    }

    /// A frame too long for the buffer passes unharmed.
    pub(super) const fn spare(&mut self) {
        self.counters.spared = self.counters.spared.saturating_add(1);
    }
}

/// Copy as much as there is of both.
pub(super) fn copy_octets(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Whether there was a bit to change.
fn flip_one_bit(prng: &mut Prng, frame: &mut [u8]) -> bool {
    let octet = prng.index(frame.len());
    let bit = prng.index(8);
    let Some(octet) = frame.get_mut(octet) else {
        return false;
    };
    *octet ^= 1_u8.rotate_left(u32::try_from(bit).unwrap_or(0));
    true
}
