//! GPTimer 0 as one timer of 32 bits that counts up, with a match (CC2538 user's guide, general
//! purpose timers). Two ticks of the air are a cycle of its clock.

/// Ticks of the air in a cycle.
const CYCLE: u64 = 2;

/// The timer.
#[derive(Debug, Default)]
pub(super) struct Timer {
    registers: [u32; 32],
    /// When it was zero, while it counts.
    zero: Option<u64>,
    raw: u32,
    /// When the count next equals the match register.
    next: Option<u64>,
}

/// Offsets in words.
const CFG: usize = 0;
const TAMR: usize = 1;
const CTL: usize = 3;
const IMR: usize = 6;
const TAILR: usize = 10;
const TAMATCHR: usize = 12;

impl Timer {
    fn get(&self, word: usize) -> u32 {
        self.registers.get(word).copied().unwrap_or(0)
    }

    fn count(&self, now: u64) -> u32 {
        let since = self.zero.map_or(0, |zero| now.saturating_sub(zero));
        (since / CYCLE) as u32
    }

    fn arm(&mut self, now: u64) {
        // Periodic, up, with interrupts of matches, over all 32 bits.
        let mode = self.get(TAMR) & 0x32 == 0x32 && self.get(CFG) == 0;
        let full = self.get(TAILR) == u32::MAX;
        let left = self.get(TAMATCHR).wrapping_sub(self.count(now));
        let zero = self.zero.filter(|_| mode && full && left != 0);
        self.next = zero.map(|zero| {
            let whole = now.saturating_sub(zero) / CYCLE;
            let reached = whole.saturating_add(u64::from(left));
            zero.saturating_add(reached.saturating_mul(CYCLE))
        });
    }

    pub(super) fn next_event(&self) -> u64 {
        self.next.unwrap_or(u64::MAX)
    }

    pub(super) fn happen(&mut self, at: u64) {
        if self.next.is_some_and(|next| next <= at) {
            self.next = None;
            self.raw |= 1 << 4;
        }
    }

    pub(super) fn interrupts(&self) -> bool {
        self.raw & self.get(IMR) != 0
    }

    pub(super) fn read(&self, offset: u32, now: u64) -> u32 {
        match offset {
            0x1C => self.raw,
            0x20 => self.raw & self.get(IMR),
            0x48 | 0x50 => self.count(now),
            _ => self.get((offset >> 2) as usize),
        }
    }

    pub(super) fn write(&mut self, offset: u32, value: u32, now: u64) {
        let word = (offset >> 2) as usize;
        if offset == 0x24 {
            self.raw &= !value;
            return;
        }
        if let Some(register) = self.registers.get_mut(word) {
            *register = value;
        }
        if word == CTL {
            let on = value & 1 == 1;
            self.zero = if on { self.zero.or(Some(now)) } else { None };
        }
        if matches!(word, CTL | TAMATCHR | TAILR | TAMR) {
            self.arm(now);
        }
    }
}
