//! A timer (nRF52840 product specification, TIMER chapter), counting microseconds in 32 bits.

use crate::air::MICROSECOND;

/// The timer.
#[derive(Debug, Default)]
pub(super) struct Timer {
    /// When it was last zero, while it runs.
    zero: Option<u64>,
    compare: [u32; 6],
    events: [bool; 6],
    /// When the count next equals a compare register.
    next: [Option<u64>; 6],
    compared_0: bool,
    /// Compare events that interrupt, one bit each.
    interrupts: u32,
}

impl Timer {
    fn count(&self, now: u64) -> u32 {
        let since = self.zero.map_or(0, |zero| now.saturating_sub(zero));
        (since / MICROSECOND) as u32
    }

    /// When compare register `index` is next reached; a value that is reached already is so again
    /// only after an overflow.
    fn arm(&mut self, index: usize, now: u64) {
        let count = self.count(now);
        let (Some(place), Some(compare)) = (self.next.get_mut(index), self.compare.get(index))
        else {
            return;
        };
        let left = compare.wrapping_sub(count);
        *place = self.zero.filter(|_| left != 0).map(|zero| {
            let whole = now.saturating_sub(zero) / MICROSECOND;
            let reached = whole.saturating_add(u64::from(left));
            zero.saturating_add(reached.saturating_mul(MICROSECOND))
        });
    }

    pub(super) fn capture(&mut self, index: usize, now: u64) {
        let count = self.count(now);
        if let Some(place) = self.compare.get_mut(index) {
            *place = count;
        }
        self.arm(index, now);
    }

    pub(super) fn next_compare(&self) -> u64 {
        self.next
            .iter()
            .flatten()
            .min()
            .copied()
            .unwrap_or(u64::MAX)
    }

    /// What is reached at `at`.
    pub(super) fn compare(&mut self, at: u64) {
        for index in 0..self.next.len() {
            let Some(place) = self.next.get_mut(index) else {
                continue;
            };
            if place.is_some_and(|next| next <= at) {
                *place = None;
                self.compared_0 |= index == 0;
                if let Some(event) = self.events.get_mut(index) {
                    *event = true;
                }
            }
        }
    }

    pub(super) const fn take_compare_0(&mut self) -> bool {
        std::mem::replace(&mut self.compared_0, false)
    }

    /// Whether it interrupts.
    pub(super) fn interrupts(&self) -> bool {
        let events = (0..).zip(self.events);
        events
            .into_iter()
            .any(|(at, event)| event && self.interrupts.wrapping_shr(at) & 1 == 1)
    }

    pub(super) fn read(&self, offset: u32) -> u32 {
        let index = (offset >> 2 & 15) as usize;
        match offset {
            0x140..=0x157 => u32::from(self.events.get(index).copied().unwrap_or(false)),
            0x540..=0x557 => self.compare.get(index).copied().unwrap_or(0),
            _ => 0,
        }
    }

    pub(super) fn write(&mut self, offset: u32, value: u32, now: u64) {
        let index = (offset >> 2 & 15) as usize;
        match offset {
            0x000 => self.zero = self.zero.or(Some(now)),
            0x00C => self.zero = self.zero.map(|_| now),
            0x004 | 0x010 => self.zero = None,
            0x040..=0x057 => self.capture(index, now),
            0x140..=0x157 => {
                if let Some(event) = self.events.get_mut(index) {
                    *event = value != 0;
                }
            }
            0x304 => self.interrupts |= value >> 16,
            0x308 => self.interrupts &= !(value >> 16),
            0x540..=0x557 => {
                if let Some(place) = self.compare.get_mut(index) {
                    *place = value;
                }
                self.arm(index, now);
            }
            _ => {}
        }
    }
}
