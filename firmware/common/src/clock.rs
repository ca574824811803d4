//! Time since the reset, from SysTick: its interrupt counts ticks, its counter tells the time
//! between them. A sleeping processor wakes at every tick.

use core::cell::{Cell, RefCell};

use cortex_m::interrupt::{CriticalSection, Mutex};
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{SCB, SYST};
use litz::time::Instant;

/// Ticks in a second.
pub const TICKS_PER_SECOND: u32 = 250;
const TICK_MICROS: u32 = 1_000_000 / TICKS_PER_SECOND;

static TICKS: Mutex<Cell<u64>> = Mutex::new(Cell::new(0));

/// Counts a tick: the handler of SysTick.
pub fn tick() {
    cortex_m::interrupt::free(count);
}

fn count(section: &CriticalSection) {
    let ticks = TICKS.borrow(section);
    ticks.set(ticks.get().wrapping_add(1));
}

/// The clock.
pub struct Clock {
    timer: RefCell<SYST>,
    /// Cycles of a tick.
    reload: u32,
}

impl Clock {
    /// Starts the clock of a processor that runs at `hertz`, which is a multiple of
    /// [`TICKS_PER_SECOND`] and less than 4 GHz.
    pub fn start(mut timer: SYST, hertz: u32) -> Self {
        let reload = (hertz / TICKS_PER_SECOND).max(2);
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(reload.saturating_sub(1));
        timer.clear_current();
        timer.enable_interrupt();
        timer.enable_counter();
        Self {
            timer: RefCell::new(timer),
            reload,
        }
    }

    /// The time. It never goes back, also while the tick's interrupt is held back.
    pub fn now(&self) -> Instant {
        cortex_m::interrupt::free(|section| {
            let mut timer = self.timer.borrow_mut();
            let mut left = SYST::get_current();
            if timer.has_wrapped() {
                count(section);
                SCB::clear_pendst();
                left = SYST::get_current();
            }
            let since = self.reload.saturating_sub(1).saturating_sub(left);
            let part = u64::from(since) * u64::from(TICK_MICROS) / u64::from(self.reload);
            let ticks = TICKS.borrow(section).get();
            let micros = ticks * u64::from(TICK_MICROS) + part;
            Instant::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
        })
    }
}
