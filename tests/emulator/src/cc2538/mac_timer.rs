//! The MAC timer (CC2538 user's guide, MAC timer chapter): a counter of 16 bits with a period, one
//! of its overflows with 24, and what was captured of both at a start-of-frame delimiter. All stand
//! behind a selection, one octet in a register.

/// Ticks of the air in a cycle.
const CYCLE: u64 = 2;
/// Offsets of the registers.
const MTCTRL: u32 = 0x804;
const MTMSEL: u32 = 0x810;
const MTM0: u32 = 0x814;
const MTM1: u32 = 0x818;
const MTMOVF2: u32 = 0x81C;
const MTMOVF1: u32 = 0x820;
const MTMOVF0: u32 = 0x824;

/// The timer.
#[derive(Debug, Default)]
pub(super) struct MacTimer {
    control: u32,
    select: u32,
    zero: Option<u64>,
    period: u32,
    overflow_period: u32,
    /// Count and overflows at the last delimiter.
    captured: (u32, u32),
    /// What reading the lowest octet has latched.
    latched: (u32, u32),
}

impl MacTimer {
    /// Count and overflows.
    fn counts(&self, now: u64) -> (u32, u32) {
        let since = self.zero.map_or(0, |zero| now.saturating_sub(zero)) / CYCLE;
        let period = u64::from(if self.period == 0 {
            0x1_0000
        } else {
            self.period
        });
        let most = u64::from(if self.overflow_period == 0 {
            1 << 24
        } else {
            self.overflow_period
        });
        let count = since.checked_rem(period).unwrap_or(0);
        let overflows = since.checked_div(period).unwrap_or(0);
        (
            count as u32,
            overflows.checked_rem(most).unwrap_or(0) as u32,
        )
    }

    /// A start-of-frame delimiter ended.
    pub(super) fn capture(&mut self, at: u64) {
        self.captured = self.counts(at);
    }

    pub(super) const fn stop(&mut self) {
        self.zero = None;
        self.control = 0;
    }

    pub(super) fn read(&mut self, offset: u32, now: u64) -> u32 {
        let octet = |value: u32, at: u32| value.wrapping_shr(at << 3) & 0xFF;
        let timer = match self.select & 7 {
            0 => self.latched.0,
            1 => self.captured.0,
            _ => self.period,
        };
        let overflows = match self.select >> 4 & 7 {
            0 => self.latched.1,
            1 => self.captured.1,
            _ => self.overflow_period,
        };
        match offset {
            MTCTRL => self.control | u32::from(self.zero.is_some()) << 2,
            MTMSEL => self.select,
            MTM0 if self.select & 7 == 0 => {
                self.latched = self.counts(now);
                octet(self.latched.0, 0)
            }
            MTM0 => octet(timer, 0),
            MTM1 => octet(timer, 1),
            MTMOVF0 => octet(overflows, 0),
            MTMOVF1 => octet(overflows, 1),
            MTMOVF2 => octet(overflows, 2),
            _ => 0,
        }
    }

    pub(super) fn write(&mut self, offset: u32, value: u32, now: u64) {
        let put = |old: u32, at: u32| {
            let mask = 0xFF_u32.wrapping_shl(at << 3);
            old & !mask | (value & 0xFF).wrapping_shl(at << 3)
        };
        match offset {
            MTCTRL => {
                self.control = value & 0xB;
                let on = value & 1 == 1;
                self.zero = if on { self.zero.or(Some(now)) } else { None };
            }
            MTMSEL => self.select = value & 0x77,
            MTM0 if self.select & 7 == 2 => self.period = put(self.period, 0),
            MTM1 if self.select & 7 == 2 => self.period = put(self.period, 1),
            MTMOVF0 if self.select >> 4 == 2 => self.overflow_period = put(self.overflow_period, 0),
            MTMOVF1 if self.select >> 4 == 2 => self.overflow_period = put(self.overflow_period, 1),
            MTMOVF2 if self.select >> 4 == 2 => self.overflow_period = put(self.overflow_period, 2),
            _ => {}
        }
    }
}
