//! The timer of the system (SysTick, ARMv7-M §B3.3).

use super::alu::bit;

/// SysTick (§B3.3).
#[derive(Clone, Debug)]
pub(super) struct Tick {
    enabled: bool,
    pub(super) interrupts: bool,
    reload: u32,
    /// When the counter was last full.
    loaded: u64,
    expired: bool,
    /// When it reaches zero.
    pub(super) next: u64,
}

impl Tick {
    const fn start(&mut self, now: u64) {
        self.loaded = now;
        self.next = if self.enabled && self.reload != 0 {
            now.saturating_add(self.reload as u64).saturating_add(1)
        } else {
            u64::MAX
        };
    }

    /// Begins the next period, without counting the ones that were slept through.
    pub(super) const fn expire(&mut self, now: u64) {
        self.expired = true;
        let period = (self.reload as u64).saturating_add(1);
        while self.next <= now {
            self.loaded = self.next;
            self.next = self.next.saturating_add(period);
        }
    }

    const fn current(&self, now: u64) -> u32 {
        let since = now.saturating_sub(self.loaded) as u32;
        if self.enabled {
            self.reload.saturating_sub(since)
        } else {
            0
        }
    }

    pub(super) fn read(&mut self, at: u32, now: u64) -> u32 {
        match at {
            0xE010 => {
                let expired = std::mem::take(&mut self.expired);
                let (on, interrupts) = (u32::from(self.enabled), u32::from(self.interrupts));
                on | interrupts << 1 | 4 | u32::from(expired) << 16
            }
            0xE014 => self.reload,
            _ => self.current(now),
        }
    }

    pub(super) const fn write(&mut self, at: u32, value: u32, now: u64) {
        match at {
            0xE010 => {
                let was = self.enabled;
                self.enabled = bit(value, 0);
                self.interrupts = bit(value, 1);
                if was != self.enabled {
                    self.start(now);
                }
            }
            0xE014 => {
                self.reload = value & 0xFF_FFFF;
                if self.next == u64::MAX {
                    self.start(now);
                }
            }
            _ => {
                self.expired = false;
                self.start(now);
            }
        }
    }
}

impl Default for Tick {
    fn default() -> Self {
        Self {
            enabled: false,
            interrupts: false,
            reload: 0,
            loaded: 0,
            expired: false,
            next: u64::MAX,
        }
    }
}
